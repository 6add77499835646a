// Package systemd reads units of services
// (https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html).
package systemd

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/mattn/go-shellwords"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
)

// Reader reads *.service.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "systemd".
func (Reader) Format() string { return "systemd" }

// Names reports whether path ends in .service.
func (Reader) Names(name string) bool { return path.Ext(name) == ".service" }

// Read returns a Workload for the service.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "systemd"}
	sections, err := infra.INI(file, false)
	if err != nil {
		return def, err
	}
	for _, s := range sections {
		start := s.Last("ExecStart")
		if s.Name != "Service" || start.Value == "" {
			continue
		}
		w := fact.Workload{
			Name: strings.TrimSuffix(strings.TrimSuffix(path.Base(file.Path), ".service"), "@"), Kind: "service", Platform: "systemd", At: s.At, EnvAt: s.At,
			WorkDir: s.Last("WorkingDirectory").Value, User: s.Last("User").Value, Once: s.Last("Type").Value == "oneshot", Replicas: 1,
			Args: words(strings.TrimLeft(start.Value, "-@:+!")), StartAt: start.At,
		}
		if runs(w.Args) {
			w.Code = "."
		}
		for _, e := range s.All("Environment") {
			w.EnvAt = e.At
			for _, word := range words(e.Value) {
				if name, value, ok := strings.Cut(word, "="); ok {
					w.Supplies = append(w.Supplies, fact.Supply{Kind: fact.Variable, Name: name, At: e.At, Value: valueOf(value)})
				}
			}
		}
		for _, e := range append(s.All("EnvironmentFile"), s.All("PassEnvironment")...) {
			w.Imports = append(w.Imports, fact.Import{Ref: fact.Ref{Kind: "EnvironmentFile", Name: strings.TrimPrefix(e.Value, "-")}, At: e.At})
		}
		def.Workloads = append(def.Workloads, w)
	}
	return def, nil
}

// runtimes start the code of the project itself; any other program may be one
// that was installed.
var runtimes = []string{
	"node", "npm", "yarn", "pnpm", "bun", "deno", "python", "gunicorn", "uvicorn", "daphne", "uwsgi", "celery", "flask", "ruby", "bundle", "puma", "java", "php", "dotnet",
}

func runs(args []string) bool {
	return len(args) > 0 && slices.Contains(runtimes, strings.TrimRight(path.Base(args[0]), "0123456789."))
}

// valueOf returns what a variable has: one with a specifier is known only when
// the unit is started.
func valueOf(text string) fact.Value {
	if strings.Contains(text, "%") {
		return fact.Unknowable("a specifier of the unit")
	}
	return fact.Text(text)
}

func words(text string) []string {
	words, err := shellwords.Parse(text)
	if err != nil || len(words) == 0 {
		return strings.Fields(text)
	}
	return words
}
