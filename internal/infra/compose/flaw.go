package compose

import (
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// misspelt are keys of a service that are taken for those of its variables, in
// lower case (https://github.com/compose-spec/compose-spec/blob/main/05-services.md).
// Compose refuses a file with a key that it does not know.
var misspelt = map[string]string{
	"env": "environment", "envs": "environment", "enviroment": "environment", "enviornment": "environment", "environement": "environment",
	"environments": "environment", "envirionment": "environment", "env_vars": "environment", "envvars": "environment", "variables": "environment",
	"env-file": "env_file", "envfile": "env_file", "env_files": "env_file", "environment_file": "env_file", "env_from": "env_file", "envfrom": "env_file",
}

// flawed takes note of what cannot arrive of the variables of a service.
func (r *reader) flawed(name string, s *yaml.Node) {
	r.shaped(name, s)
	r.garbled(name, s)
	for _, pair := range s.Pairs() {
		if right, ok := misspelt[strings.ToLower(pair.Name())]; ok && pair.Name() != right {
			r.flaw(fact.Flaw{
				Kind: fact.Strange, Name: pair.Name(), At: pair.Key.At, Workload: name, Fatal: true,
				What: "compose knows no such key of a service; that of its variables is " + right,
			})
		}
	}
	known := map[string]bool{}
	for _, pair := range s.Get("environment").Pairs() {
		known[pair.Name()] = true
	}
	for _, item := range s.Get("environment").Items() {
		name, _, _ := strings.Cut(item.Text(), "=")
		known[name] = true
	}
	for _, pair := range s.Get("environment").Pairs() {
		r.unfilled(name, pair.Name(), pair.Value, pair.Value.Text(), known)
	}
	first := map[string]*yaml.Node{}
	for _, item := range s.Get("environment").Items() {
		variable, value, assigned := strings.Cut(item.Text(), "=")
		if !assigned {
			continue
		}
		r.unfilled(name, variable, item, value, known)
		if quoted(value) {
			r.flaw(fact.Flaw{
				Kind: fact.Garbled, Name: variable, At: item.At, Workload: name,
				What: "its value stands in quotes, which arrive with it: in a list compose takes them for a part of the value",
			})
		}
		if before := first[variable]; before != nil && before.Text() != item.Text() {
			r.flaw(fact.Flaw{
				Kind: fact.Overwritten, Name: variable, At: item.At, Other: before.At, Workload: name,
				What: "it is given twice with two values, of which the later counts",
			})
		}
		first[variable] = item
	}
}

// quoted reports whether a value is one text in quotes. JSON and the like hold
// quotes that they need.
func quoted(value string) bool {
	if len(value) < 2 || value[0] != value[len(value)-1] || value[0] != '"' && value[0] != '\'' {
		return false
	}
	return strings.Count(value, value[:1]) == 2
}

// quotedDefault is a value that is a variable with a default in quotes.
var quotedDefault = regexp.MustCompile(`^\$\{[A-Za-z_][A-Za-z0-9_]*:?-("[^"{}]*"|'[^'{}]*')\}$`)

var braces = regexp.MustCompile(`^\{([A-Z][A-Z0-9_]{2,})\}$`)

// unfilled takes note of a value that is a variable in braces without the $
// before it, and of a default in quotes.
func (r *reader) unfilled(service, variable string, at *yaml.Node, value string, known map[string]bool) {
	if quotedDefault.MatchString(value) {
		r.flaw(fact.Flaw{
			Kind: fact.Garbled, Name: variable, At: at.At, Workload: service,
			What: "its default stands in quotes, which arrive with it: compose takes all that follows the operator for the value",
		})
		return
	}
	m := braces.FindStringSubmatch(value)
	if m == nil || !known[m[1]] && m[1] != variable && !strings.Contains(variable, m[1]) && !strings.Contains(m[1], variable) {
		return
	}
	r.flaw(fact.Flaw{
		Kind: fact.Unexpanded, Name: variable, At: at.At, Workload: service,
		What: "its value is {" + m[1] + "} as it stands: the $ before it is missing",
	})
}

func (r *reader) flaw(f fact.Flaw) { r.def.Flaws = append(r.def.Flaws, f) }

// twice takes note of keys that a mapping gives again: compose refuses the file (https://yaml.org/spec/1.2.2/, "Mapping": keys are unique).
func (r *reader) twice(duplicates []yaml.Duplicate) {
	for _, d := range duplicates {
		r.flaw(fact.Flaw{
			Kind: fact.Overwritten, Name: d.Key, At: d.At, Other: d.First, Fatal: true,
			What: "it is given twice in one mapping, which compose refuses",
		})
	}
}
