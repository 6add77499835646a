package missingfile

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// naming is how code puts together the path of a file that lies at a fixed
// place of the tree: from the folder of the file of code
// (https://nodejs.org/api/modules.html#__dirname,
// https://docs.python.org/3/library/pathlib.html), or, of Python, from the
// working directory.
var naming = []struct {
	text   string // without which there is none
	ending string
	form   *regexp.Regexp // the last group is the path; the one before, of Python, the number of parents
	beside bool
	called bool // it is what a function reads by default, whose name is the first group
}{
	{"__dirname", ".js", regexp.MustCompile(`\b(?:join|resolve)\(\s*__dirname\s*,\s*["'](\.{0,2}/?[\w@.-]+(?:/[\w@.-]+)*)["']\s*,?\s*\)`), true, false},
	{"import.meta", ".js", regexp.MustCompile(`\bnew URL\(\s*["'](\.{1,2}/[\w@.-]+(?:/[\w@.-]+)*)["']\s*,\s*import\.meta\.url\s*\)`), true, false},
	{"__file__", ".py", regexp.MustCompile(`\bPath\(\s*__file__\s*\)(?:\.(?:resolve|absolute)\(\))?\.parents\[(\d)\]\s*/\s*["']([\w.-]+(?:/[\w.-]+)*)["']`), true, false},
	{"Path(", ".py", regexp.MustCompile(`\bPath\(\s*["']([\w.-]+(?:/[\w.-]+)+)["']\s*\)`), false, false},
	{"open(", ".py", regexp.MustCompile(`\bdef (\w+)\(\s*\w+\s*(?::\s*[\w.\[\] |]+)?=\s*["']([\w-][\w./-]*\.(?:ya?ml|json|toml|ini|cfg|conf|csv))["']\s*\)`), false, true},
}

// mention is a path that code names.
type mention struct {
	file string // of the project
	line int
	text string
	in   string // of the project: what it means
	dir  string // of the component
}

// named finds the files of the tree that the code of a component names by their
// place, and that its image has nowhere.
func (s *session) named(l *ledger.Ledger) {
	for _, c := range l.Components {
		var all []mention
		looked := false
		for _, b := range l.Builds {
			img := b.Image()
			if img == nil || b.Owner != c || environment.ForDevelopers(b.Dockerfile) || b.ForTests() || !fed(img) {
				continue
			}
			if dir, ok := img.Origin(img.WorkDir()); ok && path.Join(b.Context, dir) == path.Clean(c.Dir) && takesAll(img) {
				continue // what it has is what the tree has
			}
			if !looked {
				all, looked = mentions(b, c), true
			}
			for _, m := range all {
				s.mentioned(b, m)
			}
		}
	}
}

// takesAll reports whether a step of the last stage copies the whole context.
func takesAll(img *image.Image) bool {
	return slices.ContainsFunc(img.Definition().Steps, func(step fact.Step) bool {
		return step.Kind != "run" && step.From == "" && slices.ContainsFunc(step.Sources, func(from string) bool { return path.Clean("/"+from) == "/" })
	})
}

// mentions returns the paths of the tree that the code of a component names.
func mentions(b *ledger.Build, c *ledger.Component) []mention {
	var all []mention
	for _, f := range c.Files {
		ending := path.Ext(f.Path)
		switch ending {
		case ".ts", ".mts", ".cts", ".mjs", ".cjs":
			ending = ".js"
		}
		if ending != ".js" && ending != ".py" || !f.Code() || c.Tool(f.Path) || strings.Contains(path.Base(f.Path), ".config.") || spared(strings.TrimPrefix(f.Path, prefixed(path.Clean(c.Dir)))) {
			continue
		}
		file, ok := within(b.Context, f.Path)
		if !ok {
			continue
		}
		var data []byte
		for _, n := range naming {
			if n.ending != ending {
				continue
			}
			if data == nil {
				if data, ok = b.Read(file); !ok {
					break
				}
			}
			if !bytes.Contains(data, []byte(n.text)) {
				continue
			}
			for _, at := range n.form.FindAllSubmatchIndex(data, 20) {
				name := string(data[at[len(at)-2]:at[len(at)-1]])
				dir := path.Clean(c.Dir)
				if n.beside {
					dir = path.Dir(f.Path)
				}
				if len(at) > 4 && !n.called {
					for range data[at[2]] - '0' {
						dir = path.Dir(dir)
					}
				}
				if n.called && !bytes.Contains(data, []byte(string(data[at[2]:at[3]])+"()")) {
					continue // what it is called with is not known
				}
				line := 1 + bytes.Count(data[:at[0]], []byte("\n"))
				if in := path.Join(dir, name); !prepared(data, line, path.Base(name)) && !strings.HasPrefix(in, "../") && in != "." && !strings.HasPrefix(path.Base(in), ".env") {
					all = append(all, mention{f.Path, line, name, in, path.Clean(c.Dir)})
				}
			}
		}
	}
	return all
}

// prepared reports whether the code near a line asks whether the file is there.
func prepared(data []byte, line int, base string) bool {
	lines := strings.Split(string(data), "\n")
	for i, text := range lines {
		near := i+1 >= line-3 && i+1 <= line+3
		if (near || strings.Contains(text, base)) && asking.MatchString(text) && !insists(lines[i:]) {
			return true
		}
	}
	return false
}

func (s *session) mentioned(b *ledger.Build, m mention) {
	in, ok := within(b.Context, m.in)
	file, inside := within(b.Context, m.file)
	there := place{build: b, dir: "."}
	if !ok || !inside || !there.has(in) || strings.Contains(in, "node_modules") {
		return
	}
	img := b.Image()
	// What is beside the code that is compiled, the build may put beside its
	// output.
	if len(img.Landings(file)) == 0 && path.Ext(file) != ".py" {
		own, _ := within(m.dir, m.file)
		other, inside := within(m.dir, m.in)
		if top, _, _ := strings.Cut(own, "/"); inside && (top == own || strings.HasPrefix(other, top+"/") || other == top) {
			return
		}
	}
	files := b.Files()
	held := []string{in}
	if _, found := slices.BinarySearch(files, in); !found {
		held = nil
		at, _ := slices.BinarySearch(files, in+"/")
		for ; at < len(files) && strings.HasPrefix(files[at], in+"/") && len(held) < 5; at++ {
			held = append(held, files[at])
		}
	}
	var a image.Answer
	for _, f := range held {
		if a = img.Holds(f); a.State != image.Absent {
			return
		}
	}
	if mentionedBySteps(img, path.Base(in)) || slices.ContainsFunc(b.Uses, func(u ledger.Use) bool { return mounted(b, path.Join(img.WorkDir(), in)) }) {
		return
	}
	key := fmt.Sprint("name ", b.Dockerfile, " ", deployed(b), " ", in)
	if s.said[key] {
		return
	}
	s.said[key] = true
	s.add(gap{
		severity: finding.Warning, build: b, environment: deployed(b), subject: in,
		message:     fmt.Sprintf("the code names %s, which the tree has as %s, and no step copies it into the image: %s", m.text, b.Source(in), a.Why),
		consequence: "what the code reads it for fails: no such file or directory",
		remedy:      "copy " + b.Source(in) + " to where the code looks for it",
		need:        source.Span{File: m.file, Line: m.line}, text: m.text, absent: a.At, related: []source.Span{{File: b.Source(in), Line: 1}},
	})
}

// mentionedBySteps reports whether a step that runs something speaks of a name.
func mentionedBySteps(img *image.Image, name string) bool {
	return slices.ContainsFunc(img.Stages(), func(n int) bool {
		return slices.ContainsFunc(img.Stage(fmt.Sprint(n)).Definition().Steps, func(step fact.Step) bool {
			return step.Kind == "run" && strings.Contains(strings.Join(step.Command, " "), name)
		})
	})
}
