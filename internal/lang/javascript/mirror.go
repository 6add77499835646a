package javascript

import (
	"bytes"
	"regexp"
	"strings"

	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// mirror reads the schema of Joi of a file whose settings are put together beside
// it, each under the key that the schema has for it: what the schema does not
// demand may be missing (https://joi.dev/api/#anyrequired---aliases-exist).
func mirror(g *pattern.Reading, m *syntax.Match) {
	if !g.First(m) {
		return // the whole file was read for the first import of Joi
	}
	root := m.Node("joi")
	for up := root.Parent(); !up.IsZero(); up = up.Parent() {
		root = up
	}
	described := map[string][]description{}
	left := maxMirrored
	describeAll(root, described, &left)
	if len(described) == 0 {
		return
	}
	g.Soften(func(read syntax.Node) bool {
		key, owner := place(read)
		var near, all []description
		for _, d := range described[key] {
			all = append(all, d)
			if owner != "" && (strings.HasPrefix(d.owner, owner) || strings.HasPrefix(owner, d.owner) && d.owner != "") {
				near = append(near, d)
			}
		}
		if len(near) > 0 {
			all = near
		}
		for _, d := range all {
			if d.demanded {
				return false
			}
		}
		return len(all) > 0
	})
}

// maxMirrored is how many nodes of a file are looked at.
const maxMirrored = 1 << 16

// description is what a schema says of a key.
type description struct {
	owner    string // the key or the name of the object that it stands in
	demanded bool
}

var joi = regexp.MustCompile(`^[Jj]oi\.`)

// describeAll collects the keys that Joi describes.
func describeAll(n syntax.Node, into map[string][]description, left *int) {
	if *left--; *left < 0 {
		return
	}
	for _, child := range n.Children() {
		if child.Kind() == "pair" {
			if text := child.Field("value").Bytes(); joi.Match(text) && !bytes.HasPrefix(text[4:], []byte("object")) {
				key, owner := place(child.Field("value"))
				into[key] = append(into[key], description{owner, demanded.Match(text)})
				continue
			}
		}
		describeAll(child, into, left)
	}
}

// place returns the key that a value stands under, and the key or the name of the
// object around it; nothing where it is no value of a key.
func place(value syntax.Node) (key, owner string) {
	pair := value.Parent()
	if pair.Kind() != "pair" || pair.Field("value").ID() != value.ID() {
		return "", ""
	}
	key = pair.Field("key").Text()
	for up, hops := pair.Parent().Parent(), 0; !up.IsZero() && hops < 4; up, hops = up.Parent(), hops+1 {
		switch up.Kind() {
		case "pair":
			return key, up.Field("key").Text()
		case "variable_declarator":
			return key, up.Field("name").Text()
		}
	}
	return key, ""
}
