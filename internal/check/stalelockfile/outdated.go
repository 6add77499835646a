package stalelockfile

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
	"rehearse/internal/packages"
	"rehearse/internal/source"
)

// formats are those of lockfiles that can be broken, by their names.
var formats = map[string]string{
	"package-lock.json": "npm", "npm-shrinkwrap.json": "npm", "yarn.lock": "yarn", "pnpm-lock.yaml": "pnpm", "bun.lock": "bun", "poetry.lock": "poetry", "uv.lock": "uv",
	"pdm.lock": "pdm", "Pipfile.lock": "pipenv", "Gemfile.lock": "bundler", "composer.lock": "composer", "go.sum": "go", "Cargo.lock": "cargo",
}

// broken tells of a lockfile that cannot be parsed. npm, yarn and pnpm put a merge
// together by themselves, where they are free to write
// (https://docs.npmjs.com/cli/configuring-npm/package-locks#resolving-lockfile-conflicts).
func broken(l *ledger.Ledger, ps *packages.Packages, m *manifest.Manifest, file string, why *manifest.Broken) finding.Finding {
	format := formats[path.Base(file)]
	severity, in := gravity(ps, m, file, format)
	if severity == finding.Info || why.Merge && (format == "npm" || format == "pnpm") {
		severity = finding.Warning
	}
	component, environment := l.Around(m.File), "production"
	if in != nil {
		_, environment = in.Where(l)
	}
	f := doc.Finding(severity, component, environment, path.Base(file))
	f.Message = fmt.Sprintf("%s is broken: %s", file, why.Reason)
	f.Consequence = "the install refuses to go on, or makes another lockfile of its own"
	f.Remedy = "make " + path.Base(file) + " anew, and commit it"
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: source.Span{File: m.File}}, {Role: finding.Conflict, At: why.At}}
	if in != nil {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: in.At, Text: in.Command, Environment: environment})
	}
	return f
}

// torn tells of a lockfile that does not hold together: packages in it ask for
// others that it does not have. npm ci compares it with what it would lock itself
// (https://docs.npmjs.com/cli/commands/npm-ci).
func torn(l *ledger.Ledger, ps *packages.Packages, m *manifest.Manifest, file string, gaps []manifest.Gap) finding.Finding {
	severity, in := gravity(ps, m, file, "npm")
	var said []string
	missing := false
	for _, g := range gaps {
		has := "no " + g.Name
		if g.Have != "" {
			has = g.Name + " " + g.Have
		}
		missing = missing || g.Have == ""
		said = append(said, fmt.Sprintf("%s asks for %s %s, and there is %s", g.By, g.Name, g.Range, has))
	}
	if severity == finding.Error && !missing {
		severity = finding.Warning // older ones take it as it is
	}
	component, environment := l.Around(m.File), "production"
	if in != nil {
		_, environment = in.Where(l)
	}
	f := doc.Finding(severity, component, environment, gaps[0].Name)
	f.Message = fmt.Sprintf("%s does not hold together: %s", file, strings.Join(said, "; "))
	f.Consequence = "npm ci refuses it, or a package does not find what it needs"
	f.Remedy = "make " + path.Base(file) + " anew with npm install, and commit it"
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: source.Span{File: m.File}}, {Role: finding.Conflict, At: source.Span{File: file}}}
	if in != nil {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: in.At, Text: in.Command, Environment: environment})
	}
	return f
}

// outdated tells of a lockfile that says of itself that it was made of another
// manifest. Poetry refuses it from 1.5 on, and warned before; Composer warns.
func outdated(l *ledger.Ledger, ps *packages.Packages, m *manifest.Manifest, file string, lock *manifest.Lock) (finding.Finding, bool) {
	if ok, known := ps.MadeFor(lock, m); ok || !known {
		return finding.Finding{}, false
	}
	severity, in := gravity(ps, m, file, lock.Format)
	if severity == finding.Error && !refuses(lock) {
		severity = finding.Warning
	}
	if lock.Format == "composer" {
		severity = finding.Info // what it was made of besides may be of no weight
	}
	component, environment := l.Around(m.File), "production"
	if in != nil {
		_, environment = in.Where(l)
	}
	f := doc.Finding(severity, component, environment, path.Base(file))
	f.Message = fmt.Sprintf("%s was made of another %s than this one: the digest in it is not of what the manifest asks for", file, m.File)
	f.Consequence = "what is installed is not what the manifest asks for"
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: source.Span{File: m.File}}, {Role: finding.Conflict, At: source.Span{File: file}}}
	if severity == finding.Error {
		f.Consequence = "the install refuses to go on: the manifest changed since the lockfile was made"
	}
	if in != nil {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: in.At, Text: in.Command, Environment: environment})
	}
	f.Remedy = "bring the lockfile up to date (" + map[string]string{"poetry": "poetry lock", "composer": "composer update --lock"}[lock.Format] + "), and commit it"
	return f, true
}

var version = regexp.MustCompile(`^(\d+)\.(\d+)`)

// refuses reports whether the Poetry that made a lockfile refuses one that is
// outdated: it writes its version into the first line.
func refuses(lock *manifest.Lock) bool {
	m := version.FindStringSubmatch(lock.Maker)
	if m == nil {
		return false
	}
	major, _ := strconv.Atoi(m[1]) // both are digits
	minor, _ := strconv.Atoi(m[2])
	return major > 1 || major == 1 && minor >= 5
}
