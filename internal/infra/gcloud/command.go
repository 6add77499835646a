package gcloud

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// script reads the commands of a shell script that begins at a place.
func (r *reader) script(text string, at source.Span) {
	text = expressions.ReplaceAllLiteralString(text, "${EXPRESSION}")
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil {
		return // another shell's
	}
	syntax.Walk(file, func(node syntax.Node) bool {
		if call, ok := node.(*syntax.CallExpr); ok {
			var words []string
			for _, w := range call.Args {
				words = append(words, plain(w.Parts))
			}
			if len(words) > 2 && words[0] == "gcloud" {
				line := at
				line.Line, line.Column = at.Line+int(call.Pos().Line())-1, 1
				r.command(words[1:], line)
			}
		}
		return true
	})
}

// plain returns a word; what the shell fills in stays as ${…}.
func plain(parts []syntax.WordPart) string {
	var b strings.Builder
	for _, part := range parts {
		switch p := part.(type) {
		case *syntax.Lit:
			b.WriteString(strings.ReplaceAll(p.Value, "\\\n", ""))
		case *syntax.SglQuoted:
			b.WriteString(p.Value)
		case *syntax.DblQuoted:
			b.WriteString(plain(p.Parts))
		default:
			b.WriteString("${VALUE}")
		}
	}
	return b.String()
}

// deployed are the commands that deploy something, by the words behind the name
// of the tool, and what they deploy.
var deployed = []struct {
	words []string
	kind  string
	once  bool
}{
	{[]string{"run", "deploy"}, "service", false},
	{[]string{"run", "services", "update"}, "service", false},
	{[]string{"run", "jobs", "deploy"}, "job", true},
	{[]string{"run", "jobs", "create"}, "job", true},
	{[]string{"run", "jobs", "update"}, "job", true},
	{[]string{"functions", "deploy"}, "function", false},
}

// command reads the words behind gcloud.
func (r *reader) command(words []string, at source.Span) {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "beta" || w == "alpha" || w == "--quiet" || w == "-q" })
	for _, d := range deployed {
		if len(words) <= len(d.words) || !slices.Equal(words[:len(d.words)], d.words) {
			continue
		}
		w := workload(d.kind, "", at)
		w.Once, w.EnvAt = d.once, at
		whole := false
		for rest := words[len(d.words):]; len(rest) > 0; {
			flag, value, joined := strings.Cut(rest[0], "=")
			rest = rest[1:]
			if !strings.HasPrefix(flag, "-") {
				if w.Name == "" {
					w.Name = strings.ReplaceAll(flag, "${VALUE}", "")
				}
				continue
			}
			if !joined && len(rest) > 0 && !strings.HasPrefix(rest[0], "--") && takes(flag) {
				value, rest = rest[0], rest[1:]
			}
			switch flag {
			case "--image":
				w.Image = value
			case "--source":
				w.Code = folder(value)
			case "--set-env-vars", "--update-env-vars", "--set-secrets", "--update-secrets":
				whole = whole || flag == "--set-env-vars"
				for _, pair := range list(value) {
					r.supply(&w, pair, strings.HasSuffix(flag, "secrets"), at)
				}
			case "--env-vars-file":
				w.Imports = append(w.Imports, fact.Import{Ref: fact.Ref{Kind: "dotenv", Name: value}, At: at})
			}
		}
		if !whole {
			w.Imports = append(w.Imports, before(at))
		}
		r.add(w)
		return
	}
}

// takes reports whether a flag that is not joined to its value has one: those
// that are alone are answers of yes and no.
func takes(flag string) bool {
	return !slices.Contains([]string{
		"--allow-unauthenticated", "--no-allow-unauthenticated", "--async", "--no-async", "--no-traffic", "--cpu-throttling", "--no-cpu-throttling", "--cpu-boost", "--no-cpu-boost",
		"--use-http2", "--no-use-http2", "--session-affinity", "--gen2", "--trigger-http", "--execute-now", "--wait", "--clear-env-vars", "--clear-secrets", "--no-user-output-enabled",
	}, flag)
}

// list parts the pairs of a flag. Another separator than the comma may be said
// before them: ^@^A=1@B=2 (https://cloud.google.com/sdk/gcloud/reference/topic/escaping).
func list(value string) []string {
	separator := ","
	if rest, ok := strings.CutPrefix(value, "^"); ok {
		if said, pairs, ok := strings.Cut(rest, "^"); ok && said != "" {
			separator, value = said, pairs
		}
	}
	pairs := strings.Split(value, separator)
	for i := range pairs {
		pairs[i] = strings.TrimSpace(pairs[i])
	}
	return pairs
}
