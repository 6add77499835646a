package github

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"

	"rehearse/internal/finding"
	"rehearse/internal/report"
	"rehearse/internal/report/reporttest"
	"rehearse/internal/source"
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
	for _, name := range []string{"checked", "shop", "known", "clean", "crowded", "empty", "hostile"} {
		t.Run(name, func(t *testing.T) {
			reporttest.Golden(t, name+".txt", render(t, reporttest.Documents()[name]))
		})
	}
}

// form is that of a workflow command: nothing in a property or in the data ends
// it early.
var form = regexp.MustCompile(`^::(?:(?:error|warning|notice) (?:file=[^,:]+,)?(?:line=[1-9][0-9]*,)?(?:col=[1-9][0-9]*,)?title=[^,:]+::|group::|endgroup::$)`)

func TestForm(t *testing.T) {
	for name, d := range reporttest.Documents() {
		open := false
		for line := range strings.Lines(render(t, d)) {
			line = strings.TrimSuffix(line, "\n")
			if strings.Contains(line, "##[") {
				t.Errorf("%s: a command of the old form: %q", name, line)
			}
			if !strings.HasPrefix(strings.TrimLeft(line, " "), "::") {
				continue
			}
			if !form.MatchString(line) {
				t.Errorf("%s: no workflow command: %q", name, line)
			}
			switch {
			case strings.HasPrefix(line, "::group::") && open, strings.HasPrefix(line, "::endgroup::") && !open:
				t.Errorf("%s: groups do not match: %q", name, line)
			}
			open = strings.HasPrefix(line, "::group::") || open && !strings.HasPrefix(line, "::endgroup::")
		}
		if open {
			t.Errorf("%s: a group stays open", name)
		}
	}
}

func TestEscape(t *testing.T) {
	d := report.Document{
		Project: report.Project{Root: "a,b"},
		Findings: []finding.Finding{{
			Check: "missing-env", Severity: finding.Error, Subject: "A:B,C%", Message: "100%: a, b::c\n::error::d",
			Evidence: []finding.Evidence{{Role: finding.Need, At: source.Span{File: "x:y.js", Line: 3, Column: 7}}},
		}},
		Rehearsals: []report.Rehearsal{{Component: "a", Experiment: "##[error]", Reason: "x"}},
		Notes:      []string{"::stop-commands::x"},
		Unread:     []source.Unread{{At: source.Span{File: "::error::"}, Reason: "x"}},
		Tool:       report.Tool{Name: "rehearse"},
	}
	want := `::group::the project as a whole
::error file=a%2Cb/x%3Ay.js,line=3,col=7,title=missing-env%3A A%3AB%2CC%25::100%25: a, b::c ::error::d
::endgroup::
::group::not read (1)
· ::error::  x
::endgroup::
not rehearsed: a: ## [error]: x
note: ::stop-commands::x
rehearse: 1 error
`
	if got := render(t, d); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestLongMessage(t *testing.T) {
	d := reporttest.Checked()
	d.Findings[0].Message = strings.Repeat("ü", 3*most)
	for line := range strings.Lines(render(t, d)) {
		if len(line) > most+200 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestWriteError(t *testing.T) {
	if err := New(full{}, report.Options{}).Write(reporttest.Shop()); err == nil {
		t.Error("a full disk goes unnoticed")
	}
}
