package rehearse_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors are the families and packages of the house, from the top to the
// bottom: every arrow points down.
var floors = []string{
	"cmd/rehearse",
	"internal/cli",
	"internal/experiment",
	"internal/scene",
	"internal/isolate",
	"internal/check",
	"internal/packages",
	"internal/start",
	"internal/ledger",
	"internal/image",
	"internal/link",
	"internal/environment",
	"internal/machine",
	"internal/lang",
	"internal/infra",
	"internal/manifest",
	"internal/project",
	"internal/stage",
	"internal/report",
	"internal/kube",
	"internal/cloud",
	"internal/pipeline",
	"internal/yaml",
	"internal/syntax",
	"internal/spelling",
	"internal/fact",
	"internal/finding",
	"internal/source",
}

// families are the floors whose folders are members: a member imports no
// sibling.
var families = []string{"internal/lang", "internal/infra", "internal/check", "internal/experiment", "internal/report"}

// never says what a floor must not import, beyond what the order of the floors
// forbids: the import paths begin with one of these.
var never = map[string][]string{
	"internal/lang":    {"rehearse/internal/infra"},
	"internal/infra":   {"rehearse/internal/lang"},
	"internal/check":   {"rehearse/internal/lang", "rehearse/internal/infra", "rehearse/internal/project", "rehearse/internal/stage", "os", "net", "io/fs", "time", "math/rand"},
	"internal/report":  {"rehearse/internal/project", "rehearse/internal/stage", "rehearse/internal/lang", "rehearse/internal/infra"},
	"internal/isolate": {"rehearse/", "os", "net", "time", "math/rand"},
	"internal/stage":   {"rehearse/internal/fact", "rehearse/internal/finding", "rehearse/internal/report"},
	"internal/fact":    {"k8s.io/", "github.com/"},
	"internal/finding": {"k8s.io/", "github.com/"},
}

// allowed lists what one of the rules above forbids and is right all the same.
var allowed = map[string]bool{
	"internal/check net/netip": true, "internal/check net/url": true, // they parse text and open nothing
}

type arrow struct{ file, from, to string }

func arrows(t *testing.T) []arrow {
	t.Helper()
	var all []arrow
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && d.Name() == "testdata" {
				return fs.SkipDir
			}
			if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			dir := path.Dir(filepath.ToSlash(name))
			if strings.HasSuffix(dir, "test") {
				return nil // packages that only tests import: langtest, checktest, …
			}
			for _, i := range file.Imports {
				to, err := strconv.Unquote(i.Path.Value)
				if err != nil {
					return err
				}
				all = append(all, arrow{name, dir, to})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(all) == 0 {
		t.Fatal("no imports were read")
	}
	return all
}

func floorOf(pkg string) int {
	return slices.IndexFunc(floors, func(f string) bool { return pkg == f || strings.HasPrefix(pkg, f+"/") })
}

func TestArrowsPointDown(t *testing.T) {
	for _, a := range arrows(t) {
		to, ours := strings.CutPrefix(a.to, "rehearse/")
		from := floorOf(a.from)
		if from < 0 {
			t.Errorf("%s: package %s is on no floor of the house", a.file, a.from)
			continue
		}
		if !ours {
			continue
		}
		if floorOf(to) < from {
			t.Errorf("%s: %s imports %s, which stands above it", a.file, a.from, to)
		}
	}
}

func TestMembersImportNoSibling(t *testing.T) {
	for _, a := range arrows(t) {
		to, ours := strings.CutPrefix(a.to, "rehearse/")
		if !ours {
			continue
		}
		for _, family := range families {
			from, isMember := strings.CutPrefix(a.from, family+"/")
			sibling, isSibling := strings.CutPrefix(to, family+"/")
			if isMember && isSibling && strings.Split(from, "/")[0] != strings.Split(sibling, "/")[0] {
				t.Errorf("%s: member %s imports its sibling %s", a.file, from, sibling)
			}
		}
	}
}

func TestNever(t *testing.T) {
	for _, a := range arrows(t) {
		for floor, forbidden := range never {
			if a.from != floor && !strings.HasPrefix(a.from, floor+"/") || allowed[floor+" "+a.to] {
				continue
			}
			for _, f := range forbidden {
				if a.to == f || strings.HasPrefix(a.to, strings.TrimSuffix(f, "/")+"/") {
					t.Errorf("%s: %s must not import %s", a.file, floor, a.to)
				}
			}
		}
	}
}

func TestNamesSaySomething(t *testing.T) {
	bad := []string{"util", "utils", "common", "helper", "helpers", "manager", "misc", "base"}
	for _, top := range []string{"cmd", "internal", "bench"} {
		if _, err := os.Stat(top); err != nil {
			continue
		}
		err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
			if d != nil && d.IsDir() && d.Name() == "testdata" {
				return fs.SkipDir
			}
			if err == nil && slices.Contains(bad, strings.TrimSuffix(d.Name(), ".go")) {
				t.Errorf("%s: a name that says nothing", name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
