package sarif

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/xeipuuv/gojsonschema"

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
	for _, name := range []string{"checked", "shop", "known", "empty"} {
		t.Run(name, func(t *testing.T) {
			reporttest.Golden(t, name+".sarif", render(t, reporttest.Documents()[name]))
		})
	}
}

// official returns the JSON schema of the standard, which the library keeps as
// a constant of its own.
func official(t *testing.T) *gojsonschema.Schema {
	t.Helper()
	pkg, err := build.Import("github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif", ".", build.FindOnly)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(pkg.Dir, "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && v.Names[0].Name == "schema" {
			text, err = strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		}
		return true
	})
	if err != nil || !strings.Contains(text, `"`+schema+`"`) {
		t.Fatalf("the schema of %s is not there: %v", schema, err)
	}
	s, err := gojsonschema.NewSchema(gojsonschema.NewStringLoader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSchema(t *testing.T) {
	s := official(t)
	for name, d := range reporttest.Documents() {
		got, err := s.Validate(gojsonschema.NewStringLoader(render(t, d)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, wrong := range got.Errors() {
			t.Errorf("%s: %s", name, wrong)
		}
	}
}

// The test above is worth something: what departs from the schema fails it.
func TestSchemaIsStrict(t *testing.T) {
	s := official(t)
	good := render(t, reporttest.Known())
	for _, change := range [][2]string{
		{`"version": "2.1.0"`, `"version": "2.2.0"`},
		{`"level": "error"`, `"level": "fatal"`},
		{`"startLine": 31`, `"startLine": 0`},
		{`"ruleIndex": 3`, `"ruleIndex": "3"`},
		{`"baselineState": "new"`, `"baselineState": "old"`},
		{`"partialFingerprints": {`, `"fingerprint": {`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Errorf("%s is not in the log", change[0])
			continue
		}
		if got, err := s.Validate(gojsonschema.NewStringLoader(bad)); err == nil && got.Valid() {
			t.Errorf("%s passes as %s", change[0], change[1])
		}
	}
}

// A reader that is not ours understands the log.
func TestRead(t *testing.T) {
	r, err := sarif.FromString(render(t, reporttest.Known()))
	if err != nil {
		t.Fatal(err)
	}
	results := r.Runs[0].Results
	if len(results) != 4 { // five findings, of which one was refuted
		t.Fatalf("%d results", len(results))
	}
	for _, got := range results {
		rule := r.Runs[0].Tool.Driver.Rules[got.RuleIndex]
		if *rule.ID != *got.RuleID {
			t.Errorf("%s points to the rule %s", *got.RuleID, *rule.ID)
		}
		for _, l := range got.RelatedLocations {
			if link := "](" + strconv.Itoa(l.ID) + ")"; !strings.Contains(*got.Message.Text, link) {
				t.Errorf("%s: no link %s in %q", *got.RuleID, link, *got.Message.Text)
			}
		}
		if got.PartialFingerprints[fingerprint] == "" {
			t.Errorf("%s has no fingerprint", *got.RuleID)
		}
	}
}

func TestPlaces(t *testing.T) {
	for _, c := range []struct{ root, file, uri, bases string }{
		{".", "api/main.go", "api/main.go", ""},
		{"examples/shop", "api/main.go", "examples/shop/api/main.go", ""},
		{"./examples/", "a b/ü%.go", "examples/a%20b/%C3%BC%25.go", ""},
		{".", "c:d.go", "./c:d.go", ""},
		{"/srv/my shop", "api/main.go", "api/main.go", "file:///srv/my%20shop/"},
	} {
		d := report.Document{Project: report.Project{Root: c.root}, Unread: []source.Unread{{At: source.Span{File: c.file}, Reason: "x"}}}
		got := convert(d).Runs[0]
		if uri := got.Invocations[0].Notifications[0].Locations[0].Physical.Artifact.URI; uri != c.uri {
			t.Errorf("%s in %s: %s, want %s", c.file, c.root, uri, c.uri)
		}
		if got.Bases[base].URI != c.bases {
			t.Errorf("%s: base %q, want %q", c.root, got.Bases[base].URI, c.bases)
		}
	}
}

func TestSuccessful(t *testing.T) {
	d := reporttest.Checked()
	if !convert(d).Runs[0].Invocations[0].Successful {
		t.Error("what is of a kind that is not read makes no scan fail")
	}
	d.Unread[0].Broken = true
	if convert(d).Runs[0].Invocations[0].Successful {
		t.Error("a broken file goes unnoticed")
	}
}

// No text becomes a link, and none rewrites what stands around it.
func TestHostile(t *testing.T) {
	d := reporttest.Hostile()
	d.Findings[0].Message = `see [here](1) and \[there](https://evil.example)`
	d.Findings[0].Severity = finding.Error
	var l log
	if err := json.Unmarshal([]byte(render(t, d)), &l); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, r := range l.Runs[0].Results {
		if strings.ContainsAny(r.Message.Text, "\x1b\u202e\u2028") {
			t.Errorf("%q", r.Message.Text)
		}
		found = found || strings.HasPrefix(r.Message.Text, `see \[here\](1) and \\\[there\](https://evil.example).`)
	}
	if !found {
		t.Error("the brackets of a message are not its own")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestWriteError(t *testing.T) {
	if err := New(full{}, report.Options{}).Write(reporttest.Shop()); err == nil {
		t.Error("a full disk goes unnoticed")
	}
}
