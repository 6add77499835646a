package markdown

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"rehearse/internal/finding"
	"rehearse/internal/report"
	"rehearse/internal/report/reporttest"
)

func render(t *testing.T, d report.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := New(&b, report.Options{}).Write(d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for name, d := range reporttest.Documents() {
		t.Run(name, func(t *testing.T) {
			reporttest.Golden(t, name+".md", render(t, d))
		})
	}
}

// What does not fit is left out whole, the table before the details, and the
// comment says so.
func TestLimit(t *testing.T) {
	for _, n := range []int{100, 300, 3000} {
		d := reporttest.Checked()
		first := d.Findings[0]
		d.Findings = nil
		for i := range n {
			f := first
			f.Subject = fmt.Sprintf("VARIABLE_%04d", i)
			f.Message = strings.Repeat("ä", 900)
			d.Findings = append(d.Findings, f)
		}
		got := render(t, d)
		if len(got) > limit {
			t.Errorf("%d findings: %d bytes", n, len(got))
		}
		if len(got) < limit/2 {
			t.Errorf("%d findings: only %d bytes are used", n, len(got))
		}
		rows, opened, closed := strings.Count(got, "\n| ❌ | "), strings.Count(got, "<details>"), strings.Count(got, "</details>")
		if opened != closed {
			t.Errorf("%d findings: %d folds are opened and %d closed", n, opened, closed)
		}
		if left := 2*n - rows - opened + 1; !strings.Contains(got, fmt.Sprintf("This is not all: %d parts are left out", left)) {
			t.Errorf("%d findings, %d rows, %d folds: the cut does not say that %d parts are left out", n, rows, opened, left)
		}
		if n == 100 && rows != n {
			t.Errorf("the table has %d rows of %d, and details are there", rows, n)
		}
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"a|b":          `a\|b`,
		"@ann #1":      "@\u200bann #\u200b1",
		"<b>&amp;":     "&lt;b&gt;&amp;amp;",
		"[x](y)":       `\[x\](y)`,
		"a\nb":         "a b",
		"snake_case*":  `snake\_case\*`,
		"`rm`":         "\\`rm\\`",
		"![i](http:x)": `\!\[i\](http:x)`,
	} {
		if got := text(in); got != want {
			t.Errorf("text(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"a":     "`a`",
		"a`b":   "``a`b``",
		"`a``":  "``` `a`` ```",
		"a|b":   "`a|b`",
		"":      "",
		"x\ny":  "`x y`",
		"@team": "`@team`",
	} {
		if got := code(in); got != want {
			t.Errorf("code(%q) = %q, want %q", in, got, want)
		}
	}
	if got := cell("a|b"); got != "`a\\|b`" {
		t.Errorf("cell: %q", got)
	}
	if got := block("a\n````\nb\n"); got != "`````\na\n````\nb\n`````\n" {
		t.Errorf("block: %q", got)
	}
}

func FuzzCell(f *testing.F) {
	f.Add("a|b`c\n@d")
	f.Add(reporttest.Attack)
	f.Fuzz(func(t *testing.T, s string) {
		got := row(finding.Finding{Check: s, Subject: s, Component: s})
		if !utf8.ValidString(got) || strings.Count(got, "\n") != 1 {
			t.Fatalf("%q", got)
		}
		// A row has four cells, whatever stands in them.
		if bars := strings.Count(got, "|") - strings.Count(got, `\|`); bars != 5 {
			t.Errorf("%d cells in %q", bars-1, got)
		}
	})
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestWriteError(t *testing.T) {
	if err := New(full{}, report.Options{}).Write(reporttest.Shop()); err == nil {
		t.Error("a full disk goes unnoticed")
	}
}
