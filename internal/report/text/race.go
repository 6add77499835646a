package text

import (
	"fmt"
	"strings"

	"rehearse/internal/report"
)

var races = map[string]piece{
	"broken":       {alarm, "✗ BREAKS"},
	"holds":        {green, "✓ holds"},
	"suspect":      {yellow, "▲ suspect"},
	"inconclusive": {yellow, "? inconclusive"},
}

// race writes what became of requests that overlap: the order that breaks, a
// lane for each request, and what a serial order would have given.
func (s *sheet) race(r *report.Race) {
	badge, ok := races[r.Verdict]
	if !ok {
		badge = say(faint, r.Verdict)
	}
	s.head(badge, say(strong, r.Name), say(faint, "  "+strings.Join(r.Overlap, " ∥ ")))
	two := []piece{blank(2)}
	s.para(two, two, say(plain, r.Why))
	s.line()
	for _, e := range r.Timeline {
		lane := min(max(e.Lane, 1), 8)
		lead := []piece{blank(2 + 3*(lane-1)), say(strong, fmt.Sprintf("%d", e.Lane)), blank(2)}
		tail := ""
		if e.Result != "" {
			tail += "  → " + e.Result
		}
		if at := place(e.At); at != "" {
			tail += "  " + at
		}
		s.para(lead, []piece{blank(width(lead...))}, say(plain, e.Event), say(faint, tail))
	}
	if len(r.Timeline) > 0 {
		s.line()
		text := "together: " + responses(r.Outcome.Responses)
		if r.Outcome.State != "" {
			text += "; " + r.Outcome.State
		}
		s.para(two, []piece{blank(indent)}, say(plain, text))
	}
	for _, serial := range r.Serial {
		order := strings.Trim(strings.ReplaceAll(fmt.Sprint(serial.Order), " ", " then "), "[]")
		s.para(two, []piece{blank(indent)}, say(faint, order+": "+responses(serial.Responses)))
	}
	tried := fmt.Sprintf("%d of %s of orders tried on %s, %s", r.Schedules.Explored,
		count(r.Schedules.Classes, "class", "classes"), r.Server, r.Isolation)
	s.para(two, []piece{blank(indent)}, say(faint, tried))
	if r.Replay != "" {
		s.para(two, []piece{blank(indent)}, say(faint, "replay: "), say(plain, r.Replay))
	}
	s.line()
}

func responses(codes []int) string { return strings.Trim(fmt.Sprint(codes), "[]") }
