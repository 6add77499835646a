package javascript

import (
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// schema reads an object that describes variables, each under its name:
// z.object({…}).parse(process.env), Joi.object({…}).validate(process.env), cleanEnv(process.env, {…}), createEnv({server: {…}}).
// All of them throw where a variable that has neither a default nor is optional
// is absent.
func schema(g *pattern.Reading, m *syntax.Match) {
	if m.Set["explicit"] == "" && !g.Environment(m.Node("object")) {
		return
	}
	object := described(g, m.Node("schema"), 6)
	if object.IsZero() {
		return
	}
	property := m.Node("call").Field("function").Field("property").Text()
	// What Joi validates it hands back with the error.
	safe := strings.HasPrefix(property, "safe") || property == "validate"
	for _, pair := range object.Children() {
		field := g.File.Field(pair)
		if field == nil {
			continue
		}
		name := strings.Trim(field.Node("key").Text(), "\"'`")
		if !capitals.MatchString(name) {
			continue
		}
		if m.Set["joi"] != "" && !demanded.MatchString(field.Node("value").Text()) && fallback(g, field.Node("value"), 10).IsZero() {
			g.Variable(pair, name, fact.Guarded, false, syntax.Node{})
			continue
		}
		describe(g, pair, name, field.Node("value"), safe)
	}
}

// described finds the object in what describes it: itself, the argument of
// z.object, and that under methods such as .strict(), or under a name.
func described(g *pattern.Reading, n syntax.Node, hops int) syntax.Node {
	for ; hops > 0 && !n.IsZero(); hops-- {
		switch n.Kind() {
		case "object":
			return n
		case "identifier":
			b := g.File.Resolve(n)
			if b == nil {
				return syntax.Node{}
			}
			n = b.Value
		case "call_expression":
			fn := n.Field("function")
			if property := fn.Field("property").Text(); property == "object" || property == "strictObject" || property == "keys" {
				args := n.Field("arguments").Children()
				if len(args) == 0 {
					return syntax.Node{}
				}
				n = args[0]
				continue
			}
			n = fn.Field("object")
		default:
			return syntax.Node{}
		}
	}
	return syntax.Node{}
}

var (
	optional = regexp.MustCompile(`\.(optional|nullish|nullable|catch|or)\(|\b[zv]\.(any|unknown|undefined|optional|nullish|nullable|fallback)\(`)
	demanded = regexp.MustCompile(`\.(required|exist)\(`)
	choices  = regexp.MustCompile(`^\w*(\.\w+)?\(\s*\{`)
)

// describe takes in the description of one variable.
func describe(g *pattern.Reading, pair syntax.Node, name string, value syntax.Node, safe bool) {
	text := value.Text()
	if value := fallback(g, value, 10); !value.IsZero() {
		g.Variable(pair, name, fact.Defaulted, false, value)
		return
	}
	if optional.MatchString(text) {
		g.Variable(pair, name, fact.Guarded, false, syntax.Node{})
		return
	}
	g.Variable(pair, name, fact.Required, !safe, syntax.Node{})
}

// fallback finds the default in a description: the argument of .default(), or
// the option default of envalid's validators. devDefault is none in production
// (https://github.com/af/envalid#environment-variable-options).
func fallback(g *pattern.Reading, n syntax.Node, depth int) syntax.Node {
	for ; depth > 0 && n.Kind() == "call_expression"; depth-- {
		args := n.Field("arguments").Children()
		fn := n.Field("function")
		if fn.Field("property").Text() == "default" && len(args) > 0 {
			return args[0]
		}
		if len(args) > 0 && choices.MatchString(n.Text()) {
			if d := g.File.Option(args[0], "default"); !d.IsZero() {
				return d
			}
		}
		n = fn.Field("object")
	}
	return syntax.Node{}
}
