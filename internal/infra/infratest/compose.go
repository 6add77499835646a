package infratest

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
)

// Tree is a project of files in memory.
type Tree map[string][]byte

var _ infra.Tree = Tree{}

// Has implements infra.Tree.
func (t Tree) Has(name string) bool { _, ok := t[path.Clean(name)]; return ok }

// Read implements infra.Tree.
func (t Tree) Read(name string) (source.File, error) {
	data, ok := t[path.Clean(name)]
	if !ok {
		return source.File{}, errors.New("is not in the tree")
	}
	return source.File{Path: path.Clean(name), Data: data}, nil
}

// Under implements infra.Tree.
func (t Tree) Under(dir string) []string {
	var names []string
	for name := range t {
		if dir = path.Clean(dir); dir == "." || strings.HasPrefix(name, dir+"/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Once implements infra.Tree.
func (t Tree) Once(_ any, find func() any) any { return find() }

// Composed runs the cases of a composer: each archive of testdata is a project,
// of which every root is composed and compared with the file "want".
func Composed(t *testing.T, composer infra.Composer) {
	t.Helper()
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases in testdata: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got, want := compose(composer, TreeOf(archive)), ""
			i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == golden })
			if i < 0 {
				i, archive.Files = len(archive.Files), append(archive.Files, txtar.File{Name: golden})
			}
			if want = string(archive.Files[i].Data); got == want {
				return
			}
			if !*update {
				t.Fatalf("got:\n%s\nwant:\n%s", got, want)
			}
			archive.Files[i].Data = []byte(got)
			if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TreeOf returns the files of an archive without what is wanted of it.
func TreeOf(archive *txtar.Archive) Tree {
	tree := Tree{}
	for _, f := range archive.Files {
		if f.Name != golden {
			tree[f.Name] = f.Data
		}
	}
	return tree
}

func compose(composer infra.Composer, tree Tree) string {
	var b strings.Builder
	withFiles = true
	defer func() { withFiles = false }()
	for _, name := range tree.Under(".") {
		if !composer.Begins(name) {
			continue
		}
		b.WriteString("== " + name + "\n")
		made, err := composer.Compose(context.Background(), tree, source.File{Path: name, Data: tree[name]})
		if err != nil {
			b.WriteString("error " + err.Error() + "\n")
			continue
		}
		for _, c := range made {
			b.WriteString("environment " + c.Environment + ": " + strings.Join(c.Parts, " ") + "\n")
			b.WriteString(Dump(c.Definition))
			for _, f := range c.Flaws {
				b.WriteString("flaw " + string(f.Kind) + " " + f.Name + at(f.At) + " " + f.What + word("near", f.Near) + marked("fatal", f.Fatal) + marked("doubt", f.Doubt) + "\n")
			}
		}
	}
	return b.String()
}

// SurviveComposed holds a composer to this: whatever the files, it returns, an
// error of its is an *infra.Error with a place, and every place that it gives is
// in a file of the tree.
func SurviveComposed(t testing.TB, composer infra.Composer, tree Tree) {
	t.Helper()
	for _, name := range tree.Under(".") {
		if !composer.Begins(name) {
			continue
		}
		made, err := composer.Compose(context.Background(), tree, source.File{Path: name, Data: tree[name]})
		var broken *infra.Error
		if err != nil && (!errors.As(err, &broken) || broken.At.IsZero() || broken.Reason == "") {
			t.Fatalf("an error without a place: %#v", err)
		}
		for _, c := range made {
			for _, at := range everyPlace(c.Definition) {
				data, ok := tree[at.File]
				if lines := strings.Count(string(data), "\n") + 1; !ok || at.Line > lines || at.Line < 0 || at.Column < 0 {
					t.Fatalf("a place outside of the tree: %+v", at)
				}
			}
		}
	}
}

func everyPlace(d fact.Definition) []source.Span {
	all := places(d)
	for _, f := range d.Flaws {
		all = append(all, f.At)
		if !f.Other.IsZero() {
			all = append(all, f.Other)
		}
	}
	for _, u := range d.Unread {
		if !u.At.IsZero() && u.At.Line > 0 {
			all = append(all, u.At)
		}
	}
	return all
}
