package kube

import (
	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// volume is a volume of a pod, as a mount of it is told.
type volume struct {
	kind       string
	source     string
	persistent bool
}

// sources are the volumes that hold no storage that lasts, and those whose
// source has a name; every other is storage elsewhere (nfs, a disk of a cloud)
// (https://kubernetes.io/docs/concepts/storage/volumes/).
var sources = []struct {
	key        string
	kind       string
	name       string // the field that names the source
	persistent bool
}{
	{"persistentVolumeClaim", "claim", "claimName", true},
	{"hostPath", "bind", "path", true},
	{"configMap", "set", "name", false},
	{"secret", "set", "secretName", false},
	{"projected", "set", "", false},
	{"downwardAPI", "set", "", false},
	{"emptyDir", "volume", "", false},
	{"ephemeral", "volume", "", false},
	{"image", "other", "reference", false},
	{"gitRepo", "other", "", false},
}

// secretsStore is a driver whose volumes hold secrets.
const secretsStore = "secrets-store.csi.k8s.io"

// podVolumes returns the volumes that the containers of a pod can mount.
func podVolumes(spec, claims *yaml.Node) map[string]volume {
	volumes := map[string]volume{}
	for _, v := range spec.Get("volumes").Items() {
		volumes[v.Get("name").Text()] = volumeOf(v)
	}
	for _, c := range claims.Items() {
		name := metaName(c)
		volumes[name] = volume{kind: "claim", source: name, persistent: true}
	}
	return volumes
}

func volumeOf(v *yaml.Node) volume {
	name := v.Get("name").Text()
	for _, s := range sources {
		from, ok := v.Get(s.key), !v.KeyAt(s.key).IsZero()
		if !ok {
			continue
		}
		found := volume{kind: s.kind, source: name, persistent: s.persistent}
		if s.name != "" {
			found.source = from.Get(s.name).Text()
		}
		if s.key == "emptyDir" && from.Get("medium").Text() == "Memory" {
			found.kind = "tmpfs"
		}
		return found
	}
	if driver := v.Get("csi", "driver").Text(); driver == secretsStore {
		return volume{kind: "set", source: name}
	}
	if len(v.Pairs()) < 2 {
		return volume{kind: "volume", source: name} // nothing but a name is an emptyDir
	}
	return volume{kind: "other", source: name, persistent: true}
}

func mounts(list *yaml.Node, volumes map[string]volume) []fact.Mount {
	var all []fact.Mount
	for _, m := range list.Items() {
		name := m.Get("name").Text()
		v, known := volumes[name]
		if !known {
			v = volume{kind: "other", source: name}
		}
		path := m.Get("mountPath")
		all = append(all, fact.Mount{
			Path: path.Text(), Source: v.source, Kind: v.kind, Persistent: v.persistent,
			ReadOnly: m.Get("readOnly").True() || v.kind == "set", At: first(path.Place(), m.At),
		})
	}
	return all
}
