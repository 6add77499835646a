// Package infratest tests the members of the family infra: it reads the cases
// in a member's testdata and compares what they come to with what they say.
package infratest

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/infra"
	"rehearse/internal/source"
)

var update = flag.Bool("update", false, "write what the readers say into the cases")

// golden is the file of a case that holds what the reader is to say.
const golden = "want"

// Run reads every file of testdata/*.txtar with reader, each archive a test,
// and compares the dump of it with the archive's file "want".
func Run(t *testing.T, reader infra.Reader) {
	t.Helper()
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
			got, want := read(reader, archive), ""
			for i, file := range archive.Files {
				if file.Name != golden {
					continue
				}
				want = string(file.Data)
				archive.Files[i].Data = []byte(got)
			}
			if got == want {
				return
			}
			if !*update {
				t.Fatalf("got:\n%s\nwant:\n%s", got, want)
			}
			if want == "" {
				archive.Files = append(archive.Files, txtar.File{Name: golden, Data: []byte(got)})
			}
			if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func read(reader infra.Reader, archive *txtar.Archive) string {
	var b strings.Builder
	for _, file := range archive.Files {
		if file.Name == golden {
			continue
		}
		b.WriteString("== " + file.Name + "\n")
		if !reader.Names(file.Name) {
			b.WriteString("not of this format\n")
			continue
		}
		def, err := reader.Read(context.Background(), source.File{Path: file.Name, Data: file.Data})
		var broken *infra.Error
		if errors.As(err, &broken) {
			b.WriteString("error " + place(broken.At) + " " + broken.Reason + "\n")
			continue
		} else if err != nil {
			b.WriteString("error that is no *infra.Error: " + err.Error() + "\n")
			continue
		}
		b.WriteString(Dump(def))
	}
	return b.String()
}

// Hostile returns files that no reader may choke on, each named for what is
// wrong with it and to be given a path that the reader takes.
func Hostile() map[string][]byte {
	return map[string][]byte{
		"empty":   {},
		"newline": []byte("\n"),
		"binary":  []byte("\x7fELF\x02\x01\x01\x00\x00\x00\xff\xfe"),
		"latin1":  []byte("name: caf\xe9\n"),
		"bom":     []byte("\xef\xbb\xbf"),
		"tabs":    []byte("a:\n\tb: c\n"),
		"cr":      []byte("a: b\rc: d\r"),
		"deep":    []byte(strings.Repeat("[", 100_000)),
		"nested":  []byte(nested(5_000)),
		"braces":  []byte("A=" + strings.Repeat("${A:-", 100_000)),
		"bomb":    []byte(bomb(30)),
		"cycle":   []byte("a: &a [*a]\nb: &b {<<: *b}\n"),
		"large":   []byte(strings.Repeat("# a line that says nothing at all\n", 20<<20/34)),
		"long":    []byte("A: " + strings.Repeat("x", 8<<20)),
		"quotes":  []byte(strings.Repeat("A=\"\n", 50_000)),
		"commas":  []byte("[" + strings.Repeat(",", 8<<20)),
	}
}

// Survive holds a reader to this: whatever the bytes, it returns, and an error
// of its is an *infra.Error with the file's path.
func Survive(t testing.TB, reader infra.Reader, path string, data []byte) {
	t.Helper()
	def, err := reader.Read(context.Background(), source.File{Path: path, Data: data})
	var broken *infra.Error
	if err != nil && (!errors.As(err, &broken) || broken.At.File != path || broken.Reason == "") {
		t.Fatalf("an error without a place: %#v", err)
	}
	lines := strings.Count(string(data), "\n") + 1
	for _, at := range places(def) {
		if at.Line > lines || at.Line < 0 || at.Column < 0 || at.File != path {
			t.Fatalf("a place outside the file: %+v of %d lines", at, lines)
		}
	}
}

func bomb(levels int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < levels; i++ {
		prev := "*a" + itoa(i-1)
		b.WriteString("a" + itoa(i) + ": &a" + itoa(i) + " [" + prev + strings.Repeat(", "+prev, 8) + "]\n")
	}
	return b.String()
}

func nested(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}
