// Package gcloud reads what pipelines and scripts deploy with Google's tool: the
// variables of a service of Cloud Run, of a job or of a function stand in a
// command there, or in the inputs of an action that wraps it
// (https://cloud.google.com/sdk/gcloud/reference/run/deploy,
// https://github.com/google-github-actions/deploy-cloudrun).
package gcloud

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Reader reads pipelines and scripts for what they deploy.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "cloud-run".
func (Reader) Format() string { return "cloud-run" }

// pipelines are the files of pipelines in YAML.
var pipelines = regexp.MustCompile(`(^|/)(\.github/workflows/[^/]+|\.gitlab-ci|bitbucket-pipelines|\.circleci/config|azure-pipelines[^/]*|cloudbuild[^/]*)\.ya?ml$`)

// scripts are those whose names say that they deploy.
var scripts = regexp.MustCompile(`(^|/)[^/]*deploy[^/]*\.(sh|bash)$`)

// Names reports whether path is that of a pipeline, or of a script that deploys.
func (Reader) Names(name string) bool {
	switch path.Ext(name) { // every file of the tree is asked after, and few have these
	case ".yml", ".yaml":
		return pipelines.MatchString(name)
	case ".sh", ".bash":
		return scripts.MatchString(name)
	}
	return false
}

const (
	maxSize     = 1 << 20
	maxCommands = 64 // in a file
	maxScript   = 64 << 10
	maxPairs    = 1_000 // in a file
	maxBelow    = 200   // lines of a command, in which its variables are looked for
)

// Read returns a Workload for each thing that is deployed. A file that cannot be
// read as a pipeline is told of by the reader of pipelines.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "cloud-run"}
	if len(file.Data) > maxSize || !bytes.Contains(file.Data, []byte("gcloud")) && !bytes.Contains(file.Data, []byte("deploy-cloudrun")) {
		return def, nil
	}
	r := reader{def: &def, lines: strings.Split(string(file.Data), "\n")}
	if scripts.MatchString(file.Path) {
		r.script(string(file.Data), source.Span{File: file.Path, Line: 1})
		return def, nil
	}
	docs, _, err := infra.YAML(file)
	if err != nil {
		return def, nil
	}
	for _, doc := range docs {
		r.walk(doc.Root, 0)
	}
	return def, nil
}

type reader struct {
	def   *fact.Definition
	lines []string
	pairs int // that were taken in
}

// walk looks for commands and for the action in all that a pipeline says.
func (r *reader) walk(n *yaml.Node, depth int) {
	switch {
	case depth > 30 || len(r.def.Workloads) >= maxCommands:
	case n.IsScalar():
		if text := n.Text(); strings.Contains(text, "gcloud") && len(text) <= maxScript {
			at := n.At
			if n.Literal() {
				at.Line++ // the text of a block begins on the line behind its key
			}
			r.script(text, at)
		}
	case n.IsList():
		for _, item := range n.Items() {
			r.walk(item, depth+1)
		}
	case n.IsMap():
		if action, _, _ := strings.Cut(n.Get("uses").Text(), "@"); action == "google-github-actions/deploy-cloudrun" {
			r.action(n)
			return
		}
		args := n.Get("args").Texts()
		if tool := n.Get("entrypoint").Text(); len(args) > 2 && (path.Base(tool) == "gcloud" || tool == "" && strings.HasSuffix(n.Get("name").Text(), "/gcloud")) {
			r.command(args, n.KeyAt("args")) // a step of Cloud Build
		}
		for _, pair := range n.Pairs() {
			r.walk(pair.Value, depth+1)
		}
	}
}

// action reads the inputs of google-github-actions/deploy-cloudrun. Where it lists
// variables they are taken for all, although what was given by hand stays as well.
func (r *reader) action(step *yaml.Node) {
	with := step.Get("with")
	name := with.Get("service").Text()
	if name == "" {
		name = with.Get("job").Text()
	}
	w := workload("service", name, step.KeyAt("uses"))
	w.Image, w.Code = image(with.Get("image").Text()), folder(with.Get("source").Text())
	w.Once = with.Get("service").IsNull() && !with.Get("job").IsNull()
	for _, input := range []string{"env_vars", "secrets"} {
		said := with.Get(input)
		if said.IsNull() {
			continue
		}
		w.EnvAt = with.KeyAt(input)
		for _, pair := range strings.FieldsFunc(expressions.ReplaceAllLiteralString(said.Text(), "${EXPRESSION}"), func(c rune) bool { return c == '\n' || c == ',' }) {
			r.supply(&w, strings.TrimSpace(pair), input == "secrets", with.KeyAt(input))
		}
	}
	if w.EnvAt.IsZero() {
		w.EnvAt = w.At
		w.Imports = []fact.Import{before(w.At)}
	}
	r.add(w)
}

// expressions are those of GitHub.
var expressions = regexp.MustCompile(`\$\{\{[^}]*\}\}`)

// before stands for what was given to a service at another time.
func before(at source.Span) fact.Import {
	return fact.Import{Ref: fact.Ref{Kind: "Secret", Name: "variables that were given before"}, At: at}
}

func workload(kind, name string, at source.Span) fact.Workload {
	return fact.Workload{Name: name, Kind: kind, Platform: "cloud-run", At: at, Replicas: 1}
}

// add takes in what is deployed, once for each name in a file.
func (r *reader) add(w fact.Workload) {
	if w.Image == "" && w.Code == "" || len(r.def.Workloads) >= maxCommands {
		return
	}
	r.def.Workloads = append(r.def.Workloads, w)
}

// supply takes in NAME=VALUE. It stands at the first line from at on that has it.
func (r *reader) supply(w *fact.Workload, pair string, secret bool, at source.Span) {
	name, text, ok := strings.Cut(pair, "=")
	if name = strings.Trim(name, `"' `); !ok || !variable.MatchString(name) {
		return // a file of a secret, or a list that is filled in
	}
	if r.pairs++; r.pairs > maxPairs {
		return
	}
	s := fact.Supply{Kind: fact.Variable, Name: name, At: r.place(name, at), Value: fact.Text(text)}
	switch {
	case secret:
		key, _, _ := strings.Cut(text, ":")
		s.Value = fact.From(fact.Ref{Kind: "SecretManager", Name: key, Key: name})
	case strings.ContainsAny(text, "$"):
		s.Value = fact.Unknowable("the pipeline gives it")
	}
	w.Supplies = append(w.Supplies, s)
}

var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (r *reader) place(name string, at source.Span) source.Span {
	for line := max(at.Line, 1); line < at.Line+maxBelow && line <= len(r.lines); line++ {
		if i := strings.Index(r.lines[line-1], name+"="); i >= 0 {
			return source.Span{File: at.File, Line: line, Column: i + 1}
		}
	}
	return at
}

// image returns an image as other definitions name it.
func image(text string) string { return expressions.ReplaceAllLiteralString(text, "${EXPRESSION}") }

// folder returns a folder of the project; "" where it is none.
func folder(text string) string {
	if text == "" || strings.ContainsAny(text, "$:") || path.IsAbs(text) || strings.HasPrefix(path.Clean(text), "..") {
		return ""
	}
	return path.Clean(text)
}
