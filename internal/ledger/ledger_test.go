package ledger_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/infra"
	"rehearse/internal/infra/actions"
	"rehearse/internal/infra/compose"
	"rehearse/internal/infra/dockerfile"
	"rehearse/internal/infra/dotenv"
	"rehearse/internal/infra/helm"
	"rehearse/internal/infra/kubernetes"
	"rehearse/internal/infra/kustomize"
	"rehearse/internal/lang"
	"rehearse/internal/lang/golang"
	"rehearse/internal/lang/javascript"
	"rehearse/internal/lang/php"
	"rehearse/internal/lang/shell"
	"rehearse/internal/lang/template"
	"rehearse/internal/ledger"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

var update = flag.Bool("update", false, "write what the ledger says into the cases")

// TestCases reads each case of testdata, a small project, and compares the
// environments, the runs and the variables that reach them with its file "want".
func TestCases(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases in testdata: %v", err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
			if want < 0 {
				t.Fatal("the case has no file want")
			}
			got := dump(read(t, archive))
			switch {
			case got == string(archive.Files[want].Data):
			case !*update:
				t.Errorf("got:\n%s\nwant:\n%s", got, archive.Files[want].Data)
			default:
				archive.Files[want].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func read(t *testing.T, archive *txtar.Archive) *ledger.Ledger {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	for _, file := range archive.Files {
		if file.Name == "want" {
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
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	l, err := ledger.Read(t.Context(), p,
		[]lang.Reader{golang.New(), javascript.New(), php.New(), shell.New(), template.New()},
		[]infra.Format{actions.Reader{}, compose.Reader{}, dockerfile.Reader{}, dotenv.Reader{}, helm.Composer{}, kubernetes.Reader{}, kustomize.Composer{}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func dump(l *ledger.Ledger) string {
	var b strings.Builder
	for _, e := range l.Environments {
		fmt.Fprintf(&b, "environment %s: %s\n", e.Name, strings.Join(e.From, ", "))
	}
	for _, c := range l.Components {
		fmt.Fprintf(&b, "component %s (%s)\n", c.Name, c.LinkedBy)
		for _, r := range c.Runs {
			fmt.Fprintf(&b, "  in %s", r.Environment.Name)
			if r.Workload != nil {
				fmt.Fprintf(&b, ": %s/%s at %s, of %s", r.Workload.Kind, r.Workload.Name, place(r.Workload.At), r.Dockerfile)
			}
			b.WriteByte('\n')
			for _, name := range slices.Sorted(maps.Keys(c.Variables())) {
				supply, via, state := r.Variable(name)
				fmt.Fprintf(&b, "    %s %s", name, []string{"absent", "supplied", "unknown"}[state])
				if state == ledger.Supplied {
					b.WriteString(" at " + place(supply.At))
				}
				if !via.IsZero() {
					b.WriteString(" through " + place(via))
				}
				b.WriteByte('\n')
			}
			for _, m := range ledger.NearMisses(c, r) {
				fmt.Fprintf(&b, "    %s instead of %s: %s\n", m.Supplied.Name, m.Read, m.How)
			}
			for _, o := range r.Opaque() {
				fmt.Fprintf(&b, "    may hold more: %s\n", o.What)
			}
			for _, need := range c.Of("dotenv") {
				if why, lacks := r.Lacks(filepath.Join(c.Dir, need.Name)); lacks {
					fmt.Fprintf(&b, "    lacks %s: %s (%s)\n", need.Name, why.What, place(why.At))
				}
			}
			for _, need := range c.Of("listen") {
				if asker, ok := r.AsksFor(need.Port); ok {
					fmt.Fprintf(&b, "    %d is asked for by %s\n", need.Port, asker.What)
				}
			}
		}
	}
	for _, u := range l.Unread {
		fmt.Fprintf(&b, "unread %s: %s\n", place(u.At), u.Reason)
	}
	return b.String()
}

func place(s source.Span) string { return fmt.Sprintf("%s:%d", s.File, s.Line) }
