package text

import (
	"strings"

	"rehearse/internal/report"
)

var hops = map[string]piece{
	"ok":          {green, "✓"},
	"broken":      {red, "✗"},
	"unknown":     {yellow, "?"},
	"not-reached": {faint, "·"},
}

// trace writes the path of a request, hop by hop.
func (s *sheet) trace(t *report.Trace) {
	badge := piece{alarm, "✗ DOES NOT ARRIVE"}
	if t.Arrives {
		badge = piece{green, "✓ arrives"}
	}
	s.head(badge, say(strong, t.Target), say(faint, " in "+t.Environment))
	s.line()
	column := 0
	for _, h := range t.Hops {
		column = max(column, min(width(say(plain, h.Hop)), 16))
	}
	for _, h := range t.Hops {
		mark, ok := hops[h.Verdict]
		detail := h.Detail
		if detail == "" {
			detail = strings.ReplaceAll(h.Verdict, "-", " ")
		} else if !ok {
			detail = h.Verdict + ": " + detail
		}
		if !ok {
			mark = hops["unknown"]
		}
		lead := append([]piece{blank(2), mark, blank(1)}, pad(column+2, say(plain, h.Hop))...)
		s.para(lead, []piece{blank(column + 6)}, say(plain, detail), say(faint, "  "+place(h.At)))
	}
	s.line()
	if t.Symptom != "" {
		s.para([]piece{blank(2)}, []piece{blank(indent)}, say(faint, "the caller sees: "), say(strong, t.Symptom))
		s.line()
	}
}
