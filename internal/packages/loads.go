package packages

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
	"rehearse/internal/source"
)

// Load is a place in which the code of a component loads something at start,
// under whatever name its package may have.
type Load struct {
	Names []string // of packages: any of them may bring it
	At    source.Span
	Text  string
}

// rubyBoot are the files of an application of Ruby that are loaded in production
// whatever is asked of it (https://guides.rubyonrails.org/initialization.html).
var rubyBoot = regexp.MustCompile(`^(?:config\.ru|Rakefile|config/(?:boot|application|environment|puma|unicorn|environments/production|initializers/[\w/-]+)\.rb|lib/tasks/[\w/-]+\.rake|app\.rb|main\.rb)$`)

// rubyRequire is a require that nothing guards: it stands at the beginning of a
// line and has nothing behind it.
var rubyRequire = regexp.MustCompile(`(?m)^require\s*\(?["']([a-z][\w./-]*)["']\)?[ \t]*(?:#.*)?\r?$`)

// RubyLoads returns what the files of a component require at start.
func (ps *Packages) RubyLoads(c *ledger.Component) []Load {
	var all []Load
	for _, f := range c.Files {
		if !rubyBoot.MatchString(source.Relative(c.Dir, f.Path)) {
			continue
		}
		data, err := ps.project.Read(f)
		if err != nil {
			continue
		}
		for _, m := range rubyRequire.FindAllSubmatchIndex(data.Data, 200) {
			name := string(data.Data[m[2]:m[3]])
			first, _, _ := strings.Cut(name, "/")
			line := 1 + strings.Count(string(data.Data[:m[2]]), "\n")
			all = append(all, Load{[]string{name, strings.ReplaceAll(name, "/", "-"), first, strings.ReplaceAll(first, "_", "-")}, source.Span{File: f.Path, Line: line}, clipped(data.Line(line))})
		}
	}
	return all
}

// phpBoot are the files of an application of PHP that name classes which are
// loaded with every request (https://laravel.com/docs/providers#registering-providers,
// https://symfony.com/doc/current/bundles.html).
var phpBoot = map[string]bool{"config/app.php": true, "bootstrap/providers.php": true, "config/bundles.php": true, "bootstrap/app.php": true}

// phpClass is the name of a class in a list; bundles say for which environments.
var phpClass = regexp.MustCompile(`(?m)^\s*\\?([A-Z]\w*(?:\\\w+)+)::class\s*(?:=>\s*\[([^\]]*)\])?\s*,`)

// PHPLoads returns the classes that are loaded in production, with the packages
// that the lockfile says they are of.
func (ps *Packages) PHPLoads(c *ledger.Component, m *manifest.Manifest) []Load {
	spaces := ps.phpSpaces(m)
	if len(spaces) == 0 {
		return nil
	}
	var all []Load
	for _, f := range c.Files {
		if !phpBoot[source.Relative(c.Dir, f.Path)] {
			continue
		}
		data, err := ps.project.Read(f)
		if err != nil {
			continue
		}
		for _, at := range phpClass.FindAllSubmatchIndex(data.Data, 200) {
			if at[4] >= 0 {
				if where := string(data.Data[at[4]:at[5]]); !strings.Contains(where, "all") && !strings.Contains(where, "prod") {
					continue
				}
			}
			class := string(data.Data[at[2]:at[3]])
			best, pkg := "", ""
			for space, name := range spaces {
				if strings.HasPrefix(class, space) && len(space) > len(best) {
					best, pkg = space, name
				}
			}
			if pkg != "" {
				line := 1 + strings.Count(string(data.Data[:at[2]]), "\n")
				all = append(all, Load{[]string{pkg}, source.Span{File: f.Path, Line: line}, clipped(data.Line(line))})
			}
		}
	}
	return all
}

// phpSpaces returns the packages of a composer.lock by the namespaces that they
// bring (https://getcomposer.org/doc/04-schema.md#psr-4).
func (ps *Packages) phpSpaces(m *manifest.Manifest) map[string]string {
	f := ps.project.File(path.Join(m.Dir(), "composer.lock"))
	if f == nil {
		return nil
	}
	data, err := ps.project.Read(f)
	if err != nil {
		return nil
	}
	var own struct {
		Autoload struct {
			PSR4 map[string]json.RawMessage `json:"psr-4"`
		}
	}
	if f := ps.project.File(path.Join(m.Dir(), "composer.json")); f != nil {
		if data, err := ps.project.Read(f); err != nil || json.Unmarshal(data.Data, &own) != nil {
			return nil
		}
	}
	type pkg struct {
		Name     string
		Autoload struct {
			PSR4 map[string]json.RawMessage `json:"psr-4"`
			PSR0 map[string]json.RawMessage `json:"psr-0"`
		}
	}
	var lock struct {
		Packages []pkg
		Dev      []pkg `json:"packages-dev"`
	}
	if json.Unmarshal(data.Data, &lock) != nil {
		return nil // Lock says so
	}
	spaces := map[string]string{}
	for _, p := range slices.Concat(lock.Dev, lock.Packages) { // what is always there counts
		for space := range p.Autoload.PSR4 {
			spaces[space] = strings.ToLower(p.Name)
		}
		for space := range p.Autoload.PSR0 {
			spaces[space] = strings.ToLower(p.Name)
		}
	}
	delete(spaces, "")
	for space := range own.Autoload.PSR4 {
		delete(spaces, space) // applications in packages have namespaces of the same names
	}
	return spaces
}

// gemNeeds is a line of a Gemfile.lock: a gem, or what the gem above it needs.
var gemNeeds = regexp.MustCompile(`^( {4}| {6})([\w.-]+)`)

// Brought reports whether a package that a manifest asks for in development alone
// is installed all the same, because another needs it; of Python nothing is said.
func (ps *Packages) Brought(m *manifest.Manifest, name string) bool {
	if m.Ecosystem != manifest.Ruby {
		return false
	}
	f := ps.project.File(path.Join(m.Dir(), "Gemfile.lock"))
	if f == nil {
		return true
	}
	data, err := ps.project.Read(f)
	if err != nil {
		return true
	}
	needs := map[string][]string{}
	gem := ""
	for line := range strings.Lines(string(data.Data)) {
		if found := gemNeeds.FindStringSubmatch(line); found != nil {
			if len(found[1]) == 4 {
				gem = found[2]
			} else {
				needs[gem] = append(needs[gem], found[2])
			}
		}
	}
	var queue []string
	for _, d := range m.Dependencies {
		if d.Group != manifest.Development {
			queue = append(queue, d.Name)
		}
	}
	seen := map[string]bool{}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		if next == name {
			return true
		}
		if !seen[next] {
			seen[next] = true
			queue = append(queue, needs[next]...)
		}
	}
	return false
}
