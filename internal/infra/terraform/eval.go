package terraform

import (
	"maps"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"rehearse/internal/cloud"
	"rehearse/internal/source"
)

// scope is what names mean where an expression stands, besides those of the
// module.
type scope struct {
	module *module
	names  map[string]*cloud.Node // each, count, and the variables of for and dynamic
	depth  int
	only   bool // a template: it sees nothing of the module
}

func (s *scope) with(name string, value *cloud.Node) *scope {
	inner := *s
	inner.names = maps.Clone(s.names)
	if inner.names == nil {
		inner.names = map[string]*cloud.Node{}
	}
	inner.names[name] = value
	return &inner
}

func (s *scope) deeper() *scope {
	inner := *s
	inner.depth++
	return &inner
}

// eval works an expression out, as far as it is known.
func (m *module) eval(e hclsyntax.Expression, sc *scope) *cloud.Node {
	n := m.value(e, sc)
	if n.IsScalar() && len(n.Text()) > maxText || len(n.Items()) > maxItems || len(n.Pairs()) > maxItems {
		return cloud.Unknown(m.span(e.Range()), "a value that is too large", n.Of())
	}
	return n
}

// What a value may be as large as: texts that are put together of one another
// would grow without end.
const (
	maxText  = 1 << 18 // bytes
	maxItems = 1 << 14
)

func (m *module) value(e hclsyntax.Expression, sc *scope) *cloud.Node {
	at := m.span(e.Range())
	if m.steps++; m.steps > maxSteps || sc.depth > maxDepth {
		return cloud.Unknown(at, "a value that is too large", "")
	}
	sc = sc.deeper()
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return literal(e.Val, at)
	case *hclsyntax.TemplateExpr:
		return m.template(e, at, sc)
	case *hclsyntax.TemplateWrapExpr:
		return m.eval(e.Wrapped, sc)
	case *hclsyntax.ParenthesesExpr:
		return m.eval(e.Expression, sc)
	case *hclsyntax.ObjectConsExpr:
		return m.object(e, at, sc)
	case *hclsyntax.ObjectConsKeyExpr:
		return m.key(e, sc)
	case *hclsyntax.TupleConsExpr:
		items := make([]*cloud.Node, 0, len(e.Exprs))
		for _, item := range e.Exprs {
			items = append(items, m.eval(item, sc))
		}
		return cloud.List(at, items...)
	case *hclsyntax.ScopeTraversalExpr:
		return m.traverse(e.Traversal, at, sc)
	case *hclsyntax.RelativeTraversalExpr:
		return m.walk(m.eval(e.Source, sc), e.Traversal, at)
	case *hclsyntax.IndexExpr:
		return index(m.eval(e.Collection, sc), m.eval(e.Key, sc), at)
	case *hclsyntax.ConditionalExpr:
		return m.conditional(e, at, sc)
	case *hclsyntax.FunctionCallExpr:
		return m.call(e, at, sc)
	case *hclsyntax.ForExpr:
		return m.loop(e, at, sc)
	case *hclsyntax.BinaryOpExpr:
		return m.binary(e, at, sc)
	case *hclsyntax.UnaryOpExpr:
		if v := m.eval(e.Val, sc); e.Op == hclsyntax.OpLogicalNot && v.IsScalar() {
			return cloud.Scalar(at, strconv.FormatBool(v.Text() != "true"))
		}
	case *hclsyntax.SplatExpr:
		return cloud.Unknown(at, "a value of each of several", m.eval(e.Source, sc).Of())
	}
	return cloud.Unknown(at, "an expression", "")
}

func literal(v cty.Value, at source.Span) *cloud.Node {
	if v.IsNull() || !v.IsKnown() {
		return cloud.Null(at)
	}
	if text, err := convert.Convert(v, cty.String); err == nil && text.IsKnown() && !text.IsNull() {
		return cloud.Scalar(at, text.AsString())
	}
	return cloud.Unknown(at, "a literal", "")
}

// template returns a text with values in it: it is known where all of them are.
// A text that is a part of a resource as a whole stays one.
func (m *module) template(e *hclsyntax.TemplateExpr, at source.Span, sc *scope) *cloud.Node {
	var b strings.Builder
	var holes []*cloud.Node
	loose := ""
	for _, part := range e.Parts {
		v := m.eval(part, sc)
		switch {
		case v.IsScalar():
			if v.Loose() {
				loose = v.Why()
			}
			b.WriteString(v.Text())
		case v.IsNull():
		default:
			b.WriteString(hole(len(holes)))
			holes = append(holes, v)
		}
	}
	if len(e.Parts) > 0 {
		// Of a heredoc the first line is that of its text.
		at = m.span(e.Parts[0].Range())
	}
	if len(holes) == 0 {
		n := cloud.Scalar(at, b.String())
		if loose != "" {
			n = n.Loosened(loose)
		}
		return n
	}
	return cloud.Pierced(at, b.String(), holes)
}

// hole is what stands in a text for a value that is not known: characters of
// the area for private use, which stand in no definition.
func hole(n int) string { return "\ue000" + strconv.Itoa(n) + "\ue001" }

func (m *module) object(e *hclsyntax.ObjectConsExpr, at source.Span, sc *scope) *cloud.Node {
	var pairs []cloud.Pair
	why := ""
	for _, item := range e.Items {
		key := m.eval(item.KeyExpr, sc)
		if !key.IsScalar() {
			why = "a key that is computed"
			continue
		}
		pairs = append(pairs, cloud.Pair{Key: key.Text(), At: m.span(item.KeyExpr.Range()), Value: m.eval(item.ValueExpr, sc)})
	}
	n := cloud.Map(at, pairs...)
	if why != "" {
		n = n.Opened(why)
	}
	return n
}

// key returns the key of an object: a bare word is a text.
func (m *module) key(e *hclsyntax.ObjectConsKeyExpr, sc *scope) *cloud.Node {
	if word := hcl.ExprAsKeyword(e.Wrapped); word != "" && !e.ForceNonLiteral {
		return cloud.Scalar(m.span(e.Range()), word)
	}
	return m.eval(e.Wrapped, sc)
}

// repository are the attributes that are the address of images of the name that
// another attribute says.
var repository = map[string]string{
	"aws_ecr_repository.repository_url":               "name",
	"google_artifact_registry_repository.repository":  "repository_id",
	"digitalocean_container_registry.server_url":      "name",
	"scaleway_registry_namespace.endpoint":            "name",
	"aws_ecrpublic_repository.repository_uri":         "repository_name",
	"azurerm_container_registry.login_server":         "name",
	"google_container_registry.bucket_self_link":      "project",
	"ibm_container_registry_namespace.repository_url": "name",
}

func (m *module) conditional(e *hclsyntax.ConditionalExpr, at source.Span, sc *scope) *cloud.Node {
	condition := m.eval(e.Condition, sc)
	yes, no := m.eval(e.TrueResult, sc), m.eval(e.FalseResult, sc)
	if condition.IsScalar() && !condition.Loose() {
		if condition.Text() == "true" {
			return yes
		}
		return no
	}
	// What either says may be there; nothing else is.
	if yes.IsMap() && no.IsMap() {
		return merge(m, []*cloud.Node{no, yes}, at, sc)
	}
	if yes.IsList() && no.IsList() {
		return concat(m, []*cloud.Node{yes, no}, at, sc)
	}
	return cloud.Unknown(at, "a condition", "")
}

func (m *module) binary(e *hclsyntax.BinaryOpExpr, at source.Span, sc *scope) *cloud.Node {
	a, b := m.eval(e.LHS, sc), m.eval(e.RHS, sc)
	if (e.Op == hclsyntax.OpEqual || e.Op == hclsyntax.OpNotEqual) && !a.IsUnknown() && !b.IsUnknown() && (a.IsNull() || b.IsNull()) {
		return cloud.Scalar(at, strconv.FormatBool((a.IsNull() == b.IsNull()) == (e.Op == hclsyntax.OpEqual)))
	}
	if !a.IsScalar() || !b.IsScalar() || a.Loose() || b.Loose() {
		return cloud.Unknown(at, "an expression", "")
	}
	truth := false
	switch e.Op {
	case hclsyntax.OpEqual:
		truth = a.Text() == b.Text()
	case hclsyntax.OpNotEqual:
		truth = a.Text() != b.Text()
	case hclsyntax.OpLogicalAnd:
		truth = a.Text() == "true" && b.Text() == "true"
	case hclsyntax.OpLogicalOr:
		truth = a.Text() == "true" || b.Text() == "true"
	default:
		return cloud.Unknown(at, "an expression", "")
	}
	return cloud.Scalar(at, strconv.FormatBool(truth))
}

// loop works out a for expression over what is known.
func (m *module) loop(e *hclsyntax.ForExpr, at source.Span, sc *scope) *cloud.Node {
	over := m.eval(e.CollExpr, sc)
	if over.IsUnknown() || over.IsScalar() || e.Group {
		return cloud.Unknown(at, or(over.Why(), "an expression"), over.Of())
	}
	var pairs []cloud.Pair
	var items []*cloud.Node
	why, open := over.Open()
	n := 0
	each(over, func(key string, place source.Span, value *cloud.Node) {
		k := cloud.Scalar(place, key)
		if over.IsList() {
			k = cloud.Scalar(place, strconv.Itoa(n))
		}
		n++
		inner := sc.with(e.ValVar, value)
		if e.KeyVar != "" {
			inner = inner.with(e.KeyVar, k)
		}
		if e.CondExpr != nil {
			if c := m.eval(e.CondExpr, inner); c.Text() == "false" {
				return // where it is not known, the item may be there
			}
		}
		result := m.eval(e.ValExpr, inner)
		if e.KeyExpr == nil {
			items = append(items, result.Moved(place))
			return
		}
		if name := m.eval(e.KeyExpr, inner); name.IsScalar() {
			pairs = append(pairs, cloud.Pair{Key: name.Text(), At: place, Value: result})
		} else {
			why, open = "a key that is computed", true
		}
	})
	made := cloud.List(over.At, items...)
	if e.KeyExpr != nil {
		made = cloud.Map(over.At, pairs...)
	}
	if open {
		made = made.Opened(why)
	}
	return made
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
