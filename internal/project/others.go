package project

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"rehearse/internal/source"
)

// A manifestOf makes a folder a component of a language that is known by its
// manifest alone.
type manifestOf struct {
	name     string // the base name; or, with a "*" before it, how it ends
	language string
	entries  []string // where its code starts by convention
}

// otherManifests lists them; of two in one folder the first counts.
var otherManifests = []manifestOf{
	{"Gemfile", "ruby", []string{"config.ru", "app.rb", "config/application.rb", "main.rb"}},
	{"composer.json", "php", []string{"artisan", "public/index.php", "index.php", "bin/console"}},
	{"pom.xml", "java", nil},
	{"build.gradle", "java", nil},
	{"build.gradle.kts", "java", nil},
	{"build.sbt", "java", nil},
	{"Cargo.toml", "rust", []string{"src/main.rs"}},
	{"*.csproj", "csharp", []string{"Program.cs", "Startup.cs"}},
	{"*.fsproj", "csharp", []string{"Program.fs"}},
	{"mix.exs", "elixir", []string{"lib/application.ex"}},
	{"deno.json", "javascript", []string{"main.ts", "server.ts", "mod.ts"}},
	{"deno.jsonc", "javascript", []string{"main.ts", "server.ts", "mod.ts"}},
}

// others finds the components of languages that are known by name.
func (d *discovery) others(ctx context.Context) error {
	seen := map[string]bool{}
	for i := range otherManifests {
		m := &otherManifests[i]
		is := func(base string) bool { return base == m.name }
		if ending, ok := strings.CutPrefix(m.name, "*"); ok {
			is = func(base string) bool { return strings.HasSuffix(base, ending) }
		}
		for _, f := range d.named(is) {
			if err := ctx.Err(); err != nil {
				return err
			}
			dir := dirOf(f.Path)
			key := dir + ":" + m.language
			if seen[key] || slices.ContainsFunc(d.in(dir), func(c *Component) bool { return c.Language == m.language }) {
				continue
			}
			c := &Component{Dir: dir, Language: m.language, Manifest: f.Path}
			for _, entry := range m.entries {
				if file := d.exists(join(dir, entry)); file != "" {
					c.Entry = append(c.Entry, file)
				}
			}
			if d.holdsOthers(c) {
				continue
			}
			seen[key] = true
			if m.language != "rust" || len(c.Entry) > 0 {
				d.runs[c] = true // how it starts is not known, that it does must be supposed
			}
			d.add(c)
		}
	}
	return nil
}

// holdsOthers reports whether a manifest only lists others: the parent of a
// Maven or Gradle build, a Cargo workspace. It sets Package where the manifest
// gives a name.
func (d *discovery) holdsOthers(c *Component) bool {
	data := d.manifest(c.Manifest)
	switch base := path.Base(c.Manifest); base {
	case "Cargo.toml":
		var cargo struct {
			Package *struct{ Name string }
		}
		if err := toml.Unmarshal(data, &cargo); err != nil {
			d.unread(tomlErrorAt(c.Manifest, err), notTOML)
			return false
		}
		if cargo.Package != nil {
			c.Package = cargo.Package.Name
			d.cargo(c, data)
		}
		return cargo.Package == nil
	case "pom.xml":
		var pom struct {
			ArtifactID string `xml:"artifactId"`
			Packaging  string `xml:"packaging"`
			Modules    *struct {
				Module []string `xml:"module"`
			} `xml:"modules"`
			Dependencies []struct {
				ArtifactID string `xml:"artifactId"`
			} `xml:"dependencies>dependency"`
		}
		dec := xml.NewDecoder(bytes.NewReader(data))
		dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // names are ASCII
		if err := dec.Decode(&pom); err != nil {
			at, why := source.Span{File: c.Manifest}, err.Error()
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) {
				at.Line, why = syntax.Line, syntax.Msg
			}
			d.unread(at, "not XML: "+why)
			return false
		}
		c.Package = pom.ArtifactID
		for _, dependency := range pom.Dependencies {
			c.depends = append(c.depends, dependency.ArtifactID)
		}
		return pom.Packaging == "pom" || pom.Modules != nil
	case "build.gradle", "build.gradle.kts":
		settings := d.exists(join(dirOf(c.Manifest), "settings.gradle"), join(dirOf(c.Manifest), "settings.gradle.kts"))
		src := join(dirOf(c.Manifest), "src/")
		code := slices.ContainsFunc(d.Files, func(f *File) bool { return strings.HasPrefix(f.Path, src) })
		c.depends = gradleModules(data)
		if dir := rootless(c.Dir); dir != "" {
			c.Package = path.Base(dir)
		}
		return settings != "" && !code
	}
	if strings.HasSuffix(c.Manifest, "proj") {
		c.Package, c.depends = strings.TrimSuffix(path.Base(c.Manifest), path.Ext(c.Manifest)), dotnetProjects(data)
	}
	return false
}

// usualBare are where code starts in a project without any manifest.
var usualBare = []string{"server.js", "index.js", "app.js", "main.js", "app.py", "main.py", "server.py", "main.go", "index.php", "app.rb", "main.ts", "server.ts"}

// bare makes the project itself a component where no manifest tells of any,
// and it holds a file in which code usually starts.
func (d *discovery) bare() {
	if len(d.found) > 0 {
		return
	}
	entry := d.exists(usualBare...)
	if entry == "" {
		return
	}
	c := d.add(&Component{Language: Language(entry), Entry: []string{entry}})
	switch at := (source.Span{File: entry}); c.Language {
	case "javascript":
		c.Start.Local = newCommand("node "+entry, "", at)
	case "python":
		c.Start.Local = d.pythonStart("", entry)
	case "go":
		c.Start.Local = newCommand("go run .", "", at)
		d.goFiles = map[*Component][]string{c: {entry}}
	default:
		d.runs[c] = true
	}
}
