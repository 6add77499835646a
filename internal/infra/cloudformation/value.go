package cloudformation

import (
	"strconv"
	"strings"

	"rehearse/internal/cloud"
	"rehearse/internal/yaml"
)

// maxDepth bounds functions in functions, and parameters in texts.
const maxDepth = 64

// node returns a value with its intrinsic functions worked out, as far as they
// are known (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html).
func (r *reader) node(n *yaml.Node, depth int) *cloud.Node {
	if n.IsNull() || depth > maxDepth {
		return cloud.Null(n.Place())
	}
	if name, ok := strings.CutPrefix(n.Tag(), "!"); ok && !strings.HasPrefix(name, "!") {
		return r.function(name, n, n, depth)
	}
	if pairs := n.Pairs(); len(pairs) == 1 {
		if name, ok := strings.CutPrefix(pairs[0].Name(), "Fn::"); ok || pairs[0].Name() == "Ref" || pairs[0].Name() == "Condition" && pairs[0].Value.IsScalar() {
			return r.function(name, pairs[0].Value, n, depth)
		}
	}
	switch {
	case n.IsMap():
		var all []cloud.Pair
		for _, p := range n.Pairs() {
			all = append(all, cloud.Pair{Key: p.Name(), At: p.Key.At, Value: r.node(p.Value, depth+1)})
		}
		return cloud.Map(n.At, all...)
	case n.IsList():
		var all []*cloud.Node
		for _, item := range n.Items() {
			if v := r.node(item, depth+1); !v.IsNull() {
				all = append(all, v) // AWS::NoValue is none
			}
		}
		return cloud.List(n.At, all...)
	}
	return cloud.Scalar(n.At, n.Text())
}

// function works one out; at is the value that it stands for.
func (r *reader) function(name string, arg, at *yaml.Node, depth int) *cloud.Node {
	switch name {
	case "Ref":
		return r.ref(arg.Text(), at, depth)
	case "GetAtt":
		of := arg.Text()
		if items := arg.Texts(); len(items) > 0 {
			of = items[0]
		}
		of, _, _ = strings.Cut(of, ".")
		return cloud.Unknown(at.At, "GetAtt "+of, of)
	case "Sub":
		text := arg
		if arg.IsList() && len(arg.Items()) > 0 {
			text = arg.Items()[0]
		}
		return r.sub(text.Text(), arg, at, depth)
	case "If":
		// The first branch that is a value: that the key is there is what counts.
		items := arg.Items()
		if len(items) != 3 {
			break
		}
		yes, no := r.node(items[1], depth+1), r.node(items[2], depth+1)
		if yes.IsMap() || yes.IsList() || no.IsNull() {
			return yes
		}
		if no.IsMap() || no.IsList() || yes.IsNull() {
			return no
		}
		return cloud.Unknown(at.At, "a condition", "")
	case "Join":
		items := arg.Items()
		if len(items) != 2 {
			break
		}
		var b strings.Builder
		var holes []*cloud.Node
		for i, part := range items[1].Items() {
			if i > 0 {
				b.WriteString(items[0].Text())
			}
			v := r.node(part, depth+1)
			if v.IsScalar() {
				b.WriteString(v.Text())
				continue
			}
			b.WriteString(hole(len(holes)))
			holes = append(holes, v)
		}
		if len(holes) == 0 {
			return cloud.Scalar(at.At, b.String())
		}
		return cloud.Pierced(at.At, b.String(), holes)
	}
	return cloud.Unknown(at.At, name, "")
}

func hole(n int) string { return "\ue000" + strconv.Itoa(n) + "\ue001" }

// ref returns what a name refers to: a parameter's default, which whoever
// creates the stack may replace, or a resource.
func (r *reader) ref(name string, at *yaml.Node, depth int) *cloud.Node {
	if name == "AWS::NoValue" {
		return cloud.Null(at.At)
	}
	if parameter := r.root.Get("Parameters", name); parameter.IsMap() {
		if value := parameter.Get("Default"); value.IsScalar() && parameter.Get("NoEcho").Text() != "true" {
			return cloud.Scalar(at.At, value.Text()).Loosened(name)
		}
		return cloud.Unknown(at.At, name, "")
	}
	if resource := r.root.Get("Resources", name); resource.IsMap() {
		if resource.Get("Type").Text() == "AWS::ECR::Repository" {
			if said := r.node(resource.Get("Properties", "RepositoryName"), depth+1); said.Shown() != "" {
				return cloud.Scalar(at.At, said.Shown())
			}
		}
		return cloud.Unknown(at.At, name, name)
	}
	return cloud.Unknown(at.At, name, "")
}

// sub fills in the ${NAME} of a text.
func (r *reader) sub(text string, arg, at *yaml.Node, depth int) *cloud.Node {
	var given *yaml.Node
	if items := arg.Items(); len(items) > 1 {
		given = items[1]
	}
	var b strings.Builder
	var holes []*cloud.Node
	loose := ""
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("${" + rest)
			break
		}
		text = after
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			b.WriteString("${" + literal + "}")
			continue
		}
		var v *cloud.Node
		if value := given.Get(name); value != nil {
			v = r.node(value, depth+1)
		} else if of, _, part := strings.Cut(name, "."); part {
			v = cloud.Unknown(at.At, name, of)
		} else {
			v = r.ref(name, at, depth+1)
		}
		if v.IsScalar() {
			if v.Loose() {
				loose = v.Why()
			}
			b.WriteString(v.Text())
			continue
		}
		b.WriteString(hole(len(holes)))
		holes = append(holes, v)
	}
	if len(holes) > 0 {
		return cloud.Pierced(at.At, b.String(), holes)
	}
	n := cloud.Scalar(at.At, b.String())
	if loose != "" {
		n = n.Loosened(loose)
	}
	return n
}
