package cli

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// silence takes out findings that a comment in the code says to ignore:
//
//	rehearse:ignore CHECK[,CHECK…] REASON
//
// in the line of the need, or alone in the line above it. A finding without a
// need is silenced at its first place. A comment without a reason, or one that
// names no check, silences nothing and is told of.
type silence struct {
	project *project.Project
	unread  []source.Unread
	files   map[string]source.File
	told    map[source.Span]bool
}

func newSilence(p *project.Project) *silence {
	return &silence{project: p, files: map[string]source.File{}, told: map[source.Span]bool{}}
}

// comment is where a comment in one of the languages and formats that are read
// begins, and the instruction in it.
var comment = regexp.MustCompile(`(?://+|#+|/\*+|\*|--|<!--|;+|\{#|\{/\*)\s*rehearse:ignore(?:\s+(.*))?$`)

// instruction returns what a comment in the line says to ignore and why, and
// whether the comment has the line for its own. The line has no space around it.
func instruction(line string) (checks []string, reason string, own, ok bool) {
	found := comment.FindStringSubmatchIndex(line)
	if found == nil {
		return nil, "", false, false
	}
	rest := ""
	if found[2] >= 0 {
		rest = line[found[2]:]
	}
	for _, end := range []string{"*/}", "*/", "-->", "#}"} {
		rest = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), end))
	}
	names, reason, _ := strings.Cut(rest, " ")
	return strings.Split(strings.Trim(names, ":,"), ","), strings.Trim(reason, " \t:-–—"), found[0] == 0, true
}

// over reports whether a comment silences the finding.
func (s *silence) over(f finding.Finding) bool {
	for _, at := range ends(f) {
		for _, line := range []int{at.Line, at.Line - 1} {
			if s.said(f.Check, source.Span{File: at.File, Line: line}, line < at.Line) {
				return true
			}
		}
	}
	return false
}

// ends returns the places at which a finding can be silenced.
func ends(f finding.Finding) []source.Span {
	var at []source.Span
	for _, e := range f.Evidence {
		if e.Role == finding.Need && e.At.Line > 0 {
			at = append(at, e.At)
		}
	}
	if len(at) == 0 && len(f.Evidence) > 0 && f.Evidence[0].At.Line > 0 {
		at = append(at, f.Evidence[0].At)
	}
	return at
}

// said reports whether a line holds a comment that silences the check. Above a
// need the comment stands alone: one behind code speaks of that code.
func (s *silence) said(check string, at source.Span, alone bool) bool {
	if at.Line < 1 {
		return false
	}
	checks, reason, own, ok := instruction(s.file(at.File).Line(at.Line))
	if !ok || alone && !own {
		return false
	}
	for _, name := range checks {
		if _, ok := documented(name); !ok {
			s.tell(at, fmt.Sprintf("rehearse:ignore names no check: %q%s", name, nearest(name)))
			return false
		}
	}
	if reason == "" {
		s.tell(at, "rehearse:ignore without a reason silences nothing: say why behind the name of the check")
		return false
	}
	return slices.Contains(checks, check)
}

// tell lists what is wrong with a comment, once.
func (s *silence) tell(at source.Span, reason string) {
	if !s.told[at] {
		s.told[at] = true
		s.unread = append(s.unread, source.Unread{At: at, Reason: reason})
	}
}

// file returns a file of the project; one that cannot be read has no lines.
func (s *silence) file(name string) source.File {
	file, ok := s.files[name]
	if !ok {
		if f := s.project.File(name); f != nil {
			if read, err := s.project.Read(f); err == nil {
				file = read
			}
		}
		s.files[name] = file
	}
	return file
}
