package kustomize

import (
	"strings"

	"rehearse/internal/yaml"
)

// transform changes what was put together, in kustomize's own order.
func (c *composer) transform(l *layer, k *yaml.Node, dir string) error {
	if err := c.patches(l, k, dir); err != nil {
		return err
	}
	for _, step := range []func(*layer, *yaml.Node){namespace, rename, labels, annotations, replicas, images} {
		total := 0
		for _, o := range l.objects {
			total += o.node.Size()
		}
		if err := c.spend(k.At, total); err != nil {
			return err
		}
		step(l, k)
	}
	if err := c.replacements(l, k, dir); err != nil {
		return err
	}
	return c.vars(l, k)
}

// clusterWide are the kinds that have no namespace, and no prefix where they
// stand for something else
// (https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/).
var clusterWide = map[string]bool{
	"Namespace": true, "CustomResourceDefinition": true, "ClusterRole": true, "ClusterRoleBinding": true, "PersistentVolume": true,
	"StorageClass": true, "PriorityClass": true, "IngressClass": true, "APIService": true, "ValidatingWebhookConfiguration": true,
	"MutatingWebhookConfiguration": true,
}

func namespace(l *layer, k *yaml.Node) {
	ns := k.Get("namespace")
	if ns.Text() == "" {
		return
	}
	for _, o := range l.objects {
		if !clusterWide[o.kind()] {
			o.node = under(o.node, ns, "metadata", "namespace")
		}
	}
}

// rename puts the prefix and the suffix around the names of the objects, and
// around what refers to them.
func rename(l *layer, k *yaml.Node) {
	prefix, suffix := k.Get("namePrefix").Text(), k.Get("nameSuffix").Text()
	if prefix == "" && suffix == "" {
		return
	}
	renamed := map[string]string{} // by kind and the name before
	for _, o := range l.objects {
		kind := o.kind()
		if kind == "Namespace" || kind == "CustomResourceDefinition" || kind == "APIService" {
			continue
		}
		name := o.node.Get("metadata", "name")
		if name.Text() == "" {
			continue
		}
		made := prefix + name.Text() + suffix
		renamed[kind+" "+name.Text()] = made
		for _, before := range o.names {
			renamed[kind+" "+before] = made
		}
		o.names = append(o.names, name.Text())
		o.node = under(o.node, yaml.String(name.At, made), "metadata", "name")
	}
	for _, o := range l.objects {
		o.node = each(o.node, func(key string, n *yaml.Node) *yaml.Node { return refer(key, n, renamed) })
	}
}

// referring are the fields whose value, a mapping, names an object of a kind
// (https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/konfig/builtinpluginconsts/namereference.go).
var referring = map[string]struct{ kind, name string }{
	"configMapRef": {"ConfigMap", "name"}, "configMapKeyRef": {"ConfigMap", "name"}, "configMap": {"ConfigMap", "name"},
	"secretRef": {"Secret", "name"}, "secretKeyRef": {"Secret", "name"}, "secret": {"Secret", "secretName"},
	"imagePullSecrets": {"Secret", "name"}, "persistentVolumeClaim": {"PersistentVolumeClaim", "claimName"},
	"service": {"Service", "name"}, "target": {"Secret", "name"},
}

// naming are the fields whose value is the name of an object.
var naming = map[string]string{
	"serviceAccountName": "ServiceAccount", "serviceAccount": "ServiceAccount", "secretName": "Secret", "serviceName": "Service",
	"host": "Service",
}

// refer gives a reference the new name of what it is for.
func refer(key string, n *yaml.Node, renamed map[string]string) *yaml.Node {
	if kind, ok := naming[key]; ok && n.IsScalar() {
		if made := renamed[kind+" "+n.Text()]; made != "" {
			return yaml.String(n.At, made)
		}
		return n
	}
	if !n.IsMap() {
		return n
	}
	r, ok := referring[key]
	if key == "scaleTargetRef" || key == "roleRef" || key == "subjects" || key == "volumeClaimTemplates" {
		r.kind, r.name, ok = n.Get("kind").Text(), "name", true
	}
	if !ok {
		return n
	}
	fields := []string{r.name}
	if key == "secret" {
		fields = append(fields, "name") // of a projected volume
	}
	for _, field := range fields {
		if made := renamed[r.kind+" "+n.Get(field).Text()]; made != "" {
			n = with(n, field, yaml.String(n.Get(field).At, made))
		}
	}
	return n
}

// selectors are where the objects of a kind select pods by labels.
var selectors = map[string][]string{
	"Service": {"spec", "selector"}, "Deployment": {"spec", "selector", "matchLabels"}, "StatefulSet": {"spec", "selector", "matchLabels"},
	"DaemonSet": {"spec", "selector", "matchLabels"}, "ReplicaSet": {"spec", "selector", "matchLabels"},
	"ReplicationController": {"spec", "selector"}, "PodDisruptionBudget": {"spec", "selector", "matchLabels"},
	"NetworkPolicy": {"spec", "podSelector", "matchLabels"},
}

// templates are where the template of the pods of a kind stands.
var templates = map[string][]string{
	"Deployment": {"spec", "template"}, "StatefulSet": {"spec", "template"}, "DaemonSet": {"spec", "template"}, "ReplicaSet": {"spec", "template"},
	"ReplicationController": {"spec", "template"}, "Job": {"spec", "template"}, "CronJob": {"spec", "jobTemplate", "spec", "template"},
}

// labels adds commonLabels, to selectors too, and labels, which say whether
// they are for these.
func labels(l *layer, k *yaml.Node) {
	add := func(pairs []yaml.Pair, selecting, pods bool) {
		for _, o := range l.objects {
			for _, pair := range pairs {
				o.node = under(o.node, pair.Value, "metadata", "labels", pair.Name())
				if at := selectors[o.kind()]; selecting && at != nil && (o.kind() != "Service" || o.node.Get(at...).IsMap()) {
					o.node = under(o.node, pair.Value, append(append([]string(nil), at...), pair.Name())...)
				}
				if at := templates[o.kind()]; (selecting || pods) && o.node.Get(at...).IsMap() {
					o.node = under(o.node, pair.Value, append(append([]string(nil), at...), "metadata", "labels", pair.Name())...)
				}
			}
		}
	}
	add(k.Get("commonLabels").Pairs(), true, true)
	for _, entry := range k.Get("labels").Items() {
		add(entry.Get("pairs").Pairs(), entry.Get("includeSelectors").True(), entry.Get("includeTemplates").True())
	}
}

func annotations(l *layer, k *yaml.Node) {
	for _, pair := range k.Get("commonAnnotations").Pairs() {
		for _, o := range l.objects {
			o.node = under(o.node, pair.Value, "metadata", "annotations", pair.Name())
		}
	}
}

func replicas(l *layer, k *yaml.Node) {
	for _, entry := range k.Get("replicas").Items() {
		for _, o := range l.objects {
			if count := entry.Get("count"); count != nil && templates[o.kind()] != nil && o.called(entry.Get("name").Text()) {
				o.node = under(o.node, count, "spec", "replicas")
			}
		}
	}
}

// images gives containers another image, or another tag of theirs.
func images(l *layer, k *yaml.Node) {
	for _, entry := range k.Get("images").Items() {
		name := entry.Get("name").Text()
		if name == "" {
			continue
		}
		for _, o := range l.objects {
			o.node = each(o.node, func(key string, n *yaml.Node) *yaml.Node {
				if key != "containers" && key != "initContainers" || !n.IsMap() {
					return n
				}
				image := n.Get("image")
				base, tag := split(image.Text())
				if base != name {
					return n
				}
				at := entry.At
				if to := entry.Get("newName"); to.Text() != "" {
					base, at = to.Text(), to.At
				}
				if to := entry.Get("newTag"); to.Text() != "" {
					tag, at = ":"+to.Text(), to.At
				}
				if to := entry.Get("digest"); to.Text() != "" {
					tag, at = "@"+to.Text(), to.At
				}
				return with(n, "image", yaml.String(at, base+tag))
			})
		}
	}
}

// split parts an image's name from its tag or digest.
func split(image string) (name, tag string) {
	if i := strings.IndexByte(image, '@'); i >= 0 {
		return image[:i], image[i:]
	}
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		return image[:i], image[i:]
	}
	return image, ""
}
