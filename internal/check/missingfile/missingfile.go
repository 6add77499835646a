// Package missingfile finds files and folders that are needed in an image and
// are not there.
package missingfile

import (
	"embed"
	"fmt"
	"path"
	"slices"

	"rehearse/internal/check"
	"rehearse/internal/environment"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "missing-file",
	Category: finding.Container,
	Summary:  "A file or folder that the code, a build step or the start command needs is not in the image at that place.",
	Why: "The working tree has every file. An image has what its steps copy: a list of files that lacks one, a folder that is copied without its own name, a line of " +
		".dockerignore, another stage or another working directory, and the build stops, is done with other settings, or the container does not start.",
	Fix: "Copy the file to where it is looked for, take it out of .dockerignore, or name the place where it is.",
	Silent: "A path that a volume covers, what the commands ask after before they use it, what git ignores (it may be made before the build), and anything that a " +
		"step which is not understood may have written.",
	Sources: []string{
		"https://docs.docker.com/reference/dockerfile/#copy",
		"https://docs.docker.com/build/concepts/context/#dockerignore-files",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	s := &session{seen: map[string]bool{}, said: map[string]bool{}, scans: map[string]code{}, workspaces: map[string]map[string]*member{}}
	for _, b := range l.Builds {
		img := b.Image()
		if img == nil {
			continue
		}
		s.copied(b, img)
		if !environment.ForDevelopers(b.Dockerfile) {
			s.merged(b, img)
			s.landed(b, img)
		}
		for _, o := range b.Occasions() {
			s.called(&o)
			s.imported(&o)
			if o.Moment == ledger.Building {
				s.built(&o)
			}
			if o.Moment == ledger.Starting {
				s.emitted(&o)
				s.started(&o)
			}
		}
		s.platform(b, img)
		s.served(b, img)
	}
	s.unbuilt(l)
	s.code(l)
	s.named(l)
	s.unresolved(l)
	return s.findings
}

// session collects what is found, each once.
type session struct {
	findings   []finding.Finding
	seen       map[string]bool
	said       map[string]bool               // what imports lack, by image and file
	scans      map[string]code               // by path in the project
	workspaces map[string]map[string]*member // by context and folder
}

// gap is a file that is missing.
type gap struct {
	severity             finding.Severity
	build                *ledger.Build
	component            string // where there is no build
	environment          string
	subject              string
	message, consequence string
	remedy               string
	need                 source.Span
	text                 string
	absent               source.Span
	related              []source.Span
}

func (s *session) add(g gap) {
	file, title := "", g.component
	if g.build != nil {
		file, title = g.build.Dockerfile, g.build.Title()
	}
	key := fmt.Sprint(file, g.environment, g.subject, g.need)
	if s.seen[key] {
		return
	}
	s.seen[key] = true
	if g.severity == finding.Error && g.build != nil && g.build.Guessed && g.build.Context != path.Dir(g.build.Dockerfile) {
		g.severity = finding.Warning // nothing in the tree says that it is built there
	}
	f := doc.Finding(g.severity, title, g.environment, g.subject)
	f.Message, f.Consequence, f.Remedy = g.message, g.consequence, g.remedy
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: g.need, Text: g.text, Environment: g.environment}}
	if !g.absent.IsZero() {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Absent, At: g.absent, Environment: g.environment})
	}
	for _, at := range g.related {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: at})
	}
	s.findings = append(s.findings, f)
}

// lost says where in the tree a file is that is not in the image at p, and
// where in the image it is instead; "" where that is not known.
func lost(b *ledger.Build, img *image.Image, p string) (text string, at []source.Span) {
	base := path.Base(p)
	best := ""
	for _, f := range b.Files() {
		if path.Base(f) == base && alike(f, p) > alike(best, p) {
			best = f
		}
	}
	if best == "" {
		return "", nil
	}
	text, at = "; the tree has "+b.Source(best), []source.Span{{File: b.Source(best), Line: 1}}
	if places := img.Landings(best); len(places) > 0 {
		text += fmt.Sprintf(", and the image has it at %s", places[0].Path)
		at = append(at, places[0].At)
	}
	return text, at
}

// alike is how many parts two paths have in common at their ends.
func alike(a, b string) int {
	n := 0
	for a != "" && a != "." && a != "/" && path.Base(a) == path.Base(b) {
		n, a, b = n+1, path.Dir(a), path.Dir(b)
	}
	return n
}

// site returns where a call stands.
func site(b *ledger.Build, c image.Call) source.Span {
	if c.In != "" {
		return source.Span{File: b.Source(c.In), Line: max(c.Line, 1)}
	}
	return c.At
}

func spot(at source.Span) string { return fmt.Sprintf("%s:%d", at.File, at.Line) }

// deployed returns the environments that run an image, "production" where
// nothing says.
func deployed(b *ledger.Build) string {
	i := slices.IndexFunc(b.Uses, func(u ledger.Use) bool { return u.Environment.IsProduction() })
	if i >= 0 {
		return b.Uses[i].Environment.Name
	}
	return "production"
}
