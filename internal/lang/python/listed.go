package python

import (
	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// listed reads names of variables in a list of which the code asks which are
// absent: [n for n in REQUIRED if not os.getenv(n)].
func listed(g *pattern.Reading, m *syntax.Match) {
	if list := m.Node("list"); list.Kind() == "identifier" || list.Kind() == "list" || list.Kind() == "tuple" {
		g.Listed(m.Node("whole"), list)
	}
}

// option reads an option of a command that a variable may give: click.option and
// typer.Option with envvar. One that is required, or whose default is an
// ellipsis, ends the command where neither gives it
// (https://click.palletsprojects.com/en/stable/options/#values-from-environment-variables).
func option(g *pattern.Reading, m *syntax.Match) {
	named := m.Node("name")
	name, ok := g.File.Text(named).Literal()
	if !ok {
		return
	}
	necessity, value := fact.Guarded, syntax.Node{}
	for i, arg := range m.Node("arguments").Children() {
		switch {
		case i == 0 && arg.Text() == "...", arg.Kind() == "keyword_argument" && arg.Field("name").Text() == "required" && arg.Field("value").Text() == "True":
			necessity = fact.Required
		case arg.Kind() == "keyword_argument" && arg.Field("name").Text() == "default" && arg.Field("value").Text() != "None":
			necessity, value = fact.Defaulted, arg.Field("value")
		}
	}
	g.Variable(named, name, necessity, necessity == fact.Required, value)
}
