package cloud

import (
	"strings"

	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Reference is a place at which a template of CloudFormation names something of
// itself
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html).
type Reference struct {
	By   string // Ref, GetAtt, Sub, DependsOn, Condition, FindInMap
	Name string // without the attribute
	At   source.Span
}

// maxReferences bounds what is looked at of one template.
const maxReferences = 1 << 14

// References returns what a part of a template names. It is false where something
// that is not told of here makes more of the template: a macro, a loop.
func References(n *yaml.Node) ([]Reference, bool) {
	w := references{whole: true}
	w.walk(n, 0)
	return w.found, w.whole
}

type references struct {
	found []Reference
	whole bool
}

func (w *references) add(by, name string, at source.Span) {
	name = strings.TrimSpace(name)
	if name != "" && len(w.found) < maxReferences {
		w.found = append(w.found, Reference{by, name, at})
	}
}

// walk looks at a value.
func (w *references) walk(n *yaml.Node, depth int) {
	if n == nil || depth > 64 {
		return
	}
	if name, ok := strings.CutPrefix(n.Tag(), "!"); ok && !strings.HasPrefix(name, "!") {
		w.function(name, n)
		if n.IsScalar() {
			return
		}
	}
	pairs := n.Pairs()
	for _, p := range pairs {
		name, intrinsic := strings.CutPrefix(p.Name(), "Fn::")
		switch {
		case intrinsic && (name == "Transform" || strings.HasPrefix(name, "ForEach")):
			w.whole = w.whole && depth > 0 // deeper it makes parts of one resource
		case intrinsic && len(pairs) == 1, p.Name() == "Ref" && len(pairs) == 1:
			w.function(name, p.Value)
		case p.Name() == "Metadata" && depth < 4, p.Name() == "ZipFile":
			continue
		}
		w.walk(p.Value, depth+1)
	}
	for _, item := range n.Items() {
		w.walk(item, depth+1)
	}
}

func (w *references) function(name string, arg *yaml.Node) {
	switch name {
	case "Ref":
		if arg.IsScalar() {
			w.add("Ref", arg.Text(), arg.At)
		}
	case "GetAtt":
		of := arg.Text()
		if items := arg.Items(); len(items) > 0 {
			of = items[0].Text()
		} else if i := strings.LastIndexByte(of, '}'); strings.Contains(of[i+1:], ".") {
			of = of[:i+1+strings.IndexByte(of[i+1:], '.')]
		}
		w.add("GetAtt", of, arg.At)
	case "Sub":
		text, given := arg, (*yaml.Node)(nil)
		if items := arg.Items(); len(items) > 0 {
			if text = items[0]; len(items) > 1 {
				given = items[1]
			}
		}
		w.sub(text, given)
	case "If", "FindInMap":
		if items := arg.Items(); len(items) > 0 && items[0].IsScalar() {
			by := "Condition"
			if name == "FindInMap" {
				by = name
			}
			w.add(by, items[0].Text(), items[0].At)
		}
	case "Condition":
		w.add("Condition", arg.Text(), arg.At)
	}
}

// sub looks at the ${NAME} and ${NAME.ATTRIBUTE} of a text.
func (w *references) sub(text, given *yaml.Node) {
	rest, line := text.Text(), 0
	for {
		i := strings.Index(rest, "${")
		if i < 0 {
			return
		}
		name, after, closed := strings.Cut(rest[i+2:], "}")
		if !closed {
			return
		}
		whole := name
		name, _, _ = strings.Cut(name, ".")
		if !strings.HasPrefix(name, "!") && !strings.ContainsAny(name, "{$ (") && given.Get(whole) == nil && given.Get(name) == nil {
			at := text.At
			if text.Literal() {
				at = source.Span{File: at.File, Line: at.Line + 1 + line + strings.Count(rest[:i], "\n")}
			}
			w.add("Sub", name, at)
		}
		line += strings.Count(rest[:len(rest)-len(after)], "\n")
		rest = after
	}
}
