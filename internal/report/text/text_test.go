package text

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/lipgloss"

	"rehearse/internal/finding"
	"rehearse/internal/report"
	"rehearse/internal/report/reporttest"
	"rehearse/internal/source"
)

func render(t *testing.T, d report.Document, o report.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := New(&b, o).Write(d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	sizes := []struct {
		suffix  string
		options report.Options
	}{
		{"80.txt", report.Options{Width: 80}},
		{"120.txt", report.Options{Width: 120}},
		{"80.ansi", report.Options{Width: 80, Color: true}},
		{"80-v.txt", report.Options{Width: 80, Verbose: true}},
	}
	for name, d := range reporttest.Documents() {
		for _, size := range sizes {
			// What differs little is looked at once.
			if size.suffix != "80.txt" && name != "shop" && name != "crowded" && name != "parity" {
				continue
			}
			t.Run(name+"-"+size.suffix, func(t *testing.T) {
				reporttest.Golden(t, name+"-"+size.suffix, render(t, d, size.options))
			})
		}
	}
}

var escape = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// Colour adds to the text and changes nothing of it.
func TestColourIsOnlyAdded(t *testing.T) {
	for name, d := range reporttest.Documents() {
		without := render(t, d, report.Options{Width: 80})
		with := render(t, d, report.Options{Width: 80, Color: true})
		if escape.ReplaceAllString(with, "") != without {
			t.Errorf("%s: the text differs with colour", name)
		}
		if !strings.Contains(with, "\x1b[") || strings.Contains(without, "\x1b") {
			t.Errorf("%s: colour where none was asked for, or none where it was", name)
		}
	}
}

// Nothing of what was read is obeyed by the terminal.
func TestHostileText(t *testing.T) {
	for _, o := range []report.Options{{}, {Verbose: true}, {Color: true}, {Width: 40}, {Width: 120, Verbose: true, Color: true}} {
		out := render(t, reporttest.Hostile(), o)
		if o.Color {
			out = escape.ReplaceAllString(out, "")
		}
		if !utf8.ValidString(out) {
			t.Errorf("%+v: not UTF-8", o)
		}
		for _, r := range out {
			if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)) {
				t.Errorf("%+v: %U reaches the terminal in %q", o, r, out)
				break
			}
		}
		if strings.Count(out, "␛[31mred") < 10 {
			t.Errorf("%+v: the attack is hidden, not shown: %q", o, out)
		}
	}
	// The one escape sequence that an attack would want to pass for ours.
	d := reporttest.Checked()
	d.Findings[0].Message = "\x1b[1;31mno\x1b[0m"
	if out := render(t, d, report.Options{Color: true}); strings.Contains(out, "\x1b[1;31mno") || !strings.Contains(out, "␛[1;31mno") {
		t.Errorf("a colour of the message's own: %q", out)
	}
}

func TestWidth(t *testing.T) {
	for name, d := range reporttest.Documents() {
		if name == "hostile" {
			continue // it has words that are wider than any paper
		}
		for _, width := range []int{60, 80, 100, 120} {
			for _, line := range strings.Split(render(t, d, report.Options{Width: width}), "\n") {
				if got := lipgloss.Width(line); got > width && !strings.Contains(line, "docker-compose.override.yaml") {
					t.Errorf("%s at %d: %d cells: %s", name, width, got, line)
				}
				if strings.TrimRight(line, " ") != line {
					t.Errorf("%s at %d: space at the end of %q", name, width, line)
				}
			}
		}
	}
	d := reporttest.Shop()
	if render(t, d, report.Options{}) != render(t, d, report.Options{Width: 80}) {
		t.Error("the usual width is not 80")
	}
	if render(t, d, report.Options{Width: 500}) != render(t, d, report.Options{Width: 120}) {
		t.Error("wider than 120")
	}
	if render(t, d, report.Options{Width: 3}) != render(t, d, report.Options{Width: 40}) {
		t.Error("narrower than 40")
	}
}

// Everything that a finding says is on the paper.
func TestNothingIsLost(t *testing.T) {
	d := reporttest.Shop()
	flat := strings.Join(strings.Fields(strings.NewReplacer("│", "", "╰", "").Replace(render(t, d, report.Options{Verbose: true}))), " ")
	for _, f := range d.Findings {
		texts := []string{f.Check, f.Message, f.Consequence, f.Remedy, string(f.Severity)}
		for _, e := range f.Evidence {
			texts = append(texts, e.Text)
			if len(f.Evidence) < 3 {
				texts = append(texts, place(e.At))
			}
		}
		if r := f.Rehearsal; r != nil && f.Verdict != finding.Refuted {
			texts = append(texts, r.Replay)
			texts = append(texts, r.Differences...)
			texts = append(texts, strings.Fields(r.Observed)...)
		}
		for _, text := range texts {
			if !strings.Contains(flat, text) {
				t.Errorf("%s: %q is not in the report", f.Check, text)
			}
		}
	}
}

func TestSummary(t *testing.T) {
	one := func(s finding.Severity, v finding.Verdict) finding.Finding {
		return finding.Finding{Severity: s, Verdict: v}
	}
	e, w, i := finding.Error, finding.Warning, finding.Info
	tests := []struct {
		findings []finding.Finding
		want     string
	}{
		{nil, "no findings · 34 files read in 41 ms"},
		{[]finding.Finding{one(e, finding.Suspected)}, "1 error · "},
		{[]finding.Finding{one(e, finding.Reproduced)}, "1 error (reproduced) · "},
		{[]finding.Finding{one(e, finding.Reproduced), one(e, finding.Reproduced), one(w, finding.Suspected)}, "2 errors (both reproduced), 1 warning · 34 files read in 41 ms"},
		{[]finding.Finding{one(w, finding.Reproduced), one(w, finding.Suspected), one(i, finding.NotRehearsed)}, "2 warnings (1 reproduced), 1 note · "},
		{[]finding.Finding{one(w, finding.Reproduced), one(w, finding.Reproduced), one(w, finding.Reproduced)}, "3 warnings (all reproduced) · "},
		{[]finding.Finding{one(e, finding.Refuted)}, "no findings · 1 refuted · "},
	}
	for _, tt := range tests {
		out := render(t, report.Document{Findings: tt.findings, FilesRead: 34, Duration: 41e6}, report.Options{Width: 120})
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if got := lines[len(lines)-1]; !strings.HasPrefix(got, tt.want) {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	d := report.Document{Unread: []source.Unread{{At: source.Span{File: "a"}, Reason: "b"}}, FilesRead: 1, Duration: 72e9}
	if out := render(t, d, report.Options{}); !strings.HasSuffix(out, "1 file read in 1 min 12 s · 1 place not read\n") {
		t.Errorf("%q", out)
	}
}

func TestShorten(t *testing.T) {
	long := "alpha beta gamma delta epsilon zeta eta theta"
	tests := []struct {
		text, focus string
		cells       int
		want        string
	}{
		{"short", "short", 10, "short"},
		{long, "alpha", 12, "alpha beta …"},
		{long, "theta", 12, "…a eta theta"},
		{long, "delta", 12, "… delta eps…"},
		{long, "", 2, long},
		{"日本語日本語日本語", "語", 7, "日本語…"},
	}
	for _, tt := range tests {
		low := strings.Index(tt.text, tt.focus)
		got, from, to := shorten(tt.text, low, low+len(tt.focus), tt.cells)
		if got != tt.want || got[from:to] != tt.focus {
			t.Errorf("shorten(%q, %q, %d) = %q with %q, want %q", tt.text, tt.focus, tt.cells, got, got[from:to], tt.want)
		}
	}
}

// A focus that is wider than the room is cut behind.
func TestShortenWideFocus(t *testing.T) {
	got, from, to := shorten("before, long focus, behind", 8, 18, 8)
	if got != "…long f…" || got[from:to] != "long f…" {
		t.Errorf("%q with %q", got, got[from:to])
	}
}

func FuzzShorten(f *testing.F) {
	f.Add("os.Getenv(\"DATABASE_URL\") // 日本", "DATABASE", 12)
	f.Add("a\u0301\u0301\u0301\u0301bcdefgh", "d", 4)
	f.Fuzz(func(t *testing.T, text, focus string, cells int) {
		text, focus, cells = report.Clean(text), report.Clean(focus), cells%200
		low := max(strings.Index(text, focus), 0)
		high := low
		if strings.HasPrefix(text[low:], focus) {
			high += len(focus)
		}
		got, from, to := shorten(text, low, high, cells)
		if !utf8.ValidString(got) || from > to || to > len(got) || !utf8.ValidString(got[:from]) || !utf8.ValidString(got[from:to]) {
			t.Errorf("shorten(%q, %d, %d, %d) = %q, %d, %d", text, low, high, cells, got, from, to)
		}
	})
}

func TestWrap(t *testing.T) {
	tests := []struct {
		pieces []piece
		cells  int
		want   string
	}{
		{nil, 10, ""},
		{[]piece{say(plain, "one two three")}, 7, "one two|three"},
		{[]piece{say(plain, "unbreakable/path/of/a/file is kept")}, 7, "unbreakable/path/of/a/file|is kept"},
		{[]piece{say(plain, "("), say(strong, "bold"), say(plain, "), and")}, 5, "(bold),|and"},
		{[]piece{say(plain, "    kept in front")}, 12, "    kept in|front"},
		{[]piece{say(plain, "日本 日本")}, 5, "日本|日本"},
	}
	for _, tt := range tests {
		var lines []string
		for _, l := range wrap(tt.cells, tt.pieces...) {
			text := ""
			for _, p := range l {
				text += p.text
			}
			lines = append(lines, text)
		}
		if got := strings.Join(lines, "|"); got != tt.want {
			t.Errorf("wrap(%d, %v) = %q, want %q", tt.cells, tt.pieces, got, tt.want)
		}
	}
}

// A text of megabytes on one line takes neither long nor much of the screen.
func TestHugeText(t *testing.T) {
	d := reporttest.Shop()
	for i := range d.Findings {
		f := &d.Findings[i]
		f.Evidence[0].Text = strings.Repeat("x = 1; ", 1<<17) + f.Subject
		if f.Rehearsal != nil {
			f.Rehearsal.Observed = strings.Repeat("out of memory ", 1<<16)
		}
	}
	d.Findings[3].Verdict, d.Findings[4].Verdict = finding.Reproduced, finding.Reproduced
	out := render(t, d, report.Options{})
	if n := strings.Count(out, "\n"); n > 120 {
		t.Errorf("%d lines", n)
	}
	if !strings.Contains(out, "more lines (-v shows them)") {
		t.Error("it is not said that lines were left out")
	}
}

func TestManyPlacements(t *testing.T) {
	d := reporttest.Checked()
	c := &d.Project.Components[0]
	for i := range 4 {
		c.RunsIn = append(c.RunsIn, report.Placement{Environment: fmt.Sprintf("region-%d", i), Workload: "Deployment/api"})
	}
	if out := render(t, d, report.Options{}); !strings.Contains(out, "3 more") || strings.Contains(out, "region-3: ") {
		t.Errorf("not shortened:\n%s", out)
	}
	if out := render(t, d, report.Options{Verbose: true}); !strings.Contains(strings.Join(strings.Fields(out), " "), "region-3: ") {
		t.Errorf("shortened:\n%s", out)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestWriteError(t *testing.T) {
	if err := New(full{}, report.Options{}).Write(reporttest.Shop()); err == nil {
		t.Error("a full disk goes unnoticed")
	}
}
