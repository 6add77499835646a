package helm

import (
	"slices"

	"rehearse/internal/spelling"
)

// common are names of keys that stand in many places and mean another thing in
// each.
var common = map[string]bool{
	"enabled": true, "enable": true, "name": true, "host": true, "hosts": true, "port": true, "ports": true, "image": true, "tag": true,
	"type": true, "path": true, "paths": true, "size": true, "resources": true, "annotations": true, "labels": true, "repository": true,
	"pullPolicy": true, "replicas": true, "replicaCount": true, "value": true, "key": true, "url": true, "user": true, "username": true,
	"password": true, "database": true, "secret": true, "existingSecret": true, "create": true, "env": true, "config": true, "domain": true,
	"nodeSelector": true, "tolerations": true, "affinity": true, "version": true, "storageClass": true, "accessMode": true, "namespace": true,
	"protocol": true, "command": true, "args": true, "data": true, "limits": true, "requests": true, "cpu": true, "memory": true,
	"http": true, "https": true, "tls": true, "class": true, "className": true, "schedule": true, "minReplicas": true, "maxReplicas": true,
	"podAnnotations": true, "podLabels": true, "securityContext": true, "podSecurityContext": true, "imagePullSecrets": true,
	"serviceAccount": true, "service": true, "ingress": true, "extraEnv": true, "registry": true, "secretName": true, "secretKey": true,
}

// near returns the key of the values that was meant: one that is spelled nearly
// so beside it, or just so under another parent. Where the lack of it is not
// seen in what is rendered, it is one that no template reads.
func (f *findings) near(r read, missing int, all []leaf, came bool) (leaf, bool) {
	var found []leaf
	keys, seen := r.path, came && r.use == printed
	parent, wrong, rest := keys[:missing-1], keys[missing-1], keys[missing:]
	for _, l := range all {
		n := len(l.path) - len(rest)
		switch {
		case n != missing || !slices.Equal(l.path[:n-1], parent) || !slices.Equal(l.path[n:], rest):
		case spelling.Near(l.path[n-1], wrong) && (seen || !f.isRead(l.path) || spelling.Same(l.path[n-1], wrong) && !common[wrong]):
			found = append(found, l)
		}
	}
	if len(found) > 0 {
		return one(found)
	}
	name := keys[len(keys)-1]
	for _, l := range all {
		if l.path[len(l.path)-1] != name || f.ofDependency(l.path) {
			continue
		}
		read := f.isRead(l.path)
		switch {
		case moved(l.path, keys) && (!read || seen && !common[name]):
			found = append(found, l)
		case seen && !read && len(name) >= 5 && !common[name]:
			found = append(found, l)
		}
	}
	return one(found)
}

// within returns the one switch one level below that has the name of a switch that
// is asked for and not there: cnpg.cluster.enabled, where a template asks for
// cnpg.enabled and the values have nothing but cnpg.cluster.
func (f *findings) within(r read, missing int, all []leaf) (leaf, bool) {
	name := r.path[len(r.path)-1]
	if r.use != asked || missing != len(r.path) || missing < 2 || name != "enabled" && name != "create" {
		return leaf{}, false
	}
	parent := r.path[:missing-1]
	var found []leaf
	below := map[string]bool{}
	for _, l := range all {
		if len(l.path) < missing || !slices.Equal(l.path[:missing-1], parent) {
			continue
		}
		below[l.path[missing-1]] = true
		if len(l.path) == missing+1 && l.path[missing] == name {
			found = append(found, l)
		}
	}
	if len(below) != 1 {
		return leaf{}, false // the switch of one of several is not that of all
	}
	return one(found)
}

// moved reports whether one path is the other with one name more: what was put
// into a mapping, or taken out of one.
func moved(a, b []string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a) != len(b)+1 {
		return false
	}
	for i := range b {
		if a[i] != b[i] {
			return slices.Equal(a[i+1:], b[i:])
		}
	}
	return true
}

func one(found []leaf) (leaf, bool) {
	if len(found) != 1 {
		return leaf{}, false
	}
	return found[0], true
}

// spare returns the one key beside the missing one that no template reads, where
// no other is missing there and both share a word: envFromSecret, where a
// template reads envSecretName.
func (f *findings) spare(r read, missing int, all []leaf) (leaf, bool) {
	if missing < 2 || missing != len(r.path) {
		return leaf{}, false
	}
	parent, wrong := r.path[:missing-1], r.path[missing-1]
	var found []leaf
	for _, l := range all {
		if len(l.path) == missing && slices.Equal(l.path[:missing-1], parent) && !f.isRead(l.path) && spelling.Kin(l.path[missing-1], wrong) {
			found = append(found, l)
		}
	}
	near, ok := one(found)
	if !ok {
		return leaf{}, false
	}
	for _, o := range f.reads {
		if len(o.path) == missing && slices.Equal(o.path[:missing-1], parent) && o.path[missing-1] != wrong &&
			spelling.Kin(o.path[missing-1], near.path[missing-1]) && f.missing(o.path) != 0 {
			return leaf{}, false
		}
	}
	return near, true
}

// ofDependency reports whether a key is given to a chart that this one depends
// on, in the tree or not: who reads it is not seen.
func (f *findings) ofDependency(keys []string) bool {
	if keys[0] == "global" || slices.ContainsFunc(f.chart.charts, func(c *chart) bool { return c.name == keys[0] }) {
		return true
	}
	for _, d := range f.chart.root.Get("dependencies").Items() {
		if d.Get("name").Text() == keys[0] || d.Get("alias").Text() == keys[0] {
			return true
		}
	}
	return false
}
