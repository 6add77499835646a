package actions

import (
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// builds collects the images that the steps of a job build.
type builds struct {
	r      *reader
	job    string
	known  map[string]string   // the variables of the job whose values stand there
	matrix []map[string]string // the combinations that the job runs for
	found  []fact.Workload
}

// The bounds on what is read of the builds of a job.
const (
	maxBuilds  = 256
	maxScript  = 64 << 10 // bytes
	maxScripts = 4096     // in a file, one for each combination of a matrix
)

// action is that of Docker for a build (https://github.com/docker/build-push-action).
const action = "docker/build-push-action"

// step reads what a step builds, once for each combination of the matrix, and
// returns the variables that it sets for the steps behind it.
func (b *builds) step(step *yaml.Node, dir string) []fact.Supply {
	var supplies []fact.Supply
	uses, _, _ := strings.Cut(step.Get("uses").Text(), "@")
	run := step.Get("run")
	combinations := b.matrix
	if len(combinations) == 0 {
		combinations = []map[string]string{nil}
	}
	for i, combination := range combinations {
		fill := filler{known: b.known, matrix: combination}
		if uses == action {
			b.action(step, fill)
		}
		if run.IsScalar() {
			set := b.script(run, fill, fill.text(dir))
			if i == 0 {
				supplies = set
			}
		}
		if !varies(step, dir) {
			break // every combination does the same
		}
	}
	return supplies
}

// varies reports whether what a step builds depends on the matrix.
func varies(step *yaml.Node, dir string) bool {
	text := dir + step.Get("run").Text()
	for _, input := range []string{"context", "file", "tags", "target"} {
		text += step.Get("with", input).Text()
	}
	return strings.Contains(text, "matrix.")
}

// action reads the inputs of docker/build-push-action.
func (b *builds) action(step *yaml.Node, fill filler) {
	with := step.Get("with")
	built := fact.BuildFrom{Context: fill.text(with.Get("context").Text()), Target: fill.text(with.Get("target").Text()), At: step.KeyAt("uses")}
	file := fill.text(with.Get("file").Text())
	if built.Context == "" {
		built.Context = "."
	}
	if file == "" && !remote(built.Context) {
		file = path.Join(built.Context, "Dockerfile")
	}
	built.Dockerfile = clean(file)
	built.Context = clean(built.Context)
	for _, line := range strings.Split(with.Get("build-args").Text(), "\n") {
		if name, text, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			built.Args = append(built.Args, fact.Supply{Kind: fact.Variable, Name: name, At: with.KeyAt("build-args"), Phase: fact.Build, Value: value(text)})
		}
	}
	tags := strings.FieldsFunc(fill.text(with.Get("tags").Text()), func(r rune) bool { return r == '\n' || r == ',' })
	b.add(built, tags, first(step.KeyAt("uses"), step.At))
}

// add adds a workload for each image that a build makes; where it is not
// named, one without.
func (b *builds) add(built fact.BuildFrom, tags []string, at source.Span) {
	if len(tags) == 0 {
		tags = []string{""}
	}
	var images []string
	for _, tag := range tags {
		if tag = strings.TrimSpace(tag); !slices.Contains(images, tag) && (tag != "" || len(tags) == 1) {
			images = append(images, tag)
		}
	}
	for _, image := range images {
		if len(b.found) == maxBuilds {
			b.r.unread(at, "builds more images than are read")
			return
		}
		from := built
		b.found = append(b.found, fact.Workload{
			Name: b.job, Kind: BuildKind, Namespace: b.job, At: at, EnvAt: at, Once: true, Replicas: 1, Image: image, Build: &from,
		})
	}
}

// script reads the builds in a shell script, and what it writes to the file
// that $GITHUB_ENV names. It follows a plain cd.
func (b *builds) script(run *yaml.Node, fill filler, dir string) []fact.Supply {
	text := run.Text()
	if len(text) > maxScript || !strings.Contains(text, "build") && !strings.Contains(text, "GITHUB_ENV") {
		return nil
	}
	if b.r.scripts++; b.r.scripts > maxScripts {
		return nil
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(fill.veil(text)), "")
	if err != nil {
		return nil // another shell's: PowerShell, Python
	}
	var supplies []fact.Supply
	syntax.Walk(file, func(node syntax.Node) bool {
		switch n := node.(type) {
		case *syntax.Subshell, *syntax.FuncDecl:
			return true
		case *syntax.Stmt:
			supplies = append(supplies, assigned(n, fill, b.r.within(run, n.Pos().Line()))...)
		case *syntax.CallExpr:
			words := fill.words(n.Args)
			if len(words) == 2 && words[0] == "cd" {
				dir = under(dir, words[1])
				return true
			}
			if built, tags, ok := docker(words); ok {
				built.Context, built.Dockerfile = under(dir, built.Context), under(dir, built.Dockerfile)
				built.At = b.r.within(run, n.Pos().Line())
				b.add(built, tags, built.At)
			}
		}
		return true
	})
	return supplies
}

// within returns the place of a line of a script, from 1. It is exact in a
// literal block, which keeps its lines; elsewhere it is where the script begins.
func (r *reader) within(run *yaml.Node, line uint) source.Span {
	if run.Literal() {
		return source.Span{File: run.At.File, Line: run.At.Line + int(line)}
	}
	return run.At
}

// assigned returns the variables of echo "NAME=value" >> $GITHUB_ENV.
func assigned(stmt *syntax.Stmt, fill filler, at source.Span) []fact.Supply {
	call, ok := stmt.Cmd.(*syntax.CallExpr)
	if !ok || len(call.Args) < 2 {
		return nil
	}
	for _, redirect := range stmt.Redirs {
		if redirect.Word == nil || fill.word(redirect.Word) != "${GITHUB_ENV}" {
			continue
		}
		words := fill.words(call.Args)
		if name, _, ok := strings.Cut(words[1], "="); ok && words[0] == "echo" && syntax.ValidName(name) {
			return []fact.Supply{{Kind: fact.Variable, Name: name, At: at, Value: fact.Unknowable("a step sets it")}}
		}
	}
	return nil
}

// flags of docker build that take no value; every other takes one
// (https://docs.docker.com/reference/cli/docker/buildx/build/).
var flags = []string{
	"--push", "--load", "--no-cache", "--pull", "-q", "--quiet", "--rm", "--force-rm", "--squash", "--compress", "--debug", "-D",
	"--check", "--disable-content-trust", "--tls-verify", "--layers",
}

// docker reads the words of a docker build, or of one of its likes.
func docker(words []string) (fact.BuildFrom, []string, bool) {
	var built fact.BuildFrom
	rest, ok := subcommand(words)
	if !ok {
		return built, nil, false
	}
	var tags []string
	context, file := "", ""
	for i := 0; i < len(rest); i++ {
		word := rest[i]
		if !strings.HasPrefix(word, "-") || word == "-" {
			context = word
			continue
		}
		name, text, joined := strings.Cut(word, "=")
		if !joined && !slices.Contains(flags, name) {
			i++
			if i == len(rest) {
				break
			}
			text = rest[i]
		}
		switch name {
		case "-t", "--tag":
			tags = append(tags, text)
		case "-f", "--file":
			file = text
		case "--target":
			built.Target = text
		}
	}
	if context == "" || context == "-" {
		return built, nil, false
	}
	if file == "" && !remote(context) {
		file = context + "/Dockerfile"
	}
	built.Context, built.Dockerfile = context, file
	return built, tags, true
}

// subcommand returns the words behind docker build.
func subcommand(words []string) ([]string, bool) {
	for _, command := range [][]string{
		{"docker", "build"}, {"docker", "buildx", "build"}, {"docker", "image", "build"}, {"podman", "build"}, {"buildah", "build"}, {"buildah", "bud"},
	} {
		if len(words) > len(command) && slices.Equal(words[:len(command)], command) {
			return words[len(command):], true
		}
	}
	if len(words) > 1 && words[0] == "sudo" {
		return subcommand(words[1:])
	}
	return nil, false
}

// remote reports whether a context is not a folder.
func remote(context string) bool { return strings.Contains(context, "://") }

func under(dir, name string) string {
	if name == "" || path.IsAbs(name) || strings.HasPrefix(name, "$") || remote(name) {
		return name
	}
	return path.Join(dir, name)
}

func clean(name string) string { return under(".", name) }
