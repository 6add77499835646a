// Package langtest holds readers of languages to their cases: archives of
// source files with, in a file named needs, one line for every need that is to
// be found in them.
package langtest

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"rehearse/internal/fact"
	"rehearse/internal/lang"
	"rehearse/internal/source"
)

var update = flag.Bool("update", false, "write what is found into the cases")

// expected is the file of a case that lists the needs.
const expected = "needs"

// Run reads each testdata/*.txtar of the caller's package as one component, and
// compares what is found with what the case lists.
func Run(t *testing.T, reader lang.Follower) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := read(t, reader, archive)
			i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == expected })
			if i < 0 {
				i = len(archive.Files)
				archive.Files = append(archive.Files, txtar.File{Name: expected})
			}
			if *update {
				archive.Files[i].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(archive.Files[i].Data); got != want {
				t.Errorf("%s:\n--- got ---\n%s--- want ---\n%s", name, got, want)
			}
		})
	}
}

// read reads the files of a case in two passes, as the project reader does.
func read(t *testing.T, reader lang.Follower, archive *txtar.Archive) string {
	t.Helper()
	var accessors []fact.Accessor
	var files []source.File
	for _, f := range archive.Files {
		if !lang.Fits(reader, f.Name) {
			continue
		}
		file := source.File{Path: f.Name, Data: f.Data}
		files = append(files, file)
		found, err := reader.Accessors(context.Background(), file)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		accessors = append(accessors, found...)
	}
	var b strings.Builder
	for _, file := range files {
		needs, err := reader.ReadWith(context.Background(), file, accessors)
		if err != nil {
			t.Fatalf("%s: %v", file.Path, err)
		}
		if len(needs) > 0 && !Triggered(reader, file, accessors) {
			t.Errorf("%s has needs and no trigger", file.Path)
		}
		for _, n := range needs {
			check(t, file, n)
			b.WriteString(Format(n) + "\n")
		}
	}
	return b.String()
}

// Triggered reports whether the file holds a trigger of the reader, or the name
// of an accessor.
func Triggered(reader lang.Reader, file source.File, accessors []fact.Accessor) bool {
	for _, text := range reader.Triggers() {
		if bytes.Contains(file.Data, []byte(text)) {
			return true
		}
	}
	return slices.ContainsFunc(accessors, func(a fact.Accessor) bool { return a.Called(file.Data) })
}

// Format writes a need on one line: its place, its kind and name, what else is
// known of it, and behind a bar its text.
func Format(n fact.Need) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d %s", n.At.File, n.At.Line, n.At.Column, n.Kind)
	if n.Method != "" {
		b.WriteString(" " + n.Method)
	}
	if n.Name != "" {
		b.WriteString(" " + n.Name)
	}
	if n.Kind == fact.Variable {
		b.WriteString([]string{" required", " defaulted", " guarded"}[n.Necessity])
		if n.Default != nil {
			fmt.Fprintf(&b, "=%q", *n.Default)
		}
	}
	for _, say := range []struct {
		is   bool
		text string
	}{
		{n.Fatal, " fatal"},
		{n.Phase == fact.Build, " build"},
		{n.Browser, " browser"},
		{n.Kind == fact.Listen, " host=" + n.Host},
		{n.Kind == fact.Call, fmt.Sprintf(" %s://%s:%d", n.Scheme, n.Host, n.Port)},
		{n.Branch, " branch"},
		{n.Given, " given"},
		{n.Variable != "", " from=" + n.Variable},
		{n.Held != "", " held=" + n.Held},
		{n.Sort != "", " sort=" + n.Sort},
		{n.Library != "", " library=" + n.Library},
		{n.Beside, " beside"},
		{n.Kind == fact.Setting && n.Default != nil, fmt.Sprintf(" =%q", set(n.Default))},
		{n.Profile != "", " profile=" + n.Profile},
		{len(n.Also) > 0, " also=" + strings.Join(n.Also, ",")},
		{len(n.Instead) > 0, " instead=" + strings.Join(n.Instead, ",")},
		{len(n.Under) > 0, " under=" + strings.Join(n.Under, ",")},
	} {
		if say.is {
			b.WriteString(say.text)
		}
	}
	return b.String() + " | " + n.Text
}

// set returns the text that there is.
func set(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// check holds a need to what every need must be.
func check(t testing.TB, file source.File, n fact.Need) {
	t.Helper()
	lines := bytes.Split(file.Data, []byte("\n"))
	switch {
	case n.At.File != file.Path, n.At.Line < 1, n.At.Line > len(lines), n.At.Column < 1, n.At.Column > len(lines[n.At.Line-1])+1:
		t.Errorf("%+v is not in %s", n.At, file.Path)
	case len(n.Text) > 120, strings.ContainsAny(n.Text, "\n\r"), !utf8.ValidString(n.Text), n.Text == "":
		t.Errorf("%v: text %q", n.At, n.Text)
	case n.Kind == fact.Variable && n.Name == "", n.Port < 0, n.Port > 65535:
		t.Errorf("%v: %+v", n.At, n)
	}
}

// Fuzz feeds the reader with changed cases: whatever the bytes are, it does not
// panic, and what it finds stands in the file.
func Fuzz(f *testing.F, reader lang.Follower) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if i := slices.Index(reader.Extensions(), path.Ext(file.Name)); i >= 0 {
				f.Add(uint8(i), file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		endings := reader.Extensions()
		file := source.File{Path: "dir/file" + endings[int(kind)%len(endings)], Data: data}
		accessors, err := reader.Accessors(t.Context(), file)
		if err != nil {
			return
		}
		needs, err := reader.ReadWith(t.Context(), file, accessors)
		if err != nil {
			return
		}
		for _, n := range needs {
			check(t, file, n)
		}
	})
}

// Bench measures how fast the reader reads a file of 100 KB in which a need
// stands among much other code: head once, and body again and again.
func Bench(b *testing.B, reader lang.Reader, ending, head, body string) {
	file := source.File{Path: "file" + ending, Data: []byte(head + strings.Repeat(body, 100<<10/len(body)))}
	b.SetBytes(int64(len(file.Data)))
	for b.Loop() {
		needs, err := reader.Read(b.Context(), file)
		if err != nil || len(needs) == 0 {
			b.Fatalf("%d needs, error %v", len(needs), err)
		}
	}
}

// Hard feeds the reader with what is deep, long, large or broken: it answers in
// time.
func Hard(t *testing.T, reader lang.Reader, ending, statement string) {
	for name, data := range map[string]string{
		"empty":    "",
		"deep":     statement + "\nx = " + strings.Repeat("(", 200_000) + "1" + strings.Repeat(")", 200_000),
		"lines":    strings.Repeat("((\n", 100_000) + statement,
		"wide":     strings.Repeat(statement+"\n", 3000),
		"binary":   statement + "\n\x00\xff\xfe\x00" + strings.Repeat("\x80", 1000),
		"minified": statement + "\n" + strings.Repeat("a;", 20_000),
		"huge":     strings.Repeat(statement+"\n", 4<<20/(len(statement)+1)),
	} {
		t.Run(name, func(t *testing.T) {
			file := source.File{Path: "file" + ending, Data: []byte(data)}
			needs, err := reader.Read(t.Context(), file)
			if name == "huge" && err == nil {
				t.Error("a file of 4 MB was read")
			}
			if name == "wide" && len(needs) == 0 {
				t.Errorf("nothing was found: %v", err)
			}
			if name == "minified" && (len(needs) > 0 || err != nil) {
				t.Errorf("a generated file gives %d needs, error %v", len(needs), err)
			}
		})
	}
}
