package ledger

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/source"
)

// workerFile is a file in which a server is told how many processes to start.
type workerFile struct {
	programs []string       // base names of what is started
	options  []string       // that name the file
	suffixes []string       // of a word that names it without an option
	standard []string       // where it is looked for when nothing names it
	count    *regexp.Regexp // its group is the number, or a word for as many as there are processors
	several  *regexp.Regexp // it is computed of the processors
	preload  *regexp.Regexp // the code is loaded before the processes part
}

var workerFiles = []workerFile{
	{ // https://docs.gunicorn.org/en/stable/settings.html#workers
		programs: []string{"gunicorn"}, options: []string{"-c", "--config"}, standard: []string{"gunicorn.conf.py"},
		count:   regexp.MustCompile(`(?m)^workers[ \t]*=[ \t]*(?:int\()?(?:os\.(?:environ\.get|getenv)\([^,\n]+,[ \t]*)?["']?(\d+)["' \t)]*(?:#.*)?$`),
		several: regexp.MustCompile(`(?m)^workers[ \t]*=.*cpu_count`),
		preload: regexp.MustCompile(`(?m)^preload_app[ \t]*=[ \t]*True`),
	},
	{ // https://puma.io/puma/Puma/DSL.html#workers-instance_method
		programs: []string{"puma", "rails"}, options: []string{"-C", "--config"}, standard: []string{"config/puma.rb"},
		count:   regexp.MustCompile(`(?m)^[ \t]*workers[ \t(]+(?:Integer\()?(?:ENV(?:\.fetch\(|\[)[ \t]*["']\w+["'][ \t]*(?:,|\)[ \t]*\{|\)[ \t]*do|\][ \t]*\|\|)[ \t]*)?["']?(\d+)["' \t)}]*(?:#.*)?$`),
		preload: regexp.MustCompile(`(?m)^[ \t]*preload_app!`),
	},
	{ // https://pm2.keymetrics.io/docs/usage/application-declaration/
		programs: []string{"pm2", "pm2-runtime", "pm2-docker"}, suffixes: []string{".config.js", ".config.cjs", ".json", ".yml", ".yaml"}, standard: []string{"ecosystem.config.js"},
		count: regexp.MustCompile(`["']?\binstances["']?[ \t]*:[ \t]*["']?(\d+\b|max\b|-1)["']?`),
	},
	{ // https://uwsgi-docs.readthedocs.io/en/latest/Options.html#processes
		programs: []string{"uwsgi"}, options: []string{"--ini"}, suffixes: []string{".ini"},
		count: regexp.MustCompile(`(?m)^[ \t]*(?:processes|workers)[ \t]*=[ \t]*(\d+)[ \t]*$`),
	},
}

// named returns what the file may be called that a command gives its server; none
// where the command does not start one.
func (f *workerFile) named(words []string) []string {
	i := slices.IndexFunc(words, func(w string) bool { return slices.Contains(f.programs, path.Base(w)) })
	if i < 0 {
		return nil
	}
	rest := words[i+1:]
	for _, option := range f.options {
		if value, ok := optionOf(rest, option); ok {
			return []string{strings.TrimPrefix(value, "file:")}
		}
	}
	for _, w := range rest {
		if slices.ContainsFunc(f.suffixes, func(s string) bool { return strings.HasSuffix(w, s) }) {
			return []string{w}
		}
	}
	return f.standard
}

// configured tells how many processes the file of a server starts, which a
// command of the run names or which lies where the server looks for it.
func (r *Run) configured(words []string) (c Copies, ok bool) {
	if r.build == nil {
		return Copies{}, false
	}
	for i := range workerFiles {
		f := &workerFiles[i]
		for _, name := range f.named(words) {
			if file, data := r.build.beside(name); data != nil {
				if c, ok := f.copies(file, data); ok {
					return c, true
				}
			}
		}
	}
	return Copies{}, false
}

// beside returns the one file of the context that a name in the image can mean.
func (b *Build) beside(name string) (string, []byte) {
	name = strings.TrimPrefix(path.Clean(name), "/")
	found := ""
	for _, f := range b.Files() {
		// A path in the image begins with folders that the context does not have.
		if f == name || strings.HasSuffix(name, "/"+f) || strings.HasSuffix(f, "/"+name) {
			if found != "" {
				return "", nil
			}
			found = f
		}
	}
	if found == "" {
		return "", nil
	}
	data, _ := b.Read(found)
	return b.Source(found), data
}

func (f *workerFile) copies(file string, data []byte) (Copies, bool) {
	all := f.count.FindAllSubmatchIndex(data, 2)
	c := Copies{Machine: true, Forked: f.preload != nil && f.preload.Match(data)}
	at, end := 0, len(data)
	switch {
	case len(all) == 1:
		at, end = all[0][0], all[0][1]
		n, err := strconv.Atoi(string(data[all[0][2]:all[0][3]]))
		if err == nil && n == 1 || err == nil && n == 0 && f.programs[0] != "pm2" {
			return Copies{}, false
		}
		c.Count = max(n, 0)
	case len(all) == 0 && f.several != nil && f.several.Match(data):
		at = f.several.FindIndex(data)[0]
	default:
		return Copies{}, false // of several applications it is not known which is this one
	}
	start := bytes.TrimLeft(data[at:end], " \t\n")
	line, _, _ := bytes.Cut(start, []byte("\n"))
	c.Text = string(line[:min(len(line), 60)])
	c.At = source.Span{File: file, Line: bytes.Count(data[:end-len(start)], []byte("\n")) + 1}
	return c, true
}
