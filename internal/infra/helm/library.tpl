{{- /* What the templates of the library chart common are for: its names and the little that a manifest needs of each to be one. */ -}}
{{- define "common.capabilities.deployment.apiVersion" -}}apps/v1{{- end -}}
{{- define "common.capabilities.statefulset.apiVersion" -}}apps/v1{{- end -}}
{{- define "common.capabilities.daemonset.apiVersion" -}}apps/v1{{- end -}}
{{- define "common.capabilities.ingress.apiVersion" -}}networking.k8s.io/v1{{- end -}}
{{- define "common.capabilities.networkPolicy.apiVersion" -}}networking.k8s.io/v1{{- end -}}
{{- define "common.capabilities.cronjob.apiVersion" -}}batch/v1{{- end -}}
{{- define "common.capabilities.job.apiVersion" -}}batch/v1{{- end -}}
{{- define "common.capabilities.policy.apiVersion" -}}policy/v1{{- end -}}
{{- define "common.capabilities.rbac.apiVersion" -}}rbac.authorization.k8s.io/v1{{- end -}}
{{- define "common.capabilities.hpa.apiVersion" -}}autoscaling/v2{{- end -}}
{{- define "common.names.name" -}}{{ default .Chart.Name .Values.nameOverride }}{{- end -}}
{{- define "common.names.fullname" -}}
{{- if .Values.fullnameOverride -}}{{ .Values.fullnameOverride }}
{{- else if contains (default .Chart.Name .Values.nameOverride) .Release.Name -}}{{ .Release.Name }}
{{- else -}}{{ .Release.Name }}-{{ default .Chart.Name .Values.nameOverride }}{{- end -}}
{{- end -}}
{{- define "common.names.chart" -}}{{ .Chart.Name }}{{- end -}}
{{- define "common.names.namespace" -}}{{ default .Release.Namespace .Values.namespaceOverride }}{{- end -}}
{{- define "common.names.dependency.fullname" -}}{{ .context.Release.Name }}-{{ .chartName }}{{- end -}}
{{- define "common.labels.matchLabels" -}}
{{- $all := . -}}{{- if hasKey . "context" -}}{{- $all = .context -}}{{- end -}}
app.kubernetes.io/name: {{ $all.Chart.Name }}
app.kubernetes.io/instance: {{ $all.Release.Name }}
{{- end -}}
{{- define "common.labels.standard" -}}{{ include "common.labels.matchLabels" . }}{{- end -}}
{{- define "common.tplvalues.render" -}}
{{- if kindIs "string" .value -}}{{ tpl .value .context }}{{- else -}}{{ tpl (toYaml .value) .context }}{{- end -}}
{{- end -}}
{{- define "common.images.image" -}}
{{- if .imageRoot.registry -}}{{ .imageRoot.registry }}/{{- end -}}{{ .imageRoot.repository }}:{{ default "latest" .imageRoot.tag }}
{{- end -}}
