package kube

import (
	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// bounds reads what a container asks for, and the most that it may have
// (https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/).
func bounds(resources *yaml.Node) []fact.Bound {
	var all []fact.Bound
	for _, key := range []string{"requests", "limits"} {
		for _, p := range resources.Get(key).Pairs() {
			n, ok := fact.Quantity(p.Value.Text())
			if !ok {
				continue
			}
			if p.Name() == "cpu" {
				n *= 1000
			}
			all = append(all, fact.Bound{Resource: p.Name(), Limit: key == "limits", Text: p.Value.Text(), Amount: int64(n), At: p.Key.At})
		}
	}
	return all
}

// rolls reports whether a workload starts a new copy before it ends an old one
// (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy).
func rolls(kind string, o *yaml.Node) bool {
	strategy := o.Get("spec", "strategy")
	surge := strategy.Get("rollingUpdate", "maxSurge").Text()
	return kind == "Deployment" && strategy.Get("type").Text() != "Recreate" && surge != "0" && surge != "0%"
}
