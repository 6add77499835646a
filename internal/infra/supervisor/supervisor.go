// Package supervisor reads configurations of Supervisor
// (http://supervisord.org/configuration.html): the programs that it starts,
// which have the variables of the container that it runs in too.
package supervisor

import (
	"context"
	"path"
	"strings"

	"github.com/mattn/go-shellwords"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
)

// Reader reads supervisord.conf and its likes.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "supervisor".
func (Reader) Format() string { return "supervisor" }

// Names reports whether path is a configuration whose path speaks of supervisor.
func (Reader) Names(name string) bool {
	ext := path.Ext(name)
	return (ext == ".conf" || ext == ".ini") && strings.Contains(path.Base(path.Dir(name))+"/"+path.Base(name), "supervisor")
}

// Read returns a Workload for each program.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "supervisor"}
	sections, err := infra.INI(file, true)
	if err != nil {
		return def, err
	}
	for _, s := range sections {
		name, ok := strings.CutPrefix(s.Name, "program:")
		command := s.Last("command")
		if !ok || command.Value == "" {
			continue
		}
		args, err := shellwords.Parse(command.Value)
		if err != nil || len(args) == 0 {
			args = strings.Fields(command.Value)
		}
		w := fact.Workload{
			Name: strings.TrimSpace(name), Kind: "program", Platform: "supervisor", At: s.At, EnvAt: s.At, WorkDir: s.Last("directory").Value,
			User: s.Last("user").Value, Replicas: 1, Args: args, StartAt: command.At,
			Imports: []fact.Import{{Ref: fact.Ref{Kind: "environment of", Name: "supervisord"}, At: s.At}},
		}
		if e := s.Last("environment"); e.Value != "" {
			w.EnvAt = e.At
			w.Supplies = variables(e)
		}
		def.Workloads = append(def.Workloads, w)
	}
	return def, nil
}

// variables reads KEY="value",KEY2="value2".
func variables(e infra.Entry) []fact.Supply {
	var all []fact.Supply
	rest := e.Value
	for rest != "" {
		name, after, ok := strings.Cut(rest, "=")
		if !ok {
			break
		}
		value := ""
		after = strings.TrimSpace(after)
		if after != "" && (after[0] == '"' || after[0] == '\'') {
			value, rest, _ = strings.Cut(after[1:], after[:1])
			_, rest, _ = strings.Cut(rest, ",")
		} else {
			value, rest, _ = strings.Cut(after, ",")
		}
		v := fact.Text(strings.TrimSpace(value))
		if strings.Contains(value, "%(") {
			v = fact.Unknowable("it is filled in by Supervisor")
		}
		if name = strings.TrimSpace(name); name != "" {
			all = append(all, fact.Supply{Kind: fact.Variable, Name: name, At: e.At, Value: v})
		}
	}
	return all
}
