package environment

import (
	"slices"
	"strings"
	"testing"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// definitions makes one of each line: its file, its format, and its workloads.
func definitions(text string) []fact.Definition {
	var all []fact.Definition
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 2 || len(all) == 40 {
			continue
		}
		d := fact.Definition{File: words[0], Format: words[1], Overrides: strings.Contains(words[0], "override")}
		for _, name := range words[2:] {
			d.Workloads = append(d.Workloads, fact.Workload{Name: name, Kind: "service", Image: "acme/" + name, At: source.Span{File: d.File}, Supplies: []fact.Supply{{Name: "FROM", Value: fact.Value{Origin: fact.Literal}, At: source.Span{File: d.File}}}})
		}
		all = append(all, d)
	}
	return all
}

func all(text string) []*fact.Environment {
	p := &project.Project{Config: &project.Config{}}
	made, _ := All(p, definitions(text), []infra.Composition{}, func(fact.Definition) []*project.Component { return nil })
	return made
}

// TestAll holds the files of small projects to the environments that they make up.
func TestAll(t *testing.T) {
	for _, c := range []struct{ files, want string }{
		{"compose.yaml compose api db", "local production"},
		{"compose.yaml compose api\ncompose.prod.yaml compose api", "local production"},
		{"compose.yaml compose api\ncompose.override.yaml compose api\ncompose.prod.yaml compose api", "local production"},
		{"k8s/base/api.yaml kubernetes api\nk8s/overlays/staging/api.yaml kubernetes api", "local staging"},
		{"k8s/api.yaml kubernetes api", "local production"},
		{".github/workflows/test.yml github-actions job", "local ci:test"},
		{"fly.toml fly api\nfly.staging.toml fly api", "local production staging"},
		{"README.md markdown", "local"},
	} {
		var names []string
		for _, e := range all(c.files) {
			names = append(names, e.Name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%q: %s, not %s", c.files, got, c.want)
		}
	}
}

// FuzzAll holds the composing of definitions to environments of which each has a
// name, the first is the developer's, and none has a workload that no file says.
func FuzzAll(f *testing.F) {
	f.Add("compose.yaml compose api db\ncompose.prod.yaml compose api\n.env dotenv")
	f.Add("k8s/base/api.yaml kubernetes api\nk8s/overlays/prod/api.yaml kubernetes api\nmain.tf terraform api\nProcfile heroku web")
	f.Fuzz(func(t *testing.T, text string) {
		said := definitions(text)
		made := all(text)
		if len(made) == 0 || !made[0].IsLocal() {
			t.Fatalf("%q: the first of %d is not the developer's", text, len(made))
		}
		for _, e := range made {
			if e.Name == "" {
				t.Errorf("%q: an environment without a name", text)
			}
			for _, w := range e.Workloads {
				if !slices.ContainsFunc(said, func(d fact.Definition) bool {
					return slices.ContainsFunc(d.Workloads, func(o fact.Workload) bool { return o.Name == w.Name })
				}) {
					t.Errorf("%q: nobody says %s", text, w.Name)
				}
			}
		}
	})
}
