// Package railway reads the configurations of services on Railway
// (https://docs.railway.com/reference/config-as-code): what is built and
// started. Their variables are kept on the platform.
package railway

import (
	"context"
	"path"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
)

// Reader reads railway.toml and railway.json.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "railway".
func (Reader) Format() string { return "railway" }

// Names reports whether path is railway.toml or railway.json.
func (Reader) Names(name string) bool {
	base := path.Base(name)
	return base == "railway.toml" || base == "railway.json"
}

// Read returns one Workload: the service, of which nothing tells the variables.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "railway"}
	c, err := configuration(file)
	if err != nil {
		return def, err
	}
	if c == nil {
		return def, nil
	}
	dir, at := path.Dir(file.Path), source.Span{File: file.Path, Line: 1}
	w := fact.Workload{
		Name: "service", Kind: "service", Platform: "railway", At: at, EnvAt: at, Code: dir, Replicas: 1,
		Imports: []fact.Import{{Ref: fact.Ref{Kind: "Secret", Name: "variables of Railway"}, At: at}},
	}
	if dockerfile := c["build.dockerfilePath"]; dockerfile.text != "" {
		w.Code, w.Build = "", &fact.BuildFrom{Context: dir, Dockerfile: path.Join(dir, dockerfile.text), At: dockerfile.at}
	}
	if command := c["deploy.startCommand"]; command.text != "" {
		w.Args, w.StartAt = []string{"/bin/sh", "-c", command.text}, command.at
	}
	if check := c["deploy.healthcheckPath"]; check.text != "" {
		w.Probes = []fact.Probe{{Kind: "readiness", Scheme: "http", Path: check.text, At: check.at}}
	}
	def.Workloads = []fact.Workload{w}
	return def, nil
}

type said struct {
	text string
	at   source.Span
}

// keys are those that are read, in either form of the file.
var keys = [][2]string{{"build", "dockerfilePath"}, {"deploy", "startCommand"}, {"deploy", "healthcheckPath"}}

// configuration returns what the file says, nil where it is none of Railway.
func configuration(file source.File) (map[string]said, error) {
	all := map[string]said{}
	if path.Ext(file.Path) == ".toml" {
		root, err := infra.TOML(file)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			t := root.Table(key[0])
			all[key[0]+"."+key[1]] = said{t.Text(key[1]), t.At(key[1])}
		}
		if root.Table("build").IsZero() && root.Table("deploy").IsZero() {
			return nil, nil
		}
		return all, nil
	}
	docs, _, err := infra.YAML(file)
	if err != nil || len(docs) == 0 {
		return nil, err
	}
	root := docs[0].Root
	if !root.Get("build").IsMap() && !root.Get("deploy").IsMap() {
		return nil, nil
	}
	for _, key := range keys {
		n := root.Get(key[0], key[1])
		all[key[0]+"."+key[1]] = said{n.Text(), n.Place()}
	}
	return all, nil
}
