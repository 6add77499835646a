package duplicateschedule

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// beat is a process that a schedule is for, apart from those that have the code.
type beat struct {
	library string
	title   string
	program string
	words   []string // behind the program, of which one stands there; nil where the program is enough
	but     []string // options with which it starts nothing by the clock
	remedy  string
}

// apart are the libraries whose schedules such a process looks at.
var apart = []beat{
	// "You have to ensure only a single scheduler is running for a schedule at a time, otherwise you'd end up with
	// duplicate tasks": https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#introduction
	{"celery", "a beat of Celery", "celery", []string{"beat", "-B", "--beat"}, nil, "run one celery beat, in a workload of its own with one replica"},
	// https://huey.readthedocs.io/en/latest/consumer.html#multiple-consumers-on-one-host
	{"huey", "a scheduler of Huey", "run_huey", nil, []string{"-n", "--no-periodic"}, "start all consumers but one with --no-periodic"},
	{"huey", "a scheduler of Huey", "huey_consumer", nil, []string{"-n", "--no-periodic"}, "start all consumers but one with --no-periodic"},
	{"huey", "a scheduler of Huey", "huey_consumer.py", nil, []string{"-n", "--no-periodic"}, "start all consumers but one with --no-periodic"},
}

// in reports whether one of several commands starts such a process.
func (b beat) in(commands [][]string) bool {
	return slices.ContainsFunc(commands, func(words []string) bool {
		i := slices.IndexFunc(words, func(w string) bool { return path.Base(w) == b.program })
		return i >= 0 && (b.words == nil || slices.ContainsFunc(words[i:], func(w string) bool { return slices.Contains(b.words, w) })) &&
			!slices.ContainsFunc(words[i:], func(w string) bool { return slices.Contains(b.but, w) })
	})
}

// beats finds processes of a schedule of which two run.
func beats(c *ledger.Component, needs []fact.Need) []finding.Finding {
	var findings []finding.Finding
	for _, b := range apart {
		if i := slices.IndexFunc(needs, func(n fact.Need) bool { return n.Library == b.library }); i >= 0 {
			findings = append(findings, b.several(c, needs[i])...)
			findings = append(findings, b.listed(c, needs[i])...)
		}
	}
	return findings
}

func (b beat) several(c *ledger.Component, n fact.Need) []finding.Finding {
	var findings []finding.Finding
	first := map[string]*ledger.Run{}
	for _, r := range c.Production() {
		if commands, _ := r.Commands(); !b.in(commands) || !r.Reaches(n.At.File) {
			continue
		}
		f := b.finding(c, n, finding.Warning, r.Environment.Name)
		copies := r.Copies()
		switch other := first[r.Environment.Name]; {
		case len(copies) > 0 && !copies[0].Machine && !copies[0].Likely:
			f.Message = fmt.Sprintf("%s of %s run, and each has %s", copies[0], r.Workload.Name, b.title)
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: copies[0].At, Text: copies[0].Text, Environment: r.Environment.Name})
		case other != nil && other.Workload.Name != r.Workload.Name:
			f.Message = fmt.Sprintf("%s and %s both run %s", other.Workload.Name, r.Workload.Name, b.title)
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: r.Workload.At, Text: r.Workload.Kind + " " + r.Workload.Name, Environment: r.Environment.Name})
		default:
			first[r.Environment.Name] = r
			continue
		}
		findings = append(findings, f)
	}
	return findings
}

// listed finds a worker of the component's Procfile that has the schedule, too: a
// worker is what is started more than once when there is more to do.
func (b beat) listed(c *ledger.Component, n fact.Need) []finding.Finding {
	for _, p := range c.Processes {
		words := strings.Fields(p.Command.Text)
		if !strings.Contains(p.Name, "worker") || path.Base(p.Command.At.File) != "Procfile" || !b.in([][]string{words}) {
			continue
		}
		f := b.finding(c, n, finding.Info, "production")
		f.Message = fmt.Sprintf("each process of %s has %s, too", p.Name, b.title)
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: p.Command.At, Text: p.Command.Text, Environment: "production"})
		return []finding.Finding{f}
	}
	return nil
}

func (b beat) finding(c *ledger.Component, n fact.Need, severity finding.Severity, environment string) finding.Finding {
	f := doc.Finding(severity, c.Name, environment, n.Name)
	f.Consequence = "every task of the schedule is put into its queue more than once"
	f.Remedy = b.remedy
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: n.At, Text: n.Text}}
	return f
}
