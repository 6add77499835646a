package junit

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

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
	for _, name := range []string{"checked", "shop", "known", "clean", "empty", "hostile"} {
		t.Run(name, func(t *testing.T) {
			reporttest.Golden(t, name+".xml", render(t, reporttest.Documents()[name]))
		})
	}
}

// shape is what both schemas allow, written down a second time: for each
// element its attributes, each with what its value must be and "!" where it must
// be there, and its children in their order.
var shape = map[string]struct {
	attributes map[string]string
	children   []string
}{
	"testsuites": {nil, []string{"testsuite"}},
	"testsuite": {map[string]string{
		"id": `![0-9]+`, "package": `!.*`, "name": `!.+`, "timestamp": `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`, "hostname": `!.+`,
		"tests": `![0-9]+`, "failures": `![0-9]+`, "errors": `![0-9]+`, "skipped": `[0-9]+`, "time": `![0-9]+\.[0-9]{3}`,
	}, []string{"properties", "testcase", "system-out", "system-err"}},
	"properties": {nil, []string{"property"}},
	"property":   {map[string]string{"name": `!.+`, "value": `!.*`}, nil},
	"testcase":   {map[string]string{"name": `!.*`, "classname": `!.*`, "time": `![0-9]+\.[0-9]{3}`}, []string{"skipped", "error", "failure"}},
	"skipped":    {map[string]string{"message": `.*`}, nil},
	"error":      {map[string]string{"type": `!.*`, "message": `.*`}, nil},
	"failure":    {map[string]string{"type": `!.*`, "message": `.*`}, nil},
	"system-out": {}, "system-err": {},
}

// valid returns how a document departs from the shape, or nil.
func valid(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	var open []string
	children := map[int][]string{} // what stands in the element at a depth, so far
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			want, ok := shape[name]
			if !ok {
				return fmt.Errorf("<%s> is no element", name)
			}
			if n := len(open); n > 0 {
				order := shape[open[n-1]].children
				if !slices.Contains(order, name) || open[n-1] == "testcase" && len(children[n]) > 0 {
					return fmt.Errorf("<%s> stands in <%s>, behind %v", name, open[n-1], children[n])
				}
				children[n] = append(children[n], name)
			} else if name != "testsuites" {
				return fmt.Errorf("<%s> is the root", name)
			}
			seen := map[string]bool{}
			for _, a := range token.Attr {
				pattern, ok := want.attributes[a.Name.Local]
				if !ok || !regexp.MustCompile(`^(?s:`+strings.TrimPrefix(pattern, "!")+`)$`).MatchString(a.Value) {
					return fmt.Errorf("<%s %s=%q>", name, a.Name.Local, a.Value)
				}
				seen[a.Name.Local] = true
			}
			for a, pattern := range want.attributes {
				if pattern[0] == '!' && !seen[a] {
					return fmt.Errorf("<%s> without %s", name, a)
				}
			}
			open = append(open, name)
			children[len(open)] = nil
		case xml.EndElement:
			if got := strings.Join(slices.Compact(children[len(open)]), " "); len(open) == 2 &&
				got != "properties testcase system-out system-err" && got != "properties system-out system-err" {
				return fmt.Errorf("<testsuite> holds %s", got)
			}
			open = open[:len(open)-1]
		}
	}
}

func TestValid(t *testing.T) {
	for name, d := range reporttest.Documents() {
		if err := valid(render(t, d)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The test above is worth something: what departs from the shape fails it.
func TestValidIsStrict(t *testing.T) {
	good := render(t, reporttest.Known())
	for _, change := range [][2]string{
		{"<testsuites>", `<testsuites tests="1">`}, {` hostname="localhost"`, ""}, {`tests="`, `tests="x`}, {"<failure", "<fail"},
		{"<system-out></system-out>", ""}, {"2026-01-02T03:04:05", "2026-01-02T03:04:05Z"}, {"</failure>", `</failure><skipped message=""></skipped>`},
	} {
		bad := strings.ReplaceAll(good, change[0], change[1])
		if bad == good {
			t.Errorf("%s is not in the document", change[0])
		} else if valid(bad) == nil {
			t.Errorf("%s passes as %s", change[0], change[1])
		}
	}
}

func TestOutcomes(t *testing.T) {
	d := reporttest.Known()
	d.Unread = []source.Unread{{At: source.Span{File: "a.yaml", Line: 3}, Reason: "no YAML", Broken: true}, {Reason: "of a kind that is not read"}}
	outcomes := map[string]string{}
	for _, s := range convert(d.Ordered()).Suites {
		for _, c := range s.Cases {
			o := "passed"
			switch {
			case c.Failure != nil:
				o = "failed"
			case c.Error != nil:
				o = "error"
			case c.Skipped != nil:
				o = "skipped"
			}
			outcomes[s.Name+": "+c.Name] = o
		}
	}
	want := map[string]string{
		"web: loopback-url http://localhost:5000": "failed",
		"api: mismatched-env SESSION_SECRET":      "failed",
		"api: missing-env DATABASE_URL":           "passed", // known
		"web: loopback-bind 127.0.0.1:3000":       "passed", // refuted
		"web: placeholder-env ANALYTICS_KEY":      "skipped",
		"api: placeholder-env":                    "passed", // nothing found
		"api: boot production":                    "passed",
		"not read: a.yaml:3":                      "error",
	}
	for name, o := range want {
		if outcomes[name] != o {
			t.Errorf("%s %s, want %s", name, outcomes[name], o)
		}
	}
	d.FailOn = finding.Info
	for _, s := range convert(d.Ordered()).Suites {
		if s.Name == "web" && s.Failures != 2 {
			t.Errorf("what makes the exit status 1 does not fail: %d failures at info, want 2", s.Failures)
		}
	}
}

func TestFigures(t *testing.T) {
	for name, d := range reporttest.Documents() {
		var got suites
		if err := xml.Unmarshal([]byte(render(t, d)), &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		seen := map[string]bool{}
		for _, s := range got.Suites {
			want := *s
			want.Failures, want.Errors, want.Skipped = 0, 0, 0
			if want.count(); want.Tests != s.Tests || want.Failures != s.Failures || want.Errors != s.Errors || want.Skipped != s.Skipped {
				t.Errorf("%s: %s: %d tests, %d failures, %d errors, %d skipped are not what is there", name, s.Name, s.Tests, s.Failures, s.Errors, s.Skipped)
			}
			if seen[s.Name] || seen[strconv.Itoa(s.ID)] {
				t.Errorf("%s: two suites %s", name, s.Name)
			}
			seen[s.Name], seen[strconv.Itoa(s.ID)] = true, true
		}
	}
}

func TestNoControlCharacter(t *testing.T) {
	var b bytes.Buffer
	d := reporttest.Hostile()
	d.Findings[0].Message += "\ufffe\uffff"
	if err := New(&b, report.Options{}).Write(d); err != nil {
		t.Fatal(err)
	}
	for _, r := range b.String() {
		if r != '\n' && unicode.IsControl(r) || r == '\ufffe' || r == '\uffff' {
			t.Errorf("%U", r)
		}
	}
	if strings.Contains(b.String(), "&#x1B;") {
		t.Error("a control character as a reference, which XML 1.0 forbids too")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestWriteError(t *testing.T) {
	if err := New(full{}, report.Options{}).Write(reporttest.Shop()); err == nil {
		t.Error("a full disk goes unnoticed")
	}
}
