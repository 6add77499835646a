package packages_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/cli"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
	"rehearse/internal/manifest/imports"
	"rehearse/internal/packages"
	"rehearse/internal/project"
)

var update = flag.Bool("update", false, "write the golden parts anew")

// golden is the part of a case that says what the packages of its project are.
const golden = "packages"

// TestCases holds what is known of the packages of a project to its golden part:
// what each manifest belongs to, and, of each component, what ships it, what its
// images leave out, what it imports and loads.
func TestCases(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == golden })
			if i < 0 {
				t.Fatal("the case has no part", golden)
			}
			got := dump(t, slices.Delete(slices.Clone(archive.Files), i, i+1))
			if *update {
				archive.Files[i].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(archive.Files[i].Data); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// read makes a project of files and reads it.
func read(t *testing.T, files []txtar.File) (*ledger.Ledger, *packages.Packages) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p, err := project.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	l, err := ledger.Read(t.Context(), p, cli.Languages(), cli.Formats())
	if err != nil {
		t.Fatal(err)
	}
	return l, packages.Of(l)
}

func dump(t *testing.T, files []txtar.File) string {
	l, ps := read(t, files)
	var w bytes.Buffer
	for _, m := range ps.Manifests {
		fmt.Fprintf(&w, "manifest %s", m.File)
		if root := ps.Root(m); root != nil {
			fmt.Fprintf(&w, " of %s", root.File)
		}
		if file := ps.Lockfile(m); file != "" {
			fmt.Fprintf(&w, " locked by %s", file)
		}
		if m.Ecosystem == manifest.Node {
			fmt.Fprintf(&w, " hoists=%v", ps.Hoists(m))
		}
		fmt.Fprintln(&w)
	}
	for _, in := range ps.Installs() {
		file := "nothing that is known"
		if in.Manifest != nil {
			file = in.Manifest.File
		}
		fmt.Fprintf(&w, "install %s:%d %s of %s lockless=%v\n", in.At.File, in.At.Line, in.Command, file, in.Lockless())
	}
	for _, c := range l.Components {
		fmt.Fprintf(&w, "component %s ships=%v\n", c.Dir, ps.Ships(c))
		if at, ok := ps.Buildpack(c); ok {
			fmt.Fprintf(&w, "  built by a platform: %s\n", at.Text)
		}
		for _, b := range ps.Images(c) {
			if at, ok := ps.Omits(b); ok {
				fmt.Fprintf(&w, "  %s omits: %s\n", b.Dockerfile, at.Text)
			}
			for _, e := range []manifest.Ecosystem{manifest.Ruby, manifest.PHP, manifest.Python} {
				if out, ok := ps.LeavesOut(b, e); ok {
					fmt.Fprintf(&w, "  %s leaves out: %s\n", b.Dockerfile, left(out))
				}
			}
			if files, _, ok := ps.Requirements(b); ok {
				fmt.Fprintf(&w, "  %s requires:", b.Dockerfile)
				for _, m := range files {
					fmt.Fprintf(&w, " %s", m.File)
				}
				fmt.Fprintln(&w)
			}
		}
		switch c.Language {
		case "javascript":
			for _, o := range ps.Imports(c) {
				fmt.Fprintf(&w, "  imports %s at %s:%d%s\n", o.Package, o.At.File, o.At.Line, marks(map[string]bool{"reached": o.Reached, "eager": o.Eager, "loaded": o.Loaded, "by the clock": o.ByClock}))
			}
			for _, a := range ps.Astray(c) {
				fmt.Fprintf(&w, "  astray %s at %s:%d meant %q%s\n", a.Name, a.At.File, a.At.Line, a.File, marks(map[string]bool{"reached": a.Reached, "eager": a.Eager}))
			}
		case "python":
			asked := ps.PythonAsks(c)
			fmt.Fprintf(&w, "  asks%s at %s: %s\n", marks(map[string]bool{"whole": asked.Whole, "open": asked.Open, "beneath": asked.Beneath}), asked.At.File, sorted(asked.Names))
			for _, o := range ps.PythonImports(c, func(module string) bool { _, ok := imports.Distributions(module); return ok }) {
				fmt.Fprintf(&w, "  imports %s at %s:%d%s\n", o.Package, o.At.File, o.At.Line, marks(map[string]bool{"reached": o.Reached, "eager": o.Eager, "named": o.Named}))
			}
		case "ruby":
			for _, load := range ps.RubyLoads(c) {
				fmt.Fprintf(&w, "  loads %s at %s:%d\n", strings.Join(load.Names, "|"), load.At.File, load.At.Line)
			}
		case "php":
			for _, m := range ps.In(c.Dir, manifest.PHP) {
				for _, load := range ps.PHPLoads(c, m) {
					fmt.Fprintf(&w, "  loads %s at %s:%d\n", strings.Join(load.Names, "|"), load.At.File, load.At.Line)
				}
			}
		}
	}
	return w.String()
}

func left(out packages.LeftOut) string {
	var names []string
	for _, d := range out.Manifest.Dependencies {
		if out.Leaves(d) {
			names = append(names, d.Name)
		}
	}
	return strings.Join(names, " ")
}

func marks(all map[string]bool) string {
	text := ""
	for _, name := range strings.Split(sorted(all), " ") {
		if all[name] {
			text += " " + name
		}
	}
	if all["by the clock"] {
		text += " by the clock"
	}
	return text
}

func sorted(all map[string]bool) string {
	var names []string
	for name, ok := range all {
		if ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestPrograms(t *testing.T) {
	for script, want := range map[string]string{
		"node server.js": "",
		"nest start":     "@nestjs/cli",
		"cross-env NODE_ENV=production ts-node main.ts": "cross-env ts-node",
		"node -r dotenv/config server.js":               "dotenv",
		"node --loader=tsx server.js":                   "tsx",
		"tsc && node dist/main.js":                      "typescript",
		"husky install || true":                         "",
		"PORT=1 exec nodemon":                           "nodemon",
		"./node_modules/.bin/next":                      "",
		"V=$(git describe) && vite":                     "vite",
	} {
		if got := strings.Join(packages.Programs(script), " "); got != want {
			t.Errorf("%s: got %q, want %q", script, got, want)
		}
	}
}

func TestTakes(t *testing.T) {
	l, ps := read(t, []txtar.File{
		{Name: "package.json", Data: []byte(`{"private": true, "workspaces": ["api", "lib", "web"]}`)},
		{Name: "api/package.json", Data: []byte(`{"name": "api", "scripts": {"start": "node main.js"}, "dependencies": {"lib": "*"}}`)},
		{Name: "api/main.js", Data: []byte(`require("lib")`)},
		{Name: "lib/package.json", Data: []byte(`{"name": "lib", "dependencies": {"left-pad": "1.0.0"}}`)},
		{Name: "web/package.json", Data: []byte(`{"name": "web", "scripts": {"start": "node main.js"}, "devDependencies": {"left-pad": "1.0.0"}}`)},
		{Name: "web/main.js", Data: []byte(`require("left-pad")`)},
	})
	i := slices.IndexFunc(l.Components, func(c *ledger.Component) bool { return c.Dir == "api" })
	if i < 0 {
		t.Fatal("there is no component in api")
	}
	api := l.Components[i]
	of := func(dir string) *manifest.Manifest { return ps.In(dir, manifest.Node)[0] }
	for dir, want := range map[string]bool{"api": true, "lib": true, "web": false} {
		if got := ps.Takes(api, of(dir)); got != want {
			t.Errorf("takes %s: %v", dir, got)
		}
	}
	if got := ps.Sibling(api, of("api"), "left-pad"); got != of("lib") {
		t.Errorf("left-pad is asked for by %v", got)
	}
	if d, ok := ps.Asked(of("web"), "left-pad"); !ok || d.Group != manifest.Development {
		t.Errorf("web asks for left-pad: %v %v", d, ok)
	}
	if got := ps.Nearest("lib/src/deep/file.js"); got != of("lib") {
		t.Errorf("the nearest is %v", got)
	}
}
