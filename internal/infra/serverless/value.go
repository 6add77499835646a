package serverless

import (
	"path"
	"strconv"
	"strings"

	"rehearse/internal/cloud"
	"rehearse/internal/infra"
	"rehearse/internal/yaml"
)

// The bounds on values: how deep they refer to one another, and how many are
// looked at in all, and how long one is.
const (
	maxDepth = 32
	maxSteps = 1 << 17
	maxText  = 1 << 16
)

// node returns a value with its variables filled in, as far as they are known
// (https://www.serverless.com/framework/docs/guides/variables).
func (r *reader) node(n *yaml.Node, depth int) *cloud.Node {
	if r.steps++; r.steps > maxSteps || depth > maxDepth {
		return cloud.Unknown(n.Place(), "a value that is too large", "")
	}
	switch {
	case n.IsNull():
		return cloud.Null(n.Place())
	case strings.HasPrefix(n.Tag(), "!") && !strings.HasPrefix(n.Tag(), "!!"):
		return cloud.Unknown(n.At, strings.TrimPrefix(n.Tag(), "!"), n.Text()) // of CloudFormation
	case n.IsMap():
		pairs := n.Pairs()
		if len(pairs) == 1 && (pairs[0].Name() == "Ref" || strings.HasPrefix(pairs[0].Name(), "Fn::")) {
			return cloud.Unknown(n.At, pairs[0].Name(), pairs[0].Value.Text())
		}
		var all []cloud.Pair
		for _, p := range pairs {
			all = append(all, cloud.Pair{Key: p.Name(), At: p.Key.At, Value: r.node(p.Value, depth+1)})
		}
		return cloud.Map(n.At, all...)
	case n.IsList():
		var all []*cloud.Node
		for _, item := range n.Items() {
			all = append(all, r.node(item, depth+1))
		}
		return cloud.List(n.At, all...)
	}
	return r.text(n, n.Text(), depth)
}

// text fills in the ${…} of a text. One that is nothing else has whatever value
// its variable has.
func (r *reader) text(n *yaml.Node, text string, depth int) *cloud.Node {
	var b strings.Builder
	var holes []*cloud.Node
	rest := text
	for {
		begin := strings.Index(rest, "${")
		if begin < 0 {
			break
		}
		length := closing(rest[begin:])
		if length < 0 {
			break
		}
		v := r.variable(n, rest[begin+2:begin+length-1], depth+1)
		if begin == 0 && length == len(text) {
			return v
		}
		b.WriteString(rest[:begin])
		if v.IsScalar() {
			b.WriteString(v.Text())
		} else {
			b.WriteString("\ue000" + strconv.Itoa(len(holes)) + "\ue001")
			holes = append(holes, v)
		}
		rest = rest[begin+length:]
	}
	b.WriteString(rest)
	if b.Len() > maxText {
		return cloud.Unknown(n.At, "a value that is too large", "")
	}
	if len(holes) > 0 {
		return cloud.Pierced(n.At, b.String(), holes)
	}
	return cloud.Scalar(n.At, b.String())
}

// closing returns the length of the ${…} that a text begins with, -1 where it
// is not closed.
func closing(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], "${"):
			depth++
			i++
		case text[i] == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// variable returns the value of what stands in ${…}: of several, the first that
// is there.
func (r *reader) variable(n *yaml.Node, inner string, depth int) *cloud.Node {
	if r.steps++; r.steps > maxSteps || depth > maxDepth {
		return cloud.Unknown(n.At, "a value that is too large", "")
	}
	for _, option := range alternatives(inner) {
		option = strings.TrimSpace(option)
		if quoted := strings.Trim(option, `'"`); quoted != option {
			return r.text(n, quoted, depth)
		}
		if strings.Contains(option, "${") {
			filled := r.text(n, option, depth)
			if !filled.IsScalar() {
				r.chosen(option)
				return cloud.Unknown(n.At, "a choice by what is computed", "")
			}
			option = filled.Text()
		}
		kind, address, _ := strings.Cut(option, ":")
		v := r.source(n, kind, address, depth)
		if !v.IsNull() {
			return v
		}
	}
	return cloud.Unknown(n.At, inner, "")
}

// alternatives splits at the commas that stand in no ${…} and in no quotes.
func alternatives(text string) []string {
	var all []string
	depth, begin := 0, 0
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '{' || c == '(':
			depth++
		case c == '}' || c == ')':
			depth--
		case c == ',' && depth == 0:
			all = append(all, text[begin:i])
			begin = i + 1
		}
	}
	return append(all, text[begin:])
}

// source returns the value of one variable: null where it is not there, so that
// the next is asked.
func (r *reader) source(n *yaml.Node, kind, address string, depth int) *cloud.Node {
	switch {
	case kind == "self":
		if address == "provider.stage" {
			return r.staged(n)
		}
		return r.at(r.root, address, depth)
	case kind == "opt" && address == "stage", kind == "sls" && address == "stage":
		return r.staged(n)
	case kind == "opt":
		return cloud.Null(n.At)
	case kind == "param":
		for _, key := range []string{"params", "stages"} {
			for _, stage := range []string{r.stage, "default"} {
				from := r.root.Get(key, stage)
				if key == "stages" {
					from = from.Get("params")
				}
				if value := from.Get(address); value != nil {
					return r.node(value, depth)
				}
			}
		}
		return cloud.Unknown(n.At, "the parameter "+address, "")
	case strings.HasPrefix(kind, "file("):
		name := strings.TrimSuffix(strings.TrimPrefix(kind, "file("), ")")
		file := r.file(name)
		if file == nil {
			return cloud.Unknown(n.At, "the file "+name, "")
		}
		return r.at(file, address, depth)
	}
	return cloud.Unknown(n.At, kind+":"+address, "")
}

// staged returns the stage, which is not known while it is looked for.
func (r *reader) staged(n *yaml.Node) *cloud.Node {
	if r.stage == "" {
		return cloud.Unknown(n.At, "the stage", "")
	}
	return cloud.Scalar(n.At, r.stage)
}

// at follows a path of keys.
func (r *reader) at(from *yaml.Node, address string, depth int) *cloud.Node {
	n := from
	if address != "" {
		for _, key := range strings.Split(address, ".") {
			if n.IsScalar() {
				// A mapping that is taken from elsewhere.
				v := r.node(n, depth+1)
				return v.Get(key)
			}
			n = n.Get(key)
		}
	}
	return r.node(n, depth+1)
}

// chosen notes the keys of a mapping of which a variable chooses one by the
// stage: ${self:custom.environment.${opt:stage}}.
func (r *reader) chosen(option string) {
	before, by, found := strings.Cut(option, "${")
	if !found || !strings.Contains(by, "stage") {
		return
	}
	kind, address, _ := strings.Cut(strings.TrimSpace(before), ":")
	from := r.root
	if name, ok := strings.CutPrefix(kind, "file("); ok {
		if from = r.file(strings.TrimSuffix(name, ")")); from == nil {
			return
		}
	} else if kind != "self" {
		return
	}
	if address = strings.TrimSuffix(address, "."); address != "" {
		for _, key := range strings.Split(address, ".") {
			from = from.Get(key)
		}
	}
	for _, p := range from.Pairs() {
		if p.Name() != "default" && p.Value.IsMap() == from.Pairs()[0].Value.IsMap() {
			r.stages = append(r.stages, p.Name())
		}
	}
}

// file returns a file that the configuration takes in, nil where it cannot.
func (r *reader) file(name string) *yaml.Node {
	name = path.Join(r.dir, strings.TrimSpace(name))
	if n, seen := r.files[name]; seen {
		return n
	}
	r.files[name] = nil
	switch path.Ext(name) {
	case ".yml", ".yaml", ".json":
	default:
		return nil // a program
	}
	data, err := r.tree.Read(name)
	if err != nil {
		return nil
	}
	docs, _, err := infra.YAML(data)
	if err != nil || len(docs) == 0 {
		return nil
	}
	r.parts = append(r.parts, name)
	r.files[name] = docs[0].Root
	return docs[0].Root
}
