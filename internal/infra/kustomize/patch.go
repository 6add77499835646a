package kustomize

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// patches lets the patches of a kustomization work on its objects.
func (c *composer) patches(l *layer, k *yaml.Node, dir string) error {
	for _, key := range []string{"patchesStrategicMerge", "patches", "patchesJson6902"} {
		for _, entry := range k.Get(key).Items() {
			target := entry.Get("target")
			var docs []yaml.Document
			var err error
			switch {
			case entry.IsScalar() && !strings.Contains(entry.Text(), "\n"):
				docs, err = c.patchFile(entry, dir)
			case entry.IsScalar():
				docs = inline(entry)
			case entry.Get("path").Text() != "":
				docs, err = c.patchFile(entry.Get("path"), dir)
			default:
				docs = inline(entry.Get("patch"))
			}
			if err != nil {
				return err
			}
			for _, doc := range docs {
				if err := c.spend(entry.At, doc.Root.Size()); err != nil {
					return err
				}
				if err := c.patch(l, doc.Root, target, entry); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (c *composer) patchFile(entry *yaml.Node, dir string) ([]yaml.Document, error) {
	name := path.Join(dir, entry.Text())
	if !c.tree.Has(name) {
		if remote(entry.Text()) {
			c.miss(entry.At, "names a patch elsewhere, which is not fetched")
		} else {
			c.lost(entry)
		}
		return nil, nil
	}
	return c.docs(name, entry.At)
}

// inline reads a patch that stands in the kustomization itself.
func inline(n *yaml.Node) []yaml.Document {
	docs, err := yaml.ParseAt(source.File{Path: n.Place().File, Data: []byte(n.Text())}, func(line int) source.Span {
		if n.Literal() {
			return source.Span{File: n.At.File, Line: n.At.Line + line}
		}
		return source.Span{File: n.At.File, Line: n.At.Line}
	})
	if err != nil {
		return nil
	}
	return docs
}

// patch lets one patch work on what it is for.
func (c *composer) patch(l *layer, p, target, entry *yaml.Node) error {
	match := func(o *object) bool { return selected(o, target) }
	if target == nil {
		kind, name := p.Get("kind").Text(), p.Get("metadata", "name").Text()
		if kind == "" || name == "" {
			return nil
		}
		match = func(o *object) bool { return o.kind() == kind && o.called(name) }
	}
	found := false
	var kept []*object
	for _, o := range l.objects {
		if !match(o) {
			kept = append(kept, o)
			continue
		}
		found = true
		if err := c.spend(entry.At, o.node.Size()+p.Size()); err != nil {
			return err
		}
		if p.IsList() {
			o.node = operations(o.node, p)
			kept = append(kept, o)
			continue
		}
		if p.Get("$patch").Text() == "delete" {
			continue
		}
		keep := []yaml.Pair{}
		for _, pair := range p.Pairs() {
			// A target renames nothing: the name of a patch for it is of no account.
			if name := pair.Name(); name != "apiVersion" && name != "kind" && name != "metadata" {
				keep = append(keep, pair)
			}
		}
		if meta := p.Get("metadata"); meta.IsMap() {
			keep = append(keep, yaml.Pair{Key: yaml.String(meta.At, "metadata"), Value: without(without(meta, "name"), "namespace")})
		}
		o.node = merge("", o.node, yaml.Map(p.At, keep...))
		kept = append(kept, o)
	}
	l.objects = kept
	if !found && !c.closed && (target == nil || target.Get("name").Text() != "") {
		name := target.Get("name")
		if target == nil {
			name = p.Get("metadata", "name")
		}
		c.dangling(name, "the patch is for "+strings.TrimSpace(kindOf(p, target)+" "+name.Text())+", which none of the resources declares")
		if target != nil { // kustomize leaves out a patch whose target selects nothing, and says nothing of it
			flaw := &c.flaws[len(c.flaws)-1]
			flaw.Fatal, flaw.Doubt = false, true
		}
	}
	return nil
}

func kindOf(p, target *yaml.Node) string {
	if target != nil {
		return target.Get("kind").Text()
	}
	return p.Get("kind").Text()
}

// dangling takes down what is to change what is not there: kustomize refuses a
// patch without a target, save one that selects.
func (c *composer) dangling(name *yaml.Node, what string) {
	c.flaws = append(c.flaws, fact.Flaw{Kind: fact.Undefined, Name: name.Text(), At: name.At, What: what, Fatal: true})
}

// selected reports whether a patch's target selects an object: its fields are
// expressions that match the whole
// (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/).
func selected(o *object, target *yaml.Node) bool {
	if kind := target.Get("kind").Text(); kind != "" && !matches(kind, o.kind()) {
		return false
	}
	name := target.Get("name").Text()
	if name != "" && !matches(name, o.name()) && !slices.ContainsFunc(o.names, func(n string) bool { return matches(name, n) }) {
		return false
	}
	if selector := target.Get("labelSelector").Text(); selector != "" && !labelled(o.node.Get("metadata", "labels"), selector) {
		return false
	}
	if selector := target.Get("annotationSelector").Text(); selector != "" && !labelled(o.node.Get("metadata", "annotations"), selector) {
		return false
	}
	return true
}

func matches(pattern, text string) bool {
	re, err := regexp.Compile("^(?:" + pattern + ")$")
	return err == nil && re.MatchString(text)
}

// labelled reports whether labels have what a selector of equalities asks for.
func labelled(labels *yaml.Node, selector string) bool {
	for part := range strings.SplitSeq(selector, ",") {
		key, value, ok := strings.Cut(part, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(strings.TrimPrefix(value, "="))
		switch {
		case !ok && labels.Get(key) == nil:
			return false
		case ok && strings.HasSuffix(key, "!"):
			if labels.Get(strings.TrimSuffix(key, "!")).Text() == value {
				return false
			}
		case ok && labels.Get(key).Text() != value:
			return false
		}
	}
	return true
}

// mergeKeys are the lists of Kubernetes whose items are merged by a key; all
// others are replaced
// (https://kubernetes.io/docs/reference/kubernetes-api/, "patch merge key").
var mergeKeys = map[string][]string{
	"containers": {"name"}, "initContainers": {"name"}, "ephemeralContainers": {"name"}, "env": {"name"}, "volumes": {"name"},
	"volumeMounts": {"mountPath"}, "volumeDevices": {"devicePath"}, "imagePullSecrets": {"name"}, "hostAliases": {"ip"},
	"ports": {"containerPort", "port"}, "secrets": {"name"},
}

// merge lays a strategic merge patch over n
// (https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md).
func merge(key string, n, p *yaml.Node) *yaml.Node {
	switch {
	case p.IsMap() && n.IsMap() && p.Get("$patch").Text() != "replace":
		made := n
		for _, pair := range p.Pairs() {
			switch {
			case strings.HasPrefix(pair.Name(), "$"):
			case pair.Value.IsNull() || pair.Value.Get("$patch").Text() == "delete":
				made = without(made, pair.Name())
			default:
				value := merge(pair.Name(), made.Get(pair.Name()), pair.Value)
				made = said(made, pair, value)
			}
		}
		return made
	case p.IsList() && n.IsList() && mergeKeys[key] != nil:
		return mergeList(key, n, p)
	case p.IsMap():
		return without(p, "$patch")
	}
	return p
}

// said sets a pair, with the key's own place where the value is a scalar of
// the patch: that is where it is said now.
func said(n *yaml.Node, pair yaml.Pair, value *yaml.Node) *yaml.Node {
	pairs := slices.Clone(n.Pairs())
	i := slices.IndexFunc(pairs, func(p yaml.Pair) bool { return p.Name() == pair.Name() })
	switch {
	case i < 0:
		pairs = append(pairs, yaml.Pair{Key: pair.Key, Value: value})
	case value == pair.Value:
		pairs[i] = pair
	default:
		pairs[i].Value = value
	}
	return yaml.Map(n.At, pairs...)
}

func mergeList(key string, n, p *yaml.Node) *yaml.Node {
	items := slices.Clone(n.Items())
	for _, item := range p.Items() {
		if item.Get("$patch").Text() == "replace" {
			items = nil
			continue
		}
		by, id := "", ""
		for _, k := range mergeKeys[key] {
			if v := item.Get(k); v != nil {
				by, id = k, v.Text()
				break
			}
		}
		i := slices.IndexFunc(items, func(o *yaml.Node) bool { return by != "" && o.Get(by).Text() == id })
		remove := item.Get("$patch").Text() == "delete"
		switch {
		case i >= 0 && remove:
			items = slices.Delete(items, i, i+1)
		case i >= 0 && key == "env":
			// What a value and a reference say is not laid over each other.
			items[i] = item
		case i >= 0:
			items[i] = merge("", items[i], item)
		case !remove:
			items = append(items, item)
		}
	}
	return yaml.List(n.At, items...)
}

// operations runs a JSON patch (RFC 6902) on n. An operation that does not fit
// changes nothing.
func operations(n, list *yaml.Node) *yaml.Node {
	for _, op := range list.Items() {
		pointer := op.Get("path").Text()
		if !strings.HasPrefix(pointer, "/") {
			continue
		}
		keys := strings.Split(pointer[1:], "/")
		for i := range keys {
			keys[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(keys[i])
		}
		switch op.Get("op").Text() {
		case "add", "replace":
			if value := op.Get("value"); value != nil {
				n = put(n, keys, value, op.Get("op").Text() == "add")
			}
		case "remove":
			n = put(n, keys, nil, false)
		}
	}
	return n
}

// put returns n with the value at the path of a JSON patch; without it where
// value is nil.
func put(n *yaml.Node, keys []string, value *yaml.Node, add bool) *yaml.Node {
	key, last := keys[0], len(keys) == 1
	switch {
	case n.IsMap() && last && value == nil:
		return without(n, key)
	case n.IsMap() && last:
		at := value.At
		return said(n, yaml.Pair{Key: yaml.String(at, key), Value: value}, value)
	case n.IsMap():
		below := n.Get(key)
		if below == nil {
			return n
		}
		return with(n, key, put(below, keys[1:], value, add))
	case n.IsList():
		items := slices.Clone(n.Items())
		i, err := strconv.Atoi(key)
		if key == "-" {
			i, err = len(items), nil
		}
		switch {
		case err != nil || i < 0 || i > len(items):
			return n
		case last && value != nil && add:
			items = slices.Insert(items, i, value)
		case i == len(items):
			return n
		case last && value == nil:
			items = slices.Delete(items, i, i+1)
		case last:
			items[i] = value
		default:
			items[i] = put(items[i], keys[1:], value, add)
		}
		return yaml.List(n.At, items...)
	}
	return n
}
