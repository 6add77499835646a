package cli

import (
	"bytes"
	"context"
	"testing"

	"rehearse/internal/ledger"
	"rehearse/internal/project"
	"rehearse/internal/report"
	"rehearse/internal/report/reporttest"
	"rehearse/internal/report/text"
)

// table draws the table of a project as a terminal of 100 cells shows it.
func table(t *testing.T, dir, environment string) string {
	t.Helper()
	c := Command{}
	r, err := c.read(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	var b bytes.Buffer
	d := report.Document{Tool: report.Tool{Name: "rehearse"}, Project: report.Project{Root: "."}, Parity: parity(r.ledger, r.findings, environment)}
	if err := text.New(&b, report.Options{Width: 100}).Write(d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTableOfTheShop(t *testing.T) {
	reporttest.Golden(t, "table-shop.txt", table(t, shop(t), ""))
}

// Each state of a cell, with what makes it so.
func TestTable(t *testing.T) {
	dir := write(t, t.TempDir(), map[string]string{
		"package.json": `{"name": "api", "scripts": {"start": "node server.js"}}`,
		"server.js": `if (!process.env.FATAL) throw new Error('FATAL');
const required = use(process.env.REQUIRED);
const fallback = process.env.FALLBACK || 'eu-west-1';
const both = process.env.URL_A || process.env.URL_B;
if (process.env.GUARDED) enable(process.env.GUARDED);
const home = process.env.HOME;
const empty = use(process.env.EMPTY);
const secret = use(process.env.SECRET);
const passed = use(process.env.PASSED);
`,
		"Dockerfile": "FROM node:22\nWORKDIR /app\nCOPY . .\nENV REQUIRED=image\nCMD [\"node\", \"server.js\"]\n",
		".env":       "FATAL=1\nURL_B=http://b\n",
		".gitignore": ".env\n",
		"compose.prod.yaml": `services:
  api:
    build: .
    environment:
      FATAL: "1"
      EMPTY: ""
      PASSED:
`,
		"compose.staging.yaml": `services:
  api:
    build: .
    environment:
      URL_A: "http://a"
  api-jobs:
    build: .
    env_file: [staging.env]
`,
	})
	reporttest.Golden(t, "table-states.txt", table(t, dir, "")+table(t, dir, "stag"))
}

// A project that cannot be read has no table, and a broken one no panic.
func TestTableOfNothing(t *testing.T) {
	p, err := project.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	l, err := ledger.Read(context.Background(), p, Languages(), Formats())
	if err != nil {
		t.Fatal(err)
	}
	if got := parity(l, nil, ""); got == nil || len(got) > 0 {
		t.Errorf("%#v, want an empty list: it was asked for", got)
	}
}
