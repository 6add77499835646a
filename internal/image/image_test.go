package image_test

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

	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/infra/dockerfile"
	"rehearse/internal/source"
)

var update = flag.Bool("update", false, "write what the tests find into the testdata")

// TestCases models the Dockerfile of each testdata/*.txtar and asks what its
// file "questions" asks, one to a line:
//
//	path P, program P, package P, user U   about the target
//	at LINE path P, …                      as the step of that line finds it
//	problems, installs, start, base        everything of that kind
//
// The context is what the file "context" lists ("PATH", "PATH ignored", "PATH
// link"), and every other file of the case. "unlisted" has lines "PREFIX: WHY".
// "target" names the stage, "args" has lines NAME=VALUE.
func TestCases(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases")
	}
	questions := 0
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got, n := answer(t, archive)
			questions += n
			i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "answers" })
			if i < 0 {
				i = len(archive.Files)
				archive.Files = append(archive.Files, txtar.File{Name: "answers"})
			}
			if string(archive.Files[i].Data) == got {
				return
			}
			if *update {
				archive.Files[i].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("got:\n%s\nwant:\n%s", got, archive.Files[i].Data)
		})
	}
	if questions < 60 {
		t.Errorf("only %d questions", questions)
	}
}

// notContext are the files of a case that are not of its context.
var notContext = []string{"context", "questions", "answers", "unlisted", "target", "args"}

func answer(t *testing.T, archive *txtar.Archive) (string, int) {
	t.Helper()
	part := map[string]string{}
	contents := map[string][]byte{}
	var l image.Listing
	for _, f := range archive.Files {
		if slices.Contains(notContext, f.Name) {
			part[f.Name] = string(f.Data)
			continue
		}
		contents[f.Name] = f.Data
		l.Files = append(l.Files, image.ContextFile{Path: f.Name})
	}
	for line := range strings.Lines(part["context"]) {
		name, isIgnored := strings.CutSuffix(strings.TrimSpace(line), " ignored")
		name, isLink := strings.CutSuffix(name, " link")
		l.Files = append(l.Files, image.ContextFile{Path: name, Ignored: isIgnored, Link: isLink})
	}
	for _, name := range image.Ignores("Dockerfile", "") {
		if data, ok := contents[name]; ok && l.Ignore.Path == "" {
			l.Ignore = source.File{Path: name, Data: data}
		}
	}
	l.Unlisted = func(p string) string {
		for line := range strings.Lines(part["unlisted"]) {
			prefix, why, _ := strings.Cut(strings.TrimSpace(line), ": ")
			if p == prefix || strings.HasPrefix(p, prefix+"/") {
				return why
			}
		}
		return ""
	}
	l.Read = func(p string) ([]byte, error) {
		if data, ok := contents[p]; ok {
			return data, nil
		}
		return nil, os.ErrNotExist
	}
	args := map[string]string{}
	for line := range strings.Lines(part["args"]) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		args[name] = value
	}
	img := parse(t, contents["Dockerfile"])
	m, err := image.Model(img, strings.TrimSpace(part["target"]), args, image.NewContext(l))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	n := 0
	for line := range strings.Lines(part["questions"]) {
		if line = strings.TrimSpace(line); line != "" {
			n++
			out.WriteString(ask(m, line))
		}
	}
	return out.String(), n
}

func parse(t testing.TB, data []byte) fact.Image {
	t.Helper()
	def, err := dockerfile.Reader{}.Read(context.Background(), source.File{Path: "Dockerfile", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return def.Images[0]
}

func ask(m *image.Image, question string) string {
	words := strings.Fields(question)
	if words[0] == "at" {
		line := 0
		fmt.Sscan(words[1], &line)
		if m = m.Before(source.Span{File: "Dockerfile", Line: line}); m == nil {
			return question + ": no such step\n"
		}
		words = words[2:]
	}
	one := func(a image.Answer) string {
		from := ""
		if a.From != "" {
			from = " from " + a.From
		}
		return fmt.Sprintf("%s: %s%s; %s (%s:%d)\n", question, a.State, from, a.Why, a.At.File, a.At.Line)
	}
	switch words[0] {
	case "path":
		return one(m.Path(words[1]))
	case "program":
		return one(m.Program(words[1]))
	case "package":
		return one(m.Package(words[1]))
	case "user":
		return one(m.User(words[1]))
	case "file":
		return one(m.Holds(words[1]))
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s:\n", question)
	switch words[0] {
	case "problems":
		for _, p := range m.Problems() {
			fmt.Fprintf(&out, "\tline %d: %s %q from %q: %s (%s:%d)\n", p.At.Line, kinds[p.Kind], p.Source, p.From, p.Why, p.Line.File, p.Line.Line)
		}
	case "installs":
		for _, i := range m.Installs() {
			fmt.Fprintf(&out, "\tline %d stage %s in %s: %s: %s %v", i.At.Line, i.Stage, i.Dir, i.Manager, i.Command, i.Packages)
			fmt.Fprintf(&out, " locked=%t production=%t global=%t maybe=%t", i.Locked, i.Production, i.Global, i.Maybe)
			if i.Locks != "" {
				fmt.Fprintf(&out, " %s %s", i.Locks, i.Lockfile.State)
			}
			out.WriteByte('\n')
		}
	case "start":
		argv, at, known := m.Start()
		user, userKnown := m.RunsAs()
		fmt.Fprintf(&out, "\t%q line %d known=%t in %q as %q known=%t\n", argv, at.Line, known, m.WorkDir(), user, userKnown)
		for _, p := range m.Exposes() {
			fmt.Fprintf(&out, "\texposes %d line %d\n", p.Number, p.At.Line)
		}
	case "base":
		b := m.Base()
		fmt.Fprintf(&out, "\t%s: %s %s %s pin=%d known=%t line %d\n", b.Reference, b.Repository, b.Tag, b.System, b.Pin, b.Known, b.At.Line)
	}
	return out.String()
}

var kinds = map[image.ProblemKind]string{
	image.Missing: "missing", image.Excluded: "excluded", image.Ignored: "ignored", image.Unlisted: "unlisted", image.Unused: "unused", image.Broken: "broken",
}
