{{- /* What the templates of the library ffc-helm-library are for: each makes an object named as the chart, over which the chart lays a template of its own. */ -}}
{{- define "ffc-helm-library.labels" -}}app: {{ .Chart.Name }}{{- end -}}
{{- define "ffc-helm-library.selector-labels" -}}app: {{ .Chart.Name }}{{- end -}}
{{- define "ffc-helm-library.container-config-map" -}}
{{- $top := index . 0 -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $top.Chart.Name }}
{{ include (index . 1) $top }}
{{- end -}}
{{- define "ffc-helm-library.container-secret" -}}
{{- $top := index . 0 -}}
apiVersion: v1
kind: Secret
metadata:
  name: {{ $top.Chart.Name }}
{{ include (index . 1) $top }}
{{- end -}}
{{- define "ffc-helm-library.service" -}}
{{- $top := index . 0 -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ $top.Chart.Name }}
spec:
  selector: {app: {{ $top.Chart.Name }}}
  ports:
    - {port: {{ $top.Values.service.port }}, targetPort: {{ $top.Values.container.port }}}
{{- end -}}
{{- define "ffc-helm-library.deployment" -}}
{{- $top := index . 0 -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $top.Chart.Name }}
spec:
  replicas: {{ default 1 $top.Values.deployment.replicas }}
  selector:
    matchLabels: {app: {{ $top.Chart.Name }}}
  template:
    metadata:
      labels: {app: {{ $top.Chart.Name }}}
    spec:
      containers:
        - name: {{ $top.Chart.Name }}
          image: {{ $top.Values.image | quote }}
          envFrom:
            {{- if $top.Values.containerConfigMap }}
            - configMapRef: {name: {{ $top.Chart.Name }}}
            {{- end }}
            {{- if $top.Values.containerSecret }}
            - secretRef: {name: {{ $top.Chart.Name }}}
            {{- end }}
          {{- with $top.Values.container.command }}
          command: {{ toJson . }}
          {{- end }}
          {{- with $top.Values.container.args }}
          args: {{ toJson . }}
          {{- end }}
          {{- with $top.Values.container.port }}
          ports:
            - {containerPort: {{ . }}}
          {{- end }}
{{- end -}}
