package missingfile

import (
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

// code finds the files that the code of a component reads, that the tree has
// and that an image in which the code runs has not.
func (s *session) code(l *ledger.Ledger) {
	for _, c := range l.Components {
		var reads []fact.Need
		spared := map[string]bool{} // what is asked after, or written, somewhere
		for _, n := range append(c.Of(fact.Reading), c.Of(fact.Writing)...) {
			if n.Kind == fact.Writing || n.Necessity != fact.Required {
				spared[path.Base(n.Name)] = true
			}
		}
		for _, n := range c.Of(fact.Reading) {
			if !spared[path.Base(n.Name)] && n.Necessity == fact.Required && !n.Browser && !c.Tool(n.At.File) && readable(n.Name) {
				reads = append(reads, n)
			}
		}
		if len(reads) == 0 {
			continue
		}
		for _, b := range l.Builds {
			if b.Image() == nil || environment.ForDevelopers(b.Dockerfile) || b.Owner != c {
				continue
			}
			for _, n := range reads {
				s.reading(c, b, n)
			}
		}
	}
}

// readable reports whether a path that code reads may be one of the tree.
func readable(name string) bool {
	return name != "" && len(name) <= 200 && !path.IsAbs(name) && !strings.ContainsAny(name, "*?[]{}$%~:\\<>|") && path.Clean(name) != "." && !strings.HasPrefix(path.Base(name), ".env")
}

func (s *session) reading(c *ledger.Component, b *ledger.Build, n fact.Need) {
	img := b.Image()
	file, inside := within(b.Context, n.At.File)
	if !inside {
		return
	}
	landings := img.Landings(file)
	if len(landings) == 0 {
		if path.Ext(file) == ".go" && !n.Beside {
			s.program(c, b, n)
		}
		return // what the image has of the code is made of it
	}
	var in, wanted string // of the context; of the image
	if n.Beside {
		in = path.Join(path.Dir(file), n.Name)
		wanted = path.Join(path.Dir(landings[0].Path), n.Name)
	} else {
		dir, ok := within(b.Context, path.Clean(c.Dir))
		work := img.WorkDir()
		if !ok && path.Clean(c.Dir) != path.Clean(b.Context) || work == "" {
			return
		}
		in, wanted = path.Join(dir, n.Name), path.Join(work, n.Name)
	}
	there := place{build: b, dir: "."}
	if strings.HasPrefix(in, "../") || !there.has(in) || mounted(b, wanted) {
		return
	}
	a := img.Path(wanted)
	if a.State != image.Absent || asked(b, file, n) {
		return
	}
	for _, l := range landings[1:] {
		if n.Beside && img.Path(path.Join(path.Dir(l.Path), n.Name)).State != image.Absent {
			return
		}
	}
	s.said[fmt.Sprint("name ", b.Dockerfile, " ", deployed(b), " ", in)] = true
	severity := finding.Warning
	if n.Fatal {
		severity = finding.Error
	}
	s.add(gap{
		severity: severity, build: b, environment: deployed(b), subject: n.Name,
		message:     fmt.Sprintf("the code reads %s, which the tree has, and the image does not have it at %s: %s", n.Name, wanted, a.Why),
		consequence: "what the code reads the file for fails: no such file or directory",
		remedy:      fmt.Sprintf("copy %s to %s", b.Source(in), wanted),
		need:        n.At, text: n.Text, absent: a.At, related: []source.Span{{File: b.Source(in), Line: 1}},
	})
}

// program is a read of a program that was built: from the working directory,
// where nothing of what the tree has at that place was copied into the image.
func (s *session) program(c *ledger.Component, b *ledger.Build, n fact.Need) {
	img, there := b.Image(), place{build: b, dir: "."}
	dir, ok := within(b.Context, path.Clean(c.Dir))
	if !ok && path.Clean(c.Dir) != path.Clean(b.Context) || !img.Base().Known {
		return
	}
	in, work := path.Join(dir, n.Name), img.WorkDir()
	if work == "" {
		work = "/"
	}
	if !there.has(in) && b.Has("go.mod") {
		in = n.Name // it is started where the module is
	}
	wanted := path.Join(work, n.Name)
	file, _ := within(b.Context, n.At.File)
	if strings.HasPrefix(in, "../") || !there.has(in) || mounted(b, wanted) || img.Path(wanted).State == image.Present || asked(b, file, n) || mentionedBySteps(img, path.Base(in)) {
		return
	}
	files := b.Files()
	held := []string{in}
	if _, found := slices.BinarySearch(files, in); !found {
		held = nil
		for at, _ := slices.BinarySearch(files, in+"/"); at < len(files) && strings.HasPrefix(files[at], in+"/") && len(held) < 5; at++ {
			held = append(held, files[at])
		}
	}
	var a image.Answer
	for _, f := range held {
		if a = img.Holds(f); a.State != image.Absent {
			return
		}
	}
	severity := finding.Warning
	if n.Fatal {
		severity = finding.Error
	}
	s.add(gap{
		severity: severity, build: b, environment: deployed(b), subject: n.Name,
		message:     fmt.Sprintf("the program reads %s, which the tree has as %s, and no step copies it into the image: %s", n.Name, b.Source(in), a.Why),
		consequence: "what the program reads it for fails: no such file or directory", remedy: fmt.Sprintf("copy %s to %s", b.Source(in), wanted),
		need: n.At, text: n.Text, absent: a.At, related: []source.Span{{File: b.Source(in), Line: 1}},
	})
}

// asking is how code asks whether a file is there, in the languages that are
// read.
var asking = regexp.MustCompile(`(?i)exist|is_?file|is_?dir|\baccess|stat\b|stat\(|\btry\b|\brescue\b|\bcatch\b|\bexcept\b|\?\.`)

// asked reports whether the code around a read is ready for a file that is not
// there: it asks for it by name in the same file, or stands where a failure is
// caught.
func asked(b *ledger.Build, file string, n fact.Need) bool {
	data, ok := b.Read(file)
	if !ok {
		return true
	}
	base := path.Base(n.Name)
	lines := strings.Split(string(data), "\n")
	for i, line := range lines {
		near := i+1 <= n.At.Line && i+1 >= n.At.Line-3
		if (near || strings.Contains(line, base)) && asking.MatchString(line) && !insists(lines[i:]) {
			return true
		}
	}
	return false
}

// insists reports whether code that asks after something gives up where it is not
// there: if not path.is_file(): raise.
func insists(lines []string) bool {
	if !strings.Contains(lines[0], "if") || !denying.MatchString(lines[0]) {
		return false
	}
	for _, line := range lines[:min(len(lines), 3)] {
		if giving.MatchString(line) {
			return true
		}
	}
	return false
}

var (
	denying = regexp.MustCompile(`\bnot\b|!|== ?false|unless|IsNotExist`)
	giving  = regexp.MustCompile(`\braise\b|\bthrow\b|\bpanic\(|\bexit\(|[Ff]atal|\babort\b`)
)

// within returns a path of the project as seen from a context that it is in.
func within(context, file string) (string, bool) {
	if context == "." {
		return file, !strings.HasPrefix(file, "../")
	}
	if file == context {
		return ".", true
	}
	return strings.CutPrefix(file, context+"/")
}

// mounted reports whether one that runs the image may have something else at a
// path, or works elsewhere.
func mounted(b *ledger.Build, p string) bool {
	return slices.ContainsFunc(b.Uses, func(u ledger.Use) bool {
		return u.Environment.IsProduction() && (u.Workload.WorkDir != "" || slices.ContainsFunc(u.Workload.Mounts, func(m fact.Mount) bool {
			dir := path.Clean(m.Path)
			return m.Path == "" || p == dir || strings.HasPrefix(p, strings.TrimSuffix(dir, "/")+"/") || strings.HasPrefix(dir, p+"/")
		}))
	})
}
