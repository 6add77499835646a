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
	for _, c := range l.Components {
		var programs []fact.Need
		for _, n := range c.Of(fact.Program) {
			if !n.Browser && !n.Beside && n.Necessity == fact.Required && !c.Tool(n.At.File) && name.MatchString(path.Base(n.Name)) {
				programs = append(programs, n)
			}
		}
		reads := c.Variables()
		for _, b := range l.Builds {
			if b.Owner != c || b.Image() == nil {
				continue
			}
			for _, r := range runs(b) {
				for _, n := range programs {
					if f, ok := started(c, b, r, n); ok {
						findings = append(findings, f)
					}
				}
				findings = append(findings, named(c, b, r, reads)...)
			}
		}
	}
	return findings
}

// run is where the code of an image runs.
type run struct {
	environment string
	run         *ledger.Run // nil where only the image is known
}

// runs returns where an image runs in production.
func runs(b *ledger.Build) []run {
	var all []run
	for _, u := range b.Uses {
		if u.Environment.IsProduction() && u.Run != nil && !u.Workload.Init {
			all = append(all, run{u.Environment.Name, u.Run})
		}
	}
	if len(all) == 0 && !slices.ContainsFunc(b.Uses, func(u ledger.Use) bool { return u.Environment.IsProduction() }) {
		if argv, _, _ := b.Image().Start(); len(argv) > 0 && !ledger.ForDevelopers(b.Dockerfile) {
			all = append(all, run{"production", nil})
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

// named are programs that variables name by an absolute path which the code
// reads.
func named(c *ledger.Component, b *ledger.Build, r run, reads map[string][]fact.Need) []finding.Finding {
	var findings []finding.Finding
	supplies := b.Image().Env()
	if r.run != nil {
		supplies = r.run.Explicit()
		supplies = append(slices.Clone(b.Image().Env()), supplies...)
	}
	last := map[string]fact.Supply{}
	for _, s := range supplies {
		last[s.Name] = s
	}
	for _, s := range supplies {
		needs := reads[s.Name]
		if len(needs) == 0 || last[s.Name].At != s.At || s.Value.Origin != fact.Literal || s.Phase != fact.Run {
			continue
		}
		p := path.Clean(s.Value.Reveal())
		if !system(p) || !name.MatchString(path.Base(p)) {
			continue
		}
		a := b.Image().Path(p)
		if a.State != image.Absent {
			continue
		}
		program := path.Base(p)
		f := doc.Finding(finding.Error, c.Name, r.environment, program)
		f.Message = fmt.Sprintf("%s says that %s is at %s, and the image does not have it: %s", s.Name, program, p, a.Why)
		f.Consequence = "the code starts a program that is not there"
		f.Remedy = fmt.Sprintf("install %s in the stage that runs, at %s", program, spot(a.At))
		f.Evidence = []finding.Evidence{
			{Role: finding.Need, At: needs[0].At, Text: needs[0].Text},
			{Role: finding.Conflict, At: s.At, Text: s.Name, Environment: r.environment},
			{Role: finding.Absent, At: a.At, Environment: r.environment},
		}
		findings = append(findings, f)
	}
	return findings
}
