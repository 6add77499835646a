package kube

import (
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// sourceKeys are what a variable can be taken from (Kubernetes API reference,
// EnvVarSource); true for those that name a key of an object.
var sourceKeys = map[string]bool{"secretKeyRef": true, "configMapKeyRef": true, "fieldRef": false, "resourceFieldRef": false, "fileKeyRef": false}

// refusedKey is a key that no ConfigMap or Secret can have, and that nothing fills
// in (k8s.io/apimachinery, validation.IsConfigMapKey).
var refusedKey = regexp.MustCompile(`^[^${}<>%@]*[^-._a-zA-Z0-9${}<>%@][^${}<>%@]*$`)

// misplaced takes note of a variable whose source stands at the wrong
// indentation, or lacks what it must name.
func (r *reader) misplaced(w fact.Workload, name, e *yaml.Node) {
	say := func(kind fact.FlawKind, what string) {
		r.flaw(fact.Flaw{Kind: kind, Name: name.Text(), At: name.At, Workload: w.Name, Fatal: true, What: what})
	}
	for _, pair := range e.Pairs() {
		if _, source := sourceKeys[pair.Name()]; source {
			say(fact.Strange, pair.Name()+" stands beside the name, and belongs below valueFrom")
			return
		}
	}
	from := e.Get("valueFrom")
	if from.IsMap() && e.Get("value").IsScalar() && e.Get("value").Text() != "" {
		say(fact.Refused, "it has a value and a source, of which Kubernetes takes one alone")
		return
	}
	for _, pair := range from.Pairs() {
		keyed, source := sourceKeys[pair.Name()]
		switch {
		case !source && (pair.Name() == "secretRef" || pair.Name() == "configMapRef"):
			say(fact.Strange, pair.Name()+" takes a set whole, in envFrom: a variable is taken from "+strings.TrimSuffix(pair.Name(), "Ref")+"KeyRef")
			return
		case source && pair.Value.IsNull() && len(from.Pairs()) > 1:
			say(fact.Strange, "what belongs below "+pair.Name()+" stands beside it")
			return
		case keyed && pair.Value.IsMap() && pair.Value.KeyAt("key").IsZero() && len(pair.Value.Pairs()) > 0:
			say(fact.Refused, "its "+pair.Name()+" names no key")
			return
		case keyed && refusedKey.MatchString(pair.Value.Get("key").Text()):
			say(fact.Refused, "its "+pair.Name()+" names a key with characters that no key has: those are letters, digits, dashes, dots and underscores")
			return
		}
	}
}

// wholes takes note of entries of envFrom that name a key, or nothing.
func (r *reader) wholes(w fact.Workload, list *yaml.Node) {
	for _, e := range list.Items() {
		for _, pair := range e.Pairs() {
			flaw := fact.Flaw{Kind: fact.Strange, Name: pair.Name(), At: pair.Key.At, Workload: w.Name, Fatal: true}
			switch {
			case slices.Contains([]string{"secretKeyRef", "configMapKeyRef"}, pair.Name()):
				flaw.What = "it takes one key, in env: a set is taken whole from " + strings.Replace(pair.Name(), "Key", "", 1)
			case (pair.Name() == "secretRef" || pair.Name() == "configMapRef") && pair.Value.IsNull() && !e.Get("name").IsNull():
				flaw.What = "its name stands beside it, and belongs below it"
			default:
				continue
			}
			r.flaw(flaw)
		}
	}
}
