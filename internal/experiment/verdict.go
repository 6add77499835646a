package experiment

import (
	"fmt"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/scene"
)

// Proof is what an experiment saw: a set of differences that is enough to make
// a component fail.
type Proof struct {
	Experiment string
	Role       *scene.Role // that fails
	Set        []int       // of differences
	Request    string      // that comes out otherwise; "" for a boot
	Observed   string
	Result     string // what a person would see
	Severity   finding.Severity
	Runs       int
	Flaky      bool
	Minimal    bool
}

// Prove writes a proof into the findings: into those that suspected one of its
// differences, or, where none did, into a finding of its own. It remembers the
// case, to be played again. Where a value that was made up has a part in it,
// nothing is proved, and a note says so.
func (s *Session) Prove(findings []finding.Finding, p Proof) []finding.Finding {
	for _, d := range p.Set {
		if d := &s.Scene.Differences[d]; d.Invented() {
			s.Scene.Notes = append(s.Scene.Notes, fmt.Sprintf("%s: %s; but the value of %s is made up, since nothing tells what it is in %s: this says nothing",
				p.Role.Name(), p.Observed, d.Name, s.Scene.Environment))
			return findings
		}
	}
	var proved []int
	for i := range findings {
		f := &findings[i]
		if f.Environment != s.Scene.Environment {
			continue
		}
		if slices.ContainsFunc(p.Set, func(d int) bool { return suspects(f, &s.Scene.Differences[d]) }) {
			proved = append(proved, i)
		}
	}
	if len(proved) == 0 {
		findings = append(findings, s.unsuspected(p))
		proved = []int{len(findings) - 1}
	}
	for _, i := range proved {
		f := &findings[i]
		if f.Verdict == finding.Reproduced {
			f.Rehearsal.Observed = also(f.Rehearsal.Observed, p.Observed)
			continue
		}
		f.Verdict = finding.Reproduced
		observed := p.Observed
		if p.Flaky {
			observed += " (not every time: it was asked again until the majority was clear)"
		}
		if !p.Minimal {
			observed += " (a smaller set may do: the search was cut short)"
		}
		f.Rehearsal = &finding.Rehearsal{
			Experiment: p.Experiment, Differences: s.Names(f.Component, p.Set), Observed: observed, Runs: p.Runs,
		}
		if p.Result != "" {
			f.Consequence = p.Result
		}
		if p.Severity.Rank() > f.Severity.Rank() {
			f.Severity = p.Severity
		}
		s.Cases = append(s.Cases, Case{
			Schema: CaseSchema, Fingerprint: f.Fingerprint(), Check: f.Check, Component: f.Component, Environment: f.Environment,
			Subject: f.Subject, Experiment: p.Experiment, Request: p.Request, Switches: s.Switches(p.Set), Beside: s.Switches(s.beside(p.Set)), Observed: p.Observed,
		})
	}
	return findings
}

// mostObserved bounds how many requests one finding names.
const mostObserved = 3

func also(before, more string) string {
	if strings.Count(before, "; ") >= mostObserved-1 {
		return before
	}
	return before + "; " + more
}

// suspects reports whether a finding is about a difference.
func suspects(f *finding.Finding, d *scene.Difference) bool {
	if f.Component != d.Component {
		return false
	}
	switch d.Kind {
	case "env":
		return f.Subject == d.Name
	case "file":
		return f.Subject == d.Name
	case "loopback":
		return f.Check == "loopback-url" && strings.Contains(f.Message, ":"+d.Name+" ")
	case "memory":
		return f.Check == "resource-limit" && f.Subject == "memory"
	case "entry":
		return f.Check == "loopback-bind" && strings.HasSuffix(f.Subject, ":"+d.Name)
	case "service":
		return f.Check == "port-mismatch" && strings.Contains(f.Subject, d.Name)
	}
	return false
}

// Suspected returns the differences that the findings speak of: those first
// without which the code is seen to give up, then in the order of the findings.
func (s *Session) Suspected(findings []finding.Finding) []int {
	var hints []int
	for i := range findings {
		for d := range s.Scene.Differences {
			if findings[i].Environment == s.Scene.Environment && suspects(&findings[i], &s.Scene.Differences[d]) && !slices.Contains(hints, d) {
				hints = append(hints, d)
			}
		}
	}
	slices.SortStableFunc(hints, func(a, b int) int {
		return rank(s.Scene.Differences[a].Fatal()) - rank(s.Scene.Differences[b].Fatal())
	})
	return hints
}

func rank(fatal bool) int {
	if fatal {
		return 0
	}
	return 1
}

// unsuspected says what kind of finding a difference is that no check had
// suspected: by its kind, the name of the check that is about it.
var unsuspected = map[string]struct {
	check    string
	category finding.Category
	message  string // over the name of the difference and the environment
	remedy   string // over the name
}{
	"env absent": {"missing-env", finding.Environment, "%s is there locally and nothing in %s supplies it", "supply %s there"},
	"env":        {"invalid-env", finding.Environment, "the value that %s has in %s does not do", "give %s a value that does"},
	"file":       {"missing-file", finding.Container, "%s is in the working tree and not in the image of %s", "copy %s into the image, or do without it"},
	"loopback":   {"loopback-url", finding.Network, "what answers on localhost:%s locally does not answer there in %s", "call what answers on port %s by its name"},
	"entry":      {"loopback-bind", finding.Network, "port %s answers over loopback only, and in %s it is asked from outside", "have port %s listen on every address"},
	"service":    {"port-mismatch", finding.Network, "Service %s does not lead to the port that the process listens on in %s", "let the targetPort of %s be the port that the process listens on"},
	"memory":     {"resource-limit", finding.Container, "the process takes more memory than the %s that its container may have in %s", "raise the limit well above %s, or let the process take less"},
	"start":      {"missing-file", finding.Container, "the command %s, which starts it in %s, does not", "repair %s, or what it needs"},
}

// needed returns the line of the code that is sensitive to a difference.
func needed(d *scene.Difference) (fact.Need, bool) {
	for _, n := range d.Role.Component.Needs {
		switch d.Kind {
		case "env":
			if n.Kind == fact.Variable && n.Name == d.Name {
				return n, true
			}
		case "service", "entry":
			if n.Kind == fact.Listen {
				return n, true
			}
		case "loopback":
			if n.Kind == fact.Call && fmt.Sprint(n.Port) == d.Name {
				return n, true
			}
		}
	}
	return fact.Need{}, false
}

func (s *Session) unsuspected(p Proof) finding.Finding {
	d := &s.Scene.Differences[p.Set[0]]
	kind := d.Kind
	if d.Absent() {
		kind = "env absent"
	}
	about := unsuspected[kind]
	f := finding.Finding{
		Check: about.check, Category: about.category, Severity: finding.Error, Verdict: finding.Suspected,
		Component: d.Component, Environment: s.Scene.Environment, Subject: d.Name,
		Message: fmt.Sprintf(about.message, d.Name, s.Scene.Environment), Remedy: fmt.Sprintf(about.remedy, d.Name),
	}
	if p.Severity != "" {
		f.Severity = p.Severity
	}
	if d.Kind == "memory" {
		f.Subject = "memory"
	}
	if d.Kind == "service" {
		port, target, listens := d.Leads(s.Scene)
		f.Subject = fmt.Sprintf("%s:%d", d.Name, port)
		f.Message = fmt.Sprintf("Service %s sends port %d on to %d, and the process listens on %d", d.Name, port, target, listens)
		f.Remedy = fmt.Sprintf("let the targetPort of Service %s be %d", d.Name, listens)
	}
	if need, ok := needed(d); ok {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Need, At: need.At, Text: need.Text})
	}
	if !d.Local.IsZero() {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Supply, At: d.Local, Environment: "local"})
	}
	role := finding.Conflict
	if kind == "env absent" || kind == "file" {
		role = finding.Absent
	}
	at := d.Production
	if at.IsZero() {
		at = d.Role.Run.Place()
	}
	f.Evidence = append(f.Evidence, finding.Evidence{Role: role, At: at, Environment: s.Scene.Environment})
	return f
}
