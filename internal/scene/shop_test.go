package scene_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rehearse/internal/cli"
	"rehearse/internal/ledger"
	"rehearse/internal/project"
	"rehearse/internal/scene"
)

// shop is the scene of the example, whose roles need not be on this machine.
func shop(t *testing.T) *scene.Scene {
	t.Helper()
	p, err := project.Open(t.Context(), "../../examples/shop")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	l, err := ledger.Read(t.Context(), p, cli.Languages(), cli.Formats())
	if err != nil {
		t.Fatal(err)
	}
	s, err := scene.Of(p, l, scene.Production(l, ""))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Skipped) > 0 {
		t.Skipf("needs the programs of the shop: %v", s.Skipped)
	}
	return s
}

func equal(t *testing.T, got []string, want string) {
	t.Helper()
	if text := strings.Join(got, "\n"); text != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

// TestDifferences: what lies between the shop as it is developed and as it is
// deployed, each with its ends.
func TestDifferences(t *testing.T) {
	var got []string
	s := shop(t)
	for i := range s.Differences {
		d := &s.Differences[i]
		about := ""
		if d.Absent() {
			about = " absent"
		}
		if d.Fatal() {
			about += " fatal"
		}
		got = append(got, fmt.Sprintf("%s %s%s: %s:%d, %s:%d", d.Component, d, about, d.Local.File, d.Local.Line, d.Production.File, d.Production.Line))
		if at := s.Index(d.Component, d.String()); at != i {
			t.Errorf("%s is found at %d, and is at %d", d, at, i)
		}
	}
	equal(t, got, wantDifferences)
}

func TestRequests(t *testing.T) {
	var got []string
	for _, q := range shop(t).Requests {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s: %s %s %s %s", q.Role.Name(), q.Method, q.Path, strings.Join(q.After, " "), q.At.File)))
	}
	equal(t, got, wantRequests)
}

func TestServices(t *testing.T) {
	var got []string
	for _, v := range shop(t).Services {
		names := []string{}
		for name := range v.Supplies {
			names = append(names, name)
		}
		slices.Sort(names)
		got = append(got, fmt.Sprintf("%s: %s on %d, %s@%s, %v for %v", v.Name, v.Kind, v.Port, v.User, v.Database, v.Init, names))
	}
	equal(t, got, `
db: postgres on 5432, shop@shop, [db/schema.sql db/seed.sql] for [DATABASE_URL]
cache: redis on 6379, rehearse@rehearse, [] for [REDIS_URL]`)
}

const wantDifferences = `
api env:DATABASE_URL absent fatal: .env:2, :0
api env:HOLD_FOR: .env:5, k8s/settings.yaml:7
api env:REDIS_URI: :0, k8s/settings.yaml:6
api env:REDIS_URL absent: .env:3, :0
api env:SESSION_SECRET absent: .env:4, :0
api file:.env: .env:0, .env:0
api loopback:5432: :0, k8s/api.yaml:1
api loopback:6379: :0, k8s/api.yaml:1
api loopback:3000: :0, k8s/api.yaml:1
api loopback:9090: :0, k8s/api.yaml:1
api entry:5000: :0, k8s/api.yaml:1
api service:api: :0, k8s/api.yaml:37
api memory:256Mi: :0, k8s/api.yaml:28
web env:DATABASE_URL absent: .env:2, :0
web env:HOLD_FOR absent: .env:5, :0
web env:NODE_ENV: :0, web/Dockerfile:2
web env:REDIS_URL absent: .env:3, :0
web env:SESSION_SECRET absent: .env:4, :0
web loopback:5432: :0, k8s/web.yaml:1
web loopback:6379: :0, k8s/web.yaml:1
web loopback:5000: :0, k8s/web.yaml:1
web loopback:9090: :0, k8s/web.yaml:1
web start:node server.js: web/package.json:9, web/Dockerfile:9
web entry:3000: :0, k8s/web.yaml:1
web service:web: :0, k8s/web.yaml:35
web memory:256Mi: :0, k8s/web.yaml:26
worker env:DATABASE_URL: .env:2, k8s/worker.yaml:18
worker env:EXPIRE_EVERY: :0, k8s/worker.yaml:23
worker env:HOLD_FOR absent: .env:5, :0
worker env:REDIS_URL: .env:3, k8s/worker.yaml:21
worker env:SESSION_SECRET absent: .env:4, :0
worker file:.env fatal: .env:0, .env:0
worker loopback:5432: :0, k8s/worker.yaml:1
worker loopback:6379: :0, k8s/worker.yaml:1
worker loopback:5000: :0, k8s/worker.yaml:1
worker loopback:3000: :0, k8s/worker.yaml:1
worker entry:9090: :0, k8s/worker.yaml:1
worker memory:128Mi: :0, k8s/worker.yaml:32
`

const wantRequests = `
api: GET /products  rehearse.yaml
api: POST /login  rehearse.yaml
api: GET /me login rehearse.yaml
api: POST /cart  rehearse.yaml
api: POST /products/1/buy login rehearse.yaml
api: GET /healthz  k8s/api.yaml
web: GET /  rehearse.yaml
web: GET /healthz  k8s/web.yaml
worker: GET /healthz  k8s/worker.yaml
worker: GET /
`
