package cli

import (
	"net"
	"strings"
	"testing"
)

// modest is a project that the plain stage can rehearse: all that production
// lacks is a variable.
var modest = map[string]string{
	"package.json": `{"name": "modest", "scripts": {"start": "node server.js"}}`,
	"server.js": `if (!process.env.START_KEY) {
  console.error('START_KEY is not set')
  process.exit(3)
}
require('http').createServer((question, answer) => {
  answer.statusCode = process.env.QUIET_KEY ? 200 : 401
  answer.end('fine')
}).listen(34719)
`,
	".env":              "START_KEY=one-of-the-start\nQUIET_KEY=one-of-silence\n",
	"Dockerfile":        "FROM node:20.20.2-alpine\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"server.js\"]\n",
	"compose.prod.yaml": "services:\n  modest:\n    build: .\n    ports: [\"80:34719\"]\n    environment: {A: b}\n",
}

// TestPlainStage is the main job where there are no namespaces: what it can
// rehearse it does, and what not it says.
func TestPlainStage(t *testing.T) {
	needs(t, "node")
	dir := write(t, t.TempDir(), modest)
	d, _ := played(t, Findings, nil, "--stage", "plain", dir)
	same(t, d.verdicts(), []string{
		"modest missing-env QUIET_KEY: reproduced by differ env:QUIET_KEY",
		"modest missing-env START_KEY: reproduced by boot env:START_KEY",
	})
	if len(d.Notes) == 0 || !strings.Contains(d.Notes[len(d.Notes)-1], "no namespaces") {
		t.Errorf("the notes are %q", d.Notes)
	}
}

// TestPortTaken: a port that another process has is of no matter on a stage
// with a network of its own, and named on one without.
func TestPortTaken(t *testing.T) {
	needs(t, "node")
	other, err := net.Listen("tcp", "127.0.0.1:34719")
	if err != nil {
		t.Skipf("needs port 34719: %v", err)
	}
	defer other.Close()
	dir := write(t, t.TempDir(), modest)
	d, _ := played(t, Findings, nil, dir)
	same(t, d.verdicts(), []string{
		"modest missing-env QUIET_KEY: reproduced by differ env:QUIET_KEY",
		"modest missing-env START_KEY: reproduced by boot env:START_KEY",
	})
	d, _ = played(t, Findings, nil, "--stage", "plain", dir)
	for _, f := range d.Findings {
		if f.Verdict != "not-rehearsed" || !strings.Contains(f.Rehearsal.Observed, "port 34719 of this machine is taken by another process") {
			t.Errorf("%s is %s: %v", f.Subject, f.Verdict, f.Rehearsal)
		}
	}
}
