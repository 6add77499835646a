package project

import (
	"fmt"

	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// fail keeps the first thing that is wrong.
func (d *decoder) fail(at source.Span, format string, args ...any) {
	if d.wrong == nil {
		if at.IsZero() {
			at.File = ConfigFile
		}
		d.wrong = &ConfigError{at, fmt.Sprintf(format, args...)}
	}
}

// mapping hands each value of a mapping to the one of its key.
func (d *decoder) mapping(n *yaml.Node, what string, known fields) {
	if !n.IsMap() {
		d.fail(n.Place(), "%s is to be a mapping", what)
		return
	}
	for _, pair := range n.Pairs() {
		take := known[pair.Name()]
		if take == nil {
			names := map[string]bool{}
			for name := range known {
				names[name] = true
			}
			hint := suggestion(pair.Name(), names)
			if hint == "" {
				hint = "; known are " + listed(names)
			}
			d.fail(pair.Key.At, "unknown key %q in %s%s", pair.Name(), what, hint)
			return
		}
		if pair.Value.IsNull() {
			d.fail(pair.Key.At, "%s has no value", pair.Name())
			return
		}
		take(pair.Value)
	}
}

// each decodes the named values of a mapping and gives each its name's place.
func each[T any](d *decoder, n *yaml.Node, what string, into *[]T, decode func(name string, n *yaml.Node) T) {
	if !n.IsMap() {
		d.fail(n.Place(), "%s is to be a mapping from names", what)
		return
	}
	for _, pair := range n.Pairs() {
		if pair.Name() == "" {
			d.fail(pair.Key.At, "a name in %s is empty", what)
		}
		if pair.Value.IsNull() {
			d.fail(pair.Key.At, "%s has no value", pair.Name())
			return
		}
		value := decode(pair.Name(), pair.Value)
		if placed, ok := any(&value).(interface{ place(source.Span) }); ok {
			placed.place(pair.Key.At)
		}
		*into = append(*into, value)
	}
}

func (o *Override) place(at source.Span)    { o.At = at }
func (e *Environment) place(at source.Span) { e.At = at }
func (s *Service) place(at source.Span)     { s.At = at }
func (r *Request) place(at source.Span)     { r.At = at }
func (r *Race) place(at source.Span)        { r.At = at }

func (d *decoder) list(n *yaml.Node, what string) []*yaml.Node {
	if !n.IsList() {
		d.fail(n.Place(), "%s is to be a list", what)
	}
	return n.Items()
}

// oneOrMore takes a list, or one item without brackets.
func (d *decoder) oneOrMore(n *yaml.Node, what string) []*yaml.Node {
	if n.IsScalar() {
		return []*yaml.Node{n}
	}
	return d.list(n, what)
}

func (d *decoder) names(n *yaml.Node, what string) []string {
	var names []string
	for _, item := range d.oneOrMore(n, what) {
		names = append(names, d.text(item, what))
	}
	return names
}

// text takes any scalar as it is written; an empty one is wrong.
func (d *decoder) text(n *yaml.Node, what string) string {
	if !n.IsScalar() || n.Text() == "" {
		d.fail(n.Place(), "%s is to be a text", what)
	}
	return n.Text()
}

// texts takes a mapping from names to scalars, which may be empty.
func (d *decoder) texts(n *yaml.Node, what string) []Field {
	if !n.IsMap() {
		d.fail(n.Place(), "%s is to be a mapping from names to texts", what)
		return nil
	}
	found := make([]Field, 0, len(n.Pairs()))
	for _, pair := range n.Pairs() {
		if !pair.Value.IsScalar() {
			d.fail(pair.Key.At, "%s in %s is to be a text", pair.Name(), what)
			return nil
		}
		found = append(found, Field{Name: pair.Name(), Text: pair.Value.Text(), At: pair.Value.At})
	}
	return found
}
