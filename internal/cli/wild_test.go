package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rehearse/internal/report/reporttest"
)

// TestDatabaseDies kills the rehearsal's own PostgreSQL under it: the report
// says what is known, the error what happened, and nothing is left.
func TestDatabaseDies(t *testing.T) {
	needs(t, "go", "node", "npm")
	dir, tmp := shop(t), t.TempDir()
	before := look(t, tmp)
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	cmd := command(ctx, "--format", "json", dir)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	killed := false
	for ctx.Err() == nil && !killed {
		for _, pid := range descendants(cmd.Process.Pid) {
			line, _ := os.ReadFile("/proc/" + itoa(pid) + "/cmdline")
			if words := strings.Split(string(line), "\x00"); len(words) > 3 && filepath.Base(words[0]) == "postgres" {
				time.Sleep(1500 * time.Millisecond) // by then the rehearsal is under way
				killed = syscall.Kill(pid, syscall.SIGKILL) == nil
				break
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != Incomplete {
		t.Errorf("%v, want exit status %d", err, Incomplete)
	}
	if !strings.Contains(stderr.String(), "service db: PostgreSQL") {
		t.Errorf("it says %q", stderr.String())
	}
	if err := reporttest.Conforms(stdout.String()); err != nil || !strings.Contains(stdout.String(), "DATABASE_URL") {
		t.Errorf("%v in the report\n%s", err, stdout.String())
	}
	if after := look(t, tmp); after != before {
		t.Errorf("left is %v", after)
	}
}

// TestWildComponents rehearses what harms the machine that it runs on: it is
// bounded, it is said, and nothing is left.
func TestWildComponents(t *testing.T) {
	needs(t, "node")
	const listen = "require('http').createServer((q, a) => a.end('ok')).listen(3000)\n"
	says := map[string]string{"fills": "Error: ENOSPC", "sleeps": "nothing listens on port 3000"}
	for name, code := range map[string]string{
		"forks":  listen + "require('child_process').spawn('/bin/bash', ['-c', ':(){ :|:& };:'], {stdio: 'ignore'})\n",
		"fills":  "const fs = require('fs'), f = fs.openSync('/tmp/full', 'w')\nfor (;;) fs.writeSync(f, Buffer.alloc(1 << 20))\n" + listen,
		"eats":   listen + "const all = []\nsetInterval(() => all.push(Buffer.alloc(64 << 20, 1)), 1)\n",
		"stays":  listen + "process.on('SIGTERM', () => {})\nrequire('child_process').spawn('/bin/sh', ['-c', 'trap \"\" TERM INT HUP; while :; do sleep 1; done'], {detached: true, stdio: 'ignore'})\n",
		"prints": "for (let i = 0; i < 1024; i++) require('fs').writeSync(1, Buffer.alloc(1 << 20, 'x'))\n" + listen,
		"sleeps": "setInterval(() => {}, 1000)\nif (process.env.NEVER) " + listen,
		"pours":  "require('http').createServer((q, a) => { a.writeHead(200); setInterval(() => a.write('x'.repeat(1 << 16)), 1) }).listen(3000)\n",
	} {
		t.Run(name, func(t *testing.T) {
			tmp, mark := t.TempDir(), "WILD_MARK=wild-"+name
			before := look(t, tmp)
			dir := write(t, t.TempDir(), map[string]string{
				"package.json":      `{"name": "wild", "scripts": {"start": "node server.js"}}`,
				"server.js":         code,
				".env":              mark + "\n",
				"Dockerfile":        "FROM node:20.20.2-alpine\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"server.js\"]\n",
				"compose.prod.yaml": "services:\n  wild:\n    build: .\n    ports: [\"80:3000\"]\n",
			})
			o := rehearse(t, []string{"TMPDIR=" + tmp}, dir)
			if o.status == Usage || o.status > Incomplete {
				t.Errorf("exit status %d: %s", o.status, o.stderr)
			}
			if o.took > 90*time.Second {
				t.Errorf("it took %v", o.took)
			}
			if want := says[name]; !strings.Contains(o.stdout, want) || (want != "") != (o.status == Incomplete) {
				t.Errorf("it does not say %q", want)
			}
			t.Logf("status %d after %v: %s%s", o.status, o.took, o.stdout, o.stderr)
			if left := marked(mark); len(left) > 0 {
				t.Errorf("left are %v", left)
			}
			if after := look(t, tmp); after != before {
				t.Errorf("left is %v", after)
			}
		})
	}
}
