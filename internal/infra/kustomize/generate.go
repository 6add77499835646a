package kustomize

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// build adds the ConfigMaps and Secrets that a kustomization generates. The
// hash that kustomize puts behind their names, it puts behind all that refers to
// them too: here neither has one.
func (c *composer) build(l *layer, k *yaml.Node, dir string) error {
	for _, g := range []struct{ key, kind, data string }{
		{"configMapGenerator", "ConfigMap", "data"}, {"secretGenerator", "Secret", "stringData"},
	} {
		for _, n := range k.Get(g.key).Items() {
			if err := c.spend(n.At, n.Size()); err != nil {
				return err
			}
			c.generate(l, n, g.kind, g.data, dir)
		}
	}
	return nil
}

func (c *composer) generate(l *layer, n *yaml.Node, kind, data, dir string) {
	name := n.Get("name")
	if name.Text() == "" {
		return
	}
	pairs, open := c.data(n, dir)
	behavior := n.Get("behavior").Text()
	if behavior == "merge" || behavior == "replace" {
		for _, o := range l.objects {
			if o.kind() != kind || !o.called(name.Text()) {
				continue
			}
			o.open = o.open || open
			if behavior == "merge" {
				pairs = append(slices.Clone(o.node.Get(data).Pairs()), pairs...)
			}
			o.node = with(o.node, data, yaml.Map(n.At, pairs...))
			return
		}
		if !c.closed {
			c.dangling(name, kind+" "+name.Text()+" is to be changed here, and no base generates it")
		}
	}
	metadata := []yaml.Pair{{Key: yaml.String(name.At, "name"), Value: name}}
	if ns := n.Get("namespace"); ns != nil {
		metadata = append(metadata, yaml.Pair{Key: yaml.String(ns.At, "namespace"), Value: ns})
	}
	text := func(t string) *yaml.Node { return yaml.String(n.At, t) }
	l.objects = append(l.objects, &object{open: open, node: yaml.Map(n.At,
		yaml.Pair{Key: text("apiVersion"), Value: text("v1")},
		yaml.Pair{Key: text("kind"), Value: text(kind)},
		yaml.Pair{Key: text("metadata"), Value: yaml.Map(n.At, metadata...)},
		yaml.Pair{Key: text(data), Value: yaml.Map(n.At, pairs...)},
	)})
}

// data returns the keys of what is generated, and whether there may be more: a
// file that is not in the tree, as one with secrets often is not.
func (c *composer) data(n *yaml.Node, dir string) (pairs []yaml.Pair, open bool) {
	for _, literal := range n.Get("literals").Items() {
		key, value, ok := strings.Cut(literal.Text(), "=")
		if ok {
			pairs = append(pairs, yaml.Pair{Key: yaml.String(literal.At, key), Value: yaml.String(literal.At, unquote(value))})
		}
	}
	envs := n.Get("envs").Items()
	if env := n.Get("env"); env != nil {
		envs = append(slices.Clone(envs), env)
	}
	for _, entry := range envs {
		name := path.Join(dir, entry.Text())
		file, err := c.tree.Read(name)
		if err != nil {
			open = true
			continue
		}
		pairs = append(pairs, lines(file)...)
	}
	for _, entry := range n.Get("files").Items() {
		key, name, named := strings.Cut(entry.Text(), "=")
		if !named {
			key, name = path.Base(entry.Text()), entry.Text()
		}
		name = path.Join(dir, name)
		file, err := c.tree.Read(name)
		value := yaml.String(entry.At, "")
		if err == nil && len(file.Data) < 1<<20 && bytes.IndexByte(file.Data, 0) < 0 {
			value = yaml.String(source.Span{File: name, Line: 1}, string(file.Data))
		}
		pairs = append(pairs, yaml.Pair{Key: yaml.String(entry.At, key), Value: value})
	}
	return pairs, open
}

func unquote(value string) string {
	if len(value) >= 2 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
		return value[1 : len(value)-1]
	}
	return value
}

// lines reads a file of NAME=VALUE, as kustomize does: what begins with # is no
// variable, and quotes are a part of the value.
func lines(file source.File) []yaml.Pair {
	var pairs []yaml.Pair
	number := 0
	for line := range strings.Lines(string(bytes.TrimPrefix(file.Data, []byte("\xef\xbb\xbf")))) {
		number++
		line = strings.TrimLeft(strings.TrimRight(line, "\r\n"), " \t")
		name, value, ok := strings.Cut(line, "=")
		if line == "" || line[0] == '#' || !ok {
			continue
		}
		at := source.Span{File: file.Path, Line: number}
		pairs = append(pairs, yaml.Pair{Key: yaml.String(at, name), Value: yaml.String(at, value)})
	}
	return pairs
}
