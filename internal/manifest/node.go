package manifest

import (
	"encoding/json"
	"regexp"
	"strings"

	"rehearse/internal/source"
)

// nodeGroups are the fields of a package.json that ask for packages
// (https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies).
var nodeGroups = map[string]Group{
	"dependencies": Always, "devDependencies": Development, "optionalDependencies": Optional, "peerDependencies": Peer,
}

// nodeTexts are fields of a package.json in which a name may be given another
// meaning than that of a package: subpath imports, replacements for browsers,
// module-alias, the settings of Jest and Babel, moduleDirectories.
var nodeTexts = map[string]bool{"imports": true, "browser": true, "_moduleAliases": true, "alias": true, "jest": true, "babel": true, "nuxt": true, "vite": true, "importMap": true}

// packageJSON reads a package.json as npm does: a field of an unexpected type is
// as if it were not there.
func packageJSON(file source.File) (*Manifest, error) {
	fields, err := object(file)
	if err != nil {
		return nil, err
	}
	m := &Manifest{Ecosystem: Node}
	at := func(line int) source.Span { return source.Span{File: file.Path, Line: line} }
	for _, f := range fields {
		switch f.name {
		case "name":
			m.Name = text(f.raw)
		case "packageManager":
			m.Manager, _, _ = strings.Cut(text(f.raw), "@")
		case "workspaces":
			m.Workspace, m.Members = true, workspaces(f.raw)
		case "engines", "volta":
			for _, e := range inside(f) {
				if e.name == "node" && text(e.raw) != "" {
					m.Runtimes = append(m.Runtimes, Runtime{Language: Node, Range: text(e.raw), Text: text(e.raw), At: at(e.line), Demand: f.name == "engines", Kind: f.name})
				}
			}
		case "overrides", "resolutions":
			m.Overridden = append(m.Overridden, keys(f)...)
		case "pnpm":
			for _, e := range inside(f) {
				if e.name == "overrides" {
					m.Overridden = append(m.Overridden, keys(e)...)
				}
			}
		case "scripts":
			for _, e := range inside(f) {
				m.Scripts = append(m.Scripts, Script{e.name, text(e.raw), at(e.line)})
			}
		}
		if nodeTexts[f.name] {
			m.Texts = append(m.Texts, string(f.raw))
		}
		if group, ok := nodeGroups[f.name]; ok {
			for _, e := range inside(f) {
				m.Dependencies = append(m.Dependencies, Dependency{Name: e.name, Range: strings.TrimSpace(text(e.raw)), Group: group, At: at(e.line)})
			}
		}
	}
	return m, nil
}

func inside(m member) []member {
	all, err := members(m.raw, m.from)
	if err != nil {
		return nil // the whole was valid, so it is no object
	}
	return all
}

// child is the last of the names that > parts, as in parent@1>child; the > of
// name@>=1 <2 parts none (https://pnpm.io/settings#overrides).
var child = regexp.MustCompile(`>\s*(@?[A-Za-z][^>\s]*(?:@.*)?)$`)

// keys returns the names of packages that the keys of overrides speak of:
// "name", "name@1", "name@>=1 <2", "parent>name", "**/parent/name".
func keys(m member) []string { return keysTo(m, 8) }

func keysTo(m member, depth int) []string {
	var all []string
	if depth == 0 {
		return nil // nobody nests them so deep
	}
	for _, e := range inside(m) {
		name := e.name
		if m := child.FindStringSubmatch(name); m != nil {
			name = m[1]
		}
		if i := strings.IndexByte(name[min(1, len(name)):], '@'); i >= 0 && name[i] != '/' {
			name = name[:i+1]
		}
		parts := strings.Split(name, "/")
		name = parts[len(parts)-1]
		if n := len(parts); n > 1 && strings.HasPrefix(parts[n-2], "@") {
			name = parts[n-2] + "/" + name
		}
		all = append(all, name)
		all = append(all, keysTo(e, depth-1)...)
	}
	return all
}

// workspaces reads "workspaces": a list of patterns, or an object with one
// (https://classic.yarnpkg.com/en/docs/workspaces).
func workspaces(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var with struct{ Packages []string }
	if json.Unmarshal(raw, &with) != nil {
		return nil
	}
	return with.Packages
}
