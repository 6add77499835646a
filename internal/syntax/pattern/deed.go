package pattern

import (
	"regexp"
	"strings"

	"rehearse/internal/syntax"
)

// What a timer's work does to a database that harms when it is done twice: rows
// are looked for, and then others are added, or a number is changed by another.
// What sets a value, or deletes, may be done as often as one likes.
var (
	looks   = regexp.MustCompile("(?is)[\"'`]\\s*select\\b[^;]{1,400}?\\bfrom\\b")
	adds    = regexp.MustCompile("(?is)[\"'`]\\s*insert\\s+into\\b[^\"'`]*[\"'`]")
	changes = regexp.MustCompile(`(?i)\b(\w+)\s*=\s*(?:\w+\.)?(\w+)\s*[-+]\s*[$:?@%\w]`)
	updates = regexp.MustCompile("(?is)[\"'`]\\s*update\\s+[\\w.\"]+\\s+set\\b[^\"'`]*[\"'`]")
	// guarded is what keeps two that do it at once apart: rows are locked, or what
	// is there already is not added again.
	guarded = regexp.MustCompile(`(?i)\bfor\s+(no\s+key\s+)?update\b|skip\s+locked|on\s+conflict|on\s+duplicate|insert\s+ignore|or\s+ignore|where\s+not\s+exists|serializable|lock\s+table|with\s*\(\s*(updlock|rowlock|holdlock)`)
)

// deeds bounds the functions that are looked at for what one timer does, allDeeds
// those for all timers of a file, and deedSize the code of each, in bytes.
const (
	deeds    = 16
	allDeeds = 256
	deedSize = 32 << 10
)

var called = regexp.MustCompile(`\b([A-Za-z_]\w*)\(`)

// deed looks in the file for what the work of a timer does to a database that
// must not be done twice, and returns the name of the function that does, "" where
// it has none. A timer without a job does what comes behind it in its function.
func (g *Reading) deed(timer, job syntax.Node) (name string, found bool) {
	type body struct{ name, text string }
	var queue []body
	add := func(name string, n syntax.Node, from int) {
		if g.deeds++; g.deeds <= allDeeds && len(queue) < deeds && n.End()-from <= deedSize {
			queue = append(queue, body{name, string(n.Bytes()[from-n.Start():])})
		}
	}
	around := g.File.Around(timer)
	named := job.Text()[strings.LastIndexByte(job.Text(), '.')+1:]
	switch fn := g.File.Defined(named); {
	case !fn.IsZero():
		add(named, fn, fn.Start())
	case !job.IsZero():
		add("", job, job.Start())
	case !around.Node.IsZero():
		add("", around.Node, timer.Start())
	}
	seen := map[string]bool{around.Name: true}
	for i := 0; i < len(queue); i++ {
		text := queue[i].text
		if doubled(text) {
			return queue[i].name, true
		}
		for _, m := range called.FindAllStringSubmatch(text, -1) {
			if fn := g.File.Defined(m[1]); !seen[m[1]] && !fn.IsZero() {
				seen[m[1]] = true
				add(m[1], fn, fn.Start())
			}
		}
	}
	return "", false
}

// doubled reports whether code reads rows and then does what must not be done
// twice.
func doubled(text string) bool {
	at := looks.FindStringIndex(text)
	if at == nil || guarded.MatchString(text) {
		return false
	}
	text = text[at[0]:]
	if adds.MatchString(text) {
		return true
	}
	for _, statement := range updates.FindAllString(text, -1) {
		for _, m := range changes.FindAllStringSubmatch(statement, -1) {
			if m[1] == m[2] {
				return true
			}
		}
	}
	return false
}
