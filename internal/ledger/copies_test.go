package ledger

import (
	"strings"
	"testing"

	"rehearse/internal/fact"
)

func TestWorkers(t *testing.T) {
	for _, c := range []struct {
		command []string
		count   int
		ok      bool
	}{
		{[]string{"gunicorn", "-w", "4", "app:app"}, 4, true},
		{[]string{"gunicorn", "-w4", "app:app"}, 4, true},
		{[]string{"sh", "-c", "exec gunicorn --workers=3 app:app"}, 3, true},
		{[]string{"/usr/local/bin/gunicorn", "--workers", "1"}, 0, false},
		{[]string{"gunicorn", "--workers", "$N"}, 0, false},
		{[]string{"pm2-runtime", "start", "app.js", "-i", "max"}, 0, true},
		{[]string{"bundle", "exec", "puma", "-w", "2"}, 2, true},
		{[]string{"curl", "-w", "4"}, 0, false},
		{nil, 0, false},
	} {
		count, _, ok := workers(Words(c.command))
		if count != c.count || ok != c.ok {
			t.Errorf("%q: %d, %v", c.command, count, ok)
		}
	}
}

func TestCopies(t *testing.T) {
	e := &fact.Environment{Name: "production", Scalers: []fact.Scaler{{Kind: "Deployment", Name: "api", Min: 1, Max: 5}}}
	for _, c := range []struct {
		w    fact.Workload
		want string
	}{
		{fact.Workload{Kind: "Deployment", Name: "api", Replicas: 1}, "up to 5 replicas"},
		{fact.Workload{Kind: "Deployment", Name: "web", Replicas: 3}, "3 replicas"},
		{fact.Workload{Kind: "Deployment", Name: "web", Replicas: 1, Command: []string{"pm2", "start", "x", "-i", "max"}}, "several processes of a container"},
		{fact.Workload{Kind: "Job", Name: "web", Replicas: 3, Once: true}, ""},
		{fact.Workload{Kind: "StatefulSet", Name: "api", Replicas: 1}, ""},
	} {
		var all []string
		for _, several := range (&Run{Environment: e, Workload: &c.w}).Copies() {
			all = append(all, several.String())
		}
		if got := strings.Join(all, ", "); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.w.Kind, c.w.Name, got, c.want)
		}
	}
}

func TestStoreOf(t *testing.T) {
	for _, c := range []struct {
		image, mount string
		holds, known bool
	}{
		{"postgres:15", "/var/lib/postgresql/data", true, true},
		{"postgres:15", "/var/lib/postgres", false, true},
		{"postgres:15", "/var/lib/postgresql/data/pgdata", true, true},
		{"postgres:18.1-alpine", "/var/lib/postgresql", true, true},
		{"postgres:18", "/var/lib/postgresql/data", false, true},
		{"postgres", "/var/lib/postgresql/data", true, true},
		{"pgvector/pgvector:0.8.0-pg17", "/var/lib/postgresql/data", true, true},
		{"timescale/timescaledb:latest-pg16", "/var/lib/postgresql/data", true, true},
		{"docker.io/library/mysql:8", "/var/lib/mysql", true, true},
		{"bitnami/mongo:7", "/bitnami", false, false},
		{"registry.example.com/shop", "/data", false, false},
	} {
		s, ok := StoreOf(&fact.Workload{}, c.image)
		if ok != c.known || ok && s.Holds(c.mount) != c.holds {
			t.Errorf("%s at %s: %+v, %v", c.image, c.mount, s, ok)
		}
	}
}

func TestFilePath(t *testing.T) {
	for _, c := range []struct {
		value    string
		database bool
		want     string
	}{
		{"/data/uploads", false, "/data/uploads"},
		{"sqlite:////data/x.db", true, "/data/x.db"},
		{"sqlite:///x.db", true, "x.db"},
		{"file:/data/x.db?mode=rw", true, "/data/x.db"},
		{"postgres://db/x", true, ""},
		{"s3://bucket/x", false, ""},
		{"${DIR}/x", false, ""},
		{"", false, ""},
	} {
		if got, ok := filePath(c.value, c.database); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("filePath(%q) = %q, %v", c.value, got, ok)
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, seed := range []string{"exec gunicorn -w 4", "a && b", "$(x)", "${X:-y} z", "~/x {a,b}", "$((1+1))"} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, script string) {
		workers(Words([]string{"sh", "-c", script}))
	})
}
