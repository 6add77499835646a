package manifest

import (
	"encoding/json"
	"errors"
	"path"
	"regexp"
	"strings"

	"golang.org/x/mod/modfile"

	"rehearse/internal/source"
)

// The lines of a Gemfile that ask for gems (https://bundler.io/man/gemfile.5.html).
var (
	gemLine     = regexp.MustCompile(`^(\s*)gem\s*\(?\s*["']([\w.-]+)["']((?:\s*,\s*["'][^"']+["'])*)(.*)$`)
	gemVersion  = regexp.MustCompile(`["']([^"']+)["']`)
	rubyLine    = regexp.MustCompile(`^ruby\s*\(?\s*["']([^"']+)["']`)
	rubyFrom    = regexp.MustCompile(`^ruby\b.*["']([^"']*\.(?:ruby-version|tool-versions))["']`)
	gemBlock    = regexp.MustCompile(`^\s*(.*\bdo\s*(?:\|.*\|)?|if\b.*|unless\b.*|case\b.*|begin\b.*|def\b.*)\s*$`)
	gemGroup    = regexp.MustCompile(`^\s*group\s*\(?(.*?)\)?\s+do\s*$`)
	gemPlain    = regexp.MustCompile(`^\s*(?:group|source|platforms?|install_if|git|path|env|gemspec)\b`)
	gemInGroup  = regexp.MustCompile(`\bgroups?:\s*(\[[^\]]*\]|:\w+)|:groups?\s*=>\s*(\[[^\]]*\]|:\w+)`)
	gemElsewise = regexp.MustCompile(`\b(?:eval_gemfile|gemspec)\b|^\s*(?:plugin|instance_eval|Dir\b|File\.)`)
)

// gemfile reads a Gemfile, which is code: gems that are asked for under a
// condition are Conditional.
func gemfile(file source.File) (*Manifest, error) {
	m := &Manifest{Ecosystem: Ruby, Manager: "bundler"}
	type block struct {
		conditional bool
		group       Group
		groups      []string
	}
	stack := []block{{}}
	for i, line := range strings.Split(string(file.Data), "\n") {
		code, _, _ := strings.Cut(line, " #")
		if strings.HasPrefix(strings.TrimSpace(code), "#") {
			continue
		}
		top := stack[len(stack)-1]
		at := source.Span{File: file.Path, Line: i + 1}
		if gemElsewise.MatchString(code) {
			m.Dynamic = true
		}
		if v := rubyLine.FindStringSubmatch(code); v != nil {
			m.Runtimes = append(m.Runtimes, Runtime{Language: Ruby, Range: v[1], Text: v[1], At: at, Demand: true, Kind: "ruby in Gemfile"})
		}
		if v := rubyFrom.FindStringSubmatch(code); v != nil {
			m.Runtimes = append(m.Runtimes, Runtime{Language: Ruby, From: path.Base(v[1]), At: at, Demand: true, Kind: "ruby in Gemfile"})
		}
		if g := gemLine.FindStringSubmatch(code); g != nil {
			d := Dependency{Name: g[2], Group: top.group, Groups: top.groups, At: at}
			var versions []string
			for _, v := range gemVersion.FindAllStringSubmatch(g[3], -1) {
				versions = append(versions, v[1])
			}
			d.Range = strings.Join(versions, ", ")
			rest := g[4]
			d.Conditional = top.conditional || strings.Contains(rest, " if ") || strings.Contains(rest, " unless ") || strings.Contains(rest, "install_if") || strings.Contains(rest, "#{")
			if in := gemInGroup.FindString(rest); in != "" {
				d.Group, d.Groups = gemGroupOf(in), gemGroups(in)
			}
			m.Dependencies = append(m.Dependencies, d)
		}
		switch {
		case gemBlock.MatchString(code) && !strings.HasSuffix(strings.TrimSpace(code), " end"):
			b := block{conditional: top.conditional || !gemPlain.MatchString(code), group: top.group, groups: top.groups}
			if g := gemGroup.FindStringSubmatch(code); g != nil {
				b.group, b.groups = gemGroupOf(g[1]), gemGroups(g[1])
			}
			stack = append(stack, b)
		case strings.TrimSpace(code) == "end" && len(stack) > 1:
			stack = stack[:len(stack)-1]
		}
	}
	return m, nil
}

// gemGroupOf says when the gems of groups are installed: those of development
// and test alone are left out of production.
func gemGroupOf(names string) Group {
	for _, name := range regexp.MustCompile(`:(\w+)`).FindAllStringSubmatch(names, -1) {
		switch name[1] {
		case "group", "groups", "development", "test", "ci", "lint", "doc", "docs", "debug":
		default:
			return Always
		}
	}
	return Development
}

// gemGroups returns the names of groups.
func gemGroups(names string) []string {
	var all []string
	for _, name := range regexp.MustCompile(`:(\w+)|["'](\w+)["']`).FindAllStringSubmatch(names, 16) {
		if name := name[1] + name[2]; name != "group" && name != "groups" {
			all = append(all, name)
		}
	}
	return all
}

// composerJSON reads a composer.json (https://getcomposer.org/doc/04-schema.md).
func composerJSON(file source.File) (*Manifest, error) {
	fields, err := object(file)
	if err != nil {
		return nil, err
	}
	m := &Manifest{Ecosystem: PHP, Manager: "composer"}
	for _, f := range fields {
		switch f.name {
		case "name":
			m.Name = text(f.raw)
		case "require", "require-dev":
			for _, e := range inside(f) {
				at := source.Span{File: file.Path, Line: e.line}
				if e.name == "php" && f.name == "require" {
					m.Runtimes = append(m.Runtimes, Runtime{Language: PHP, Range: text(e.raw), Text: text(e.raw), At: at, Demand: true, Kind: "php in composer.json"})
				}
				if !strings.Contains(e.name, "/") {
					continue // the platform: php, ext-*, lib-*
				}
				d := Dependency{Name: strings.ToLower(e.name), Range: text(e.raw), At: at}
				if f.name == "require-dev" {
					d.Group = Development
				}
				m.Dependencies = append(m.Dependencies, d)
			}
		case "config":
			for _, c := range inside(f) {
				if c.name == "lock" && string(c.raw) == "false" {
					m.Dynamic = true
				}
			}
		case "replace", "provide":
			for _, e := range inside(f) {
				m.Provided = append(m.Provided, strings.ToLower(e.name))
			}
		case "extra":
			m.Dynamic = m.Dynamic || strings.Contains(string(f.raw), "merge-plugin")
		}
	}
	return m, nil
}

// goMod reads a go.mod (https://go.dev/ref/mod#go-mod-file).
func goMod(file source.File) (*Manifest, error) {
	mod, err := modfile.Parse(file.Path, file.Data, nil)
	if err != nil {
		at := source.Span{File: file.Path}
		var list modfile.ErrorList
		if errors.As(err, &list) && len(list) > 0 {
			at.Line = list[0].Pos.Line
		}
		return nil, &Broken{At: at, Reason: "not as a go.mod is"}
	}
	m := &Manifest{Ecosystem: Go, Manager: "go"}
	if mod.Module != nil {
		m.Name = mod.Module.Mod.Path
	}
	replaced := map[string]modfile.Replace{}
	for _, r := range mod.Replace {
		replaced[r.Old.Path] = *r
	}
	for _, r := range mod.Require {
		d := Dependency{Name: r.Mod.Path, Range: r.Mod.Version, At: source.Span{File: file.Path, Line: r.Syntax.Start.Line}, Conditional: r.Indirect}
		if by, ok := replaced[d.Name]; ok && (by.Old.Version == "" || by.Old.Version == d.Range) {
			if d.Name, d.Range = by.New.Path, by.New.Version; d.Range == "" {
				continue // a folder
			}
		}
		m.Dependencies = append(m.Dependencies, d)
	}
	if mod.Go != nil {
		m.Runtimes = append(m.Runtimes, Runtime{Language: Go, Range: ">=" + mod.Go.Version, Text: "go " + mod.Go.Version, At: source.Span{File: file.Path, Line: mod.Go.Syntax.Start.Line}, Demand: true, Kind: "go.mod"})
	}
	return m, nil
}

// cargoTOML reads a Cargo.toml (https://doc.rust-lang.org/cargo/reference/manifest.html).
func cargoTOML(file source.File) (*Manifest, error) {
	type tables struct {
		Dependencies map[string]any
		Dev          map[string]any `toml:"dev-dependencies"`
		Build        map[string]any `toml:"build-dependencies"`
	}
	var c struct {
		Package *struct {
			Name string
			Rust any `toml:"rust-version"`
		}
		Workspace *struct{ Members []string }
		tables
		Target map[string]tables
	}
	// An embedded struct that is not exported is not filled: the tables are read
	// once more by themselves.
	if err := tomlOf(file, &c); err != nil {
		return nil, err
	}
	var own tables
	if err := tomlOf(file, &own); err != nil {
		return nil, err
	}
	m := &Manifest{Ecosystem: Rust, Manager: "cargo"}
	if c.Package != nil {
		m.Name = c.Package.Name
		if v, ok := c.Package.Rust.(string); ok {
			m.Runtimes = append(m.Runtimes, Runtime{Language: Rust, Range: ">=" + v, Text: v, At: source.Span{File: file.Path, Line: lineWith(file.Data, "rust-version")}, Demand: true, Kind: "rust-version"})
		}
	}
	if c.Workspace != nil {
		m.Workspace, m.Members = true, c.Workspace.Members
	}
	lines := tomlLines(file.Data)
	take := func(table map[string]any, group Group, conditional bool) {
		for name, value := range table {
			d := Dependency{Name: name, Group: group, Conditional: conditional, At: source.Span{File: file.Path, Line: lines[name]}}
			switch v := value.(type) {
			case string:
				d.Range = v
			case map[string]any:
				d.Range, _ = v["version"].(string)
				if other, ok := v["package"].(string); ok {
					d.Name = other
				}
				if v["workspace"] != nil {
					d.Conditional = true // the workspace may call it otherwise
				}
			}
			m.Dependencies = append(m.Dependencies, d)
		}
	}
	take(own.Dependencies, Always, false)
	take(own.Dev, Development, false)
	take(own.Build, Always, false)
	for _, t := range c.Target {
		take(t.Dependencies, Always, true)
	}
	return m, nil
}

// jsonMap decodes a JSON object of texts.
func jsonMap(raw json.RawMessage) map[string]string {
	var all map[string]any
	if json.Unmarshal(raw, &all) != nil {
		return nil
	}
	found := map[string]string{}
	for name, value := range all {
		if s, ok := value.(string); ok {
			found[name] = s
		}
	}
	return found
}
