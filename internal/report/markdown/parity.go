package markdown

import (
	"fmt"
	"strings"

	"rehearse/internal/report"
)

// states of a cell: a mark, and a word where it is not the usual one.
var states = map[report.State]string{
	report.Supplied: "✅",
	report.Missing:  "❌ **missing**",
	report.Default:  "➖ default",
	report.Optional: "➖ optional",
	report.Unknown:  "❔ unknown",
}

// parity writes the table of each component: needs down, places across.
func (s *sheet) parity(d report.Document) {
	if len(d.Parity) == 0 {
		s.add("\nNo table: no component was found whose code reads a variable.\n")
	}
	for _, p := range d.Parity {
		head, rule := "| needs | read at |", "|---|---|"
		for _, c := range p.Columns {
			name := text(c.Environment)
			if c.Workload != "" {
				name += "<br>" + text(c.Workload)
			}
			head += " " + name + " |"
			rule += "---|"
		}
		if !s.add(fmt.Sprintf("\n### %s\n\n%s\n%s\n", text(p.Component), head, rule)) {
			continue
		}
		for _, r := range p.Rows {
			var line strings.Builder
			name := cell(r.Name)
			if r.Gap() {
				name = "**" + name + "**"
			}
			fmt.Fprintf(&line, "| %s | %s |", name, cell(place(r.At)))
			for _, c := range r.Cells {
				fmt.Fprintf(&line, " %s |", drawn(c))
			}
			s.add(line.String() + "\n")
		}
	}
}

func drawn(c report.Cell) string {
	said, ok := states[c.State]
	if !ok {
		said = text(string(c.State))
	}
	if !c.At.IsZero() && c.State != report.Default && c.State != report.Optional { // the read stands beside the name
		said += " " + cell(place(c.At))
	}
	if len(c.Checks) > 0 {
		said += " ⚠️ " + cell(strings.Join(c.Checks, ", "))
	}
	if c.Note != "" {
		said += " " + text(c.Note)
	}
	return said
}
