package cli

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/report"
	"rehearse/internal/source"
)

// parity returns the table of each component whose code reads variables: what
// it needs down, where it runs across, the environments that begin with a text
// only. What is missing somewhere comes first.
func parity(l *ledger.Ledger, findings []finding.Finding, environment string) []report.Parity {
	tables := []report.Parity{} // asked for, even where there is none
	for _, c := range l.Components {
		variables := c.Variables()
		if c.Library || len(variables) == 0 {
			continue
		}
		runs := []*ledger.Run{c.Local()}
		table := report.Parity{Component: c.Name, Columns: []report.Column{{Environment: runs[0].Environment.Name}}}
		for _, r := range c.Production() {
			if strings.HasPrefix(r.Environment.Name, environment) {
				runs = append(runs, r)
				table.Columns = append(table.Columns, report.Column{
					Environment: r.Environment.Name, Workload: r.Workload.Kind + "/" + r.Workload.Name,
				})
			}
		}
		for _, name := range slices.Sorted(maps.Keys(variables)) {
			if row, ok := need(name, variables[name], runs); ok {
				mark(&row, c.Name, variables[name], runs, findings)
				table.Rows = append(table.Rows, row)
			}
		}
		if len(table.Rows) == 0 {
			continue
		}
		slices.SortStableFunc(table.Rows, func(a, b report.Row) int { return rank(a) - rank(b) })
		tables = append(tables, table)
	}
	return tables
}

// rank puts the rows in front that somebody has to look at.
func rank(r report.Row) int {
	if r.Gap() {
		return 0
	}
	best := 3
	for _, c := range r.Cells {
		switch c.State {
		case report.Unknown:
			best = min(best, 1)
		case report.Supplied:
			best = min(best, 2)
		}
	}
	return best
}

// need returns the row of a variable. There is none for what only a browser's
// bundle reads, which gets it when it is built, nor for what every machine and
// platform supplies by itself.
func need(name string, reads []fact.Need, runs []*ledger.Run) (report.Row, bool) {
	if ledger.Ambient(name) || !slices.ContainsFunc(reads, func(n fact.Need) bool { return !n.Browser }) {
		return report.Row{}, false
	}
	read, without := deciding(reads)
	row := report.Row{Kind: string(fact.Variable), Name: name, At: read.At}
	for _, r := range runs {
		row.Cells = append(row.Cells, cell(name, read, without, r))
	}
	return row, true
}

// missingEnv is the check that finds what the state of a cell says.
const missingEnv = "missing-env"

// mark says in each cell which checks found more about the variable: by its
// name, or in a line that reads it. Of the workloads of an environment a finding
// is about those whose place it shows.
func mark(row *report.Row, component string, reads []fact.Need, runs []*ledger.Run, findings []finding.Finding) {
	for _, f := range findings {
		if f.Component != component || f.Subject != row.Name && !shows(f, reads) {
			continue
		}
		for i := range row.Cells {
			c, place := &row.Cells[i], runs[i].Place()
			about := slices.ContainsFunc(f.Evidence, func(e finding.Evidence) bool {
				return e.Role != finding.Need && e.Role != finding.Related && (e.At == c.At || e.At == place)
			})
			switch {
			case !about || runs[i].Environment.Name != f.Environment || slices.Contains(c.Checks, f.Check):
			case f.Check == missingEnv: // it weighs what one read alone does not tell
				c.State, c.At, c.Note = report.Missing, place, ""
			default:
				c.Checks = append(c.Checks, f.Check)
				slices.Sort(c.Checks)
			}
		}
	}
}

// shows reports whether a finding shows a line as the need that is one of the
// reads.
func shows(f finding.Finding, reads []fact.Need) bool {
	return slices.ContainsFunc(f.Evidence, func(e finding.Evidence) bool {
		return e.Role == finding.Need && slices.ContainsFunc(reads, func(n fact.Need) bool {
			return n.At.File == e.At.File && n.At.Line == e.At.Line
		})
	})
}

// deciding returns the read that says how much a variable is needed, and the
// state of a place that does not supply it: code that has a default in one
// place, or goes on without, needs it nowhere, unless a read gives up.
func deciding(reads []fact.Need) (fact.Need, report.State) {
	least := map[fact.Necessity]*fact.Need{}
	for i := range reads {
		n := &reads[i]
		switch {
		case n.Browser:
		case n.Necessity == fact.Required && n.Fatal:
			return *n, report.Missing
		case least[n.Necessity] == nil:
			least[n.Necessity] = n
		}
	}
	for _, of := range []struct {
		necessity fact.Necessity
		state     report.State
	}{{fact.Defaulted, report.Default}, {fact.Guarded, report.Optional}, {fact.Required, report.Missing}} {
		if n := least[of.necessity]; n != nil {
			return *n, of.state
		}
	}
	return reads[0], report.Missing
}

// cell says what a run does about a variable.
func cell(name string, read fact.Need, without report.State, r *ledger.Run) report.Cell {
	if c, ok := supplied(name, r); ok {
		return c
	}
	for _, other := range read.Instead {
		if c, ok := supplied(other, r); ok {
			c.Note = strings.TrimPrefix(c.Note+", as "+other, ", ")
			return c
		}
	}
	if _, _, state := r.Variable(name); state == ledger.Unknown {
		c := report.Cell{State: report.Unknown, At: r.Place()}
		if opaque := r.Opaque(); len(opaque) > 0 {
			c.At, c.Note = opaque[0].At, opaque[0].What
		}
		return c
	}
	c := report.Cell{State: without, At: read.At}
	if without == report.Missing {
		c.At = r.Place()
	}
	return c
}

func supplied(name string, r *ledger.Run) (report.Cell, bool) {
	supply, via, state := r.Variable(name)
	if state != ledger.Supplied {
		return report.Cell{}, false
	}
	c := report.Cell{State: report.Supplied, At: supply.At}
	if via != (source.Span{}) {
		c.At = via
	}
	switch v := supply.Value; {
	case v.Empty():
		c.Note = "empty"
	case v.Origin == fact.Reference:
		c.Note = "from " + v.Ref.Kind + " " + v.Ref.Name
	case v.Origin == fact.PassThrough:
		c.Note = "passed through"
	case v.Origin == fact.Computed:
		c.Note = cmp.Or(v.Why, "computed")
	}
	return c, true
}
