// Package checktest tests the members of the family check: each case is a small
// project, read by the real readers, with what the check has to say of it.
//
// The names of the cases tell what they hold the check to: report_* holds an
// error or a warning, fails holds a finding of any gravity (some checks only take
// note), silent_* and passes hold neither error nor warning. The last of
// each pair are the examples that explain shows.
package checktest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/check"
	"rehearse/internal/cli"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/project"
)

var update = flag.Bool("update", false, "write what the checks say into the cases")

// golden is the file of a case that holds what the check is to say.
const golden = "want"

// Run runs the check on the cases in testdata and compares what it says with
// the file "want" of each.
func Run(t *testing.T, c check.Check) {
	t.Helper()
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases in testdata: %v", err)
	}
	for _, example := range []string{"testdata/fails.txtar", "testdata/passes.txtar"} {
		if !slices.Contains(cases, example) {
			t.Errorf("there is no %s for explain to show", example)
		}
	}
	for _, path := range cases {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		t.Run(name, func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			findings := Findings(t, c, archive)
			serious := slices.ContainsFunc(findings, func(f finding.Finding) bool { return f.Severity != finding.Info })
			switch kind, _, _ := strings.Cut(name, "_"); kind {
			case "fails":
				if len(findings) == 0 {
					t.Errorf("nothing is found")
				}
			case "report":
				if !serious {
					t.Errorf("neither an error nor a warning is found")
				}
			case "silent", "passes":
				if serious {
					t.Errorf("something is found")
				}
			default:
				t.Fatalf("the name tells of no kind: report_*, silent_*, fails or passes")
			}
			compare(t, path, archive, Dump(findings))
		})
	}
}

func compare(t *testing.T, path string, archive *txtar.Archive, got string) {
	t.Helper()
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == golden })
	if i < 0 {
		i, archive.Files = len(archive.Files), append(archive.Files, txtar.File{Name: golden})
	}
	want := string(archive.Files[i].Data)
	switch {
	case got == want:
	case !*update:
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	default:
		archive.Files[i].Data = []byte(got)
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Findings writes the project of a case into a folder, reads it, and runs the
// check.
func Findings(t *testing.T, c check.Check, archive *txtar.Archive) []finding.Finding {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop") // whose name an application may take
	for _, file := range archive.Files {
		if file.Name == golden {
			continue
		}
		name := filepath.Join(dir, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, file.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p, err := project.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	l, err := ledger.Read(context.Background(), p, cli.Languages(), cli.Formats())
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range l.Unread {
		if u.Broken {
			t.Fatalf("the case itself is broken: %s:%d: %s", u.At.File, u.At.Line, u.Reason)
		}
	}
	findings := c.Run(l)
	finding.Sort(findings)
	return findings
}

// Dump writes findings in the form of the cases: what is found, the message,
// and a line for each piece of evidence.
func Dump(findings []finding.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s %s @%s %s\n  %s\n", f.Severity, f.Component, f.Environment, f.Subject, f.Message)
		for _, e := range f.Evidence {
			fmt.Fprintf(&b, "  %s %s:%d", e.Role, e.At.File, e.At.Line)
			if e.Environment != "" {
				b.WriteString(" @" + e.Environment)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}
