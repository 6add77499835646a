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
)

// inCode finds programs that the code of a component starts: by name, or by the
// path that a variable has which it reads.
func inCode(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, b := range l.Builds {
		all := runs(b)
		if len(all) == 0 {
			continue
		}
		for _, c := range l.Components {
			findings = append(findings, ofComponent(c, b, all)...)
		}
	}
	return findings
}

func ofComponent(c *ledger.Component, b *ledger.Build, all []run) []finding.Finding {
	var programs []fact.Need
	for _, n := range c.Of(fact.Program) {
		if !n.Browser && !n.Beside && n.Necessity == fact.Required && !c.Tool(n.At.File) && name.MatchString(path.Base(n.Name)) {
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
		for _, n := range programs {
			if f, ok := started(c, b, r, n); ok {
				findings = append(findings, f)
			}
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

// run is where the code of an image runs.
type run struct {
	environment string
	use         *ledger.Use // nil where only the image is known
}

// runs returns where an image runs in production.
func runs(b *ledger.Build) []run {
	img := b.Image()
	if img == nil {
		return nil
	}
	var all []run
	for i := range b.Uses {
		if u := &b.Uses[i]; u.Environment.IsProduction() && !u.Workload.Init {
			all = append(all, run{u.Environment.Name, u})
		}
	}
	if len(all) == 0 && !ledger.ForDevelopers(b.Dockerfile) {
		if argv, _, _ := img.Start(); len(argv) > 0 {
			all = append(all, run{environment: "production"})
		}
	}
	return all
}

// name is what the name of a program looks like: nothing else is shown.
var name = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._+-]{0,39}$`)

// started is a program that the code starts.
func started(c *ledger.Component, b *ledger.Build, r run, n fact.Need) (finding.Finding, bool) {
	img := b.Image()
	if strings.Contains(n.Name, "/") && !system(path.Clean(n.Name)) {
		return finding.Finding{}, false
	}
	if interpreted[path.Ext(n.At.File)] && img.Holds(strings.TrimPrefix(n.At.File, folder(b.Context))).State == image.Absent {
		return finding.Finding{}, false // the code itself is not in this image
	}
	a := img.Program(n.Name)
	if a.State != image.Absent {
		return finding.Finding{}, false
	}
	f := doc.Finding(finding.Warning, c.Name, r.environment, path.Base(n.Name))
	f.Message = fmt.Sprintf("the code starts %s, and the image does not have it: %s", path.Base(n.Name), a.Why)
	f.Consequence = "what the code uses the program for fails when it comes to it"
	f.Remedy = fmt.Sprintf("install %s in the stage that runs, at %s", path.Base(n.Name), spot(a.At))
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: n.At, Text: n.Text},
		{Role: finding.Absent, At: a.At, Environment: r.environment},
	}
	return f, true
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
func pathed(b *ledger.Build, r run, reads map[string][]fact.Need) []fact.Supply {
	supplies := slices.Clone(b.Image().Env())
	if r.use != nil {
		supplies = append(supplies, r.use.Workload.Supplies...)
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
func named(c *ledger.Component, b *ledger.Build, r run, s fact.Supply, n fact.Need) (finding.Finding, bool) {
	p := path.Clean(s.Value.Reveal())
	a := b.Image().Path(p)
	if a.State != image.Absent || r.use != nil && slices.ContainsFunc(r.use.Workload.Mounts, func(m fact.Mount) bool { return strings.HasPrefix(p, path.Clean(m.Path)) }) {
		return finding.Finding{}, false
	}
	program := path.Base(p)
	f := doc.Finding(finding.Error, c.Name, r.environment, program)
	f.Message = fmt.Sprintf("%s says that %s is at %s, and the image does not have it: %s", s.Name, program, p, a.Why)
	f.Consequence = "the code starts a program that is not there"
	f.Remedy = fmt.Sprintf("install %s in the stage that runs, at %s", program, spot(a.At))
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: n.At, Text: n.Text},
		{Role: finding.Conflict, At: s.At, Text: s.Name, Environment: r.environment},
		{Role: finding.Absent, At: a.At, Environment: r.environment},
	}
	return f, true
}
