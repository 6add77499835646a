package kube

import (
	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// removed are the versions of APIs that Kubernetes serves no longer, with the
// release that took them away and what is served in their place, by kind and
// version (https://kubernetes.io/docs/reference/using-api/deprecation-guide/).
var removed = map[string]struct{ since, now string }{
	"Deployment.extensions/v1beta1":                                       {"1.16", "apps/v1"},
	"DaemonSet.extensions/v1beta1":                                        {"1.16", "apps/v1"},
	"ReplicaSet.extensions/v1beta1":                                       {"1.16", "apps/v1"},
	"NetworkPolicy.extensions/v1beta1":                                    {"1.16", "networking.k8s.io/v1"},
	"Ingress.extensions/v1beta1":                                          {"1.22", "networking.k8s.io/v1"},
	"Deployment.apps/v1beta1":                                             {"1.16", "apps/v1"},
	"StatefulSet.apps/v1beta1":                                            {"1.16", "apps/v1"},
	"Deployment.apps/v1beta2":                                             {"1.16", "apps/v1"},
	"StatefulSet.apps/v1beta2":                                            {"1.16", "apps/v1"},
	"DaemonSet.apps/v1beta2":                                              {"1.16", "apps/v1"},
	"ReplicaSet.apps/v1beta2":                                             {"1.16", "apps/v1"},
	"Ingress.networking.k8s.io/v1beta1":                                   {"1.22", "networking.k8s.io/v1"},
	"IngressClass.networking.k8s.io/v1beta1":                              {"1.22", "networking.k8s.io/v1"},
	"Role.rbac.authorization.k8s.io/v1beta1":                              {"1.22", "rbac.authorization.k8s.io/v1"},
	"RoleBinding.rbac.authorization.k8s.io/v1beta1":                       {"1.22", "rbac.authorization.k8s.io/v1"},
	"ClusterRole.rbac.authorization.k8s.io/v1beta1":                       {"1.22", "rbac.authorization.k8s.io/v1"},
	"ClusterRoleBinding.rbac.authorization.k8s.io/v1beta1":                {"1.22", "rbac.authorization.k8s.io/v1"},
	"CustomResourceDefinition.apiextensions.k8s.io/v1beta1":               {"1.22", "apiextensions.k8s.io/v1"},
	"MutatingWebhookConfiguration.admissionregistration.k8s.io/v1beta1":   {"1.22", "admissionregistration.k8s.io/v1"},
	"ValidatingWebhookConfiguration.admissionregistration.k8s.io/v1beta1": {"1.22", "admissionregistration.k8s.io/v1"},
	"PriorityClass.scheduling.k8s.io/v1beta1":                             {"1.22", "scheduling.k8s.io/v1"},
	"StorageClass.storage.k8s.io/v1beta1":                                 {"1.22", "storage.k8s.io/v1"},
	"CronJob.batch/v1beta1":                                               {"1.25", "batch/v1"},
	"PodDisruptionBudget.policy/v1beta1":                                  {"1.25", "policy/v1"},
	"HorizontalPodAutoscaler.autoscaling/v2beta1":                         {"1.25", "autoscaling/v2"},
	"HorizontalPodAutoscaler.autoscaling/v2beta2":                         {"1.26", "autoscaling/v2"},
}

// served takes note of an object of a version that is served no longer: the cluster
// refuses it. How old the cluster is the tree does not tell.
func (r *reader) served(o *yaml.Node) {
	version := o.Get("apiVersion")
	gone, ok := removed[o.Get("kind").Text()+"."+version.Text()]
	if !ok {
		return
	}
	r.flaw(fact.Flaw{
		Kind: fact.Undefined, Name: version.Text() + " " + o.Get("kind").Text(), At: version.At, Workload: metaName(o), Doubt: true,
		What: "Kubernetes serves it no longer since " + gone.since + ", and refuses the object: it is of " + gone.now + " now",
	})
}
