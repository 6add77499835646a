package kube

import (
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/spelling"
	"rehearse/internal/yaml"
)

// kindOfNode is a mapping of a pod, with the fields that it has
// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/).
type kindOfNode struct {
	what   string
	fields []string
	inner  map[string]*kindOfNode // of the fields whose own fields are looked at, in lists too
}

// The mappings that people write by hand most. Fields that a later version of
// Kubernetes adds are not among them, so that one alone is told of which is known
// elsewhere, or nearly the same as another.
var (
	httpGet      = &kindOfNode{what: "httpGet", fields: words("path port host scheme httpHeaders")}
	probeFields  = &kindOfNode{what: "a probe", fields: words("exec httpGet tcpSocket grpc initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold terminationGracePeriodSeconds"), inner: map[string]*kindOfNode{"httpGet": httpGet}}
	mountFields  = &kindOfNode{what: "a mount", fields: words("name readOnly recursiveReadOnly mountPath subPath subPathExpr mountPropagation")}
	portFields   = &kindOfNode{what: "a port of a container", fields: words("name hostPort containerPort protocol hostIP")}
	boundFields  = &kindOfNode{what: "the resources of a container", fields: words("limits requests claims")}
	secretVolume = &kindOfNode{what: "a volume of a Secret", fields: words("secretName items defaultMode optional")}
	mapVolume    = &kindOfNode{what: "a volume of a ConfigMap", fields: words("name items defaultMode optional")}
	claimVolume  = &kindOfNode{what: "a volume of a claim", fields: words("claimName readOnly")}
	volumeFields = &kindOfNode{
		what: "a volume",
		fields: words("name awsElasticBlockStore azureDisk azureFile cephfs cinder configMap csi downwardAPI emptyDir ephemeral fc flexVolume flocker gcePersistentDisk gitRepo glusterfs hostPath image iscsi nfs " +
			"persistentVolumeClaim photonPersistentDisk portworxVolume projected quobyte rbd scaleIO secret storageos vsphereVolume"),
		inner: map[string]*kindOfNode{"secret": secretVolume, "configMap": mapVolume, "persistentVolumeClaim": claimVolume},
	}
	containerFields = &kindOfNode{
		what: "a container",
		fields: words("name image command args workingDir ports envFrom env resources resizePolicy restartPolicy restartPolicyRules volumeMounts volumeDevices livenessProbe readinessProbe startupProbe lifecycle " +
			"terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext stdin stdinOnce tty targetContainerName"),
		inner: map[string]*kindOfNode{
			"ports": portFields, "resources": boundFields, "volumeMounts": mountFields,
			"livenessProbe": probeFields, "readinessProbe": probeFields, "startupProbe": probeFields,
		},
	}
	podFields = &kindOfNode{
		what: "a pod",
		fields: words("containers initContainers ephemeralContainers volumes restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName serviceAccount " +
			"automountServiceAccountToken nodeName hostNetwork hostPID hostIPC shareProcessNamespace securityContext imagePullSecrets hostname subdomain affinity schedulerName tolerations hostAliases " +
			"priorityClassName priority dnsConfig readinessGates runtimeClassName enableServiceLinks preemptionPolicy overhead topologySpreadConstraints setHostnameAsFQDN os hostUsers schedulingGates " +
			"resourceClaims resources containerConcurrency timeoutSeconds responseStartTimeoutSeconds idleTimeoutSeconds"),
		inner: map[string]*kindOfNode{"containers": containerFields, "initContainers": containerFields, "volumes": volumeFields},
	}
	everyKind = []*kindOfNode{
		httpGet, probeFields, mountFields, portFields, boundFields, secretVolume, mapVolume, claimVolume, volumeFields, containerFields, podFields,
	}
)

func words(text string) []string { return strings.Fields(text) }

// foreign takes note of fields that a mapping of a pod does not have and that are
// of another, or nearly one of its own: they are left out in silence, or the
// manifest is refused where it is checked strictly
// (https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation).
func (r *reader) foreign(w fact.Workload, n *yaml.Node, kind *kindOfNode) {
	for _, item := range n.Items() {
		r.foreign(w, item, kind)
	}
	for _, p := range n.Pairs() {
		name := p.Name()
		if slices.Contains(kind.fields, name) {
			if inner := kind.inner[name]; inner != nil {
				r.foreign(w, p.Value, inner)
			}
			continue
		}
		at := p.Key.At
		if strings.ContainsAny(name, "${}<>. ") || slices.ContainsFunc(r.def.Flaws, func(f fact.Flaw) bool { return f.At == at }) {
			continue
		}
		near := slices.IndexFunc(kind.fields, func(field string) bool { return spelling.Near(field, name) })
		of := slices.IndexFunc(everyKind, func(k *kindOfNode) bool { return slices.Contains(k.fields, name) })
		f := fact.Flaw{Kind: fact.Strange, Name: name, At: at, Workload: w.Name}
		switch {
		case near >= 0:
			f.What = kind.what + " has no such field: " + kind.fields[near] + " is what it has"
		case of >= 0:
			f.What = kind.what + " has no such field, which is one of " + everyKind[of].what
		default:
			continue
		}
		r.flaw(f)
	}
}
