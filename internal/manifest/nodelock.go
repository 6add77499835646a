package manifest

import (
	"bytes"
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// npmLock reads a package-lock.json, versions 1 to 3
// (https://docs.npmjs.com/cli/configuring-npm/package-lock-json).
func npmLock(file source.File) (*Lock, error) {
	var lock struct {
		Packages map[string]struct {
			Version      string
			Link         bool
			Dev          bool
			Optional     bool
			DevOptional  bool
			Extraneous   bool
			InBundle     bool
			Dependencies json.RawMessage
		}
		Dependencies map[string]struct {
			Version string
			Dev     bool
		}
	}
	if err := json.Unmarshal(bytes.TrimPrefix(file.Data, []byte("\xef\xbb\xbf")), &lock); err != nil {
		at := source.Span{File: file.Path}
		if wrong, ok := err.(*json.SyntaxError); ok {
			at.Line = lineOf(file.Data, int(wrong.Offset))
		}
		return nil, &Broken{At: at, Reason: "not JSON, or not as such a file is"}
	}
	l := &Lock{Format: "npm", Packages: map[string][]string{}, keys: map[string]bool{}, kept: map[string]bool{}}
	for key, p := range lock.Packages {
		l.keys[key] = true
		if len(p.Dependencies) > 2 && strings.Contains(key, "node_modules/") && !p.Optional && !p.DevOptional && !p.InBundle && !p.Extraneous {
			if l.asks == nil {
				l.asks = map[string]json.RawMessage{}
			}
			l.asks[key] = p.Dependencies
		}
		if name := nameAt(key); name != "" {
			if !p.Link && p.Version != "" {
				l.Packages[key] = []string{p.Version} // of a folder of the workspace, which a package may be called like, it is not known by that
			}
			l.Packages[name] = append(l.Packages[name], p.Version)
			l.kept[name] = l.kept[name] || !p.Dev && key == "node_modules/"+name
		}
	}
	if lock.Packages == nil {
		for name, p := range lock.Dependencies {
			l.keys["node_modules/"+name] = true
			l.kept[name] = !p.Dev
			l.Packages["node_modules/"+name] = []string{p.Version}
			l.Packages[name] = append(l.Packages[name], p.Version)
		}
	}
	delete(l.keys, "")
	return l, nil
}

// Gap is what a package of a lockfile asks for, and the lockfile does not have.
type Gap struct {
	By, Name, Range string
	Have            string // the version that it has instead; "" for none
}

// Gaps returns the gaps in a lockfile of npm, at most as many as are asked for: it
// was put together by hand or by a merge, and npm ci refuses it. Of optional
// packages npm itself leaves parts out.
func (l *Lock) Gaps(most int) []Gap {
	var all []Gap
	for _, key := range slices.Sorted(maps.Keys(l.asks)) {
		asked := jsonMap(l.asks[key])
		for _, name := range slices.Sorted(maps.Keys(asked)) {
			fit, have := l.fitNPM(key, Dependency{Name: name, Range: asked[name]})
			if fit != Missing && fit != Outside {
				continue
			}
			if all = append(all, Gap{nameAt(key), name, asked[name], have}); len(all) == most {
				return all
			}
		}
	}
	return all
}

// nameAt returns the name of the package that lies in a folder.
func nameAt(key string) string {
	i := strings.LastIndex(key, "node_modules/")
	if i < 0 {
		return ""
	}
	return key[i+len("node_modules/"):]
}

// yarnLock reads a yarn.lock, of yarn 1 or of yarn 2 and later ("berry"), which
// is YAML (https://yarnpkg.com/configuration/yarnrc, "Lockfile").
func yarnLock(file source.File) (*Lock, error) {
	l := &Lock{Format: "yarn", Packages: map[string][]string{}, keys: map[string]bool{}, wanted: map[string]map[string]string{}, loose: map[string]bool{}}
	if bytes.Contains(file.Data, []byte("\n__metadata:")) {
		l.Format = "berry"
	}
	var names []string // of the entry
	dir, table := "", false
	for line := range bytes.Lines(file.Data) {
		line := strings.TrimRight(string(line), "\r\n")
		switch {
		case line == "", line[0] == '#':
		case line[0] != ' ':
			names, dir, table = names[:0], "", false
			for _, key := range strings.Split(strings.TrimSuffix(line, ":"), ",") {
				key = strings.Trim(strings.TrimSpace(key), `"`)
				at := strings.LastIndex(key[min(1, len(key)):], "@") + 1
				if first := strings.Index(key[min(1, len(key)):], "@") + 1; first > 0 {
					at = first
				}
				if at <= 0 {
					continue
				}
				l.keys[key] = true
				names = append(names, key[:at])
				if folder, ok := strings.CutPrefix(key[at+1:], "workspace:"); ok && !strings.ContainsAny(folder, "^*~") && l.Format == "berry" {
					dir = path.Clean(folder)
					if l.wanted[dir] == nil {
						l.wanted[dir] = map[string]string{}
					}
				}
			}
		case strings.HasPrefix(line, "  version"):
			version := strings.Trim(strings.TrimLeft(line[len("  version"):], ": "), `"`)
			for _, name := range names {
				l.Packages[name] = append(l.Packages[name], version)
			}
		case strings.HasPrefix(line, "    "):
			if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && table && dir != "" {
				if strings.HasPrefix(name, `"`) { // "@scope/name": "npm:^1"
					quoted, rest, _ := strings.Cut(name[1:]+":"+value, `"`)
					name, value = quoted, strings.TrimPrefix(rest, ":")
				}
				l.wanted[dir][name] = strings.Trim(strings.TrimSpace(value), `"`)
			}
		default:
			table = strings.TrimSpace(line) == "dependencies:"
		}
	}
	return l, nil
}

// pnpmLock reads a pnpm-lock.yaml: of it, the part that says what it was made
// for, which stands before the packages (https://github.com/pnpm/spec/tree/master/lockfile).
func pnpmLock(file source.File) (*Lock, error) {
	data := file.Data
	if i := bytes.LastIndex(data, []byte("\n---\n")); i >= 0 {
		data = data[i+1:] // before it stands what pnpm itself is made of
	}
	l := &Lock{Format: "pnpm", Packages: map[string][]string{}, wanted: map[string]map[string]string{}, loose: map[string]bool{}}
	rest := []byte(nil)
	if i := bytes.Index(data, []byte("\npackages:")); i >= 0 {
		data, rest = data[:i+1], data[i+1:]
	}
	docs, err := yaml.Parse(source.File{Path: file.Path, Data: data})
	if err != nil {
		return nil, &Broken{At: source.Span{File: file.Path}, Reason: "not as such a file is"}
	}
	if len(docs) == 0 {
		return l, nil
	}
	root := docs[0].Root
	for _, p := range root.Get("overrides").Pairs() {
		for _, name := range overridden(p.Name()) {
			l.loose[name] = true
		}
	}
	importer := func(dir string, n *yaml.Node) {
		wanted := map[string]string{}
		for _, p := range n.Get("specifiers").Pairs() {
			wanted[p.Name()] = p.Value.Text()
		}
		for _, group := range []string{"dependencies", "devDependencies", "optionalDependencies"} {
			for _, p := range n.Get(group).Pairs() {
				if s := p.Value.Get("specifier"); s != nil {
					wanted[p.Name()] = s.Text()
				}
			}
		}
		l.wanted[path.Clean(dir)] = wanted
	}
	if importers := root.Get("importers"); importers != nil {
		for _, p := range importers.Pairs() {
			importer(p.Name(), p.Value)
		}
	} else {
		importer(".", root)
	}
	// "  /name@1.2.3:", "  /name/1.2.3:", "  name@1.2.3:", quoted where it begins with @.
	for line := range bytes.Lines(rest) {
		if len(line) < 4 || line[0] != ' ' || line[1] != ' ' || line[2] == ' ' {
			continue
		}
		key := strings.TrimPrefix(strings.Trim(strings.TrimSuffix(strings.TrimSpace(string(line)), ":"), `'"`), "/")
		key, _, _ = strings.Cut(key, "(")
		i := strings.LastIndex(key, "@")
		if i <= 0 {
			i = strings.LastIndex(key, "/")
		}
		if i > 0 {
			l.Packages[key[:i]] = append(l.Packages[key[:i]], key[i+1:])
		}
	}
	return l, nil
}

func overridden(key string) []string {
	return keys(member{raw: json.RawMessage(`{` + quoted(key) + `:""}`)})
}

func quoted(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		return `""` // a string is always marshalled
	}
	return string(data)
}

// bunLock reads a bun.lock (https://bun.com/docs/pm/lockfile).
func bunLock(file source.File) (*Lock, error) {
	var lock struct {
		Workspaces map[string]map[string]json.RawMessage
		Packages   map[string][]json.RawMessage
		Overrides  map[string]json.RawMessage
	}
	if err := json.Unmarshal(relaxed(file.Data), &lock); err != nil {
		return nil, &Broken{At: source.Span{File: file.Path}, Reason: "not JSON, or not as such a file is"}
	}
	l := &Lock{Format: "bun", Packages: map[string][]string{}, wanted: map[string]map[string]string{}, loose: map[string]bool{}}
	for name := range lock.Overrides {
		l.loose[name] = true
	}
	for dir, tables := range lock.Workspaces {
		wanted := map[string]string{}
		for group := range nodeGroups {
			for name, asked := range jsonMap(tables[group]) {
				wanted[name] = asked
			}
		}
		l.wanted[path.Clean(dir)] = wanted
	}
	for key, entry := range lock.Packages {
		version := ""
		if len(entry) > 0 {
			version = text(entry[0])
			version = version[strings.LastIndexByte(version, '@')+1:]
		}
		l.Packages[key] = append(l.Packages[key], version)
	}
	return l, nil
}
