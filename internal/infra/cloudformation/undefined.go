package cloudformation

import (
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/spelling"
	"rehearse/internal/yaml"
)

// maxFlaws bounds what is told of one template.
const maxFlaws = 64

// serverlessTransform is what makes further resources of those of the Serverless
// Application Model, whose names begin with theirs
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html).
const serverlessTransform = "AWS::Serverless"

// undefined takes note of what the template refers to and does not declare: it is
// refused, and nothing of the stack is changed.
func (r *reader) undefined() {
	r.objects()
	if r.root.Get("AWSTemplateFormatVersion") == nil && r.root.Get("Transform") == nil {
		return // a part, which something puts together with others
	}
	sam := slices.ContainsFunc(r.root.Get("Resources").Pairs(), func(p yaml.Pair) bool { return strings.HasPrefix(p.Value.Get("Type").Text(), serverlessTransform) })
	transforms := append(r.root.Get("Transform").Texts(), r.root.Get("Transform").Text())
	for _, t := range transforms {
		switch {
		case strings.HasPrefix(t, serverlessTransform):
			sam = true
		case t != "":
			return // a macro makes more of it
		}
	}
	var all []cloud.Reference
	for _, part := range []string{"Resources", "Outputs", "Conditions"} {
		found, whole := cloud.References(r.root.Get(part))
		if !whole {
			return
		}
		all = append(all, found...)
	}
	for _, p := range append(r.root.Get("Resources").Pairs(), r.root.Get("Outputs").Pairs()...) {
		if c := p.Value.Get("Condition"); c.IsScalar() {
			all = append(all, cloud.Reference{By: "Condition", Name: c.Text(), At: c.At})
		}
		for _, on := range append(p.Value.Get("DependsOn").Items(), p.Value.Get("DependsOn")) {
			if on.IsScalar() {
				all = append(all, cloud.Reference{By: "DependsOn", Name: on.Text(), At: on.At})
			}
		}
	}
	resources, parameters := r.root.Get("Resources").Pairs(), r.root.Get("Parameters").Pairs()
	either, conditions, mappings := slices.Concat(resources, parameters), r.root.Get("Conditions").Pairs(), r.root.Get("Mappings").Pairs()
	names := map[string]declared{"resource or parameter": namesOf(either), "resource": namesOf(resources), "condition": namesOf(conditions), "mapping": namesOf(mappings)}
	told := map[string]bool{}
	for _, ref := range all {
		if strings.HasPrefix(ref.Name, "AWS::") || told[ref.By+ref.Name] || len(r.def.Flaws) == maxFlaws || strings.ContainsAny(ref.Name, "{}$<>%") {
			continue
		}
		var there []yaml.Pair
		what := ""
		switch ref.By {
		case "Ref", "Sub":
			there, what = either, "resource or parameter"
		case "GetAtt", "DependsOn":
			there, what = resources, "resource"
		case "Condition":
			there, what = conditions, "condition"
		case "FindInMap":
			there, what = mappings, "mapping"
		}
		if names[what].has(ref.Name, sam && what != "condition" && what != "mapping") || sam && strings.HasPrefix(ref.Name, "Serverless") {
			continue
		}
		told[ref.By+ref.Name] = true
		r.def.Flaws = append(r.def.Flaws, near(fact.Flaw{
			Kind: fact.Undefined, Name: ref.Name, At: ref.At, Fatal: true,
			What: "the template declares no " + what + " of that name, which its " + ref.By + " refers to",
		}, there))
	}
	r.literal(r.root.Get("Resources"))
}

// declared are the names of a part of a template; open says that a function makes
// more of them.
type declared struct {
	names map[string]bool
	open  bool
}

func namesOf(pairs []yaml.Pair) declared {
	d := declared{names: make(map[string]bool, len(pairs))}
	for _, p := range pairs {
		d.names[p.Name()] = true
		d.open = d.open || strings.HasPrefix(p.Name(), "Fn::")
	}
	return d
}

// has reports whether a name is declared, or, with begins, one that it begins with.
func (d declared) has(name string, begins bool) bool {
	if d.open || d.names[name] {
		return true
	}
	for i := 0; begins && i < min(len(name), maxName); i++ {
		if d.names[name[:i]] {
			return true
		}
	}
	return false
}

// maxName is how long the name of a resource may be
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html).
const maxName = 255

// ObjectKind is the kind of what templates declare: one may be put together of
// several files.
const ObjectKind = "of-template"

// objects takes down what the template declares.
func (r *reader) objects() {
	for _, part := range []string{"Parameters", "Resources", "Conditions", "Mappings"} {
		for _, p := range r.root.Get(part).Pairs() {
			r.def.Objects = append(r.def.Objects, fact.Object{Kind: ObjectKind, Name: p.Name(), At: p.Key.At})
		}
	}
}

// near adds the name among those there are that is nearly that of a flaw.
func near(f fact.Flaw, there []yaml.Pair) fact.Flaw {
	for _, p := range there {
		if spelling.Near(p.Name(), f.Name) {
			f.Near, f.Other = p.Name(), p.Key.At
			break
		}
	}
	return f
}

// literal takes note of pseudo parameters in texts that no Sub fills in: they stay
// as they are written
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html).
func (r *reader) literal(n *yaml.Node) {
	switch {
	case n.Tag() == "!Sub":
		return
	case n.IsScalar() && tight.MatchString(n.Text()):
		r.def.Flaws = append(r.def.Flaws, fact.Flaw{
			Kind: fact.Strange, Name: strings.SplitN(n.Text(), ":", 2)[0], At: n.At, Fatal: true,
			What: "no space follows its colon, so that it is a text and no key",
		})
	case n.IsScalar():
		if at, name := pseudo(n); name != "" && len(r.def.Flaws) < maxFlaws {
			r.def.Flaws = append(r.def.Flaws, fact.Flaw{
				Kind: fact.Undefined, Name: name, At: at,
				What: "no Sub fills it in, so that it stays as it is written",
			})
		}
	}
	for _, p := range n.Pairs() {
		switch p.Name() {
		case "Fn::Sub", "DefinitionBody", "DefinitionString", "DefinitionSubstitutions", "Metadata", "ZipFile", "UserData", "DefinitionUri", "Description":
			continue // filled in, or a language of its own
		}
		r.literal(p.Value)
	}
	for _, item := range n.Items() {
		r.literal(item)
	}
}

// tight is a key and a function in one text.
var tight = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*:!(Ref|Sub|GetAtt|If|Join|ImportValue|Select|FindInMap|Split|Base64)\b`)

// pseudo returns the pseudo parameter in a text.
func pseudo(n *yaml.Node) (source.Span, string) {
	for _, name := range []string{"AccountId", "Region", "Partition", "StackName", "URLSuffix"} {
		if strings.Contains(n.Text(), "${AWS::"+name+"}") {
			return n.At, "AWS::" + name
		}
	}
	return source.Span{}, ""
}
