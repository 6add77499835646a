package manifest_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/manifest"
	"rehearse/internal/source"
)

var update = flag.Bool("update", false, "write what is read into the cases")

// TestCases reads every file of each testdata/*.txtar as what its name says that
// it is, and compares what was read with the file "want".
func TestCases(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases")
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
			if i < 0 {
				i, archive.Files = len(archive.Files), append(archive.Files, txtar.File{Name: "want"})
			}
			for n, f := range archive.Files {
				if n != i {
					dump(&got, source.File{Path: f.Name, Data: f.Data})
				}
			}
			if got.String() == string(archive.Files[i].Data) {
				return
			}
			if !*update {
				t.Fatalf("got:\n%s\nwant:\n%s", got.String(), archive.Files[i].Data)
			}
			archive.Files[i].Data = []byte(got.String())
			if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// groups are the names of the groups.
var groups = []string{"always", "development", "optional", "peer"}

// dump writes down what is read of a file.
func dump(w *strings.Builder, file source.File) {
	fmt.Fprintf(w, "%s\n", file.Path)
	if manifest.Names(file.Path) {
		m, err := manifest.Read(file)
		if err != nil {
			fmt.Fprintf(w, "  error %v\n", err)
		}
		if m != nil {
			fmt.Fprintf(w, "  %s %q manager=%q workspace=%v members=%v overridden=%v dynamic=%v provided=%v\n", m.Ecosystem, m.Name, m.Manager, m.Workspace, m.Members, m.Overridden, m.Dynamic, m.Provided)
			for _, d := range m.Dependencies {
				fmt.Fprintf(w, "  %d: %s %q %s conditional=%v\n", d.At.Line, d.Name, d.Range, groups[d.Group], d.Conditional)
			}
			for _, s := range m.Scripts {
				fmt.Fprintf(w, "  %d: script %s: %s\n", s.At.Line, s.Name, s.Text)
			}
			runtimes(w, m.Runtimes)
		}
	}
	if manifest.LockOf(file.Path) != "" {
		l, err := manifest.ReadLock(file)
		if err != nil {
			fmt.Fprintf(w, "  error %v\n", err)
			return
		}
		fmt.Fprintf(w, "  lock %s\n", l.Format)
		for _, name := range slices.Sorted(maps.Keys(l.Packages)) {
			kept, known := l.Kept(name)
			fmt.Fprintf(w, "  %s %v kept=%v,%v\n", name, l.Packages[name], kept, known)
		}
	}
	if manifest.NamesRuntime(file.Path) {
		runtimes(w, manifest.ReadRuntimes(file))
	}
	if manifest.NamesPipeline(file.Path) {
		p, err := manifest.ReadPipeline(file)
		if err != nil {
			fmt.Fprintf(w, "  error %v\n", err)
			return
		}
		fmt.Fprintf(w, "  %s\n", p.System)
		runtimes(w, p.Runtimes)
		for _, c := range p.Commands {
			fmt.Fprintf(w, "  %d: in %q %q\n", c.At.Line, c.Name, c.Text)
		}
		for _, u := range p.Uses {
			fmt.Fprintf(w, "  %d: uses %s at %s\n", u.At.Line, u.Name, u.Ref)
		}
	}
}

func runtimes(w *strings.Builder, all []manifest.Runtime) {
	for _, r := range all {
		fmt.Fprintf(w, "  %d: %s %q of %q demand=%v by %s\n", r.At.Line, r.Language, r.Range, r.Text, r.Demand, r.Kind)
	}
}

func TestSatisfies(t *testing.T) {
	for _, c := range []struct {
		e              manifest.Ecosystem
		asked, version string
		ok, known      bool
	}{
		{manifest.Node, "^1.2.3", "1.9.0", true, true},
		{manifest.Node, "^1.2.3", "2.0.0", false, true},
		{manifest.Node, "^0.2.3", "0.3.0", false, true},
		{manifest.Node, ">=1.2 <2", "1.5.0", true, true},
		{manifest.Node, ">= 1.2", "1.1.0", false, true},
		{manifest.Node, "1.0.0 - 2.0.0", "1.5.0", true, true},
		{manifest.Node, "1.x || >=3", "2.0.0", false, true},
		{manifest.Node, "", "9.0.0", true, true},
		{manifest.Node, "latest", "9.0.0", false, false},
		{manifest.Node, "file:../x", "9.0.0", false, false},
		{manifest.Node, "^1.0.0-beta.1", "1.0.0-beta.2", true, true},
		{manifest.Python, ">=1.2,<2", "1.9.1", true, true},
		{manifest.Python, "~=1.4", "2.0", false, true},
		{manifest.Python, "^3.0", "2.3.0", false, true},
		{manifest.Python, "3.11", "3.11.0", true, true},
		{manifest.Rust, "1.2", "1.9.0", true, true},
		{manifest.Rust, "0.2", "0.3.0", false, true},
		{manifest.DotNet, "1", "1.0.0", false, false},
	} {
		if ok, known := manifest.Satisfies(c.e, c.asked, c.version); ok != c.ok || known != c.known {
			t.Errorf("%s %q %q: %v, %v", c.e, c.asked, c.version, ok, known)
		}
	}
}

func TestAllows(t *testing.T) {
	for _, c := range []struct {
		e            manifest.Ecosystem
		asked, begin string
		ok, known    bool
	}{
		{manifest.Node, ">=20", "18", false, true},
		{manifest.Node, ">=20", "20", true, true},
		{manifest.Node, ">=18.17.0 <18.20", "18", true, true},
		{manifest.Node, ">=20.5", "20.4", false, true},
		{manifest.Node, "lts", "20", false, false},
		{manifest.Python, ">=3.12,<4.0", "3.11", false, true},
		{manifest.Python, ">=3.9, !=3.9.7", "3.9", true, true},
		{manifest.Python, "^3.8", "3.12.1", true, true},
		{manifest.Ruby, "3.3.5", "3.3", true, true},
		{manifest.Ruby, "3.3.5", "3.3.4", false, true},
		{manifest.Ruby, "~> 3.2", "3.4", true, true},
		{manifest.Ruby, ">= 3.1, < 3.3", "3.3", false, true},
		{manifest.Ruby, "engine", "3.3", false, false},
		{manifest.PHP, "^8.2|^8.3", "8.1", false, true},
		{manifest.PHP, "~8.1", "8.3", true, true},
		{manifest.PHP, ">=7.4 <8.2", "8.2", false, true},
		{manifest.Go, ">=1.24.2", "1.22", false, true},
		{manifest.Go, ">=1.24rc1", "1.24", true, true},
		{manifest.Rust, ">=1.75", "1.70", false, true},
		{manifest.Node, ">=20", "", false, false},
	} {
		if ok, known := manifest.Allows(c.e, c.asked, c.begin); ok != c.ok || known != c.known {
			t.Errorf("%s %q %q: %v, %v", c.e, c.asked, c.begin, ok, known)
		}
	}
}

// FuzzRead reads anything as each of the formats: nothing that is read stands
// outside of the file, and the same file is read the same way twice.
func FuzzRead(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range cases {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(file.Name, file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		var first, second strings.Builder
		dump(&first, source.File{Path: name, Data: data})
		dump(&second, source.File{Path: name, Data: data})
		if first.String() != second.String() {
			t.Fatalf("first\n%s\nthen\n%s", first.String(), second.String())
		}
		file := source.File{Path: name, Data: data}
		m, err := manifest.Read(file)
		if err != nil || m == nil {
			return
		}
		lines := strings.Count(string(data), "\n") + 1
		for _, d := range m.Dependencies {
			if d.At.Line < 0 || d.At.Line > lines {
				t.Fatalf("%s is in line %d of %d", d.Name, d.At.Line, lines)
			}
		}
		for _, lock := range []string{"package-lock.json", "yarn.lock", "pnpm-lock.yaml", "poetry.lock", "Gemfile.lock", "go.sum"} {
			l, err := manifest.ReadLock(source.File{Path: lock, Data: data})
			if err != nil {
				continue
			}
			for _, d := range m.Dependencies {
				l.Fit(".", d)
			}
		}
	})
}
