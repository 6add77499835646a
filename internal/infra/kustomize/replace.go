package kustomize

import (
	"path"
	"strings"

	"rehearse/internal/yaml"
)

// replacements copies values of some objects into others
// (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/).
func (c *composer) replacements(l *layer, k *yaml.Node, dir string) error {
	for _, entry := range k.Get("replacements").Items() {
		all := []*yaml.Node{entry}
		if file := entry.Get("path").Text(); file != "" {
			docs, err := c.docs(path.Join(dir, file), entry.At)
			if err != nil {
				return err
			}
			all = nil
			for _, doc := range docs {
				if all = append(all, doc.Root); doc.Root.IsList() {
					all = append(all[:len(all)-1], doc.Root.Items()...)
				}
			}
		}
		for _, r := range all {
			if err := c.spend(entry.At, r.Size()); err != nil {
				return err
			}
			c.replacement(l, r)
		}
	}
	return nil
}

func (c *composer) replacement(l *layer, r *yaml.Node) {
	from := r.Get("source")
	field := from.Get("fieldPath").Text()
	if field == "" {
		field = "metadata.name"
	}
	var value *yaml.Node
	for _, o := range l.objects {
		if selected(o, exactly(from)) {
			value = follow(o.node, fields(field))
			break
		}
	}
	if delimiter := from.Get("options", "delimiter").Text(); delimiter != "" && value.IsScalar() {
		index, _ := from.Get("options", "index").Int()
		parts := strings.Split(value.Text(), delimiter)
		if index >= 0 && index < len(parts) {
			value = yaml.String(value.At, parts[index])
		}
	}
	if value == nil {
		return
	}
	for _, target := range r.Get("targets").Items() {
		options := target.Get("options")
		for _, o := range l.objects {
			if !selected(o, exactly(target.Get("select"))) {
				continue
			}
			for _, to := range target.Get("fieldPaths").Texts() {
				o.node = assign(o.node, fields(to), value, options)
			}
		}
	}
}

// exactly returns a selector whose names are no expressions.
func exactly(selector *yaml.Node) *yaml.Node {
	name := selector.Get("name")
	if !name.IsScalar() {
		return selector
	}
	return with(selector, "name", yaml.String(name.At, strings.NewReplacer(".", `\.`, "*", `\*`, "+", `\+`).Replace(name.Text())))
}

// fields parts the path of a field: a.b.[name=c].d, with \. for a dot.
func fields(text string) []string {
	var all []string
	var b strings.Builder
	inside := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case c == '[':
			inside = true
			b.WriteByte(c)
		case c == ']':
			inside = false
			b.WriteByte(c)
		case c == '.' && !inside:
			all = append(all, b.String())
			b.Reset()
		default:
			b.WriteByte(c)
		}
	}
	return append(all, b.String())
}

// choice reads [name=c].
func choice(field string) (key, value string, ok bool) {
	if !strings.HasPrefix(field, "[") || !strings.HasSuffix(field, "]") {
		return "", "", false
	}
	return strings.Cut(field[1:len(field)-1], "=")
}

func follow(n *yaml.Node, keys []string) *yaml.Node {
	for _, key := range keys {
		switch by, value, ok := choice(key); {
		case ok && n.IsList():
			var found *yaml.Node
			for _, item := range n.Items() {
				if item.Get(by).Text() == value {
					found = item
					break
				}
			}
			n = found
		case n.IsList():
			i, isNumber := yaml.Number(key)
			if !isNumber || i < 0 || i >= len(n.Items()) {
				return nil
			}
			n = n.Items()[i]
		default:
			n = n.Get(key)
		}
	}
	return n
}

// assign returns n with the value at a path; as it is, where the path leads to
// nothing and nothing is to be made there.
func assign(n *yaml.Node, keys []string, value, options *yaml.Node) *yaml.Node {
	if len(keys) == 0 {
		delimiter := options.Get("delimiter").Text()
		if delimiter == "" || !n.IsScalar() || !value.IsScalar() {
			return value
		}
		parts := strings.Split(n.Text(), delimiter)
		if i, _ := options.Get("index").Int(); i >= 0 && i < len(parts) {
			parts[i] = value.Text()
		}
		return yaml.String(value.At, strings.Join(parts, delimiter))
	}
	if n.IsList() {
		items := append([]*yaml.Node(nil), n.Items()...)
		by, want, isChoice := choice(keys[0])
		index, isNumber := yaml.Number(keys[0])
		for i := range items {
			if keys[0] == "*" || isChoice && items[i].Get(by).Text() == want || isNumber && i == index {
				items[i] = assign(items[i], keys[1:], value, options)
			}
		}
		return yaml.List(n.At, items...)
	}
	below := n.Get(keys[0])
	if below == nil && !options.Get("create").True() || !n.IsMap() {
		return n
	}
	return with(n, keys[0], assign(below, keys[1:], value, options))
}

// vars fills in $(NAME), for the names that the kustomization says
// (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/vars/).
func (c *composer) vars(l *layer, k *yaml.Node) error {
	var pairs []string
	for _, v := range k.Get("vars").Items() {
		field := v.Get("fieldref", "fieldpath").Text()
		if field == "" {
			field = "metadata.name"
		}
		for _, o := range l.objects {
			if selected(o, exactly(v.Get("objref"))) {
				if value := follow(o.node, fields(field)); value.IsScalar() && v.Get("name").Text() != "" {
					pairs = append(pairs, "$("+v.Get("name").Text()+")", value.Text())
				}
				break
			}
		}
	}
	if pairs == nil {
		return nil
	}
	filler := strings.NewReplacer(pairs...)
	for _, o := range l.objects {
		if err := c.spend(k.At, o.node.Size()); err != nil {
			return err
		}
		o.node = each(o.node, func(_ string, n *yaml.Node) *yaml.Node {
			if n.IsScalar() && strings.Contains(n.Text(), "$(") {
				if made := filler.Replace(n.Text()); made != n.Text() {
					return yaml.String(n.At, made)
				}
			}
			return n
		})
	}
	return nil
}
