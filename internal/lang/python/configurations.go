package python

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// whole are the values of django-configurations that have a variable of their
// own, without a prefix
// (https://django-configurations.readthedocs.io/en/stable/values/#url-based-values).
var whole = map[string]string{
	"DatabaseURLValue": "DATABASE_URL", "CacheURLValue": "CACHE_URL", "EmailURLValue": "EMAIL_URL", "SearchURLValue": "SEARCH_URL",
}

// value reads a value of django-configurations: a setting that a variable of
// its name gives, with DJANGO_ before it. What has no default is None where the
// variable is absent; a SecretValue, and one that is said to be required, raises.
func value(g *pattern.Reading, m *syntax.Match) {
	read, kind := m.Node("read"), m.Node("kind").Text()
	args := read.Field("arguments")
	if g.File.Option(args, "environ").Text() == "False" {
		return
	}
	name, prefix := whole[kind], "DJANGO_"
	if name != "" {
		prefix = ""
	}
	if said := g.File.Option(args, "environ_name"); !said.IsZero() {
		text, ok := g.File.Text(said).Literal()
		if !ok {
			return
		}
		name = text
	} else if left := read.Parent().Field("left"); name == "" && left.Kind() == "identifier" {
		name = left.Text()
	}
	if said := g.File.Option(args, "environ_prefix"); !said.IsZero() {
		text, ok := g.File.Text(said).Literal()
		switch {
		case g.File.Null(said):
			prefix = ""
		case !ok:
			return
		default:
			prefix = strings.TrimSuffix(text, "_") + "_"
		}
	}
	if name = prefix + strings.ToUpper(name); name == prefix || !variable.MatchString(name) {
		return
	}
	fallback := g.File.Option(args, "default")
	if all := args.Children(); fallback.IsZero() && kind != "SecretValue" && len(all) > 0 && g.File.Field(all[0]) == nil {
		fallback = all[0]
	}
	switch required := kind == "SecretValue" || g.File.Option(args, "environ_required").Text() == "True"; {
	case required:
		g.Variable(read, name, fact.Required, true, syntax.Node{})
	case fallback.IsZero():
		g.Variable(read, name, fact.Required, false, syntax.Node{})
	default:
		given(g, read, name, fallback)
	}
}
