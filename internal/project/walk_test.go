package project

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func paths(p *Project) []string {
	var all []string
	for _, f := range p.Files {
		all = append(all, f.Path)
	}
	return all
}

func wantPaths(t *testing.T, p *Project, want ...string) {
	t.Helper()
	if got := paths(p); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func link(t *testing.T, dir, name, to string) {
	t.Helper()
	if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func TestSkipped(t *testing.T) {
	p := open(t, map[string]string{
		"a.js":                       "",
		"node_modules/x/index.js":    "",
		"api/node_modules/x/x.js":    "",
		"vendor/modules.txt":         "",
		"vendor/x/x.go":              "",
		"shop/vendor/seller.py":      "", // of a marketplace, not of Go
		"rust/Cargo.toml":            "[package]\nname='r'",
		"rust/target/debug/x.rs":     "",
		"src/target/target.py":       "",
		"env/pyvenv.cfg":             "",
		"env/lib/x.py":               "",
		"conf/env/production.yaml":   "",
		".git/config":                "",
		".rehearse/x.json":           "",
		"web/.next/server/pages.js":  "",
		".github/workflows/test.yml": "",
	})
	wantPaths(t, p, ".github/workflows/test.yml", "a.js", "conf/env/production.yaml", "rust/Cargo.toml", "shop/vendor/seller.py", "src/target/target.py")
}

func TestIgnoredDotenvIsListed(t *testing.T) {
	p := open(t, map[string]string{
		".gitignore":        ".env*\n!.env.example\n*.log\nsecret/\n",
		".env":              "A=1",
		".env.example":      "A=",
		"api/.env.local":    "A=2",
		"x.log":             "",
		"secret/.env":       "A=3",
		"secret/key.pem":    "",
		"secret/deep/.env":  "A=4",
		"api/package.json":  `{"name":"api","scripts":{"start":"node index.js"}}`,
		"api/index.js":      "",
		"api/sub/.env.prod": "",
	})
	wantPaths(t, p, ".env", ".env.example", ".gitignore", "api/.env.local", "api/index.js", "api/package.json", "api/sub/.env.prod", "secret/.env")
	for name, ignored := range map[string]bool{".env": true, ".env.example": false, "api/.env.local": true, "secret/.env": true} {
		if got := p.File(name).Flags&Ignored != 0; got != ignored {
			t.Errorf("%s: ignored is %v", name, got)
		}
	}
}

func TestLinks(t *testing.T) {
	outside := t.TempDir()
	write(t, outside, "secret.env", "A=1")
	dir := t.TempDir()
	write(t, dir, "real/.env", "A=1")
	write(t, dir, "real/code.js", "")
	link(t, dir, ".env", "real/.env")
	link(t, dir, "again.js", "real/code.js")
	link(t, dir, "loop", ".")
	link(t, dir, "real/up", "..")
	link(t, dir, "self", "self")
	link(t, dir, "nowhere.js", "missing.js")
	link(t, dir, ".env.local", filepath.Join(outside, "secret.env"))
	link(t, dir, "out", outside)
	link(t, dir, "up.yaml", "../../etc/x.yaml")
	link(t, dir, "ping.py", "pong.py")
	link(t, dir, "pong.py", "ping.py")
	link(t, dir, "through.js", "real/up/again.js")
	link(t, dir, "proc.js", "/proc/self/environ")
	p := openDir(t, dir)
	wantPaths(t, p, ".env", "again.js", "real/.env", "real/code.js", "through.js")
	for name, to := range map[string]string{".env": "real/.env", "again.js": "real/code.js", "through.js": "real/code.js", "real/code.js": ""} {
		if got := p.File(name).Link; got != to {
			t.Errorf("%s links to %q, want %q", name, got, to)
		}
	}
	code := slices.DeleteFunc(slices.Clone(p.Files), func(f *File) bool { return !f.Code() || Language(f.Path) == "" })
	if len(code) != 1 {
		t.Errorf("code of %d files, want that of real/code.js once", len(code))
	}
	var unread []string
	for _, u := range p.Unread {
		unread = append(unread, u.At.File)
	}
	want := []string{".env.local", "nowhere.js", "ping.py", "pong.py", "proc.js", "up.yaml"}
	if !slices.Equal(unread, want) {
		t.Errorf("not read: %q, want %q", unread, want)
	}
	if file, err := p.Read(p.File(".env")); err != nil || string(file.Data) != "A=1" {
		t.Errorf("read through a link: %q, %v", file.Data, err)
	}
}

func TestReadStaysInside(t *testing.T) {
	outside := t.TempDir()
	write(t, outside, "secret", "secret")
	dir := t.TempDir()
	write(t, dir, "a", "a")
	p := openDir(t, dir)
	link(t, dir, "after", filepath.Join(outside, "secret")) // put there once the tree was listed
	link(t, dir, "folder", outside)
	for _, name := range []string{"../secret", "after", "folder/secret", filepath.Join(outside, "secret"), "/etc/passwd", ""} {
		if file, err := p.Read(&File{Path: name}); err == nil {
			t.Errorf("Read(%q) gives %q", name, file.Data)
		}
	}
	p.root.fast.close() // and where the kernel does not help
	for _, name := range []string{"../secret", "after", "folder/secret", "/etc/passwd"} {
		if file, err := p.Read(&File{Path: name}); err == nil {
			t.Errorf("Read(%q) gives %q", name, file.Data)
		}
	}
	if file, err := p.Read(p.File("a")); err != nil || string(file.Data) != "a" {
		t.Errorf("Read(a): %q, %v", file.Data, err)
	}
}

// The plain implementation must list what the fast one lists.
func TestWithoutFastRoot(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/b/c.js", "abc")
	write(t, dir, ".gitignore", "*.log")
	write(t, dir, "x.log", "")
	fast := openDir(t, dir)
	root, err := openRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.close()
	root.fast.close()
	plain := &Project{Dir: dir, root: root}
	if err := plain.walk(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantPaths(t, plain, paths(fast)...)
	if got := plain.File("a/b/c.js").Size; got != 3 {
		t.Errorf("size %d, want 3", got)
	}
}

func TestLargeAndBinary(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "huge.yaml", "")
	if err := os.Truncate(filepath.Join(dir, "huge.yaml"), 2<<30); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "binary.js", "abc\x00def")
	write(t, dir, "edge.js", strings.Repeat("x", MaxFile))
	write(t, dir, "package.json", "")
	if err := os.Truncate(filepath.Join(dir, "package.json"), 2<<30); err != nil {
		t.Fatal(err)
	}
	p := openDir(t, dir)
	for name, want := range map[string]error{"huge.yaml": ErrTooLarge, "binary.js": ErrBinary, "edge.js": nil} {
		if _, err := p.Read(p.File(name)); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	// A size that was true when the tree was listed binds nobody.
	if _, err := p.Read(&File{Path: "huge.yaml"}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("huge.yaml, thought to be empty: %v", err)
	}
	if len(p.Unread) != 1 || p.Unread[0].At.File != "package.json" || p.Unread[0].Reason != ErrTooLarge.Error() {
		t.Errorf("not read: %v", p.Unread)
	}
}

func TestReadInto(t *testing.T) {
	p := open(t, map[string]string{"a": "first", "b": "second, and longer"})
	buf := make([]byte, 0, 64)
	for name, want := range map[string]string{"a": "first", "b": "second, and longer"} {
		file, err := p.ReadInto(p.File(name), buf)
		if err != nil || string(file.Data) != want {
			t.Errorf("%s: %q, %v", name, file.Data, err)
		}
		if &file.Data[0] != &buf[:1][0] {
			t.Errorf("%s is not in the buffer", name)
		}
	}
	if file, err := p.ReadInto(p.File("b"), make([]byte, 0, 3)); err != nil || string(file.Data) != "second, and longer" {
		t.Errorf("a small buffer: %q, %v", file.Data, err)
	}
}

func TestNames(t *testing.T) {
	odd := []string{"\xff\xfe.js", "a b.js", "line\nbreak.js", "ünïcode.js", "-rf.js", "$(x).js"}
	files := map[string]string{}
	for _, name := range odd {
		files[name] = name
	}
	p := open(t, files)
	slices.Sort(odd)
	wantPaths(t, p, odd...)
	for _, f := range p.Files {
		if file, err := p.Read(f); err != nil || string(file.Data) != f.Path {
			t.Errorf("%q: %v", f.Path, err)
		}
	}
}

func TestDeepTree(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, strings.Repeat("d/", maxDepth)+"last.js", "")
	write(t, dir, strings.Repeat("d/", maxDepth+1)+"beyond.js", "")
	p := openDir(t, dir)
	wantPaths(t, p, strings.Repeat("d/", maxDepth)+"last.js")
	if len(p.Unread) != 1 || !strings.Contains(p.Unread[0].Reason, "deep") {
		t.Errorf("not read: %v", p.Unread)
	}
}

// The superuser may open every folder: for him one that is gone stands for one
// without permission.
func TestUnreadableFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "open/a.js", "")
	write(t, dir, "closed/b.js", "")
	root, err := openRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.close()
	w := &walker{root: root}
	if err := os.RemoveAll(filepath.Join(dir, "closed")); err != nil {
		t.Fatal(err)
	}
	w.list(task{path: "closed"})
	w.list(task{path: "open"})
	if len(w.unread) != 1 || w.unread[0].At.File != "closed" || strings.Contains(w.unread[0].Reason, dir) || len(w.files) != 1 {
		t.Errorf("not read: %v; %d files", w.unread, len(w.files))
	}
	if os.Geteuid() == 0 {
		return
	}
	if err := os.Mkdir(filepath.Join(dir, "locked"), 0); err != nil {
		t.Fatal(err)
	}
	p := openDir(t, dir)
	if len(p.Unread) != 1 || p.Unread[0].At.File != "locked" || p.Unread[0].Reason != syscall.EACCES.Error() {
		t.Errorf("not read: %v", p.Unread)
	}
}

func TestFlags(t *testing.T) {
	for name, want := range map[string]Flags{
		"main.go": 0, "src/functionalTest/java/A.java": Test, "playwright_tests_new/run.ts": Test, "load-tests/a.js": Test, "protests/a.js": 0, "latest/a.js": 0, "ContestTest/a.js": 0, "main_test.go": Test, "test_app.py": Test, "tests/app.py": Test, "src/__tests__/a.js": Test,
		"a.spec.ts": Test, "a.specs.ts": 0, "latest.go": 0, "contest.py": 0, "e2e/login.ts": Test, "cypress/x.js": Test,
		"examples/a.js": Example, "a.stories.tsx": Example, "docs/x.yaml": Docs, "README.md": Docs, "testdata/x.go": Test,
		"x.min.js": Generated, "x.pb.go": Generated, "types.d.ts": Generated, "x_gen.go": Generated, "x_pb2.py": Generated,
		"examples/tests/a.py": Example | Test, "dist/bundle.js": Generated, "testing.go": 0, "api/spec/openapi.js": Test,
	} {
		p := open(t, map[string]string{name: ""})
		if got := p.File(name).Flags; got != want {
			t.Errorf("%s: flags %b, want %b", name, got, want)
		}
	}
	// What is above the project says nothing of it.
	dir := filepath.Join(t.TempDir(), "examples", "tests", "shop")
	write(t, dir, "main.js", "")
	if p := openDir(t, dir); p.File("main.js").Flags != 0 {
		t.Errorf("main.js of examples/tests/shop: flags %b", p.File("main.js").Flags)
	}
}

func TestIsGenerated(t *testing.T) {
	for text, want := range map[string]bool{
		"// Code generated by protoc-gen-go. DO NOT EDIT.\npackage x":                         true,
		"/* eslint-disable */\n/** @generated */":                                             true,
		"# -*- coding: utf-8 -*-\n# Generated by the protocol buffer compiler.  DO NOT EDIT!": true,
		"package main\n// Code generated things are nice":                                     false,
		"print('hello')": false,
		strings.Repeat("\n", generatedMark) + "// Code generated by x. DO NOT EDIT.": false,
	} {
		if got := IsGenerated([]byte(text)); got != want {
			t.Errorf("%.40q: %v", text, got)
		}
	}
}

// ignoreCases are .gitignore files, each with paths of which git is asked too.
var ignoreCases = []struct {
	files  map[string]string // .gitignore files
	paths  []string
	listed []string
}{
	{map[string]string{".gitignore": "*.log\n!keep.log\n"}, []string{"a.log", "keep.log", "d/keep.log", "d/b.log"}, []string{"d/keep.log", "keep.log"}},
	{map[string]string{".gitignore": "/build\nout/\n"}, []string{"build/x", "d/build/x", "d/out/x", "out"}, []string{"d/build/x", "out"}},
	{map[string]string{".gitignore": "*.tmp\n", "d/.gitignore": "!a.tmp\n"}, []string{"a.tmp", "d/a.tmp", "d/b.tmp", "d/e/a.tmp"}, []string{"d/a.tmp", "d/e/a.tmp"}},
	{map[string]string{".gitignore": "d/\n!d/keep\n"}, []string{"d/keep"}, nil},
	{map[string]string{".gitignore": "d/*\n!d/keep\n"}, []string{"d/keep", "d/x"}, []string{"d/keep"}},
	{map[string]string{".gitignore": "a/**/z\n**/y\nb/**\n"}, []string{"a/z", "a/b/c/z", "q/r/y", "b/x", "b/c/d", "c/z"}, []string{"c/z"}},
	{map[string]string{".gitignore": "b/**\n!b/keep\n"}, []string{"b/keep", "b/x"}, []string{"b/keep"}},
	{map[string]string{".gitignore": "\\#a\n\\!b\n#c\ntrail  \nspace\\ \n"}, []string{"#a", "!b", "#c", "trail", "space "}, []string{"#c"}},
	{map[string]string{".gitignore": "*.[oa]\nx[!1-3]\n?q\n"}, []string{"f.o", "f.a", "f.c", "x1", "x4", "aq", "aaq"}, []string{"aaq", "f.c", "x1"}},
	{map[string]string{".gitignore": "{a,b}.js\n"}, []string{"a.js", "{a,b}.js"}, []string{"a.js"}},
	{map[string]string{".gitignore": "doc/*.txt\n"}, []string{"doc/a.txt", "doc/s/a.txt", "x/doc/a.txt"}, []string{"doc/s/a.txt", "x/doc/a.txt"}},
	{map[string]string{".gitignore": "*\n!*/\n!*.py\n"}, []string{"a.py", "d/b.py", "d/c.js"}, []string{"a.py", "d/b.py"}},
	{map[string]string{".gitignore": "crlf.x\r\n\r\nother\r\n"}, []string{"crlf.x", "other", "y"}, []string{"y"}},
	{map[string]string{".gitignore": "[\nok\n"}, []string{"ok", "[", "a"}, []string{"[", "a"}},
	{map[string]string{".gitignore": "\xef\xbb\xbfbom\n"}, []string{"bom", "a"}, []string{"a"}},
	{map[string]string{".gitignore": "/*\n!/src\n/src/*\n!/src/app\n"}, []string{"x", "src/y", "src/app/z"}, []string{"src/app/z"}},
	{map[string]string{"d/.gitignore": "/a\nb/c\n"}, []string{"a", "d/a", "d/e/a", "d/b/c", "d/e/b/c"}, []string{"a", "d/e/a", "d/e/b/c"}},
}

func TestIgnore(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		git = ""
	}
	for _, c := range ignoreCases {
		dir := t.TempDir()
		for name, text := range c.files {
			write(t, dir, name, text)
		}
		for _, name := range c.paths {
			write(t, dir, name, "")
		}
		if git != "" {
			if out, err := exec.Command(git, "-C", dir, "init", "-q").CombinedOutput(); err != nil {
				t.Fatalf("git init: %v: %s", err, out)
			}
			cmd := exec.Command(git, "-C", dir, "-c", "core.excludesFile=", "ls-files", "-z", "--others", "--exclude-standard")
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			want := strings.FieldsFunc(string(bytes.TrimRight(out, "\x00")), func(r rune) bool { return r == 0 })
			want = slices.DeleteFunc(want, func(name string) bool { return filepath.Base(name) == ".gitignore" })
			slices.Sort(want)
			if !slices.Equal(want, c.listed) {
				t.Errorf("%q: the case says %q, git says %q", c.files, c.listed, want)
			}
		}
		got := slices.DeleteFunc(paths(openDir(t, dir)), func(name string) bool { return filepath.Base(name) == ".gitignore" })
		if !slices.Equal(got, c.listed) {
			t.Errorf("%q: got %q, want %q", c.files, got, c.listed)
		}
	}
}

func FuzzIgnore(f *testing.F) {
	for _, c := range ignoreCases {
		for _, text := range c.files {
			f.Add(text, c.paths[0])
		}
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		if !fs.ValidPath(name) || name == "." || strings.ContainsRune(name, 0) {
			return
		}
		ig := parseIgnore(nil, "", []byte(text))
		first := ig.ignores(name, name[strings.LastIndexByte(name, '/')+1:], false)
		// Taken back at the end, nothing is ignored.
		taken := parseIgnore(nil, "", []byte(text+"\n!**\n"))
		if taken.ignores(name, name[strings.LastIndexByte(name, '/')+1:], false) {
			t.Errorf("%q is ignored though !** stands last (before: %v)", name, first)
		}
	})
}
