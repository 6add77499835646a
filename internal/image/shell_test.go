package image_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/source"
)

// ran returns an image of scratch in which a shell runs code in dir.
func ran(t interface {
	Helper()
	Fatal(...any)
}, dir, code string, l image.Listing) *image.Image {
	t.Helper()
	step := fact.Step{Kind: "run", At: source.Span{File: "Dockerfile", Line: 2}, WorkDir: dir, Command: []string{"/bin/sh", "-c", code}}
	img := fact.Image{Dockerfile: "Dockerfile", Stages: []fact.Stage{{Base: "scratch", WorkDir: dir, At: source.Span{File: "Dockerfile", Line: 1}, Steps: []fact.Step{step}}}}
	m, err := image.Model(img, "", nil, image.NewContext(l))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestAgainstShell runs commands that make, copy, move, link and remove files
// in a folder of its own, and holds the model to what is there then: what it is
// sure of must be so.
func TestAgainstShell(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("needs a POSIX shell on the PATH")
	}
	names := rapid.SampledFrom([]string{"a", "b", "a/x", "a/y", "b/x", "b/z", "a/x/deep", "c"})
	command := rapid.Custom(func(t *rapid.T) string {
		one, two := names.Draw(t, "one"), names.Draw(t, "two")
		return rapid.SampledFrom([]string{
			"mkdir -p " + one, "touch " + one, "echo hi > " + one, "rm -rf " + one, "cp -r " + one + " " + two, "mv " + one + " " + two,
			"ln -s " + one + " " + two, "rm -rf " + one + "/*", "cp -r " + one + "/. " + two, "cd " + one, "(cd " + one + "; touch sub)",
			"if [ -e " + one + " ]; then touch " + two + "; else rm -rf " + two + "; fi", "test -e " + one + " || mkdir -p " + two,
			"for f in one two; do touch $f; done", "V=" + one + "; mkdir -p \"$V\"", "install -d " + one, "cp " + one + " " + two, "rm -f " + one,
			"cat > " + one + " <<E\nx\nE", "false && touch " + one, "ls | tee " + one, "ln -sf ../" + one + " " + two, "mv " + one + "/* " + two,
			"touch " + one + "/ok 2>/dev/null && rm -rf " + two,
		}).Draw(t, "command")
	})
	sure := map[image.State]int{}
	rapid.Check(t, func(t *rapid.T) {
		root, err := os.MkdirTemp("", "image")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(root)
		// A build ends at the first command that fails, and what leaves the folder
		// is another's: such a command is left out, with what it did.
		run := func(root string, commands []string) (dir string, ok bool) {
			top, err := os.MkdirTemp(root, "try")
			if err != nil {
				t.Fatal(err)
			}
			dir = filepath.Join(top, "work")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			c := exec.Command(sh, "-e", "-c", strings.Join(commands, "\n"))
			c.Dir = dir
			failed := c.Run()
			entries, err := os.ReadDir(top)
			return dir, failed == nil && err == nil && len(entries) == 1
		}
		var done []string
		for range rapid.IntRange(1, 8).Draw(t, "length") {
			try := append(slices.Clone(done), command.Draw(t, "next"))
			if _, ok := run(root, try); ok {
				done = try
			}
		}
		dir, ok := run(root, done)
		if !ok {
			t.Fatal("it went well before")
		}
		m := ran(t, dir, strings.Join(done, "\n"), image.Listing{})
		for _, name := range []string{"a", "b", "c", "a/x", "a/y", "b/x", "b/z", "a/x/deep", "one", "two", "sub", "a/sub", "b/sub", "a/b", "b/a", "a/b/x", "b/a/x", "c/a", "a/ok", "b/ok"} {
			_, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				if _, dangling := os.Lstat(filepath.Join(dir, name)); dangling == nil {
					continue
				}
			}
			got := m.Path(filepath.Join(dir, name))
			sure[got.State]++
			if got.State == image.Absent && err == nil || got.State == image.Present && errors.Is(err, os.ErrNotExist) {
				t.Fatalf("%s is %s (%s), but there: %t, after\n%s", name, got.State, got.Why, err == nil, strings.Join(done, "\n"))
			}
		}
	})
	t.Logf("unknown, present, absent: %v", sure)
	if sure[image.Present] == 0 || sure[image.Absent] == 0 {
		t.Errorf("the model was never sure: %v", sure)
	}
}

// survive asks of an image in a bounded time.
func survive(t *testing.T, m func() *image.Image, paths ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		img := m()
		for _, p := range append(paths, "/", "/a/b", "/usr/bin/curl") {
			img.Path(p)
		}
		img.Program("curl")
		img.User("app")
		img.Package("curl")
		img.Holds("a")
		img.Problems()
		img.Installs()
		img.Start()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		t.Fatal("takes too long")
	}
}

func TestHostile(t *testing.T) {
	var layers, links, ladder strings.Builder
	layers.WriteString("FROM alpine AS s0\nRUN touch /a\n")
	ladder.WriteString("FROM alpine AS s0\nRUN touch /a/b\n")
	for i := 1; i < 150; i++ {
		fmt.Fprintf(&layers, "FROM s%d AS s%d\nCOPY --from=s%d / /\n", i-1, i, i-1)
		fmt.Fprintf(&ladder, "FROM alpine AS s%d\nCOPY --from=s%d /a /a\nCOPY --from=s%d / /\nCOPY --from=s%d /a /b\n", i, i-1, i-1, i-1)
	}
	links.WriteString("FROM alpine\nRUN ")
	for i := range 1500 {
		fmt.Fprintf(&links, "ln -s /l%d /l%d; ", i+1, i)
	}
	fmt.Fprintf(&links, "ln -s /l0 /l1500; ln -s / /r; ln -s /r/x /x\n")
	cases := map[string]string{
		"layers": layers.String(), "ladder": ladder.String(), "links": links.String(),
		"nested":   "FROM alpine\nRUN " + strings.Repeat("(", 2000) + "true" + strings.Repeat(")", 2000) + "\n",
		"subst":    "FROM alpine\nRUN echo " + strings.Repeat("$(echo ", 800) + strings.Repeat(")", 800) + "\n",
		"doubling": "FROM alpine\nRUN a=xxxxxxxx; " + strings.Repeat("a=$a$a$a; ", 500) + "touch $a\n",
		"loops":    "FROM alpine\nRUN " + strings.Repeat("for i in 1 2 3 4 5 6 7 8 9; do ", 20) + "touch /$i; " + strings.Repeat("done; ", 20) + "\n",
		"many":     "FROM alpine\nRUN " + strings.Repeat("touch /a; cp -r / /b; mv /b /c; ", 1800) + "\n",
		"names":    "FROM debian\nRUN apt-get install -y " + strings.Repeat("p ", 30_000) + "\n",
		"globs":    "FROM alpine\nRUN rm -rf " + strings.Repeat("/*", 5000) + "\n",
		"eval":     "FROM alpine\nRUN eval 'eval \"eval \\\"eval x\\\"\"'; sh -c 'sh -c \"sh -c true\"'\n",
		"self":     "FROM alpine\nWORKDIR /\nCOPY self.sh package.json /\nRUN sh self.sh && npm run build && npm install\n",
		"broken":   "FROM alpine\nRUN if then fi ((\n",
		"windows":  "FROM mcr.microsoft.com/windows\nSHELL [\"powershell\"]\nRUN dir\n",
	}
	files := map[string]string{
		"self.sh":      strings.Repeat("sh self.sh; ", 200),
		"package.json": `{"scripts": {"build": "npm run build && npm run build", "postinstall": "npm install", "prebuild": "npm run build"}}`,
	}
	l := image.Listing{Read: func(p string) ([]byte, error) { return []byte(files[p]), nil }}
	for name := range files {
		l.Files = append(l.Files, image.ContextFile{Path: name})
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			img := parse(t, []byte(text))
			survive(t, func() *image.Image {
				m, err := image.Model(img, "", nil, image.NewContext(l))
				if err != nil {
					t.Error(err)
				}
				return m
			}, "/l0", "/x/y", "/r/r/r/a")
		})
	}
	t.Run("context", func(t *testing.T) {
		var l image.Listing
		for i := range 20_000 {
			l.Files = append(l.Files, image.ContextFile{Path: fmt.Sprintf("d%d/f%d.txt", i%100, i)})
		}
		l.Ignore = source.File{Path: ".dockerignore", Data: []byte(strings.Repeat("**/*.log\n!d*/**/x?[a-z]*\n", 100))}
		img := parse(t, []byte("FROM alpine\nCOPY . /a\nCOPY d*/*.txt /b/\nCOPY */*/*/* /c/\n"))
		survive(t, func() *image.Image {
			m, err := image.Model(img, "", nil, image.NewContext(l))
			if err != nil {
				t.Error(err)
			}
			return m
		}, "/a/d1/f1.txt", "/b/f1.txt")
	})
	if _, err := image.Model(fact.Image{Dockerfile: "D"}, "", nil, nil); err == nil {
		t.Error("an image without a stage is modelled")
	}
	if _, err := image.Model(parse(t, []byte("FROM alpine")), "nope", nil, nil); err == nil {
		t.Error("a stage that is not there is modelled")
	}
}

// FuzzRun reads any shell code. Whatever it says, after a program that is not
// known nothing is certain to be missing.
func FuzzRun(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		f.Fatal("no seeds")
	}
	for _, name := range cases {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if code, ok := strings.CutPrefix(line, "RUN "); ok {
				f.Add(strings.TrimSpace(code))
			}
		}
	}
	f.Fuzz(func(t *testing.T, code string) {
		for _, m := range []*image.Image{ran(t, "/app", code, image.Listing{}), ran(t, "", code, image.Listing{})} {
			m.Path("/app/a")
			m.Path("b")
			m.Program("curl")
			m.User("app")
			m.Installs()
		}
		if strings.ContainsAny(code, "'\"`\\(){}<>#$;&|\n!") || strings.Contains(code, "()") {
			return
		}
		m := ran(t, "/app", code+"\n/no/such/program\n", image.Listing{})
		if a := m.Path("/anything/at/all"); a.State == image.Absent {
			t.Errorf("certain after a program that is not known: %s", a.Why)
		}
	})
}
