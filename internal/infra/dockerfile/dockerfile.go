// Package dockerfile reads Dockerfiles: every stage, with what is set in it
// and the steps that change its files
// (https://docs.docker.com/reference/dockerfile/). BuildKit's own parser reads
// them, and its lexer expands their variables.
package dockerfile

import (
	"bytes"
	"context"
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
)

// Reader reads Dockerfiles.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "dockerfile".
func (Reader) Format() string { return "dockerfile" }

// The endings of names that begin as a Dockerfile's do and are something else.
var foreign = []string{
	".dockerignore", ".md", ".txt", ".sh", ".py", ".js", ".ts", ".go", ".json", ".yaml", ".yml", ".bak", ".orig", "~",
	".erb", ".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".mustache", ".m4", ".in",
}

// Names reports whether path is Dockerfile, Dockerfile.NAME, NAME.Dockerfile or
// NameDockerfile, or the same with Containerfile.
func (Reader) Names(name string) bool {
	base := strings.ToLower(path.Base(name))
	if slices.ContainsFunc(foreign, func(end string) bool { return strings.HasSuffix(base, end) }) {
		return false
	}
	for _, word := range []string{"dockerfile", "containerfile"} {
		rest, ok := strings.CutPrefix(base, word)
		if ok && (rest == "" || strings.ContainsAny(rest[:1], ".-_")) || strings.HasSuffix(base, "."+word) || camel(path.Base(name)) {
			return true
		}
	}
	return false
}

// camel reports whether a name is one of several words, of which the last is
// Dockerfile: ProdShopDockerfile.
func camel(base string) bool {
	rest, ok := strings.CutSuffix(base, "Dockerfile")
	if !ok || rest == "" {
		return false
	}
	last := rest[len(rest)-1]
	return last >= 'a' && last <= 'z' || last >= '0' && last <= '9'
}

// The bounds on a file; those that people write stay far below them.
const (
	maxSize   = 256 << 10 // bytes
	maxStages = 200
	maxEnv    = 2000     // variables of a stage
	maxPorts  = 1000     // exposed by a stage
	maxFired  = 1_000    // ONBUILDs that stages of the file begin with
	maxHeld   = 1 << 19  // variables, counted anew for each step and stage that keeps its own
	maxValue  = 64 << 10 // bytes of a value, once its variables are filled in
	maxValues = 8 << 20  // bytes of all values of a file
)

// Read returns the Image that the file builds.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "dockerfile"}
	whole := source.Span{File: file.Path}
	if len(file.Data) > maxSize {
		return def, &infra.Error{At: whole, Reason: "is larger than 256 KiB"}
	}
	if bytes.IndexByte(file.Data, 0) >= 0 || !utf8.Valid(file.Data) {
		return def, &infra.Error{At: whole, Reason: "is no text in UTF-8"}
	}
	tree, err := parser.Parse(bytes.NewReader(file.Data))
	var stages []instructions.Stage
	var global []instructions.ArgCommand
	if err == nil {
		stages, global, err = instructions.Parse(tree.AST, nil)
	}
	if err != nil && (bytes.Contains(file.Data, []byte("{{")) || bytes.Contains(file.Data, []byte("{%"))) {
		def.Unread = []source.Unread{{At: whole, Reason: "is a template, which is read only once it is filled in"}}
		return def, nil
	}
	if err != nil {
		return def, broken(file, err)
	}
	if len(stages) == 0 {
		return def, &infra.Error{At: whole, Reason: "has no FROM"}
	}
	if len(stages) > maxStages {
		return def, &infra.Error{At: whole, Reason: "has more than 200 stages"}
	}
	b := builder{file: file, lines: bytes.Split(file.Data, []byte("\n")), escape: tree.EscapeToken, def: &def}
	image, broken := b.image(stages, global)
	if broken != nil {
		return def, broken
	}
	def.Images = []fact.Image{image}
	return def, nil
}

// quotable are those of BuildKit's sentences that quote nothing of the file,
// which may hold a secret, but names of instructions.
var quotable = regexp.MustCompile(`^(unterminated heredoc|file with no instructions|no build stage in current context` +
	`|[A-Z]+ requires .*|[A-Z]+ names can not be blank|Bad input to [A-Z]+, too many arguments|[A-Z]+ cannot accept a heredoc.*` +
	`|Missing command after HEALTHCHECK CMD|dockerfile line greater than max allowed size of \d+)$`)

func broken(file source.File, err error) *infra.Error {
	e := &infra.Error{At: source.Span{File: file.Path, Line: 1}, Reason: "is not written as the instruction wants it"}
	var located *parser.LocationError
	if errors.As(err, &located) {
		for _, ranges := range located.Locations {
			for _, r := range ranges {
				e.At.Line = max(r.Start.Line, 1)
			}
		}
	}
	var unknown *instructions.UnknownInstructionError
	if errors.As(err, &unknown) {
		e.Reason = "begins with no instruction of a Dockerfile"
		return e
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		if text := inner.Error(); quotable.MatchString(text) {
			e.Reason = strings.ToLower(text[:1]) + text[1:]
			if text[1] >= 'A' && text[1] <= 'Z' {
				e.Reason = text
			}
		}
	}
	return e
}
