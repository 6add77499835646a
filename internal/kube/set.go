package kube

import (
	"encoding/base64"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

func (r *reader) set(o *yaml.Node, kind, name string, open bool, supplies []fact.Supply) {
	r.def.Sets = append(r.def.Sets, fact.Set{
		Kind: kind, Name: name, Namespace: metaNamespace(o), At: o.At, Open: open, Supplies: supplies,
	})
}

// keys returns a supply for each key of a mapping.
func keys(n *yaml.Node, value func(*yaml.Node) fact.Value) []fact.Supply {
	var supplies []fact.Supply
	for _, pair := range n.Pairs() {
		supplies = append(supplies, fact.Supply{Kind: fact.Variable, Name: pair.Name(), At: pair.Key.At, Value: value(pair.Value)})
	}
	return supplies
}

func plain(v *yaml.Node) fact.Value {
	if !v.IsNull() && !text(v) {
		return fact.Unknowable(Refused)
	}
	return fact.Text(v.Text())
}

func unknown(why string) func(*yaml.Node) fact.Value {
	return func(*yaml.Node) fact.Value { return fact.Unknowable(why) }
}

func (r *reader) configMap(o *yaml.Node) {
	r.setFlaws("ConfigMap", o.Get("data"))
	supplies := keys(o.Get("data"), plain)
	supplies = append(supplies, keys(o.Get("binaryData"), unknown("it is binary"))...)
	r.set(o, "ConfigMap", metaName(o), false, supplies)
}

// secret reads a Secret. What stringData says goes before what data says.
func (r *reader) secret(o *yaml.Node) {
	literal := o.Get("stringData")
	r.setFlaws("Secret", literal)
	r.secretFlaws(o.Get("data"))
	var supplies []fact.Supply
	for _, s := range keys(o.Get("data"), decoded) {
		if literal.Get(s.Name) == nil {
			supplies = append(supplies, s)
		}
	}
	r.set(o, "Secret", metaName(o), false, append(supplies, keys(literal, plain)...))
}

func decoded(v *yaml.Node) fact.Value {
	text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(v.Text()), ""))
	if err != nil {
		return fact.Unknowable("it is not in base64")
	}
	return fact.Text(string(text))
}

// sealedSecret reads a SealedSecret (https://github.com/bitnami-labs/sealed-secrets),
// which becomes a Secret of the same name.
func (r *reader) sealedSecret(o *yaml.Node) {
	name := o.Get("spec", "template", "metadata", "name").Text()
	if name == "" {
		name = metaName(o)
	}
	supplies := keys(o.Get("spec", "encryptedData"), unknown("it is sealed"))
	supplies = append(supplies, keys(o.Get("spec", "template", "data"), unknown("it is made of what is sealed"))...)
	r.set(o, "Secret", name, o.Get("spec", "data").IsScalar(), supplies)
}

// externalSecret reads an ExternalSecret (https://external-secrets.io/latest/api/externalsecret/),
// which becomes a Secret with the keys that it lists, and with those of its
// template alone where it has one.
func (r *reader) externalSecret(o *yaml.Node) {
	spec := o.Get("spec")
	name := spec.Get("target", "name").Text()
	if name == "" {
		name = metaName(o)
	}
	template := spec.Get("target", "template")
	open := !spec.Get("dataFrom").IsNull()
	var supplies []fact.Supply
	if data := template.Get("data"); data.IsMap() || !template.Get("templateFrom").IsNull() {
		supplies = keys(data, unknown("it comes from the store of secrets"))
		open = !template.Get("templateFrom").IsNull()
		if template.Get("mergePolicy").Text() != "Merge" {
			r.set(o, "Secret", name, open, supplies)
			return
		}
		open = open || !spec.Get("dataFrom").IsNull()
	}
	data := spec.Get("data")
	if data == nil {
		data = o.Get("data") // kubernetes-client.io before it was given a spec
	}
	for _, item := range data.Items() {
		key := item.Get("secretKey")
		if key == nil {
			key = item.Get("name")
		}
		if key.Text() == "" {
			r.unread(item.At, "a key of a secret without a name")
			continue
		}
		supplies = append(supplies, fact.Supply{
			Kind: fact.Variable, Name: key.Text(), At: key.At, Value: fact.Unknowable("it comes from the store of secrets"),
		})
	}
	r.set(o, "Secret", name, open, supplies)
}

// secretProvider reads the Secrets that a SecretProviderClass keeps in step
// (https://secrets-store-csi-driver.sigs.k8s.io/topics/sync-as-kubernetes-secret).
func (r *reader) secretProvider(o *yaml.Node) {
	for _, object := range o.Get("spec", "secretObjects").Items() {
		var supplies []fact.Supply
		for _, item := range object.Get("data").Items() {
			key := item.Get("key")
			supplies = append(supplies, fact.Supply{
				Kind: fact.Variable, Name: key.Text(), At: first(key.Place(), item.At), Value: fact.Unknowable("it comes from the store of secrets"),
			})
		}
		r.set(o, "Secret", object.Get("secretName").Text(), false, supplies)
	}
}
