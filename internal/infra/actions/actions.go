// Package actions reads the workflows of GitHub Actions
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax):
// what the jobs, their steps and their services are given, and which images
// they build.
package actions

import (
	"context"
	"path"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Reader reads workflows.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "github-actions".
func (Reader) Format() string { return "github-actions" }

// The kinds of the workloads.
const (
	JobKind     = "job"
	ServiceKind = "service"    // a container beside the steps of a job
	BuildKind   = "build-step" // a step that makes Image of Build; it runs nothing of it
)

// folders hold workflows; Gitea and Forgejo read the same format.
var folders = []string{".github/workflows", ".gitea/workflows", ".forgejo/workflows"}

// ActionFormat is the format of the definition of an action, which jobs use and
// which runs nothing by itself
// (https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax).
const ActionFormat = "github-action"

// Names reports whether path is a YAML file in a folder of workflows, or the
// metadata of an action.
func (Reader) Names(name string) bool {
	if ext := path.Ext(name); ext != ".yaml" && ext != ".yml" {
		return false
	}
	dir := path.Dir(name)
	if base := strings.TrimSuffix(path.Base(name), path.Ext(name)); base == "action" {
		return true
	}
	for _, folder := range folders {
		if dir == folder || strings.HasSuffix(dir, "/"+folder) {
			return true
		}
	}
	return false
}

// Read returns a Workload for each job, for each service of a job, and for each
// image that a step builds. Workloads of one job have its name as namespace:
// they do not see those of other jobs.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "github-actions"}
	docs, unread, err := infra.YAML(file)
	if err != nil {
		return def, err
	}
	def.Unread = unread
	if len(docs) == 0 {
		return def, nil
	}
	root := docs[0].Root
	if base := strings.TrimSuffix(path.Base(file.Path), path.Ext(file.Path)); base == "action" && !root.Get("jobs").IsMap() {
		def.Format = ActionFormat
		if root.Get("runs", "using").Text() == "composite" {
			r := reader{def: &def, root: root}
			r.declares(root.Get("inputs"), nil, root.Get("outputs"))
			r.action()
		}
		return def, nil
	}
	if !root.Get("jobs").IsMap() {
		def.Unread = append(unread, source.Unread{At: root.At, Reason: "is a workflow without jobs"})
		return def, nil
	}
	r := reader{def: &def, root: root}
	env := r.env(root.Get("env"))
	for _, pair := range root.Get("jobs").Pairs() {
		r.job(pair, env)
	}
	r.declares(root.Get("on", "workflow_call", "inputs"), root.Get("on", "workflow_call", "secrets"), root.Get("on", "workflow_call", "outputs"))
	r.undefined()
	return def, nil
}

// reader reads one workflow.
type reader struct {
	def  *fact.Definition
	root *yaml.Node

	inputs  *inputs
	held    int // variables that jobs take over from the workflow
	scripts int // how many were parsed
	looked  int // expressions that were looked into
}

// maxHeld bounds what the jobs of a workflow take over from it.
const maxHeld = 1 << 18

func (r *reader) unread(at source.Span, reason string) {
	r.def.Unread = append(r.def.Unread, source.Unread{At: at, Reason: reason})
}

func (r *reader) job(pair yaml.Pair, outer []fact.Supply) {
	j, name := pair.Value, pair.Name()
	if !j.IsMap() {
		r.unread(pair.Key.At, "the job "+name+" is no mapping")
		return
	}
	if uses := j.Get("uses"); uses != nil && !strings.HasPrefix(uses.Text(), "./") {
		r.unread(uses.At, "the job "+name+" is a workflow of another repository, which is not read")
	}
	r.held += len(outer)
	if r.held > maxHeld {
		r.unread(pair.Key.At, "what the workflow gives its jobs is too large to be read for each")
		outer = nil
	}
	w := fact.Workload{
		Name: name, Kind: JobKind, Namespace: name, At: pair.Key.At, Once: true, Replicas: 1,
		EnvAt: first(j.KeyAt("env"), pair.Key.At), DependsOn: texts(j.Get("needs")),
		Image: j.Get("container").Text(),
	}
	if container := j.Get("container"); container.IsMap() {
		w.Image = container.Get("image").Text()
	}
	w.Supplies = over(over(outer, r.env(j.Get("env"))), r.env(j.Get("container", "env")))
	known := literals(w.Supplies)
	builds := builds{r: r, job: name, known: known, matrix: matrix(j.Get("strategy", "matrix"))}
	dir := or(j.Get("defaults", "run", "working-directory").Text(), r.root.Get("defaults", "run", "working-directory").Text())
	for _, step := range j.Get("steps").Items() {
		w.Supplies = append(w.Supplies, r.env(step.Get("env"))...)
		if uses := step.Get("uses"); strings.HasPrefix(uses.Text(), "./") {
			r.unread(uses.At, "an action of the project itself is not read")
		}
		w.Supplies = append(w.Supplies, builds.step(step, or(step.Get("working-directory").Text(), dir))...)
	}
	r.def.Workloads = append(r.def.Workloads, w)
	for _, service := range j.Get("services").Pairs() {
		r.service(service, name)
	}
	r.def.Workloads = append(r.def.Workloads, builds.found...)
}

func (r *reader) service(pair yaml.Pair, job string) {
	s := pair.Value
	w := fact.Workload{
		Name: pair.Name(), Kind: ServiceKind, Namespace: job, At: pair.Key.At, Replicas: 1,
		EnvAt: first(s.KeyAt("env"), pair.Key.At), Image: s.Get("image").Text(), Supplies: r.env(s.Get("env")),
	}
	if s.IsScalar() {
		w.Image = s.Text()
	}
	for _, item := range s.Get("ports").Items() {
		published, target, both := strings.Cut(strings.Split(item.Text(), "/")[0], ":")
		if !both {
			published, target = "", published
		}
		port := fact.Port{At: item.At, TargetAt: item.At}
		port.Number, _ = yaml.Number(target)
		port.Target = port.Number
		port.Published, _ = yaml.Number(published)
		w.Ports = append(w.Ports, port)
	}
	r.def.Workloads = append(r.def.Workloads, w)
}

// env returns the variables of an env mapping.
func (r *reader) env(n *yaml.Node) []fact.Supply {
	if n.IsScalar() {
		r.unread(n.At, "variables that an expression makes")
	}
	var supplies []fact.Supply
	for _, pair := range n.Pairs() {
		supplies = append(supplies, fact.Supply{Kind: fact.Variable, Name: pair.Name(), At: pair.Key.At, Value: value(pair.Value.Text())})
	}
	return supplies
}

// over lays variables over others.
func over(base, own []fact.Supply) []fact.Supply {
	again := map[string]bool{}
	for _, s := range own {
		again[s.Name] = true
	}
	var all []fact.Supply
	for _, s := range base {
		if !again[s.Name] {
			all = append(all, s)
		}
	}
	return append(all, own...)
}

// literals returns the variables whose values stand there.
func literals(supplies []fact.Supply) map[string]string {
	known := map[string]string{}
	for _, s := range supplies {
		if s.Value.Origin == fact.Literal {
			known[s.Name] = s.Value.Reveal()
		}
	}
	return known
}

// texts returns a text or a list of texts as a list.
func texts(n *yaml.Node) []string {
	if n.IsScalar() {
		return []string{n.Text()}
	}
	return n.Texts()
}

func first(spans ...source.Span) source.Span {
	for _, at := range spans {
		if !at.IsZero() {
			return at
		}
	}
	return source.Span{}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
