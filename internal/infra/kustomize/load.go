package kustomize

import (
	"bytes"
	"context"
	"errors"
	"path"
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// The bounds on one kustomization with all that it is made of.
const (
	maxDeep    = 20
	maxLoads   = 500
	maxBeside  = 50 // files that are looked at for who makes what is not there
	maxObjects = 10_000
	maxValues  = 2_000_000 // that all transformations together walk over
)

// object is one object of Kubernetes while it is put together.
type object struct {
	node  *yaml.Node
	names []string // those that it had before
	open  bool     // it has keys that the tree does not tell
}

func (o *object) kind() string { return o.node.Get("kind").Text() }
func (o *object) name() string { return o.node.Get("metadata", "name").Text() }

// called reports whether the object has the name, or had it.
func (o *object) called(name string) bool {
	return o.name() == name || slices.Contains(o.names, name)
}

// layer is what a kustomization makes.
type layer struct {
	objects   []*object
	component bool
}

// composer puts one kustomization together.
type composer struct {
	ctx    context.Context
	tree   infra.Tree
	parts  []string
	unread []source.Unread
	flaws  []fact.Flaw
	loads  int
	values int
	closed bool // something that it is made of is not in the tree
}

func (c *composer) part(name string) {
	if !slices.Contains(c.parts, name) {
		c.parts = append(c.parts, name)
	}
}

func (c *composer) miss(at source.Span, reason string) {
	c.closed = true
	c.unread = append(c.unread, source.Unread{At: at, Reason: reason})
}

// spend counts the values that are walked over.
func (c *composer) spend(at source.Span, n int) error {
	if c.values += n; c.values > maxValues {
		return &infra.Error{At: at, Reason: "is made of too many values"}
	}
	return c.ctx.Err()
}

// docs reads the documents of a file.
func (c *composer) docs(name string, at source.Span) ([]yaml.Document, error) {
	file, err := c.tree.Read(name)
	if err != nil {
		c.miss(at, err.Error())
		return nil, nil
	}
	docs, unread, err := infra.YAML(file)
	var broken *infra.Error
	if errors.As(err, &broken) {
		c.closed = true
		c.unread = append(c.unread, source.Unread{At: broken.At, Reason: broken.Reason, Broken: true})
		return nil, nil
	}
	c.part(name)
	c.unread = append(c.unread, unread...)
	if len(docs) == 0 && len(unread) > 0 {
		c.closed = true // a template
	}
	return docs, err
}

// load puts together the kustomization of that path. above are the paths of
// those that it is a part of.
func (c *composer) load(name string, above []string) (*layer, error) {
	at := source.Span{File: name}
	if len(above) >= maxDeep || slices.Contains(above, name) {
		return nil, &infra.Error{At: at, Reason: "is a part of itself, or of more than 20 others in one another"}
	}
	if c.loads++; c.loads > maxLoads {
		return nil, &infra.Error{At: at, Reason: "is made of more than 500 kustomizations"}
	}
	docs, err := c.docs(name, at)
	if err != nil || len(docs) == 0 || !docs[0].Root.IsMap() {
		return nil, err
	}
	k := docs[0].Root
	if k.Get("spec").IsMap() {
		return nil, nil // a Kustomization of Flux
	}
	l := &layer{component: k.Get("kind").Text() == "Component"}
	above = append(slices.Clone(above), name)
	for _, key := range []string{"resources", "bases"} {
		for _, entry := range k.Get(key).Items() {
			if err := c.resource(l, entry, above); err != nil {
				return nil, err
			}
		}
	}
	if err := c.build(l, k, path.Dir(name)); err != nil {
		return nil, err
	}
	for _, entry := range k.Get("components").Items() {
		if err := c.component(l, entry, above); err != nil {
			return nil, err
		}
	}
	if err := c.transform(l, k, path.Dir(name)); err != nil {
		return nil, err
	}
	if len(l.objects) > maxObjects {
		return nil, &infra.Error{At: at, Reason: "makes more than 10,000 objects"}
	}
	for _, key := range []string{"helmCharts", "helmChartInflationGenerator", "generators", "transformers"} {
		if n := k.Get(key); len(n.Items()) > 0 {
			c.miss(k.KeyAt(key), "has "+key+", which are not read")
		}
	}
	return l, nil
}

// find returns the file of an entry, or the kustomization of a folder; "" where
// there is neither.
func (c *composer) find(dir, entry string) (file string, folder bool) {
	at := path.Join(dir, entry)
	if c.tree.Has(at) {
		return at, false
	}
	for _, n := range names {
		if in := path.Join(at, n); c.tree.Has(in) {
			return in, true
		}
	}
	return "", false
}

func (c *composer) resource(l *layer, entry *yaml.Node, above []string) error {
	text := entry.Text()
	if remote(text) {
		c.miss(entry.At, "names a base elsewhere, which is not fetched")
		return nil
	}
	file, folder := c.find(path.Dir(above[len(above)-1]), text)
	switch {
	case file == "":
		c.lost(entry)
		return nil
	case folder:
		below, err := c.load(file, above)
		if below != nil {
			l.objects = append(l.objects, below.objects...)
		}
		return err
	}
	docs, err := c.docs(file, entry.At)
	if err != nil {
		return err
	}
	for _, doc := range docs {
		if err := c.spend(entry.At, doc.Root.Size()); err != nil {
			return err
		}
		c.add(l, doc.Root)
	}
	return nil
}

func (c *composer) add(l *layer, n *yaml.Node) {
	if items := n.Get("items"); items.IsList() && n.Get("kind").Text() == "List" {
		for _, item := range items.Items() {
			c.add(l, item)
		}
		return
	}
	if n.Get("kind").Text() != "" && n.Get("apiVersion").Text() != "" {
		l.objects = append(l.objects, &object{node: n})
	}
}

// lost takes down an entry that names nothing: kustomize refuses it.
func (c *composer) lost(entry *yaml.Node) {
	c.closed = true
	if entry.Text() == "" {
		return
	}
	if c.generated(entry) {
		c.unread = append(c.unread, source.Unread{At: entry.At, Reason: "names what is made before it is used, and is not in the tree"})
		return
	}
	c.flaws = append(c.flaws, fact.Flaw{
		Kind: fact.Undefined, Name: entry.Text(), At: entry.At, Fatal: true,
		What: "the kustomization names " + entry.Text() + ", which is not in the tree",
	})
}

// generated reports whether something beside the kustomization speaks of the
// file that it names: a script or a plugin that makes it.
func (c *composer) generated(entry *yaml.Node) bool {
	dir, base := path.Dir(entry.At.File), path.Base(entry.Text())
	looked := 0
	for _, name := range c.tree.Under(dir) {
		if name == entry.At.File || path.Dir(name) != dir {
			continue
		}
		if path.Base(name) == "Chart.yaml" {
			return true
		}
		if looked++; looked > maxBeside {
			return false
		}
		file, err := c.tree.Read(name)
		if err == nil && bytes.Contains(file.Data, []byte(base)) {
			return true
		}
	}
	return false
}

// component lets a component work on what was put together so far.
func (c *composer) component(l *layer, entry *yaml.Node, above []string) error {
	if remote(entry.Text()) {
		c.miss(entry.At, "names a component elsewhere, which is not fetched")
		return nil
	}
	file, folder := c.find(path.Dir(above[len(above)-1]), entry.Text())
	if !folder {
		c.lost(entry)
		return nil
	}
	if len(above) >= maxDeep || slices.Contains(above, file) {
		return &infra.Error{At: entry.At, Reason: "is a part of itself, or of more than 20 others in one another"}
	}
	if c.loads++; c.loads > maxLoads {
		return &infra.Error{At: entry.At, Reason: "is made of more than 500 kustomizations"}
	}
	docs, err := c.docs(file, entry.At)
	if err != nil || len(docs) == 0 {
		return err
	}
	k, above := docs[0].Root, append(slices.Clone(above), file)
	for _, below := range k.Get("resources").Items() {
		if err := c.resource(l, below, above); err != nil {
			return err
		}
	}
	if err := c.build(l, k, path.Dir(file)); err != nil {
		return err
	}
	for _, below := range k.Get("components").Items() {
		if err := c.component(l, below, above); err != nil {
			return err
		}
	}
	return c.transform(l, k, path.Dir(file))
}
