// Package compose reads compose files
// (https://github.com/compose-spec/compose-spec/blob/main/spec.md). It reads
// each alone: what lays one file over another knows which are used together.
package compose

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Reader reads compose files.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "compose".
func (Reader) Format() string { return "compose" }

// words are in the names of compose files; nameless are those of the ones that
// are called by their environment alone, as the templates of projects have them
// (production.yml beside local.yml).
var (
	words    = []string{"compose", "stack", "swarm"}
	nameless = []string{"production", "prod", "staging", "local", "development", "dev", "docker"}
)

// Names reports whether path is a YAML file whose name is that of a compose file,
// or may be.
func (Reader) Names(name string) bool {
	ext := path.Ext(name)
	if ext != ".yaml" && ext != ".yml" {
		return false
	}
	base := strings.TrimSuffix(path.Base(name), ext)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(base, word) }) || slices.Contains(nameless, base)
}

// Read returns a Workload for each service of the file.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	base := strings.TrimSuffix(path.Base(file.Path), path.Ext(file.Path))
	def := fact.Definition{File: file.Path, Format: "compose", Overrides: strings.HasSuffix(base, ".override")}
	sure := strings.Contains(base, "compose")
	if !sure && !bytes.Contains(file.Data, []byte("services:")) {
		return def, nil
	}
	docs, unread, err := infra.YAML(file)
	if err != nil {
		if !sure {
			err = nil // it is of another format
		}
		return def, err
	}
	if len(docs) > 0 && (!is(docs[0].Root) || !sure && !runs(docs[0].Root)) {
		return fact.Definition{File: file.Path, Format: "compose"}, nil
	}
	def.Unread = unread
	for i, doc := range docs {
		if i > 0 {
			// Compose lays further documents over the first.
			def.Unread = append(def.Unread, source.Unread{At: doc.Root.At, Reason: "a further document of a compose file is not read"})
			break
		}
		r := reader{dir: path.Dir(file.Path), file: file.Path, root: doc.Root, def: &def}
		r.services()
		r.twice(doc.Duplicates)
	}
	return def, nil
}

// is reports whether root is that of a compose file, which a file may be named
// after without being one.
func is(root *yaml.Node) bool {
	return root.Get("services").IsMap() || !root.Get("include").IsNull()
}

// runs reports whether each service is a mapping, and has an image or is built:
// files of that name may be of any format.
func runs(root *yaml.Node) bool {
	some := false
	for _, pair := range root.Get("services").Pairs() {
		if !pair.Value.IsMap() {
			return false
		}
		some = some || pair.Value.Get("image").IsScalar() || !pair.Value.Get("build").IsNull()
	}
	return some
}

// reader reads one file.
type reader struct {
	dir  string // of the file, which its paths are relative to
	file string
	root *yaml.Node
	def  *fact.Definition

	resolved  map[string]*fact.Workload // nil while it is being resolved
	depth     int                       // how many services are being resolved
	aliases   map[string][]string       // by service: what others call it
	inherited int                       // what services took over from others
	spread    int                       // ports that came of ranges
}

func (r *reader) services() {
	for _, entry := range includes(r.root.Get("include")) {
		r.unread(entry.At, "an included file is read only as one of its own")
	}
	r.resolved, r.aliases = map[string]*fact.Workload{}, map[string][]string{}
	r.lists()
	r.mentions()
	for _, pair := range r.root.Get("volumes").Pairs() {
		r.def.Volumes = append(r.def.Volumes, fact.Volume{Name: pair.Name(), Kind: "volume", At: pair.Key.At})
	}
	for _, pair := range r.root.Get("services").Pairs() {
		if w := r.resolve(pair); w != nil {
			r.def.Workloads = append(r.def.Workloads, *w)
		}
	}
	for i := range r.def.Workloads {
		w := &r.def.Workloads[i]
		w.Replicas = max(w.Replicas, 1)
		w.Aliases = distinct(follow(w.Aliases, r.aliases[w.Name]))
	}
}

func includes(n *yaml.Node) []*yaml.Node {
	if n.IsScalar() {
		return []*yaml.Node{n}
	}
	return n.Items()
}

// maxInherited bounds what services take over from those that they extend:
// variables, ports and so on, over the whole file.
const maxInherited = 1 << 18

// maxExtends bounds the chain of services that extend one another.
const maxExtends = 32

// resolve reads a service and lays it over the one that it extends. It is nil
// for what is no service.
func (r *reader) resolve(pair yaml.Pair) *fact.Workload {
	if w, done := r.resolved[pair.Name()]; done {
		return w
	}
	s := pair.Value
	r.resolved[pair.Name()] = nil
	if !s.IsMap() {
		r.unread(pair.Key.At, "the service "+pair.Name()+" is no mapping")
		return nil
	}
	w := r.service(pair)
	w.Extends = r.elsewhere(s)
	if base := r.extended(s); base != nil {
		r.inherited += len(base.Supplies) + len(base.Ports) + len(base.Mounts) + len(base.Imports) + len(base.Labels)
		if r.inherited > maxInherited {
			r.unread(s.KeyAt("extends"), "what it extends is too large to be read for each that does")
		} else {
			w = overlay(*base, w)
		}
	}
	r.resolved[pair.Name()] = &w
	return &w
}

// elsewhere returns what s extends of another file, nil where it does not.
func (r *reader) elsewhere(s *yaml.Node) *fact.Extension {
	extends := s.Get("extends")
	file := r.text(extends.Get("file"))
	if !extends.IsMap() || file == "" || r.path(file) == r.file {
		return nil
	}
	return &fact.Extension{File: r.path(file), Service: r.text(extends.Get("service")), At: extends.At}
}

// extended returns the service that s extends, nil where there is none to be
// read.
func (r *reader) extended(s *yaml.Node) *fact.Workload {
	extends := s.Get("extends")
	if extends.IsNull() || r.elsewhere(s) != nil {
		return nil
	}
	name := r.text(extends)
	if extends.IsMap() {
		name = r.text(extends.Get("service"))
	}
	other, ok := r.root.Get("services").Pair(name)
	if !ok {
		r.unread(extends.At, "the service "+name+", which it extends, is not in this file")
		return nil
	}
	if w, begun := r.resolved[name]; begun && w == nil || r.depth == maxExtends {
		r.unread(extends.At, "the services extend one another without an end")
		return nil
	}
	r.depth++
	defer func() { r.depth-- }()
	return r.resolve(other)
}

func (r *reader) unread(at source.Span, reason string) {
	r.def.Unread = append(r.def.Unread, source.Unread{At: at, Reason: reason})
}

// text returns a scalar as it is where no variable is set.
func (r *reader) text(n *yaml.Node) string {
	t, ok := parse(n.Text(), 0)
	if !ok {
		return n.Text()
	}
	return t.unset()
}

// path returns a path of the file as one relative to the project's root. One
// that is absolute, that of a home or a URL stays as it is.
func (r *reader) path(p string) string {
	if p == "" || strings.HasPrefix(p, "/") || strings.HasPrefix(p, "~") || strings.HasPrefix(p, "$") || remote(p) {
		return p
	}
	return path.Join(r.dir, p)
}

// remote reports whether the context of a build is not a folder
// (https://docs.docker.com/build/concepts/context/#git-repositories).
func remote(p string) bool {
	return strings.Contains(p, "://") || strings.HasPrefix(p, "git@") || strings.HasPrefix(p, "github.com/")
}

func distinct(texts []string) []string {
	var all []string
	seen := map[string]bool{"": true}
	for _, text := range texts {
		if !seen[text] {
			seen[text] = true
			all = append(all, text)
		}
	}
	return all
}
