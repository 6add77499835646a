package python

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// dynaconf reads the settings of Dynaconf: those that its validators name, and
// those that code of the same file takes from it. Each is a variable of its name
// with the prefix of the settings before it. Files may give them too: then none is
// known to be needed (https://www.dynaconf.com/envvars/,
// https://www.dynaconf.com/validation/).
func dynaconf(g *pattern.Reading, m *syntax.Match) {
	if len(g.Found("dynaconf")) != 1 {
		return // which settings are meant is not told
	}
	call := m.Node("call")
	args := call.Field("arguments")
	prefix := "DYNACONF_"
	if said := g.File.Option(args, "envvar_prefix"); !said.IsZero() {
		text, ok := g.File.Text(said).Literal()
		switch {
		case said.Text() == "False":
			prefix = ""
		case !ok || strings.Contains(text, ","):
			return
		default:
			prefix = strings.ToUpper(text) + "_"
		}
	}
	s := conf{reading: g, prefix: prefix}
	for _, option := range []string{"settings_files", "settings_file", "preload", "includes", "loaders"} {
		s.filed = s.filed || !g.File.Option(args, option).IsZero()
	}
	for _, v := range g.Found("validator") {
		s.validator(v.Node("call"))
	}
	for _, r := range g.Found("conf") {
		if b := g.File.Resolve(r.Node("object")); b != nil && b.Value.ID() == call.ID() {
			s.read(r)
		}
	}
}

// conf is what is known of the settings of a file.
type conf struct {
	reading *pattern.Reading
	prefix  string
	filed   bool // files may give what variables do not
}

// take takes in a setting, with what is taken where nothing gives it.
func (s conf) take(at syntax.Node, name string, demanded bool, value syntax.Node) {
	// https://www.dynaconf.com/envvars/#nested-keys-in-dictionaries-via-environment-variables
	name = s.prefix + strings.ReplaceAll(strings.ToUpper(name), ".", "__")
	switch {
	case !variable.MatchString(name):
	case !value.IsZero() && !s.filed:
		given(s.reading, at, name, value)
	case demanded && !s.filed && value.IsZero():
		s.reading.Variable(at, name, fact.Required, true, syntax.Node{})
	default:
		s.reading.Variable(at, name, fact.Guarded, false, syntax.Node{})
	}
}

func (s conf) validator(call syntax.Node) {
	args := call.Field("arguments")
	option := func(name string) syntax.Node { return s.reading.File.Option(args, name) }
	demanded := (option("must_exist").Text() == "True" || option("required").Text() == "True") && option("when").IsZero() && option("env").IsZero()
	for _, a := range args.Children() {
		if a.Kind() != "string" {
			continue
		}
		if name, ok := s.reading.File.Text(a).Literal(); ok {
			s.take(a, name, demanded, option("default"))
		}
	}
}

func (s conf) read(m *syntax.Match) {
	name := m.Node("name").Text()
	if m.Node("name").Kind() != "identifier" {
		literal, ok := s.reading.File.Text(m.Node("name")).Literal()
		if !ok {
			return
		}
		name = literal
	}
	if name != strings.ToUpper(name) {
		return // a method
	}
	s.take(m.Node("read"), name, m.Set["optional"] == "", m.Node("default"))
}
