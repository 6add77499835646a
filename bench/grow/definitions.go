package grow

const ignored = "node_modules/\ndist/\nbuild/\n*.log\n.env\n.env.*\n!.env.example\n__pycache__/\n*.py[co]\n.DS_Store\n/tmp/\ncoverage/\n**/generated/*.json\n"

const compose = `services:
  app:
    build: .
    ports: ["PORT:PORT"]
    environment:
      DATABASE_URL: postgres://app:app@db:5432/app
      PORT: "PORT"
    depends_on: [db]
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: app
`

const kubernetes = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
spec:
  replicas: 3
  selector:
    matchLabels: {app: NAME}
  template:
    metadata:
      labels: {app: NAME}
    spec:
      containers:
        - name: app
          image: registry.example.com/NAME:1.4.2
          ports:
            - containerPort: PORT
          env:
            - name: DATABASE_URL
              valueFrom:
                secretKeyRef: {name: NAME, key: url}
          readinessProbe:
            httpGet: {path: /health, port: PORT}
---
apiVersion: v1
kind: Service
metadata:
  name: NAME
spec:
  selector: {app: NAME}
  ports:
    - port: 80
      targetPort: PORT
`

const overlay = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
spec:
  replicas: 6
`

const workflow = `name: test
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    env:
      NODE_ENV: test
    steps:
      - uses: actions/checkout@v4
      - run: make test
        env:
          TOKEN: ${{ secrets.TOKEN }}
`

const kustomization = `resources:
  - ../../../base/NAME.yaml
patches:
  - path: ../NAME.yaml
configMapGenerator:
  - name: NAME
    literals: [LOG_LEVEL=info]
`

const chart = "apiVersion: v2\nname: NAME\nversion: 1.0.0\n"

const values = `replicas: 2
image: {repository: registry.example.com/NAME, tag: 1.4.2}
env: {LOG_LEVEL: info}
`

const template = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-NAME
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: NAME}
  template:
    metadata:
      labels: {app: NAME}
    spec:
      containers:
        - name: app
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            {{- range $name, $value := .Values.env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
`

const terraform = `resource "aws_ecs_task_definition" "NAME" {
  family = "NAME"
  container_definitions = jsonencode([{
    name        = "NAME"
    image       = "registry.example.com/NAME:1.4.2"
    environment = [{ name = "PORT", value = "PORT" }]
  }])
}
`
