package golang

import (
	"reflect"
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// tags reads the tag of a struct's field that is filled from the environment:
//
//   - caarlos0/env: env:"X,required,notEmpty", envDefault:"d", envPrefix:"P_"
//     (https://pkg.go.dev/github.com/caarlos0/env/v11)
//   - sethvargo/go-envconfig: env:"X, required", env:"X, default=d"
//     (https://pkg.go.dev/github.com/sethvargo/go-envconfig)
//   - ilyakaznacheev/cleanenv: env:"X" env-default:"d" env-required:"true"
//     (https://pkg.go.dev/github.com/ilyakaznacheev/cleanenv)
//   - kelseyhightower/envconfig: envconfig:"X" default:"d" required:"true"
//     (https://pkg.go.dev/github.com/kelseyhightower/envconfig)
func tags(g *pattern.Reading, m *syntax.Match) {
	field := m.Node("field")
	tag := reflect.StructTag(strings.Trim(m.Node("tag").Text(), "`"))
	names, ok := tag.Lookup("env")
	if !ok {
		names, ok = tag.Lookup("envconfig")
	}
	if !ok {
		return
	}
	name, options, _ := strings.Cut(names, ",")
	name, _, _ = strings.Cut(strings.TrimSpace(name), " ")
	if !variable.MatchString(name) {
		return
	}
	outer, known := prefix(g, field)
	if !known {
		return
	}
	necessity, fatal, value := reading(tag, options, field.Field("type").Text())
	if alone := process(g, field); alone != "" {
		// The name with the prefix comes first, the name alone is tried next.
		n := g.Tagged(field, strings.ToUpper(alone+"_"+name), necessity, fatal, value)
		n.Instead = append(n.Instead, strings.ToUpper(name))
		return
	}
	g.Tagged(field, outer+name, necessity, fatal, value)
}

var (
	variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	zeroWill = regexp.MustCompile(`^(\*|\[\]|map\[)|^(bool|time\.Duration|u?int\d*|float\d+)$`)
)

// reading tells what becomes of a field whose variable is absent. Where neither
// a default is told nor that it is required, it keeps its zero value: for a
// pointer, a list, a truth value or a number that is a value to work with.
func reading(tag reflect.StructTag, options, kind string) (fact.Necessity, bool, *string) {
	for _, key := range []string{"envDefault", "env-default", "default"} {
		if value, ok := tag.Lookup(key); ok {
			return fact.Defaulted, false, &value
		}
	}
	for option := range strings.SplitSeq(options, ",") {
		option = strings.TrimSpace(option)
		if value, ok := strings.CutPrefix(option, "default="); ok {
			return fact.Defaulted, false, &value
		}
		if option == "required" || option == "notEmpty" {
			return fact.Required, true, nil
		}
	}
	if tag.Get("required") == "true" || tag.Get("env-required") == "true" {
		return fact.Required, true, nil
	}
	if zeroWill.MatchString(kind) {
		return fact.Guarded, false, nil
	}
	return fact.Required, false, nil
}

// owner returns the declaration of the type that a field stands in.
func owner(field syntax.Node) syntax.Node {
	n := field.Parent()
	for !n.IsZero() && n.Kind() != "type_spec" {
		n = n.Parent()
	}
	return n
}

// prefix returns what stands before the names of a struct: that of the field
// of another struct in which it is nested, with envPrefix. It is not known
// where several fields nest it with different ones.
func prefix(g *pattern.Reading, field syntax.Node) (string, bool) {
	name := owner(field).Field("name").Text()
	found := map[string]bool{}
	for _, m := range g.Found("tags") {
		outer := m.Node("field")
		tag := reflect.StructTag(strings.Trim(m.Node("tag").Text(), "`"))
		p, ok := tag.Lookup("envPrefix")
		if !ok {
			continue
		}
		kind := outer.Field("type")
		if strings.TrimLeft(kind.Text(), "*") == name || kind.Covers(field) {
			found[p] = true
		}
	}
	switch len(found) {
	case 0:
		return "", true
	case 1:
		for p := range found {
			return p, true
		}
	}
	return "", false
}

// process returns the prefix with which envconfig.Process fills the struct that
// a field stands in, where it can be told.
func process(g *pattern.Reading, field syntax.Node) string {
	if !strings.Contains(owner(field).Text(), "envconfig:\"") {
		return ""
	}
	for _, m := range g.Found("process") {
		if p, ok := g.File.Text(m.Node("prefix")).Literal(); ok {
			return p
		}
	}
	return ""
}
