// Package fly reads the configurations of applications on Fly
// (https://fly.io/docs/reference/configuration/).
package fly

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

// Reader reads fly.toml and its likes: fly.staging.toml, fly.prod.api.toml.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "fly".
func (Reader) Format() string { return "fly" }

// Names reports whether path is a TOML file of which fly is a word.
func (Reader) Names(name string) bool {
	words := strings.FieldsFunc(path.Base(name), func(r rune) bool { return r == '.' || r == '-' || r == '_' })
	return path.Ext(name) == ".toml" && slices.Contains(words, "fly")
}

// Read returns a Workload for each group of processes, and one for the command
// of a release.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "fly"}
	root, err := infra.TOML(file)
	if err != nil {
		return def, err
	}
	if root.Text("app") == "" && root.Table("build").IsZero() && root.Table("http_service").IsZero() && len(root.Tables("services")) == 0 {
		return def, nil
	}
	r := reader{root: root, app: root.Text("app"), dir: path.Dir(file.Path), def: &def}
	if r.app == "" {
		r.app = "app"
	}
	r.read()
	return def, nil
}

type reader struct {
	root infra.Table
	app  string
	dir  string
	def  *fact.Definition
}

// group is what a section says of the groups of processes that it is for: of
// all where it names none.
func group(t infra.Table, name string) bool {
	groups := t.Texts("processes")
	return len(groups) == 0 || slices.Contains(groups, name)
}

func (r *reader) read() {
	env := r.root.Table("env")
	shared := fact.Workload{
		Kind: "app", Platform: "fly", At: source.Span{File: r.def.File, Line: 1}, EnvAt: env.Place(), Replicas: 1,
		Image: r.root.Table("build").Text("image"), Supplies: env.Variables(),
		// What fly secrets set says is in no file.
		Imports: []fact.Import{{Ref: fact.Ref{Kind: "Secret", Name: "fly:" + r.app}, At: source.Span{File: r.def.File, Line: 1}}},
	}
	if at := r.root.At("app"); r.root.Text("app") != "" {
		shared.At = at
	}
	if env.IsZero() {
		shared.EnvAt = shared.At
	}
	r.build(&shared)
	processes := r.root.Table("processes")
	names := processes.Keys()
	if len(names) == 0 {
		names = []string{"app"}
	}
	for _, name := range names {
		w := shared
		w.Name = r.app
		if !processes.IsZero() {
			w.Name, w.At = r.app+"-"+name, processes.At(name)
			w.Args, w.StartAt = words(processes.Text(name)), processes.At(name)
		}
		w.Labels = map[string]string{"fly": r.app + "/" + name}
		r.process(&w, name)
		r.def.Workloads = append(r.def.Workloads, w)
	}
	if deploy := r.root.Table("deploy"); deploy.Text("release_command") != "" {
		w := shared
		w.Name, w.Once, w.At = r.app+"-release", true, deploy.At("release_command")
		w.Args, w.StartAt = words(deploy.Text("release_command")), w.At
		r.def.Workloads = append(r.def.Workloads, w)
	}
}

// folders hold configurations of the application above them.
var folders = []string{"deploy", "deployment", "fly", ".fly", "infra", "ops", "config"}

// build tells what the image is made of. The path of a Dockerfile is relative
// to the configuration, its context is the folder from which it is deployed.
func (r *reader) build(w *fact.Workload) {
	b := r.root.Table("build")
	if w.Image != "" {
		return
	}
	context := r.dir
	for slices.Contains(folders, path.Base(context)) {
		context = path.Dir(context)
	}
	if b.Text("builder") != "" || len(b.Texts("buildpacks")) > 0 {
		w.Code = context
		return
	}
	w.Build = &fact.BuildFrom{Context: context, Dockerfile: path.Join(context, "Dockerfile"), Target: b.Text("build-target"), At: w.At}
	if said := b.Text("dockerfile"); said != "" {
		w.Build.Dockerfile, w.Build.At = path.Join(r.dir, said), b.At("dockerfile")
		if !source.Under(context, w.Build.Dockerfile) {
			w.Build.Context = "" // it is deployed from a folder above
		}
	}
	for _, s := range b.Table("args").Variables() {
		s.Phase = fact.Build
		w.Build.Args = append(w.Build.Args, s)
	}
}

func (r *reader) process(w *fact.Workload, name string) {
	service := fact.Service{Name: r.app + ".internal", Kind: "fly", At: w.At, Selector: w.Labels}
	services := r.root.Tables("services")
	if http := r.root.Table("http_service"); !http.IsZero() {
		services = append([]infra.Table{http}, services...)
	}
	for _, s := range services {
		port := s.Int("internal_port")
		if port == 0 || !group(s, name) {
			continue
		}
		at := s.At("internal_port")
		w.Ports = append(w.Ports, fact.Port{Number: port, At: at})
		service.Ports = append(service.Ports, fact.Port{Number: 443, Target: port, At: at, TargetAt: at})
		service.At = at
		if n := s.Int("min_machines_running"); n > w.Replicas {
			w.Replicas, w.ReplicasAt = n, s.At("min_machines_running")
		}
		for _, key := range []string{"checks", "http_checks"} {
			for _, c := range s.Tables(key) {
				w.Probes = append(w.Probes, probe(c, port))
			}
		}
	}
	checks := r.root.Table("checks")
	for _, key := range checks.Keys() {
		if c := checks.Table(key); group(c, name) && c.Int("port") != 0 {
			w.Probes = append(w.Probes, probe(c, c.Int("port")))
		}
	}
	for _, m := range r.root.Tables("mounts") {
		if group(m, name) && m.Text("destination") != "" {
			w.Mounts = append(w.Mounts, fact.Mount{Path: m.Text("destination"), Source: m.Text("source"), Kind: "volume", Persistent: true, At: m.At("destination")})
		}
	}
	for _, s := range r.root.Tables("statics") {
		// Those of a bucket are not in the image.
		if guest := s.Text("guest_path"); guest != "" && s.Text("tigris_bucket") == "" {
			w.Needs = append(w.Needs, fact.Need{Kind: fact.Reading, Name: guest, At: s.At("guest_path"), Text: "guest_path"})
		}
	}
	if len(service.Ports) > 0 {
		r.def.Services = append(r.def.Services, service)
	}
}

func probe(c infra.Table, port int) fact.Probe {
	p := fact.Probe{Kind: "readiness", Scheme: "http", Path: c.Text("path"), Port: port, At: c.Place()}
	if c.Text("protocol") == "https" {
		p.Scheme = "https"
	}
	if c.Text("type") == "tcp" {
		p.Scheme, p.Path = "tcp", ""
	} else if p.Path == "" {
		p.Path = "/"
	}
	return p
}

func words(command string) []string {
	words, err := shellwords.Parse(command)
	if err != nil || len(words) == 0 {
		return []string{command}
	}
	return words
}
