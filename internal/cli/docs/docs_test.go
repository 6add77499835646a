package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/check"
	"rehearse/internal/cli"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// The pages in docs are those that the checks make now: no more, no fewer, and
// of the same text.
func TestPagesAreUpToDate(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	want, err := pages(cli.Checks())
	if err != nil {
		t.Fatal(err)
	}
	there, err := filepath.Glob(filepath.Join(root, folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range there {
		name := filepath.Base(file)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if want[name] == "" {
			t.Errorf("%s/%s is the page of no check", folder, name)
		} else if string(text) != want[name] {
			t.Errorf("%s/%s is not up to date: go generate ./internal/cli/docs", folder, name)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s/%s is missing: go generate ./internal/cli/docs", folder, name)
	}
}

// The plan of the house in the documentation has every room.
func TestArchitectureIsComplete(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	text, err := os.ReadFile(filepath.Join(root, "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"*", "lang/*", "infra/*", "check/*", "experiment/*", "report/*", "stage/*"} {
		rooms, err := filepath.Glob(filepath.Join(root, "internal", pattern))
		if err != nil || len(rooms) == 0 {
			t.Fatalf("no rooms in %s: %v", pattern, err)
		}
		for _, room := range rooms {
			name := filepath.Base(room)
			if info, err := os.Stat(room); err != nil || !info.IsDir() || strings.HasSuffix(name, "test") || name == "testdata" {
				continue
			}
			if !strings.Contains(string(text), " "+name+"/") {
				t.Errorf("docs/architecture.md does not name %s", room)
			}
		}
	}
}

// What the program says of its flags and commands is in the documentation too.
func TestFlagsAreDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "exit-status.md"))
	if err != nil {
		t.Fatal(err)
	}
	var help strings.Builder
	for _, args := range [][]string{{"--help"}, {"check", "--help"}} {
		c := cli.Command{Stdin: strings.NewReader(""), Stdout: &help, Stderr: &help}
		if status := c.Main(args); status != cli.Clean {
			t.Fatalf("%v: exit status %d", args, status)
		}
	}
	found := regexp.MustCompile(`(?m)^  (?:    |-\w, )(--\w[\w-]*)|^  ([a-z]+)  `).FindAllStringSubmatch(help.String(), -1)
	if len(found) < 10 {
		t.Fatalf("too few flags and commands in\n%s", &help)
	}
	for _, f := range found {
		name := f[1]
		if name == "" {
			name = "`rehearse " + f[2]
		}
		if !strings.Contains(string(text), name) && !slices.Contains([]string{"--help", "--version", "`rehearse help"}, name) {
			t.Errorf("docs/exit-status.md does not speak of %s", name)
		}
	}
}

type fake struct{ doc check.Doc }

func (f fake) Doc() check.Doc                       { return f.doc }
func (f fake) Run(*ledger.Ledger) []finding.Finding { return nil }

func TestPage(t *testing.T) {
	fails := txtar.Parse([]byte("-- a.md --\n```\n-- main.go --\nlisten(\"127.0.0.1:80\")\n"))
	passes := txtar.Parse([]byte("It listens on all.\n-- a.md --\n```\n-- main.go --\nlisten(\":80\")\n"))
	doc := check.Doc{
		Name: "loopback-bind", Category: finding.Network, Summary: "It binds.", Why: "Because.", Fix: "Do not.", Sources: []string{"https://example.com"},
	}
	list := index([]check.Check{fake{doc}})
	if want := "| [`loopback-bind`](loopback-bind.md) | It binds. |"; !strings.Contains(list, want) {
		t.Errorf("no %q in\n%s", want, list)
	}
	got := page(doc, []example{{title: "One that fails", archive: fails}, {"One that passes", passes, fails}})
	at := 0
	for _, part := range []string{
		"# loopback-bind\n\nIt binds.\n", "Because.", "Do not.",
		"## One that fails\n\n`a.md`\n````md\n```\n````\n\n`main.go`\n```go\nlisten(\"127.0.0.1:80\")\n```\n",
		"## One that passes\n\nIt listens on all.\n\n`main.go`\n", "Everything else is as above.\n", "- https://example.com\n", "Category: network.",
	} {
		i := strings.Index(got[at:], part)
		if i < 0 {
			t.Fatalf("no %q behind byte %d of\n%s", part, at, got)
		}
		at += i + len(part)
	}
	if strings.Contains(got, "stays silent") {
		t.Errorf("a part without text in\n%s", got)
	}
}

func TestDraw(t *testing.T) {
	text := "\x1b[1mone\x1b[0m <&>\n\x1b[1;31m✗\x1b[0m two  and more\nthree\nfour\nfive\nlast\n"
	got := draw(text, 2)
	for _, want := range []string{
		`<text x="16.0" y="30" textLength="25.2" class="b">one</text>`,
		`<text x="49.6" y="30" textLength="25.2">&lt;&amp;&gt;</text>`,
		`class="b r">✗</text>`, `<text x="32.8" y="49" textLength="25.2">two</text>`, `<text x="74.8" y="49" textLength="67.2">and more</text>`, ">⋮</text>", ">last</text>",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "three") || strings.Contains(got, "\x1b") {
		t.Errorf("too much in\n%s", got)
	}
	if whole := draw(text, 4); !strings.Contains(whole, "five") || strings.Contains(whole, "⋮") {
		t.Errorf("an ellipsis for nothing in\n%s", whole)
	}
	decoder := xml.NewDecoder(strings.NewReader(got))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
