// Package pipeline reads what the scripts of pipelines build: which image, from
// which folder.
package pipeline

import (
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// The bounds on what is read of a script.
const (
	maxScript = 64 << 10 // bytes
	maxBuilds = 64
)

// Build is an image that a script makes.
type Build struct {
	fact.BuildFrom
	Tags []string
	Line int // of the script, from 1
}

// Builds returns what the script builds when it is run in dir, with the
// variables that are known. It follows a plain cd.
func Builds(script, dir string, known map[string]string) []Build {
	if len(script) > maxScript || !strings.Contains(script, "build") && !strings.Contains(script, "kaniko") {
		return nil
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(script), "")
	if err != nil {
		return nil // another shell's
	}
	var all []Build
	syntax.Walk(file, func(node syntax.Node) bool {
		call, ok := node.(*syntax.CallExpr)
		if !ok || len(all) == maxBuilds {
			return true
		}
		words := make([]string, 0, len(call.Args))
		for _, word := range call.Args {
			words = append(words, text(word.Parts, known))
		}
		if len(words) == 2 && words[0] == "cd" {
			dir = Under(dir, words[1])
			return true
		}
		if b, ok := command(words); ok {
			b.Context, b.Dockerfile = Under(dir, b.Context), Under(dir, b.Dockerfile)
			b.Line = int(call.Pos().Line())
			all = append(all, b)
		}
		return true
	})
	return all
}

// text returns a word with the variables that are known filled in; the others
// stay, as ${NAME}.
func text(parts []syntax.WordPart, known map[string]string) string {
	var b strings.Builder
	for _, part := range parts {
		switch p := part.(type) {
		case *syntax.Lit:
			b.WriteString(strings.ReplaceAll(p.Value, "\\\n", ""))
		case *syntax.SglQuoted:
			b.WriteString(p.Value)
		case *syntax.DblQuoted:
			b.WriteString(text(p.Parts, known))
		case *syntax.ParamExp:
			value, ok := "", false
			if p.Param != nil {
				value, ok = known[p.Param.Value]
			}
			switch {
			case ok && p.Exp == nil && p.Repl == nil && p.Slice == nil && p.Index == nil:
				b.WriteString(value)
			case p.Param != nil:
				b.WriteString("${" + p.Param.Value + "}")
			}
		default:
			b.WriteString("${…}")
		}
	}
	return b.String()
}

// flags of docker build that take no value; every other takes one
// (https://docs.docker.com/reference/cli/docker/buildx/build/).
var flags = []string{
	"--push", "--load", "--no-cache", "--pull", "-q", "--quiet", "--rm", "--force-rm", "--squash", "--compress", "--debug", "-D",
	"--check", "--disable-content-trust", "--tls-verify", "--layers", "--cleanup", "--single-snapshot", "--skip-tls-verify", "--cache", "--use-new-run", "--reproducible",
}

// options are the flags that tell something, as docker and as kaniko call them
// (https://github.com/GoogleContainerTools/kaniko#additional-flags).
var options = map[string]string{
	"-t": "tag", "--tag": "tag", "--destination": "tag", "-d": "tag", "-f": "file", "--file": "file", "--dockerfile": "file",
	"--target": "target", "--context": "context", "-c": "context",
}

func command(words []string) (Build, bool) {
	var b Build
	rest, kaniko, ok := subcommand(words)
	if !ok {
		return b, false
	}
	context, file := "", ""
	for i := 0; i < len(rest); i++ {
		word := rest[i]
		if !strings.HasPrefix(word, "-") || word == "-" {
			context = word
			continue
		}
		name, value, joined := strings.Cut(word, "=")
		if !joined && !slices.Contains(flags, name) {
			if i++; i == len(rest) {
				break
			}
			value = rest[i]
		}
		switch what := options[name]; {
		case what == "tag":
			b.Tags = append(b.Tags, value)
		case what == "file":
			file = value
		case what == "target":
			b.Target = value
		case what == "context" && kaniko:
			context = strings.TrimPrefix(value, "dir://")
		}
	}
	if context == "" || context == "-" {
		return b, false
	}
	if file == "" && !strings.Contains(context, "://") {
		file = context + "/Dockerfile"
	}
	b.Context, b.Dockerfile = context, file
	return b, true
}

// subcommand returns the words behind docker build, or behind one of its likes.
func subcommand(words []string) (rest []string, kaniko, ok bool) {
	for _, c := range [][]string{
		{"docker", "build"}, {"docker", "buildx", "build"}, {"docker", "image", "build"}, {"podman", "build"}, {"buildah", "build"}, {"buildah", "bud"}, {"nerdctl", "build"},
	} {
		if len(words) > len(c) && slices.Equal(words[:len(c)], c) {
			return words[len(c):], false, true
		}
	}
	if len(words) > 1 && words[0] == "sudo" {
		return subcommand(words[1:])
	}
	if len(words) > 1 && path.Base(words[0]) == "executor" && strings.Contains(words[0], "kaniko") {
		return words[1:], true, true
	}
	return nil, false, false
}

// Under returns a path of the script as one relative to the project's root.
func Under(dir, name string) string {
	if name == "" || path.IsAbs(name) || strings.HasPrefix(name, "$") || strings.Contains(name, "://") {
		return name
	}
	return path.Join(dir, name)
}

// Kind is the kind of the workloads that Steps returns: they make Image of
// Build and run nothing of it.
const Kind = "build-step"

// Steps returns a workload for each image that builds make.
func Steps(job string, builds []Build, at func(line int) source.Span) []fact.Workload {
	var all []fact.Workload
	for _, b := range builds {
		tags := b.Tags
		if len(tags) == 0 {
			tags = []string{""}
		}
		place := at(b.Line)
		for _, tag := range tags {
			from := b.BuildFrom
			from.At = place
			all = append(all, fact.Workload{
				Name: job, Kind: Kind, Namespace: job, At: place, EnvAt: place, Once: true, Replicas: 1, Image: tag, Build: &from,
			})
		}
	}
	return all
}
