package report_test

import (
	"fmt"
	"strings"
	"testing"

	"rehearse/internal/finding"
	"rehearse/internal/report"
	"rehearse/internal/report/reporttest"
)

func TestCounts(t *testing.T) {
	d := reporttest.Shop()
	got := d.Counts()
	want := report.Counts{Error: 2, Warning: 1, Info: 1, Proved: map[finding.Severity]int{finding.Error: 2}, Reproduced: 2, Refuted: 1}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	for s, n := range map[finding.Severity]int{finding.Error: 2, finding.Warning: 1, finding.Info: 1} {
		if got.Standing(s) != n {
			t.Errorf("%s: %d, want %d", s, got.Standing(s), n)
		}
	}
}

func TestOrdered(t *testing.T) {
	d := reporttest.Crowded()
	d.Unread = append(d.Unread, d.Unread[0])
	o := d.Ordered()
	var names []string
	for _, e := range o.Environments {
		names = append(names, e.Name)
	}
	if fmt.Sprint(names) != "[local ci:test production]" {
		t.Errorf("environments: %v", names)
	}
	if len(o.Unread) != len(d.Unread)-1 {
		t.Errorf("%d unread, want the one that is there twice once", len(o.Unread))
	}
	for i := 1; i < len(o.Unread); i++ {
		if o.Unread[i-1].At.Compare(o.Unread[i].At) > 0 {
			t.Errorf("unread: %v before %v", o.Unread[i-1].At, o.Unread[i].At)
		}
	}
	if d.Environments[0].Name != "production" {
		t.Error("the document itself was reordered")
	}
}

func TestBlind(t *testing.T) {
	for name, want := range map[string]bool{"clean": false, "shop": false, "lonely": true, "empty": true} {
		d := reporttest.Documents()[name]
		if got := d.Blind(); (got != "") != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	lonely := reporttest.Documents()["lonely"]
	lonely.Images = true
	if got := lonely.Blind(); !strings.Contains(got, "nothing but the image") {
		t.Errorf("with an image: %q", got)
	}
}

func TestKnown(t *testing.T) {
	d := reporttest.Known()
	got := d.Counts()
	if got.Known != 1 || got.Error != 1 || got.Ignored != 2 || got.Reproduced != 2 {
		t.Errorf("%+v", got)
	}
	if want := "1 error (reproduced), 1 warning, 1 note; 1 refuted, 1 known, 2 ignored"; got.String() != want {
		t.Errorf("%q, want %q", got.String(), want)
	}
	for _, c := range []struct {
		least finding.Severity
		want  int
	}{{"", 2}, {finding.Error, 1}, {finding.Warning, 2}, {finding.Info, 3}} {
		d.FailOn = c.least
		n := 0
		for i := range d.Findings {
			if d.Fails(&d.Findings[i]) {
				n++
			}
		}
		if n != c.want {
			t.Errorf("at %q %d findings fail, want %d", c.least, n, c.want)
		}
	}
}
