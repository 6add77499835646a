package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the main job says of the shop: the goal of the tool, and of its example.
var (
	shopAPI = []string{
		"api missing-env DATABASE_URL: reproduced by boot env:DATABASE_URL",
		"api missing-env SESSION_SECRET: reproduced by differ env:SESSION_SECRET",
		"api mismatched-env REDIS_URL: reproduced by differ env:REDIS_URL",
		"api ephemeral-write /app/uploads: suspected",
		"api missing-binary convert: suspected",
	}
	shopWeb = []string{
		"web loopback-url API_URL: reproduced by differ loopback:5000",
		"web local-state express-session MemoryStore: suspected",
		"web missing-lockfile package-lock.json: suspected",
		"web placeholder-env COOKIE_SECRET: suspected",
		"web port-mismatch web:80: reproduced by differ service:web",
	}
	shopWorker = []string{
		"worker dotenv-only .env: reproduced by boot file:.env",
		"worker loopback-bind 127.0.0.1:9090: reproduced by differ entry:9090",
		"worker duplicate-schedule expire: suspected",
	}
)

func join(lists ...[]string) (all []string) {
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// repair repairs the copy of the shop with ready.patch.
func repair(t *testing.T, dir string) {
	t.Helper()
	cmd := exec.Command("git", "apply", "-p3", filepath.Join(dir, "ready.patch"))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git apply: %v: %s", err, out)
	}
}

// volatile is what two reports of one tree may differ in.
var volatile = regexp.MustCompile(`"(duration_ms|runs)": \d+|after \d+\.\d+ s|\d{4}/\d\d/\d\d \d\d:\d\d:\d\d`)

// TestShop is the main job, end to end, and what the patch makes of it.
func TestShop(t *testing.T) {
	needs(t, "go", "node", "npm", "git")
	dir := shop(t)
	d, first := played(t, Findings, nil, dir)
	same(t, d.verdicts(), join(shopAPI, shopWeb, shopWorker))
	if len(d.Unread) > 0 || first.stderr != "" {
		t.Errorf("unread: %v; stderr: %q", d.Unread, first.stderr)
	}

	_, second := played(t, Findings, nil, dir)
	one, two := volatile.ReplaceAllString(first.stdout, ""), volatile.ReplaceAllString(second.stdout, "")
	if one != two {
		t.Errorf("two runs say\n%s\nand\n%s", one, two)
	}
	t.Logf("the second run took %v", second.took)

	type replay struct{ subject, file string }
	var replays []replay
	for _, f := range d.Findings {
		if f.Rehearsal == nil || f.Verdict != "reproduced" {
			continue
		}
		file, ok := strings.CutPrefix(f.Rehearsal.Replay, "rehearse replay ")
		if !ok {
			t.Errorf("%s: replay is %q", f.Subject, f.Rehearsal.Replay)
			continue
		}
		replays = append(replays, replay{f.Subject, file})
		if o := rehearse(t, nil, "replay", file); o.status != Findings || !strings.Contains(o.stdout, "still breaks") || o.stderr != "" {
			t.Errorf("replay of %s: status %d: %s%s", f.Subject, o.status, o.stdout, o.stderr)
		}
	}

	repair(t, dir)
	if d, o := played(t, Clean, nil, dir); len(d.Findings) > 0 {
		t.Errorf("after the patch: %v: %s", d.verdicts(), o.stderr)
	}
	for _, r := range replays {
		if o := rehearse(t, nil, "replay", r.file); o.status != Clean || !strings.Contains(o.stdout, "holds: ") || o.stderr != "" {
			t.Errorf("replay of %s after the patch: status %d: %s%s", r.subject, o.status, o.stdout, o.stderr)
		}
	}
}

// TestCheckIsDeterministic: the same tree gives the same bytes.
func TestCheckIsDeterministic(t *testing.T) {
	dir, first := shop(t), ""
	for range 5 {
		o := rehearse(t, nil, "check", "--format", "json", dir)
		text := volatile.ReplaceAllString(o.stdout, "")
		if first == "" {
			first = text
		}
		if text != first {
			t.Fatalf("got\n%s\nand\n%s", first, text)
		}
	}
}

// notRehearsed is what is said of a component that cannot be started here.
func notRehearsed(findings ...string) (lines []string) {
	for _, f := range findings {
		lines = append(lines, f+": not-rehearsed")
	}
	return lines
}

func TestShopWithoutNode(t *testing.T) {
	needs(t, "go")
	d, o := played(t, Findings, []string{without(t, "node", "nodejs", "npm", "npx")}, shop(t))
	same(t, d.verdicts(), join(shopAPI, shopWorker, notRehearsed(
		"web local-state express-session MemoryStore", "web loopback-url API_URL",
		"web missing-lockfile package-lock.json", "web placeholder-env COOKIE_SECRET")))
	for _, f := range d.Findings {
		if f.Component == "web" && f.Rehearsal.Observed != "node is not on the PATH" {
			t.Errorf("the reason is %q", f.Rehearsal.Observed)
		}
	}
	if strings.Contains(o.stderr, "panic") {
		t.Error(o.stderr)
	}
}

func TestShopWithoutGo(t *testing.T) {
	needs(t, "node", "npm")
	d, _ := played(t, Findings, []string{without(t, "go")}, shop(t))
	for _, f := range d.Findings {
		if f.Component != "web" && (f.Verdict != "not-rehearsed" || f.Rehearsal.Observed != "go is not on the PATH") {
			t.Errorf("%s %s is %s: %v", f.Component, f.Subject, f.Verdict, f.Rehearsal)
		}
	}
}

// TestShopElsewhere is the main job on a machine that has no PostgreSQL and no
// Redis: the servers come from the package and from this program.
func TestShopElsewhere(t *testing.T) {
	needs(t, "go", "node", "npm")
	d, _ := played(t, Findings, []string{without(t, "postgres", "initdb", "redis-server", "pg_ctl", "psql")}, shop(t))
	same(t, d.verdicts(), join(shopAPI, shopWeb, shopWorker))
}
