package project

import (
	"cmp"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/source"
)

// dockerfile is a Dockerfile of the project.
type dockerfile struct {
	path    string
	dir     string // "" is the root
	variant string // what tells it from others in its folder: Dockerfile.worker, worker.Dockerfile
	rank    int    // the lower, the likelier it is that what it builds is deployed
	text    string
}

// variants say for what a Dockerfile is, not for which component.
var variants = map[string]int{
	"": 0, "prod": 0, "production": 0, "release": 0, "alpine": 1, "slim": 1, "debian": 1, "multi": 1,
	"dev": 2, "development": 2, "local": 2, "debug": 2, "ci": 3, "test": 3, "e2e": 3, "playwright": 3, "cypress": 3, "base": 3, "builder": 3,
}

// dockerfileOf returns the Dockerfile that a file is by its name, or nil.
func dockerfileOf(file string) *dockerfile {
	base := path.Base(file)
	variant := ""
	switch {
	case base == "Dockerfile", base == "Containerfile", base == "dockerfile":
	case strings.HasPrefix(base, "Dockerfile.") || strings.HasPrefix(base, "Dockerfile-") || strings.HasPrefix(base, "Dockerfile_"):
		variant = base[len("Dockerfile."):]
	case strings.HasPrefix(base, "Containerfile."):
		variant = base[len("Containerfile."):]
	case path.Ext(base) == ".Dockerfile" || path.Ext(base) == ".dockerfile":
		variant = strings.TrimSuffix(base, path.Ext(base))
	default:
		return nil
	}
	if variant == "dockerignore" || strings.HasSuffix(variant, ".dockerignore") || Language("."+variant) != "" {
		return nil
	}
	d := &dockerfile{path: file, dir: dirOf(file), variant: strings.ToLower(variant)}
	if rank, ok := variants[d.variant]; ok {
		d.variant, d.rank = "", rank
		return d
	}
	// api.prod, prod.api: both parts tell.
	for _, sep := range []string{".", "-", "_"} {
		if a, b, ok := strings.Cut(d.variant, sep); ok {
			if rank, known := variants[b]; known {
				d.variant, d.rank = a, rank
			} else if rank, known := variants[a]; known {
				d.variant, d.rank = b, rank
			}
		}
	}
	return d
}

// How surely a Dockerfile builds a component.
const (
	claimOnly  = iota + 1 // there is no other component that it could build
	claimText             // it names the component's folder or entry
	claimDir              // its folder has the component's name
	claimName             // its name holds the component's
	claimPlace            // it lies in the component's folder
)

// dockerfiles gives the Dockerfiles to the components that they seem to build.
// The folder of one that seems to build none is a component too.
func (d *discovery) dockerfiles() {
	type claim struct {
		*dockerfile
		strength int
	}
	claims := map[*Component][]claim{}
	var unclaimed []*dockerfile
	places := map[string]bool{} // folders with a component that starts
	for _, c := range d.found {
		if !c.Start.Local.IsZero() || d.runs[c] {
			places[rootless(c.Dir)] = true
		}
	}
	for _, f := range d.Files {
		file := dockerfileOf(f.Path)
		if file == nil || !f.Code() || hidden(file.dir) {
			continue
		}
		file.text = string(d.manifest(f.Path))
		found, strength := d.claimants(file, places)
		for _, c := range found {
			claims[c] = append(claims[c], claim{file, strength})
		}
		if len(found) == 0 && strength == 0 {
			unclaimed = append(unclaimed, file)
		}
	}
	for c, all := range claims {
		slices.SortStableFunc(all, func(a, b claim) int {
			return cmp.Or(cmp.Compare(b.strength, a.strength), cmp.Compare(a.rank, b.rank))
		})
		for _, one := range all {
			c.Dockerfiles = append(c.Dockerfiles, one.path)
		}
	}
	for _, file := range unclaimed {
		d.onlyDockerfile(file)
	}
	for _, c := range d.found {
		if c.Start.Local.IsZero() && len(c.Dockerfiles) > 0 {
			d.startedAsIn(c, c.Dockerfiles[0])
		}
	}
}

// claimants returns the components that a Dockerfile builds, and how sure that
// is. Where it builds one of several and it cannot be told which, they are none,
// but the strength is not 0.
func (d *discovery) claimants(file *dockerfile, places map[string]bool) ([]*Component, int) {
	strength := func(c *Component) int {
		idle := c.Start.Local.IsZero() && !d.runs[c]
		name := strings.ToLower(path.Base(cmp.Or(rootless(c.Dir), c.Package)))
		switch dir := rootless(c.Dir); {
		case idle && places[dir]:
			return 0 // it serves the one that starts there
		case file.variant != "" && file.variant == name:
			return claimName
		case dir == file.dir && file.variant == "":
			return claimPlace
		case file.variant == "" && file.dir != "" && strings.ToLower(path.Base(file.dir)) == name:
			return claimDir
		case idle:
			return 0 // what is only copied into it is not what it builds
		case dir != "" && (mentions(file.text, relativeTo(dir, file.dir)) || mentions(file.text, dir)):
			return claimText
		case c.Package != "" && strings.Contains(c.Package, "/") && mentions(file.text, c.Package):
			return claimText
		}
		return 0
	}
	var best []*Component
	most := 0
	for _, c := range d.found {
		switch s := strength(c); {
		case s == 0 || s < most:
		case s > most:
			most, best = s, []*Component{c}
		default:
			best = append(best, c)
		}
	}
	if len(best) > 1 && most != claimPlace {
		if best = innermost(best, file.text); len(best) > 1 {
			best = nil
		}
	}
	if most > 0 {
		return best, most
	}
	if c := d.built(file); c != nil {
		return []*Component{c}, claimOnly
	}
	if only := d.only(file.dir); only != nil {
		return []*Component{only}, claimOnly
	}
	return nil, 0
}

// only returns the one component that runs at or below a folder, where there
// is no other; for a folder without any, that of the whole project.
func (d *discovery) only(dir string) *Component {
	var found []*Component
	for _, c := range d.found {
		if within(rootless(c.Dir), dir) && !c.Start.Local.IsZero() {
			found = append(found, c)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return nil
}

// lastLines are those of a Dockerfile that say what is built or started.
var lastLines = regexp.MustCompile(`(?mi)^\s*(?:CMD|ENTRYPOINT|RUN\s.*\bbuild\b|WORKDIR).*$`)

// innermost chooses, among components that a Dockerfile names, the one that is
// named where it says what is built or started.
func innermost(found []*Component, text string) []*Component {
	lines := strings.Join(lastLines.FindAllString(text, -1), "\n")
	var chosen []*Component
	for _, c := range found {
		if mentions(lines, c.Dir) || c.Package != "" && mentions(lines, c.Package) {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// mentions reports whether a path stands in a text as a whole.
func mentions(text, name string) bool {
	if name == "" || name == "." {
		return false
	}
	for at := 0; ; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return false
		}
		i += at
		at = i + len(name)
		before := i == 0 || strings.ContainsRune(" \t\n\"'=/,:[", rune(text[i-1]))
		after := at == len(text) || strings.ContainsRune(" \t\r\n\"'/,:]*;&)", rune(text[at]))
		if before && after {
			return true
		}
	}
}

func hidden(dir string) bool {
	return strings.HasPrefix(dir, ".") || strings.Contains(dir, "/.")
}

// onlyDockerfile makes a component of the folder of a Dockerfile that builds
// none that is known.
func (d *discovery) onlyDockerfile(file *dockerfile) {
	here := d.in(file.dir)
	if file.variant == "" && len(here) > 0 || file.rank > 1 {
		return
	}
	c := &Component{Dir: file.dir, Dockerfiles: []string{file.path}, variant: file.variant}
	if file.dir == "" && len(d.found) > 0 && file.variant == "" {
		return // it builds several components, and it cannot be told which
	}
	c.Language = d.commonest(file.dir)
	if c.Language == "python" {
		if c.Entry = d.pythonEntries(file.dir, ""); len(c.Entry) > 0 {
			c.Start.Local = d.pythonStart(file.dir, c.Entry[0])
		}
	}
	d.add(c)
}

// commonest returns the language of most of the code right in a folder and in
// its src.
func (d *discovery) commonest(dir string) string {
	count := map[string]int{}
	for _, f := range d.Files {
		if at := dirOf(f.Path); f.Code() && (at == dir || at == join(dir, "src")) {
			if language := Language(f.Path); language != "" {
				count[language]++
			}
		}
	}
	best := ""
	for language, n := range count {
		if n > count[best] || n == count[best] && language < best {
			best = language
		}
	}
	return best
}

// imageStart is an instruction of a Dockerfile that says what is started.
var imageStart = regexp.MustCompile(`(?mi)^[ \t]*(?:CMD|ENTRYPOINT)[ \t]+(.*?)[ \t\r]*$`)

// interpreters run a file of the component's, on a developer's machine as in
// an image.
var interpreters = map[string]bool{"node": true, "python": true, "python3": true, "ruby": true, "php": true, "bun": true}

// startedAsIn starts a component of which no manifest tells how as its
// Dockerfile does, where that is to interpret a file that lies in its folder.
func (d *discovery) startedAsIn(c *Component, file string) {
	data := d.manifest(file)
	found := imageStart.FindAllSubmatchIndex(data, -1)
	for _, m := range slices.Backward(found) {
		text := string(data[m[2]:m[3]])
		var argv []string
		if json.Unmarshal([]byte(text), &argv) != nil {
			argv = strings.Fields(text)
		}
		if len(argv) < 2 || !interpreters[argv[0]] {
			continue
		}
		for i, arg := range argv[1:] {
			entry := d.exists(join(rootless(c.Dir), path.Base(arg)), join(rootless(c.Dir), strings.TrimPrefix(arg, "./")))
			if Language(arg) == "" || entry == "" {
				continue
			}
			argv[i+1] = relativeTo(entry, rootless(c.Dir))
			at := source.Span{File: file, Line: 1 + strings.Count(string(data[:m[0]]), "\n")}
			c.Start.Local = newCommand(strings.Join(argv, " "), rootless(c.Dir), at)
			if len(c.Entry) == 0 {
				c.Entry = []string{entry}
			}
			return
		}
	}
}
