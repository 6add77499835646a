package reporttest

import (
	"fmt"
	"time"

	"rehearse/internal/finding"
	"rehearse/internal/report"
	"rehearse/internal/source"
)

// Known is Shop beside a baseline, with findings that were ignored.
func Known() report.Document {
	d := Shop()
	d.Known = map[string]bool{d.Findings[1].Fingerprint(): true, "0000000000000000": true}
	d.Ignored = 2
	d.Checks = checks()
	d.FailOn = finding.Warning
	d.Began = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return d
}

func checks() []report.Check {
	return []report.Check{
		{
			Name: "missing-env", Category: finding.Environment,
			Summary: "A component reads a variable that has no working default, and an environment in which it runs does not supply it.",
			Why:     "On a developer's machine the variable comes from a .env file. It is not there in production.",
			Fix:     "Supply the variable in the definition of that environment.",
			Silent:  "A read with a default.", Sources: []string{"https://12factor.net/config"},
		},
		{Name: "loopback-url", Category: finding.Network, Summary: "A component calls an address of its own machine.", Why: "There it is another.", Fix: "Name the service."},
		{Name: "loopback-bind", Category: finding.Network, Summary: "A server listens on the loopback address only.", Why: "Others ask for it.", Fix: "Bind to every address."},
		{Name: "mismatched-env", Category: finding.Environment, Summary: "A variable is supplied under another name.", Why: "A typo.", Fix: "Rename it."},
		{Name: "placeholder-env", Category: finding.Environment, Summary: "The default is a placeholder.", Why: "It is used in silence.", Fix: "Supply it."},
	}
}

// Parity has tables: one that fits, and one that is wider than any paper.
func Parity() report.Document {
	d := Checked()
	supplied := func(file string, line int) report.Cell {
		return report.Cell{State: report.Supplied, At: at(file, line)}
	}
	read := func(line int) source.Span { return source.Span{File: "api/main.go", Line: line, Column: 9} }
	d.Parity = []report.Parity{{
		Component: "api",
		Columns:   []report.Column{{Environment: "local"}, {Environment: "production", Workload: "Deployment/api"}},
		Rows: []report.Row{
			{Kind: "variable", Name: "DATABASE_URL", At: read(31), Cells: []report.Cell{supplied(".env", 3), {State: report.Missing, At: at("k8s/api.yaml", 24)}}},
			{Kind: "variable", Name: "SESSION_SECRET", At: read(40), Cells: []report.Cell{supplied(".env", 4), {State: report.Unknown, At: at("k8s/api.yaml", 30), Note: "the Secret api-secrets, which is not in the tree"}}},
			{Kind: "variable", Name: "PORT", At: read(52), Cells: []report.Cell{{State: report.Default, At: read(52)}, supplied("k8s/api.yaml", 26)}},
			{Kind: "variable", Name: "COOKIE_KEY", At: read(58), Cells: []report.Cell{{State: report.Default, At: read(58)}, {State: report.Default, At: read(58), Checks: []string{"placeholder-env"}}}},
			{Kind: "variable", Name: "REDIS_URL", At: read(44), Cells: []report.Cell{supplied(".env", 5), {State: report.Supplied, At: at("k8s/api.yaml", 28), Note: "from Secret cache"}}},
			{Kind: "variable", Name: "SENTRY_DSN", At: read(60), Cells: []report.Cell{{State: report.Optional, At: read(60)}, {State: report.Supplied, At: at("k8s/api.yaml", 32), Note: "empty"}}},
		},
	}}
	wide := report.Parity{Component: "web", Columns: []report.Column{{Environment: "local"}}}
	for _, place := range []string{"production", "staging-eu", "staging-us"} {
		for _, kind := range []string{"Deployment/web", "CronJob/sitemap"} {
			wide.Columns = append(wide.Columns, report.Column{Environment: place, Workload: kind})
		}
	}
	for i, name := range []string{"API_URL", "THE_NAME_OF_A_VARIABLE_THAT_SOMEBODY_MADE_RATHER_LONG"} {
		row := report.Row{Kind: "variable", Name: name, At: at("web/server.js", 9+i), Cells: []report.Cell{supplied("web/.env.development.local", 3+i)}}
		for c := range wide.Columns[1:] {
			cell := supplied(fmt.Sprintf("deploy/overlays/%s/patches/environment.yaml", wide.Columns[c+1].Environment), 110+c)
			if (c+i)%3 == 1 {
				cell.State = report.Missing
			}
			row.Cells = append(row.Cells, cell)
		}
		wide.Rows = append(wide.Rows, row)
	}
	d.Parity = append(d.Parity, wide)
	return d
}
