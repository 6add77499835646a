package project

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/source"
)

// full is the example of the contract, with what it leaves in comments.
const full = `version: 1
components:
  api:
    dir: api
    start: {local: npm run dev, production: node server.js}
    port: 5000
    ready: /healthz
    workloads: [k8s/api.yaml#Deployment/api]
  jobs:
    dir: jobs
    start: ./run
environments:
  production: {kubernetes: [k8s]}
  staging: {helm: {chart: chart, values: chart/values.yaml}, env: {A: b, N: 1}}
  local: {dotenv: [.env]}
services:
  db:    {kind: postgres, init: [db/schema.sql], supplies: DATABASE_URL}
  cache: {kind: redis, supplies: {REDIS: "{{host}}:{{ port }}"}}
requests:
  login:
    component: api
    method: post
    path: /login
    json: {user: ann, ids: [1, 2.5, true, null, "3"]}
    capture: {token: json.token}
  buy:
    component: api
    path: /products/1/buy
    headers: {Authorization: "Bearer {{token}}"}
    after: [login]
races:
  last-item:
    overlap: [buy, buy]
    given: [login, db/schema.sql]
    invariants:
      - sql: {db: select 1, as: p}
        holds: p[0].stock >= 0
      - holds: responses.size() == 2
ignore:
  - {check: missing-env, subject: SENTRY_DSN, reason: optional}
`

func tree() map[string]string {
	return map[string]string{
		"api/package.json": `{"name": "api", "scripts": {"start": "node index.js"}}`,
		"api/index.js":     "", "jobs/run": "", "jobs/jobs.py": "", "k8s/api.yaml": "", "chart/values.yaml": "", "db/schema.sql": "",
	}
}

func TestConfig(t *testing.T) {
	files := tree()
	files[ConfigFile] = full
	p := open(t, files)
	c := p.Config
	api, jobs := p.Components[0], p.Components[1]
	for _, check := range []struct{ what, got, want string }{
		{"components", dumpNames(p), "api jobs"},
		{"local", command(api.Start.Local), `"npm run dev" in api, said at rehearse.yaml:5`},
		{"production", command(api.Start.Production), `"node server.js" in api, said at rehearse.yaml:5`},
		{"component", fmt.Sprint(api.Port, api.Ready, api.Workloads), "5000 /healthz [{k8s/api.yaml#Deployment/api k8s/api.yaml Deployment api {rehearse.yaml 8 17}}]"},
		{"added", fmt.Sprint(jobs.Dir, jobs.Language, len(jobs.Files), jobs.Start.Local.Argv), "jobs python 2 [./run]"},
		{"environments", fmt.Sprint(c.Environments[0].Kubernetes, c.Environments[1].Chart, c.Environments[1].Values, c.Environments[2].Dotenv), "[k8s] chart [chart/values.yaml] [.env]"},
		{"env", c.Environments[1].Env[0].Name + c.Environments[1].Env[0].Value.Reveal() + c.Environments[1].Env[1].Value.Reveal(), "Ab1"},
		{"services", fmt.Sprint(c.Services[0].Name, c.Services[0].Kind, c.Services[0].Init, c.Services[0].Supplies[0].Text, c.Services[1].Supplies[0].Text), "dbpostgres[db/schema.sql]{{url}}{{host}}:{{ port }}"},
		{"json", c.Requests[0].Method + " " + c.Requests[0].Body, `POST {"ids":[1,2.5,true,null,"3"],"user":"ann"}`},
		{"request", fmt.Sprint(c.Requests[1].Method, c.Requests[1].After, c.Requests[1].Headers[0].Text), "GET[login]Bearer {{token}}"},
		{"race", fmt.Sprint(c.Races[0].Overlap, c.Races[0].Given, c.Races[0].Invariants[0].Service, c.Races[0].Invariants[0].As), "[buy buy] [login db/schema.sql]dbp"},
		{"ignore", c.Ignore[0].Check + c.Ignore[0].Subject, "missing-envSENTRY_DSN"},
		{"place", fmt.Sprint(c.Requests[1].At), "{rehearse.yaml 26 3}"},
	} {
		if strings.ReplaceAll(check.got, " ", "") != strings.ReplaceAll(check.want, " ", "") {
			t.Errorf("%s: got %s, want %s", check.what, check.got, check.want)
		}
	}
}

func dumpNames(p *Project) string {
	var names []string
	for _, c := range p.Components {
		names = append(names, c.Name)
	}
	return strings.Join(names, " ")
}

// The last line of each case says where the file above it is wrong, and how.
func TestConfigErrors(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/errors/config.txtar")
	if err != nil || len(archive.Files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for i, f := range archive.Files {
		text, want, found := strings.Cut(string(f.Data), "want ")
		if !found {
			t.Errorf("%s says nothing of what is wanted", f.Name)
			continue
		}
		dir := t.TempDir()
		for name, text := range tree() {
			write(t, dir, name, text)
		}
		write(t, dir, ConfigFile, text)
		p, err := Open(context.Background(), dir)
		var wrong *ConfigError
		if !errors.As(err, &wrong) {
			t.Errorf("%s: error %v", f.Name, err)
			continue
		}
		got := fmt.Sprintf("%d:%d: %s", wrong.At.Line, wrong.At.Column, wrong.Reason)
		if wrong.At.File != ConfigFile {
			t.Errorf("%s: it is said to be in %q", f.Name, wrong.At.File)
		}
		if len(p.Components) == 0 {
			t.Errorf("%s: the components are lost", f.Name)
		}
		p.Close()
		if *update {
			archive.Files[i].Data = []byte(text + "want " + got + "\n")
		} else if got != strings.TrimSpace(want) {
			t.Errorf("%s: got %q, want %q", f.Name, got, strings.TrimSpace(want))
		}
	}
	if *update {
		if err := os.WriteFile(filepath.Join("testdata", "errors", "config.txtar"), txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestConfigIsOptional(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "---\n"} {
		files := tree()
		files[ConfigFile] = text
		if p := open(t, files); p.Config == nil || len(p.Components) != 1 {
			t.Errorf("%q: %d components", text, len(p.Components))
		}
	}
	if p := open(t, tree()); p.Config == nil || p.Config.File != "" {
		t.Error("without a file there is to be an empty configuration")
	}
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte(full))
	if archive, err := txtar.ParseFile("testdata/errors/config.txtar"); err == nil {
		for _, file := range archive.Files {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, wrong := parseConfig(source.File{Path: ConfigFile, Data: data}, func(path string) bool {
			if strings.HasPrefix(path, "../") || strings.HasPrefix(path, "/") {
				t.Errorf("%q is looked for", path)
			}
			return true
		})
		if (c == nil) == (wrong == nil) {
			t.Errorf("configuration %v, error %v", c, wrong)
		}
		if wrong != nil && (wrong.Reason == "" || wrong.At.IsZero()) {
			t.Errorf("an error without reason or place: %+v", wrong)
		}
	})
}
