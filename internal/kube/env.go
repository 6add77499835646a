package kube

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// Refused is why a value that is no text supplies nothing: the API server
// refuses the whole object.
const Refused = "it is a number or a boolean where Kubernetes takes only a text"

// env returns the variables of a container, each at its name.
func (r *reader) env(list *yaml.Node) []fact.Supply {
	var supplies []fact.Supply
	if !list.IsNull() && !list.IsList() {
		r.unread(list.At, "the variables of a container are no list")
	}
	for _, e := range list.Items() {
		name := e.Get("name")
		if name.Text() == "" {
			r.unread(e.At, "a variable without a name")
			continue
		}
		supplies = append(supplies, fact.Supply{Kind: fact.Variable, Name: name.Text(), At: name.At, Value: value(e)})
	}
	return supplies
}

func value(e *yaml.Node) fact.Value {
	from := e.Get("valueFrom")
	for _, source := range []struct{ key, kind string }{{"configMapKeyRef", "ConfigMap"}, {"secretKeyRef", "Secret"}} {
		if ref := from.Get(source.key); ref != nil {
			return fact.From(fact.Ref{
				Kind: source.kind, Name: ref.Get("name").Text(), Key: ref.Get("key").Text(), Optional: ref.Get("optional").True(),
			})
		}
	}
	if ref := from.Get("fieldRef"); ref != nil {
		return fact.Unknowable("the field " + ref.Get("fieldPath").Text() + " of the pod")
	}
	if ref := from.Get("resourceFieldRef"); ref != nil {
		return fact.Unknowable("the resource " + ref.Get("resource").Text() + " of the container")
	}
	if !from.IsNull() {
		return fact.Unknowable("a source that is not read")
	}
	v := e.Get("value")
	if v.IsNull() {
		return fact.Text("")
	}
	if !text(v) {
		return fact.Unknowable(Refused)
	}
	return expand(v.Text())
}

// text reports whether kubectl takes a scalar for a text. It reads YAML 1.1,
// in which there are more booleans (https://yaml.org/type/bool.html).
func text(v *yaml.Node) bool {
	if !v.IsText() {
		return false
	}
	if !v.Plain() {
		return true
	}
	switch strings.ToLower(v.Text()) {
	case "yes", "no", "on", "off":
		return false
	}
	return true
}

// expand reads the $(NAME) of a value, with $$ for a dollar. A variable that
// is not defined before it stays as it is written
// (https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/).
func expand(value string) fact.Value {
	var b strings.Builder
	var vars []fact.Var
	for i := 0; i < len(value); i++ {
		if value[i] != '$' {
			b.WriteByte(value[i])
			continue
		}
		rest := value[i+1:]
		if strings.HasPrefix(rest, "$") {
			b.WriteString("$$")
			i++
			continue
		}
		end := strings.IndexByte(rest, ')')
		if !strings.HasPrefix(rest, "(") || end < 0 {
			b.WriteString("$$")
			continue
		}
		name, asIs := rest[1:end], "$"+rest[:end+1]
		b.WriteString("${" + name + "}")
		vars = append(vars, fact.Var{Name: name, Default: &asIs})
		i += end + 1
	}
	if vars == nil {
		return fact.Text(strings.ReplaceAll(b.String(), "$$", "$"))
	}
	return fact.Interpolated(b.String(), vars...)
}

// imports returns the sets that a container takes whole.
func imports(list *yaml.Node) []fact.Import {
	var all []fact.Import
	for _, e := range list.Items() {
		for _, source := range []struct{ key, kind string }{{"configMapRef", "ConfigMap"}, {"secretRef", "Secret"}} {
			ref := e.Get(source.key)
			if ref == nil {
				continue
			}
			all = append(all, fact.Import{
				Ref:    fact.Ref{Kind: source.kind, Name: ref.Get("name").Text(), Optional: ref.Get("optional").True()},
				Prefix: e.Get("prefix").Text(), At: first(ref.Get("name").Place(), e.At),
			})
		}
	}
	return all
}
