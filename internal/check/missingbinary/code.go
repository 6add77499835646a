package missingbinary

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/machine"
	"rehearse/internal/source"
)

// inCode finds programs that the code of a component starts: by name, or by the
// path that a variable has which it reads.
func inCode(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, b := range l.Builds {
		all := b.Running()
		if len(all) == 0 {
			continue
		}
		for _, c := range l.Components {
			findings = append(findings, ofComponent(l, c, b, all)...)
		}
	}
	return findings
}

func ofComponent(l *ledger.Ledger, c *ledger.Component, b *ledger.Build, all []ledger.Running) []finding.Finding {
	var programs []fact.Need
	for _, n := range c.Of(fact.Program) {
		if !n.Browser && !n.Beside && n.Necessity == fact.Required && !c.Tool(n.At.File) && !trying.MatchString(n.At.File) && name.MatchString(path.Base(n.Name)) {
			programs = append(programs, n)
		}
	}
	var findings []finding.Finding
	reads := c.Variables()
	for _, r := range all {
		variables := pathed(b, r, reads)
		if len(programs)+len(variables) == 0 || !holds(b, c) {
			continue
		}
		said := map[string]int{} // programs, to their findings: one, however often the code starts it
		for _, n := range programs {
			f, ok := started(l, c, b, r, n)
			if !ok {
				continue
			}
			if i, again := said[f.Subject]; again && findings[i].Severity.Rank() >= f.Severity.Rank() {
				if g := &findings[i]; len(g.Evidence) < mostPlaces {
					g.Evidence = append(g.Evidence, finding.Evidence{Role: finding.Related, At: n.At, Text: n.Text})
				}
				continue
			}
			locally(l, &f, n)
			if i, again := said[f.Subject]; again {
				findings[i] = f // a place that is more likely
				continue
			}
			said[f.Subject] = len(findings)
			findings = append(findings, f)
		}
		for _, s := range variables {
			if f, ok := named(c, b, r, s, reads[s.Name][0]); ok {
				findings = append(findings, f)
			}
		}
	}
	return findings
}

// holds reports whether the code of a component is in an image: the image is
// its own, or has what it starts with.
func holds(b *ledger.Build, c *ledger.Component) bool {
	if b.Owner == c {
		return true
	}
	for _, file := range c.Entry {
		if compiled[path.Ext(file)] {
			return false // that the image has its source says nothing of the program
		}
		if in, ok := strings.CutPrefix(file, folder(b.Context)); ok && b.Image().Holds(in).State == image.Present {
			return true
		}
	}
	return false
}

// compiled are the endings of code that a program is made of.
var compiled = map[string]bool{".go": true, ".rs": true, ".java": true, ".kt": true, ".cs": true}

// mostPlaces bounds the evidence of a finding.
const mostPlaces = 6

// trying are files of code that tries other code.
var trying = regexp.MustCompile(`(^|/)(tests?|testing|test[-_]?utils?|test[-_]?helpers?|testcontainers|conftest|test_[^/]+|[^/]+_test)(/|\.py$)`)

// name is what the name of a program looks like: nothing else is shown.
var name = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._+-]{0,39}$`)

// started is a program that the code starts.
func started(l *ledger.Ledger, c *ledger.Component, b *ledger.Build, r ledger.Running, n fact.Need) (finding.Finding, bool) {
	img := b.Image()
	if strings.Contains(n.Name, "/") && !system(path.Clean(n.Name)) {
		return finding.Finding{}, false
	}
	if r.Use != nil && r.Use.Run != nil && !r.Use.Run.Reaches(n.At.File) {
		return finding.Finding{}, false
	}
	if interpreted[path.Ext(n.At.File)] && img.Holds(strings.TrimPrefix(n.At.File, folder(b.Context))).State == image.Absent {
		return finding.Finding{}, false // the code itself is not in this image
	}
	a := img.Program(n.Name)
	if a.State == image.Unknown && !strings.Contains(n.Name, "/") && own(l, b, n.Name) {
		a = img.Own(n.Name)
	}
	if a.State != image.Absent {
		return finding.Finding{}, false
	}
	severity := finding.Warning
	if source.Relative(c.Dir, n.At.File) == "" {
		severity = finding.Info // of a package that it imports, it may use another part
	}
	f := doc.Finding(severity, c.Name, r.Environment, path.Base(n.Name))
	f.Message = fmt.Sprintf("the code starts %s, and the image does not have it: %s", path.Base(n.Name), a.Why)
	f.Consequence = "what the code uses the program for fails when it comes to it"
	f.Remedy = fmt.Sprintf("install %s in the stage that runs, at %s", path.Base(n.Name), spot(a.At))
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: n.At, Text: n.Text},
		{Role: finding.Absent, At: a.At, Environment: r.Environment},
	}
	return f, true
}

// own reports whether a program is the project's own: another image here has it,
// of which a step puts it there, and not a package.
func own(l *ledger.Ledger, b *ledger.Build, name string) bool {
	return slices.ContainsFunc(l.Builds, func(other *ledger.Build) bool {
		return other != b && other.Image() != nil && other.Image().Makes(name)
	})
}

// locally adds what puts the program on a developer's machine: the first script
// of theirs that installs it.
func locally(l *ledger.Ledger, f *finding.Finding, n fact.Need) {
	i := slices.IndexFunc(l.Setups, func(s machine.Setup) bool { return s.Package != "" && image.Brings(s.Package, path.Base(n.Name)) })
	if i < 0 {
		return
	}
	s := l.Setups[i]
	if s.Package != f.Subject {
		f.Remedy = fmt.Sprintf("install %s, which has %s, in the stage that runs, at %s", s.Package, f.Subject, spot(f.Evidence[1].At))
	}
	f.Evidence = slices.Insert(f.Evidence, 1, finding.Evidence{Role: finding.Supply, At: s.At, Text: s.Package, Environment: "local"})
}

// interpreted are the endings of code that runs as it stands in the tree.
var interpreted = map[string]bool{".py": true, ".rb": true, ".php": true, ".sh": true}

func folder(dir string) string {
	if dir == "." {
		return ""
	}
	return dir + "/"
}

// pathed returns the variables that a run gives the absolute path of a program
// and that the code reads.
func pathed(b *ledger.Build, r ledger.Running, reads map[string][]fact.Need) []fact.Supply {
	supplies := slices.Clone(b.Image().Env())
	if r.Use != nil {
		supplies = append(supplies, r.Use.Workload.Supplies...)
	}
	last := map[string]fact.Supply{}
	for _, s := range supplies {
		last[s.Name] = s
	}
	return slices.DeleteFunc(supplies, func(s fact.Supply) bool {
		if len(reads[s.Name]) == 0 || last[s.Name].At != s.At || s.Value.Origin != fact.Literal || s.Phase != fact.Run {
			return true
		}
		p := path.Clean(s.Value.Reveal())
		return !system(p) || !name.MatchString(path.Base(p))
	})
}

// named is a program that a variable names by an absolute path.
func named(c *ledger.Component, b *ledger.Build, r ledger.Running, s fact.Supply, n fact.Need) (finding.Finding, bool) {
	p := path.Clean(s.Value.Reveal())
	a := b.Image().Path(p)
	if a.State != image.Absent || r.Use != nil && slices.ContainsFunc(r.Use.Workload.Mounts, func(m fact.Mount) bool { return strings.HasPrefix(p, path.Clean(m.Path)) }) {
		return finding.Finding{}, false
	}
	program := path.Base(p)
	f := doc.Finding(finding.Error, c.Name, r.Environment, program)
	f.Message = fmt.Sprintf("%s says that %s is at %s, and the image does not have it: %s", s.Name, program, p, a.Why)
	f.Consequence = "the code starts a program that is not there"
	f.Remedy = fmt.Sprintf("install %s in the stage that runs, at %s", program, spot(a.At))
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: n.At, Text: n.Text},
		{Role: finding.Conflict, At: s.At, Text: s.Name, Environment: r.Environment},
		{Role: finding.Absent, At: a.At, Environment: r.Environment},
	}
	return f, true
}
