// Package reporttest holds the documents by which the papers are tested.
package reporttest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rehearse/internal/finding"
	"rehearse/internal/report"
	"rehearse/internal/source"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Golden compares got with testdata/NAME, or writes it with -update.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update writes it anew); got:\n%s", file, got)
	}
}

// Documents returns the documents by name: what a paper must cope with.
func Documents() map[string]report.Document {
	return map[string]report.Document{
		"checked":   Checked(),
		"shop":      Shop(),
		"clean":     Clean(),
		"unstarted": Unstarted(),
		"lonely":    Lonely(),
		"empty":     {Tool: tool, Project: report.Project{Root: "."}},
		"crowded":   Crowded(),
		"path":      Path(),
		"race":      Race(),
		"known":     Known(),
		"parity":    Parity(),
		"hostile":   Hostile(),
	}
}

var tool = report.Tool{Name: "rehearse", Version: "0.1.0"}

func at(file string, line int) source.Span { return source.Span{File: file, Line: line} }

func api() report.Component {
	return report.Component{
		Name: "api", Dir: "api", Language: "go", Entry: []string{"api/main.go"},
		Start: report.Start{Local: "go run ./api", Production: "/bin/api"},
		RunsIn: []report.Placement{{
			Environment: "production", At: at("k8s/api.yaml", 1), Workload: "Deployment/api", Container: "api", Replicas: 3,
		}},
		LinkedBy: "compose build context, image name",
	}
}

func web() report.Component {
	return report.Component{
		Name: "web", Dir: "web", Language: "javascript", Entry: []string{"web/server.js"},
		Start: report.Start{Local: "npm start", Production: "node server.js"},
		RunsIn: []report.Placement{{
			Environment: "production", At: at("k8s/web.yaml", 1), Workload: "Deployment/web", Container: "web", Replicas: 1,
		}},
		LinkedBy: "image name",
	}
}

func environments() []report.Environment {
	return []report.Environment{
		{Name: "production", Kind: "kubernetes", From: []string{"k8s/"}},
		{Name: "ci:test", Kind: "github-actions", From: []string{".github/workflows/test.yml"}},
		{Name: "local", Kind: "local", From: []string{".env"}},
	}
}

func databaseURL() finding.Finding {
	return finding.Finding{
		Check: "missing-env", Category: finding.Environment, Severity: finding.Error, Verdict: finding.Suspected,
		Component: "api", Environment: "production", Subject: "DATABASE_URL",
		Message:     "DATABASE_URL is read without a default and nothing in production supplies it",
		Consequence: "the process exits at start",
		Remedy:      "add DATABASE_URL to the container's env in k8s/api.yaml:24, from the Secret that holds it",
		Evidence: []finding.Evidence{
			{Role: finding.Need, At: source.Span{File: "api/main.go", Line: 31, Column: 9}, Text: `os.Getenv("DATABASE_URL")`},
			{Role: finding.Supply, At: at(".env", 3), Text: "DATABASE_URL=…", Environment: "local"},
			{Role: finding.Absent, At: at("k8s/api.yaml", 24), Environment: "production"},
		},
	}
}

// Checked is what was read and not rehearsed: the contract's own example.
func Checked() report.Document {
	return report.Document{
		Tool:         tool,
		Project:      report.Project{Root: "examples/shop", Components: []report.Component{api()}},
		Environments: environments(),
		Findings:     []finding.Finding{databaseURL()},
		Unread:       []source.Unread{{At: at("charts/x/values.yaml", 7), Reason: "a template that only Helm can fill"}},
		FilesRead:    210,
		Duration:     41 * time.Millisecond,
	}
}

// Shop has a finding of every severity and verdict.
func Shop() report.Document {
	boot := databaseURL()
	boot.Verdict = finding.Reproduced
	boot.Rehearsal = &finding.Rehearsal{
		Experiment: "boot", Differences: []string{"env:DATABASE_URL"}, Runs: 7,
		Observed: "exit status 1 after 0.04 s; stderr: panic: DATABASE_URL is not set", Replay: "rehearse replay .rehearse/3f2a.json",
	}
	return report.Document{
		Tool:         tool,
		Project:      report.Project{Root: "examples/shop", Components: []report.Component{web(), api()}},
		Environments: environments(),
		Findings: []finding.Finding{
			{
				Check: "loopback-url", Category: finding.Network, Severity: finding.Error, Verdict: finding.Reproduced,
				Component: "web", Environment: "production", Subject: "http://localhost:5000",
				Message:     "API_URL falls back to http://localhost:5000, which in production is the container itself",
				Consequence: "every page that asks the api answers 502",
				Remedy:      "set API_URL to http://api:80 in the container's env in k8s/web.yaml:19",
				Evidence: []finding.Evidence{
					{Role: finding.Need, At: source.Span{File: "web/server.js", Line: 9, Column: 13}, Text: `process.env.API_URL || "http://localhost:5000"`},
					{Role: finding.Absent, At: at("k8s/web.yaml", 19), Environment: "production"},
					{Role: finding.Related, At: at("k8s/api.yaml", 40), Text: "name: api", Environment: "production"},
				},
				Rehearsal: &finding.Rehearsal{
					Experiment: "differ", Differences: []string{"env:API_URL", "network:loopback"}, Runs: 12,
					Observed: "GET / answers 200 locally and 502 in production:\n{\"error\":\"connect ECONNREFUSED 127.0.0.1:5000\"}",
					Replay:   "rehearse replay .rehearse/91c0.json",
				},
			},
			boot,
			{
				Check: "mismatched-env", Category: finding.Environment, Severity: finding.Warning, Verdict: finding.Suspected,
				Component: "api", Environment: "production", Subject: "SESSION_SECRET",
				Message:     "SESSION_SECRET is read and never supplied, while SESION_SECRET is supplied and never read",
				Consequence: "sessions are signed with an empty key",
				Remedy:      "rename SESION_SECRET to SESSION_SECRET in k8s/api.yaml:27",
				Evidence: []finding.Evidence{
					{Role: finding.Need, At: source.Span{File: "api/login.go", Line: 12, Column: 18}, Text: `[]byte(os.Getenv("SESSION_SECRET"))`},
					{Role: finding.Need, At: source.Span{File: "api/login.go", Line: 48, Column: 18}, Text: `[]byte(os.Getenv("SESSION_SECRET"))`},
					{Role: finding.Conflict, At: at("k8s/api.yaml", 27), Text: "name: SESION_SECRET", Environment: "production"},
				},
			},
			{
				Check: "placeholder-env", Category: finding.Environment, Severity: finding.Info, Verdict: finding.NotRehearsed,
				Component: "web", Environment: "production", Subject: "ANALYTICS_KEY",
				Message:     "ANALYTICS_KEY looks like a placeholder",
				Consequence: "analytics are refused", Remedy: "take it from a Secret",
				Evidence:  []finding.Evidence{{Role: finding.Conflict, At: at("k8s/web.yaml", 22), Text: "ANALYTICS_KEY=…", Environment: "production"}},
				Rehearsal: &finding.Rehearsal{Experiment: "differ", Observed: "api.analytics.example is outside of the stage"},
			},
			{
				Check: "loopback-bind", Category: finding.Network, Severity: finding.Error, Verdict: finding.Refuted,
				Component: "web", Environment: "production", Subject: "127.0.0.1:3000",
				Message:   "web listens on 127.0.0.1 only",
				Evidence:  []finding.Evidence{{Role: finding.Need, At: source.Span{File: "web/server.js", Line: 31, Column: 1}, Text: `app.listen(3000, "127.0.0.1")`}},
				Rehearsal: &finding.Rehearsal{Experiment: "boot", Observed: "answered on 10.0.0.2:3000", Runs: 2},
			},
		},
		Rehearsals: []report.Rehearsal{
			{Component: "api", Environment: "production", Experiment: "boot", Runs: 7},
			{Component: "web", Environment: "production", Experiment: "differ", Runs: 12},
		},
		FilesRead: 34,
		Duration:  4100 * time.Millisecond,
	}
}

// Clean is a project in which nothing was found.
func Clean() report.Document {
	return report.Document{
		Tool:         tool,
		Project:      report.Project{Root: ".", Components: []report.Component{web(), api()}},
		Environments: environments(),
		Rehearsals: []report.Rehearsal{
			{Component: "api", Environment: "production", Experiment: "boot", Runs: 2},
			{Component: "api", Environment: "production", Experiment: "differ", Runs: 12},
			{Component: "web", Environment: "production", Experiment: "boot", Reason: "node is not on the PATH"},
			{Component: "web", Environment: "production", Experiment: "differ", Reason: "node is not on the PATH"},
		},
		FilesRead: 34,
		Duration:  1200 * time.Millisecond,
	}
}

// Unstarted is a project that was read, in which nothing was found.
func Unstarted() report.Document {
	d := Clean()
	d.Rehearsals, d.Duration, d.FilesRead = nil, 9*time.Millisecond, 1
	d.Project.Components = d.Project.Components[:1]
	d.Notes = []string{"web: API_URL keeps its local value, since what it names in production is not staged"}
	return d
}

// Lonely is a project without anything that says how it is deployed.
func Lonely() report.Document {
	d := Unstarted()
	d.Environments = d.Environments[2:]
	d.Project.Components[0].RunsIn = nil
	return d
}

// Crowded has more of everything than a person wants to read at once.
func Crowded() report.Document {
	d := Checked()
	f := &d.Findings[0]
	f.Verdict = finding.Reproduced
	f.Evidence = f.Evidence[:0]
	for line := 10; line < 110; line += 10 {
		f.Evidence = append(f.Evidence, finding.Evidence{
			Role: finding.Need, At: source.Span{File: "api/internal/storage/database.go", Line: line, Column: 9},
			Text: "\tpool, err := pgxpool.New(context.WithoutCancel(ctx), os.Getenv(\"DATABASE_URL\")) // the pool is shared by all handlers of this process",
		})
	}
	f.Evidence = append(f.Evidence,
		finding.Evidence{Role: finding.Supply, At: at(".env", 3), Text: "DATABASE_URL=…", Environment: "local"},
		finding.Evidence{Role: finding.Supply, At: at("deploy/environments/development/docker-compose.override.yaml", 118), Environment: "local"},
		finding.Evidence{Role: finding.Absent, At: source.Span{File: "k8s/overlays/production"}, Environment: "production"},
	)
	f.Rehearsal = &finding.Rehearsal{
		Experiment: "boot", Runs: 31, Differences: []string{"env:DATABASE_URL", "env:PGSSLMODE", "file:/app/certificates/root.pem"},
		Observed: "exit status 2 after 0.31 s; stderr:\n" + strings.Repeat("goroutine 1 [running]:\n\tmain.main()\n", 12),
		Replay:   "rehearse replay .rehearse/0a1b.json",
	}
	for i := range 9 {
		d.Unread = append(d.Unread, source.Unread{At: at("charts/x/templates/deployment.yaml", 9-i), Reason: "a template that only Helm can fill"})
	}
	d.Unread = append(d.Unread, source.Unread{At: source.Span{File: "terraform/big.tf"}, Reason: "larger than 4 MiB"})
	return d
}

// Path has the trace of a request that does not arrive.
func Path() report.Document {
	d := Checked()
	d.Findings, d.Unread = nil, nil
	d.Trace = &report.Trace{
		Target: "https://shop.example.com/api/cart?a=1&b=<2>", Environment: "production", Symptom: "502 from the ingress",
		Hops: []report.Hop{
			{Hop: "dns", Verdict: "ok", Detail: "shop.example.com is the ingress's host", At: at("k8s/ingress.yaml", 12)},
			{Hop: "ingress", Verdict: "ok", Detail: "/api (Prefix) → Service api:80", At: at("k8s/ingress.yaml", 15)},
			{Hop: "service", Verdict: "ok", Detail: "api:80 → targetPort 5000", At: at("k8s/api.yaml", 40)},
			{Hop: "policy", Verdict: "unknown", Detail: "the network plugin is not known"},
			{Hop: "process", Verdict: "broken", Detail: "listens on 127.0.0.1:5000, reachable only inside its container", At: at("api/server.js", 31)},
			{Hop: "route", Verdict: "not-reached"},
		},
	}
	return d
}

// Race has a race that breaks and one that was looked for in vain.
func Race() report.Document {
	d := Checked()
	d.Findings, d.Unread = nil, nil
	read, write := "SELECT stock FROM products WHERE id = $1", "UPDATE products SET stock = $2 WHERE id = $1"
	d.Races = []report.Race{
		{
			Name: "last-item", Overlap: []string{"buy", "buy"}, Verdict: "broken", Why: "invariant p[0].stock >= 0 is false",
			Schedules: report.Schedules{Explored: 2, Classes: 8, Bound: 2}, FoundAt: 2, Duration: 310 * time.Millisecond,
			Isolation: "read committed", Server: "PostgreSQL 18.4",
			Timeline: []report.Event{
				{Lane: 1, Event: read, At: at("api/server.js", 6), Result: "1 row"},
				{Lane: 2, Event: read, Result: "1 row"},
				{Lane: 1, Event: write, Result: "1 row"},
				{Lane: 2, Event: write, Result: "1 row"},
			},
			Outcome: report.Outcome{Responses: []int{200, 200}, State: "products: stock -1"},
			Serial: []report.Serial{
				{Order: []int{1, 2}, Responses: []int{200, 409}},
				{Order: []int{2, 1}, Responses: []int{409, 200}},
			},
			Replay: "rehearse replay .rehearse/last-item.json",
		},
		{
			Name: "coupon", Overlap: []string{"redeem", "redeem"}, Verdict: "holds", Why: "every order gives what a serial one gives",
			Schedules: report.Schedules{Explored: 8, Classes: 8, Bound: 2, Exhausted: true}, Duration: 90 * time.Millisecond,
			Isolation: "serializable", Server: "PostgreSQL 18.4",
		},
	}
	return d
}

// Attack is a text that would rewrite the terminal, were it obeyed.
const Attack = "\x1b[31mred\x1b]0;title\x07\x1b]8;;http://evil\x1b\\\u009b2J\r\b\x00\x7f\u202egnp.\u2066\u2028\xff\xfe\tend"

// Hostile has an attack in every text.
func Hostile() report.Document {
	a := Attack
	span := source.Span{File: a, Line: 1, Column: 1}
	f := finding.Finding{
		Check: a, Category: finding.Category(a), Severity: finding.Severity(a), Verdict: finding.Verdict(a),
		Component: a, Environment: a, Subject: a, Message: a, Consequence: a, Remedy: a,
		Evidence: []finding.Evidence{
			{Role: finding.Role(a), At: span, Text: a, Environment: a},
			{Role: finding.Absent, At: span, Environment: a},
		},
		Rehearsal: &finding.Rehearsal{Experiment: a, Differences: []string{a, a}, Observed: a + "\n" + a, Runs: 1, Replay: a},
	}
	refuted, idle := f, f
	refuted.Verdict, refuted.Severity = finding.Refuted, finding.Error
	idle.Verdict, idle.Severity = finding.NotRehearsed, finding.Info
	c := report.Component{
		Name: a, Dir: a, Language: a, Entry: []string{a}, Start: report.Start{Local: a, Production: a}, LinkedBy: a,
		RunsIn: []report.Placement{{Environment: a, At: span, Workload: a, Container: a, Replicas: 2}},
	}
	return report.Document{
		Tool: report.Tool{Name: a, Version: a}, Project: report.Project{Root: a, Components: []report.Component{c}},
		Environments: []report.Environment{{Name: a, Kind: a, From: []string{a}}},
		Findings:     []finding.Finding{f, refuted, idle},
		Rehearsals: []report.Rehearsal{
			{Component: a, Environment: a, Experiment: a, Reason: a},
			{Component: a, Environment: a, Experiment: a, Runs: 1},
		},
		Trace: &report.Trace{Target: a, Environment: a, Symptom: a, Hops: []report.Hop{{Hop: a, Verdict: a, Detail: a, At: span}}},
		Races: []report.Race{{
			Name: a, Overlap: []string{a}, Verdict: a, Why: a, Isolation: a, Server: a, Replay: a,
			Timeline: []report.Event{{Lane: 1, Event: a, At: span, Result: a}}, Outcome: report.Outcome{State: a},
		}},
		Unread: []source.Unread{{At: span, Reason: a}},
		Checks: []report.Check{{Name: a, Category: finding.Category(a), Summary: a, Why: a, Fix: a, Silent: a, Sources: []string{a}}},
	}
}
