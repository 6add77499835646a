// Package missingenv finds variables that the code needs and that an
// environment in which it runs does not supply.
package missingenv

import (
	"embed"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"rehearse/internal/check"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "missing-env",
	Category: finding.Environment,
	Summary:  "A component reads a variable that has no working default, and an environment in which it runs does not supply it.",
	Why: "On a developer's machine the variable comes from a .env file, a start script or the shell. None of these is there in production: " +
		"the process exits at start, or goes on with an empty value and fails at the first request that needs it.",
	Fix: "Supply the variable in the definition of that environment, from the ConfigMap or Secret that holds it, or give the code a default that works there.",
	Silent: "A read with a default, a read whose absence the code tests for, a variable that the runtime or the platform supplies by itself, " +
		"and a workload that takes in a set whose keys are not in the tree (it may hold the variable).",
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		variables := c.Variables()
		for _, name := range slices.Sorted(maps.Keys(variables)) {
			if need, optional, ok := needed(c, variables[name]); ok {
				findings = append(findings, missing(c, need, optional)...)
			}
		}
	}
	return slices.Concat(tempered(withoutLists(findings)), blank(l), composed(l), stocked(l))
}

// list is from how many variables on, read in one file and supplied nowhere, the
// file is taken for a list of settings, each of which is left to whoever wants it.
const list = 15

// withoutLists leaves out what is told of such a list.
func withoutLists(findings []finding.Finding) []finding.Finding {
	bare := func(f finding.Finding) bool {
		return f.Severity == finding.Info && !slices.ContainsFunc(f.Evidence, func(e finding.Evidence) bool { return e.Role == finding.Supply || e.Role == finding.Related })
	}
	count := map[string]int{} // by component, environment and file
	key := func(f finding.Finding) string {
		return f.Component + "\x00" + f.Environment + "\x00" + f.Evidence[0].At.File
	}
	for _, f := range findings {
		if bare(f) {
			count[key(f)]++
		}
	}
	return slices.DeleteFunc(findings, func(f finding.Finding) bool { return bare(f) && count[key(f)] >= list })
}

// needed returns the read that fails where the variable is missing, and whether
// the code is content without it elsewhere. What only tools read is no matter
// of the process.
func needed(c *ledger.Component, reads []fact.Need) (need fact.Need, optional, ok bool) {
	for _, n := range reads {
		switch {
		case n.Browser || c.Tool(n.At.File): // what a browser reads is inlined when the bundle is built
		case n.Necessity != fact.Required:
			optional = optional || !circular(n, reads)
		case !ok || n.Fatal && !need.Fatal:
			need, ok = n, true
		}
	}
	return need, optional, ok && (need.Fatal || !optional)
}

// circular reports whether what a read takes instead is a setting that takes the
// variable itself: partner.url is ${PARTNER_URL}, which Spring takes for one name.
func circular(n fact.Need, reads []fact.Need) bool {
	return n.Necessity == fact.Defaulted && n.Default == nil && n.Library != "" && slices.ContainsFunc(reads, func(o fact.Need) bool {
		return o.Necessity == fact.Required && o.Library == n.Library && slices.Contains(settingsFiles, path.Ext(o.At.File))
	})
}

// settingsFiles are the endings of files of settings.
var settingsFiles = []string{".yml", ".yaml", ".properties"}

// gap is an environment, as it is named, in which some runs lack the variable.
type gap struct {
	name             string
	absent, supplied []*ledger.Run
	renamed, off     bool
	hidden           bool // only a Secret that is not in the tree could supply it
	beside           bool // so could a set that another run takes too, and that does not hold it
}

// missing returns a finding for each environment that does not supply the
// variable; workloads of one environment share one, and so do environments of
// the same name in several folders.
func missing(c *ledger.Component, need fact.Need, optional bool) []finding.Finding {
	name := need.Name
	if ledger.Ambient(name) || ledger.ForTests(name) {
		return nil
	}
	locally, _, local := c.Local().Variable(name)
	var gaps []*gap
	var elsewhere []finding.Evidence
	for _, r := range slices.Concat(c.Production(), lent(c)) {
		if !r.Reads(c, name) {
			continue
		}
		i := slices.IndexFunc(gaps, func(g *gap) bool { return g.name == r.Environment.Name })
		if i < 0 {
			i, gaps = len(gaps), append(gaps, &gap{name: r.Environment.Name})
		}
		g := gaps[i]
		switch supply, via, state := r.Variable(name); {
		case state != ledger.Supplied && (met(r, need.Instead) || r.Settled(need) || linked(r, name)):
		case state == ledger.Unknown:
			if _, ok := ledger.Beside(c, r, name); ok {
				g.absent, g.beside = append(g.absent, r), true
			} else if related, ok := aloud(c, r, name); ok {
				g.absent, g.hidden = append(g.absent, r), true
				if !slices.ContainsFunc(elsewhere, func(o finding.Evidence) bool { return o.At == related.At }) {
					elsewhere = append(elsewhere, related)
				}
			}
		case state == ledger.Absent:
			g.absent = append(g.absent, r)
			g.renamed = g.renamed || ledger.Renamed(c, r, name)
			g.off = g.off || ledger.Off(c, r, name)
		case state == ledger.Supplied:
			g.supplied = append(g.supplied, r)
			at, shown := supply.At, ledger.Shown(supply)
			if !via.IsZero() {
				at, shown = via, name
			}
			if !slices.ContainsFunc(elsewhere, func(o finding.Evidence) bool { return o.At == at }) {
				elsewhere = append(elsewhere, finding.Evidence{Role: finding.Related, At: at, Text: shown, Environment: g.name})
			}
		}
	}
	var findings []finding.Finding
	if optional && local != ledger.Supplied && len(elsewhere) == 0 {
		return nil
	}
	var supply *fact.Supply
	if local == ledger.Supplied {
		supply = &locally
	}
	for _, g := range gaps {
		if len(g.absent) > 0 && !g.renamed {
			findings = append(findings, g.finding(c, need, supply, elsewhere))
		}
	}
	return findings
}

// lent returns the runs of other applications that have the code of c too, in
// the environments that it is deployed to.
func lent(c *ledger.Component) []*ledger.Run {
	var runs []*ledger.Run
	for _, r := range c.Lent {
		if r.Environment.IsProduction() && !r.Workload.Once {
			runs = append(runs, r)
		}
	}
	return runs
}

// linked reports whether the platform itself supplies the variable, of a Service.
func linked(r *ledger.Run, name string) bool {
	_, ok := r.Linked(name)
	return ok
}

// aloud returns a plain value that shows that the variable, which a Secret may
// hold, would not stand in one: another environment says it, or its relatives
// are said here.
func aloud(c *ledger.Component, r *ledger.Run, name string) (finding.Evidence, bool) {
	if s, other, ok := ledger.Outside(c, r, name); ok {
		return finding.Evidence{Role: finding.Related, At: s.At, Text: ledger.Shown(s), Environment: other.Environment.Name}, true
	}
	if s, ok := ledger.Relatives(c, r, name); ok {
		return finding.Evidence{Role: finding.Related, At: s.At, Text: ledger.Shown(s), Environment: r.Environment.Name}, true
	}
	return finding.Evidence{}, false
}

// met reports whether one of the variables that do as well may reach the run.
func met(r *ledger.Run, instead []string) bool {
	return slices.ContainsFunc(instead, func(name string) bool {
		_, _, state := r.Variable(name)
		return state != ledger.Absent
	})
}

// finding tells of the gap. Its gravity is that of what is known: a variable
// that is supplied where the code is developed, or in another environment, is
// needed, and so is one that .env.example gives a value, or that a list of its
// relatives left out; of one that is supplied nowhere that is not known: it may
// belong to a feature that nobody uses.
func (g *gap) finding(c *ledger.Component, need fact.Need, locally *fact.Supply, elsewhere []finding.Evidence) finding.Finding {
	name := need.Name
	told, isTold := c.Told(name)
	relative, hasRelative := ledger.Family(c, g.absent[0], name)

	var severity finding.Severity
	switch {
	case g.hidden, g.beside && len(g.supplied) == 0:
		severity = finding.Warning
	case len(g.supplied) > 0 && allOther(g.absent, g.supplied) && !g.absent[0].StartsIn(need.At.File):
		severity = finding.Info
		if need.Fatal {
			severity = finding.Warning
		}
	case len(g.supplied) > 0 && !need.Fatal:
		severity = finding.Warning
	case locally != nil, len(elsewhere) > 0 && need.Fatal:
		severity = finding.Error
	case len(elsewhere) > 0:
		severity = finding.Warning
	case g.off:
		severity = finding.Info
	case need.Fatal && (isTold || hasRelative):
		severity = finding.Error
	case isTold, hasRelative:
		severity = finding.Warning
	default:
		severity = finding.Info
	}

	if severity == finding.Error && !certain(need, locally, g.absent) {
		severity = finding.Warning
	}
	if !need.Fatal && usual.MatchString(name) {
		severity = finding.Info
	}
	if severity != finding.Info && !slices.ContainsFunc(g.absent, func(r *ledger.Run) bool { return !slices.Contains(c.Lent, r) }) {
		severity = finding.Info // it may never come to the read
		if need.Fatal {
			severity = finding.Warning
		}
	}
	if severity != finding.Info && !slices.ContainsFunc(g.absent, func(r *ledger.Run) bool { return !r.Workload.Once }) {
		severity = finding.Info // a job starts a part of the code, which may never come to the read
	}

	f := doc.Finding(severity, c.Name, g.name, name)
	f.Message = fmt.Sprintf("%s is read without a default and nothing in %s supplies it%s", name, g.name, to(g.absent, g.supplied))
	if g.hidden {
		f.Message = fmt.Sprintf("%s is read without a default, and no definition of %s says it, although its like is said aloud; only a Secret that is not in the tree may hold it", name, g.name)
	}
	f.Consequence = goesOn
	if need.Fatal {
		f.Consequence = "the process gives up where it reads it"
	}
	f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Need, At: need.At, Text: need.Text})
	switch {
	case locally != nil:
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Supply, At: locally.At, Text: ledger.Shown(*locally), Environment: "local"})
	case isTold:
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: told.At, Text: ledger.Shown(told), Environment: "local"})
	}
	for _, r := range g.absent {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Absent, At: r.Place(), Environment: g.name})
	}
	f.Evidence = append(f.Evidence, elsewhere...)
	if severity == finding.Warning && hasRelative {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: relative.At, Text: relative.Name, Environment: g.name})
	}
	f.Remedy = fmt.Sprintf("supply %s at %s", name, place(g.absent))
	return f
}

// goesOn is what becomes of code that does not look at what it reads.
const goesOn = "the code goes on with an empty value, and what depends on it fails when it is used"

// allOther reports whether each of the runs that lack the variable starts
// something else than those that have it.
func allOther(absent, supplied []*ledger.Run) bool {
	return !slices.ContainsFunc(absent, func(r *ledger.Run) bool { return !r.PlaysOther(supplied) })
}

// to says which workloads lack it, where others of the same code have it, and
// which file is meant, where an environment of that name stands in several.
func to(absent, supplied []*ledger.Run) string {
	if len(supplied) == 0 {
		return ""
	}
	if file := absent[0].Workload.At.File; !slices.ContainsFunc(supplied, func(r *ledger.Run) bool { return r.Environment == absent[0].Environment }) {
		return " in " + file + ", while " + supplied[0].Workload.At.File + " does"
	}
	return " to " + workloads(absent) + ", while " + workloads(supplied) + " has it"
}

func workloads(runs []*ledger.Run) string {
	var names []string
	for _, r := range runs {
		names = append(names, r.Workload.Kind+"/"+r.Workload.Name)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

func place(runs []*ledger.Run) string {
	var places []string
	for _, r := range runs {
		p := r.Place()
		places = append(places, fmt.Sprintf("%s:%d", p.File, p.Line))
	}
	return strings.Join(slices.Compact(places), ", ")
}
