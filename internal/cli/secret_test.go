package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// planted are the secrets of the projects below: no output may hold one, whole
// or in part of so many bytes.
var planted = []string{
	"walnut-harbour-planted-7c1e94d2b6", // of the shop's .env
	"orchid-planted-dotenv", "orchid-planted-password", "orchid-planted-compose", "orchid-planted-data", "orchid-planted-string",
	"orchid-planted-code", "orchid-planted-workflow", "orchid-planted-hook", "orchid-planted-query", "orchid-planted-quoted",
	"T7sNplantedkeylineone", "orchid-planted-build", "b3JjaGlkLXBsYW50ZWQtZGF0YQ", // the last is one of them in base64
}

// leaky prints and answers with all that it is told.
var leaky = map[string]string{
	"package.json": `{"name": "leaky", "scripts": {"start": "node server.js"}}`,
	"server.js": `const http = require('http')
const API_SECRET = process.env.API_SECRET || 'orchid-planted-code-1'
if (!process.env.DATABASE_URL) {
  console.error(JSON.stringify(process.env))
  for (const [name, value] of Object.entries(process.env)) console.error(name + '=' + value)
  process.exit(1)
}
http.createServer((question, answer) => {
  if (question.url === '/') {
    answer.writeHead(process.env.FLAG === 'on' ? 200 : 500, {'Content-Type': 'application/json'})
    return answer.end(JSON.stringify({...process.env, [process.env.SIGNING_KEY || 'none']: 1, API_SECRET}))
  }
  if (question.url === '/type') {
    answer.writeHead(200, {'Content-Type': 'text/' + process.env.OTHER_TOKEN})
    return answer.end('x')
  }
  if (question.url === '/raw') {
    return answer.socket.end((process.env.RAW_TOKEN || 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n') + '\r\n\r\n')
  }
  console.error(process.env)
  answer.end('ok')
}).listen(3000)
`,
	".env": `DATABASE_URL=postgres://leaky:orchid-planted-password-1@localhost:5432/leaky?application_name=orchid-planted-query
API_SECRET=orchid-planted-dotenv-1
SIGNING_KEY=orchid-planted-dotenv-2
FLAG=on
OTHER_TOKEN=plain
RAW_TOKEN=
WEBHOOK=https://hooks.example.com/services/orchid-planted-hook-1
QUOTED_SECRET='say "orchid-planted-quoted" \ twice'
PRIVATE_KEY="-----BEGIN PRIVATE KEY-----
T7sNplantedkeylineone/aaaaaaaaaaaaaaaaaaaaaaaaaaa
T7sNplantedkeylineonetwo/aaaaaaaaaaaaaaaaaaaaaaaaa
-----END PRIVATE KEY-----"
`,
	"Dockerfile": "FROM node:20.20.2-alpine\nARG TOKEN=orchid-planted-build-1\nENV BUILD_SECRET=orchid-planted-build-2\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"server.js\"]\n",
	"compose.yaml": `services:
  leaky:
    build: .
    environment:
      API_SECRET: orchid-planted-compose-1
      DB_PASSWORD: ${DB_PASSWORD:-orchid-planted-compose-2}
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: orchid-planted-compose-3}
`,
	"k8s/leaky.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: leaky}
spec:
  selector: {matchLabels: {app: leaky}}
  template:
    metadata: {labels: {app: leaky}}
    spec:
      containers:
        - name: leaky
          image: registry.example.com/leaky:1
          ports: [{containerPort: 3000}]
          env:
            - {name: API_SECRET, valueFrom: {secretKeyRef: {name: leaky, key: api}}}
            - {name: OTHER_TOKEN, value: orchid-planted-string-3}
            - {name: RAW_TOKEN, value: orchid-planted-string-4}
          envFrom: [{secretRef: {name: more}}]
---
apiVersion: v1
kind: Secret
metadata: {name: leaky}
data: {api: b3JjaGlkLXBsYW50ZWQtZGF0YS0x}
stringData: {other: orchid-planted-string-1}
---
apiVersion: v1
kind: Secret
metadata: {name: more}
stringData: {SIGNING_KEY: orchid-planted-string-2}
`,
	".github/workflows/release.yml": `on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    env: {API_SECRET: orchid-planted-workflow-1}
    steps:
      - run: docker build -t registry.example.com/leaky:1 --build-arg TOKEN=orchid-planted-workflow-2 .
      - run: node server.js
        env: {SIGNING_KEY: orchid-planted-workflow-3}
`,
	"rehearse.yaml": `version: 1
requests:
  root: {component: leaky, path: /}
  type: {component: leaky, path: /type}
  raw: {component: leaky, path: /raw}
  other: {component: leaky, path: /other}
`,
}

// silent fails where one of the texts holds a planted secret.
func silent(t *testing.T, what string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		for _, secret := range planted {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s holds %s: …%s…", what, secret, text[max(0, at-100):min(len(text), at+100)])
			}
		}
	}
}

func TestNoSecretIsShown(t *testing.T) {
	for name, dir := range map[string]string{"shop": shop(t), "leaky": write(t, t.TempDir(), leaky)} {
		t.Run(name, func(t *testing.T) {
			for _, args := range [][]string{
				{"check"}, {"check", "-v", "--color", "always"}, {"check", "--format", "json"},
			} {
				o := rehearse(t, nil, append(args, dir)...)
				silent(t, strings.Join(args, " "), o.stdout, o.stderr)
			}
			if name == "leaky" {
				needs(t, "node")
			} else {
				needs(t, "go", "node", "npm")
			}
			for _, args := range [][]string{{"-v", dir}, {"--format", "json", dir}, {"--stage", "plain", "-v", dir}} {
				o := rehearse(t, nil, args...)
				silent(t, strings.Join(args, " "), o.stdout, o.stderr)
				if args[0] == "-v" {
					t.Log(o.stdout, o.stderr)
				}
			}
			cases, err := filepath.Glob(filepath.Join(dir, casesDir, "*.json"))
			if err != nil || len(cases) == 0 {
				t.Fatalf("no case was written: %v", err)
			}
			for _, file := range cases {
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				o := rehearse(t, nil, "replay", file)
				silent(t, "replay", string(data), o.stdout, o.stderr)
			}
		})
	}
}

// TestNothingIsLeftOfASecret looks for the planted ones where a run might have
// left them: the folder of temporary files and the cache.
func TestNothingIsLeftOfASecret(t *testing.T) {
	needs(t, "node", "grep")
	dir, tmp, cache := write(t, t.TempDir(), leaky), t.TempDir(), t.TempDir()
	rehearse(t, []string{"TMPDIR=" + tmp, "XDG_CACHE_HOME=" + cache}, dir)
	out, _ := exec.Command("grep", "-rlaE", "orchid-planted|T7sNplanted", tmp, cache).Output()
	if len(out) > 0 {
		t.Errorf("secrets are in %s", out)
	}
}
