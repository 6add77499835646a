package serverless

import (
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
	"rehearse/internal/spelling"
	"rehearse/internal/yaml"
)

// maxFlaws bounds what is told of one configuration.
const maxFlaws = 64

// undefined takes note of what the configuration and the files that it takes in
// refer to and what is not there.
func (r *reader) undefined() {
	u := undefined{reader: r, told: map[string]bool{}}
	for _, plugin := range r.root.Get("plugins").Texts() {
		u.pseudo = u.pseudo || strings.Contains(plugin, "pseudo-parameters")
	}
	u.look(r.root, 0)
	u.resources = r.declared(r.root.Get("resources"), nil, 0)
	u.refer(r.root)
	for _, name := range r.parts[1:] {
		if n := r.files[name]; n != nil {
			u.look(n, 0)
			u.refer(n)
		}
	}
}

type undefined struct {
	*reader
	resources []yaml.Pair
	told      map[string]bool
	pseudo    bool // a plugin fills in ${AWS::…} everywhere
}

func (u *undefined) flaw(f fact.Flaw) {
	if f.Kind = fact.Undefined; !u.told[f.Name] && len(u.def.Flaws) < maxFlaws {
		u.told[f.Name] = true
		u.def.Flaws = append(u.def.Flaws, f)
	}
}

// declared returns the resources of a part of the configuration: it may be a list,
// of which some are files.
func (r *reader) declared(n *yaml.Node, all []yaml.Pair, depth int) []yaml.Pair {
	if depth > maxDepth {
		return all
	}
	if m := fileForm.FindStringSubmatch(n.Text()); m != nil {
		if n = r.file(m[1]); n == nil {
			return all
		}
		for _, key := range strings.Split(m[2], ".") {
			if key != "" {
				n = n.Get(key)
			}
		}
	}
	for _, item := range n.Items() {
		all = r.declared(item, all, depth+1)
	}
	if inner := n.Get("Resources"); inner != nil {
		return r.declared(inner, all, depth+1)
	}
	return append(all, n.Pairs()...)
}

// fileForm is a value that is a file, or a part of one.
var fileForm = regexp.MustCompile(`^\$\{file\(([^)${}]+)\):?([\w.]*)\}$`)

// logical is the form of names in a template, around what is filled in
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html).
var logical = regexp.MustCompile(`^[A-Za-z0-9]*$`)

// refer looks at what intrinsic functions name. The framework and its plugins make
// resources of their own, so that a name that is not declared is told of only where
// it can be none, or is nearly one that is.
func (u *undefined) refer(n *yaml.Node) {
	all, whole := cloud.References(n)
	if !whole {
		return
	}
	for _, ref := range all {
		if strings.HasPrefix(ref.Name, "AWS::") || ref.By != "Ref" && ref.By != "GetAtt" {
			continue
		}
		if bare := holes.ReplaceAllString(ref.Name, ""); !logical.MatchString(bare) {
			u.flaw(fact.Flaw{
				Name: ref.Name, At: ref.At, Fatal: true,
				What: ref.By + " takes the name of a resource in the template, which has letters and digits alone: this is none",
			})
			continue
		}
		if holes.MatchString(ref.Name) || slices.ContainsFunc(u.resources, func(p yaml.Pair) bool { return p.Name() == ref.Name }) {
			continue
		}
		if u.steps += len(u.resources); u.steps > maxSteps {
			return
		}
		for _, p := range u.resources {
			if spelling.Near(p.Name(), ref.Name) {
				u.flaw(fact.Flaw{
					Name: ref.Name, At: ref.At, Near: p.Name(), Other: p.Key.At, Doubt: true,
					What: "no resource has that name, which " + ref.By + " refers to",
				})
				break
			}
		}
	}
}

var holes = regexp.MustCompile(`\$\{[^{}]*\}`)

// look goes through the variables of every text.
func (u *undefined) look(n *yaml.Node, depth int) {
	if u.steps++; depth > maxDepth || u.steps > maxSteps {
		return
	}
	for _, p := range n.Pairs() {
		if p.Name() != "Fn::Sub" {
			u.look(p.Value, depth+1)
		}
	}
	for _, item := range n.Items() {
		u.look(item, depth+1)
	}
	text := n.Text()
	if !strings.Contains(text, "${") || n.Tag() == "!Sub" {
		return
	}
	if !u.pseudo && strings.Contains(text, "${AWS::") {
		u.flaw(fact.Flaw{
			Name: "AWS::" + pseudoName(text), At: n.At,
			What: "no Sub fills it in, so that it stays as it is written",
		})
	}
	u.variables(n, text, 0)
}

func pseudoName(text string) string {
	_, rest, _ := strings.Cut(text, "${AWS::")
	name, _, _ := strings.Cut(rest, "}")
	return name
}

// dotted is a source of a variable behind which a dot stands in place of its colon.
var dotted = regexp.MustCompile(`^(self|opt|env|sls|param|cf|ssm)\.[\w.-]+$`)

func (u *undefined) variables(n *yaml.Node, text string, depth int) {
	for depth < maxDepth {
		begin := strings.Index(text, "${")
		if begin < 0 {
			return
		}
		length := closing(text[begin:])
		if length < 0 {
			return
		}
		inner := text[begin+2 : begin+length-1]
		options := alternatives(inner)
		for _, option := range options {
			option = strings.TrimSpace(option)
			if dotted.MatchString(option) {
				right := strings.Replace(option, ".", ":", 1)
				u.flaw(fact.Flaw{
					Name: option, At: n.At, Near: right, Fatal: true,
					What: "it is no variable: a colon follows its source",
				})
			}
			if address, ok := strings.CutPrefix(option, "self:custom."); ok && len(options) == 1 && !strings.ContainsAny(address, "${}()") {
				u.custom(n, address)
			}
		}
		u.variables(n, inner, depth+1)
		text = text[begin+length:]
	}
}

// custom looks for ${self:custom.NAME}, without which the framework gives up.
func (u *undefined) custom(n *yaml.Node, address string) {
	at := u.root.Get("custom")
	for _, key := range strings.Split(address, ".") {
		if !at.IsMap() || !at.KeyAt("<<").IsZero() {
			return // it is taken from elsewhere, or a text
		}
		if next := at.Get(key); next != nil || !at.KeyAt(key).IsZero() {
			at = next
			continue
		}
		f := fact.Flaw{Name: "self:custom." + address, At: n.At, Doubt: true, What: "custom has no " + key + ", without which the framework gives up"}
		for _, p := range at.Pairs() {
			if spelling.Near(p.Name(), key) {
				f.Near, f.Other = p.Name(), p.Key.At
			}
		}
		u.flaw(f)
		return
	}
}
