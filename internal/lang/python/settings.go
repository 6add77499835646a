package python

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// setting reads a call of a settings library, which raises where the variable
// is absent and no default is given: env("X", default="d"), config("X").
func setting(g *pattern.Reading, m *syntax.Match) {
	read := m.Node("read")
	args := read.Field("arguments")
	if asked := m.Node("name"); asked.Kind() == "identifier" {
		value := g.File.Option(args, "default")
		if all := args.Children(); value.IsZero() && len(all) > 1 && all[1].Kind() == "identifier" {
			value = all[1]
		}
		g.Asked(read, asked, value)
		return
	}
	name, ok := g.File.Text(m.Node("name")).Literal()
	if !ok || !variable.MatchString(name) {
		return
	}
	value := g.File.Option(args, "default")
	if value.IsZero() {
		// The second positional argument of a method, and of the functions of
		// environs and decouple, is the default; that of django-environ's and
		// starlette's __call__ is the cast, which is no literal.
		all := args.Children()
		method := read.Field("function").Kind() == "attribute"
		if len(all) > 1 && g.File.Field(all[1]) == nil && (method || literals[all[1].Kind()]) {
			value = all[1]
		}
	}
	if value.IsZero() {
		value = declared(g, read.Field("function"), name)
	}
	given(g, read, name, value)
}

// literals are the kinds of what stands for itself.
var literals = map[string]bool{"string": true, "integer": true, "float": true, "true": true, "false": true, "none": true, "list": true, "dictionary": true}

// declared returns the default that django-environ's Env has for a variable:
// Env(DEBUG=(bool, False)).
func declared(g *pattern.Reading, fn syntax.Node, name string) syntax.Node {
	if object := fn.Field("object"); !object.IsZero() {
		fn = object
	}
	b := g.File.Resolve(fn)
	if b == nil {
		return syntax.Node{}
	}
	pair := g.File.Option(b.Value, name)
	if parts := pair.Children(); pair.Kind() == "tuple" && len(parts) == 2 {
		return parts[1]
	}
	return syntax.Node{}
}

// given takes in a variable with its default, if it has one.
func given(g *pattern.Reading, read syntax.Node, name string, value syntax.Node) {
	switch {
	case value.IsZero():
		g.Variable(read, name, fact.Required, true, value)
	case g.File.Null(value):
		g.Variable(read, name, fact.Guarded, false, value)
	default:
		g.Variable(read, name, fact.Defaulted, false, value)
	}
}

var (
	variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	base     = regexp.MustCompile(`\bBaseSettings\b`)
	word     = regexp.MustCompile(`\w+`)
	optional = regexp.MustCompile(`^(typing\.)?Optional\[|\|\s*None\b|\bNone\s*\|`)
)

// class reads a class of pydantic's settings: each field is a variable of its
// name in capitals, with the prefix of the class before it, or of its alias. A
// field without a default that is absent raises ValidationError.
func class(g *pattern.Reading, m *syntax.Match) {
	node := m.Node("class")
	chain := settings(g, node, 4)
	if len(chain) == 0 {
		return
	}
	body := node.Field("body")
	prefix := ""
	for _, c := range chain {
		if p, ok := prefixed(g, c.Field("body")); ok {
			prefix = p
			break
		}
	}
	for _, c := range configured(body) {
		file := c.value
		if c.name == "model_config" {
			file = g.File.Option(c.value, "env_file")
		} else if c.name != "env_file" {
			continue
		}
		if text, ok := g.File.Text(file).Literal(); ok {
			// https://docs.pydantic.dev/latest/concepts/pydantic_settings/#dotenv-env-support: it may be missing
			g.Add(fact.Need{Kind: fact.Dotenv, Name: text, At: file.Span(), Text: file.Text(), Necessity: fact.Guarded})
		}
	}
	for _, statement := range body.Children() {
		if statement.Kind() != "expression_statement" {
			continue
		}
		children := statement.Children()
		if len(children) == 0 || children[0].Kind() != "assignment" {
			continue
		}
		field(g, children[0], prefix)
	}
}

// settings returns the class and those of its bases in the same file up to the
// one that is of settings by itself; none where it is not one of settings.
func settings(g *pattern.Reading, node syntax.Node, depth int) []syntax.Node {
	bases := node.Field("superclasses").Text()
	if base.MatchString(bases) {
		return []syntax.Node{node}
	}
	if depth == 0 {
		return nil
	}
	for _, m := range g.Found("class") {
		other := m.Node("class")
		if other.ID() == node.ID() || !slices.Contains(word.FindAllString(bases, -1), other.Field("name").Text()) {
			continue
		}
		if chain := settings(g, other, depth-1); len(chain) > 0 {
			return append([]syntax.Node{node}, chain...)
		}
	}
	return nil
}

// prefixed returns the env_prefix of model_config, or of the class Config.
func prefixed(g *pattern.Reading, body syntax.Node) (string, bool) {
	for _, m := range configured(body) {
		value := m.value
		switch m.name {
		case "model_config":
			value = g.File.Option(m.value, "env_prefix")
		case "env_prefix":
		default:
			continue
		}
		if text, ok := g.File.Text(value).Literal(); ok {
			return strings.ToUpper(text), true
		}
	}
	return "", false
}

type assignment struct {
	name  string
	value syntax.Node
}

// configured returns the assignments in the body of a class, and in that of its
// class Config.
func configured(body syntax.Node) []assignment {
	var all []assignment
	for _, statement := range body.Children() {
		if statement.Kind() == "class_definition" && statement.Field("name").Text() == "Config" {
			all = append(all, configured(statement.Field("body"))...)
		}
		for _, c := range statement.Children() {
			if c.Kind() == "assignment" {
				all = append(all, assignment{c.Field("left").Text(), c.Field("right")})
			}
		}
	}
	return all
}

// field reads one field of a class of settings.
func field(g *pattern.Reading, node syntax.Node, prefix string) {
	left, kind, value := node.Field("left"), node.Field("type"), node.Field("right")
	name := left.Text()
	if kind.IsZero() || left.Kind() != "identifier" || name == "model_config" || strings.HasPrefix(name, "_") || strings.Contains(kind.Text(), "ClassVar") {
		return
	}
	name = prefix + strings.ToUpper(name)
	if fn := value.Field("function").Text(); fn == "Field" || strings.HasSuffix(fn, ".Field") {
		args := value.Field("arguments")
		if alias := g.File.Option(args, "env", "validation_alias", "alias"); !alias.IsZero() {
			text, ok := g.File.Text(alias).Literal()
			if !ok {
				return // AliasChoices and the like
			}
			name = text
		}
		first := syntax.Node{}
		if all := args.Children(); len(all) > 0 && g.File.Field(all[0]) == nil && all[0].Kind() != "ellipsis" {
			first = all[0]
		}
		value = g.File.Option(args, "default", "default_factory")
		if value.IsZero() {
			value = first
		}
	}
	if value.Kind() == "ellipsis" {
		value = syntax.Node{}
	}
	if !variable.MatchString(name) {
		return
	}
	if value.IsZero() && nested(kind.Text()) {
		return // other settings, filled from variables of their own
	}
	// https://docs.pydantic.dev/latest/migration/#required-optional-and-nullable-fields:
	// until version 2, whose settings are a package of their own, such a field
	// had the default None.
	if value.IsZero() && optional.MatchString(kind.Text()) && !bytes.Contains(g.File.Tree.File.Data, []byte("pydantic_settings")) {
		g.Variable(node, name, fact.Guarded, false, value)
		return
	}
	given(g, node, name, value)
}

// nested reports whether the type of a field is a class that may be filled in
// parts.
func nested(kind string) bool {
	return strings.HasSuffix(kind, "Settings") || strings.HasSuffix(kind, "Config")
}
