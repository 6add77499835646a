package buildtimeenv

import (
	"fmt"
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// through is a read through another name than process.env.
var through = regexp.MustCompile(`(^|[^.\w])\w*[eE]nv\??\.NEXT_PUBLIC_`)

// dynamic finds variables that Next.js would write into the bundle if they were
// read as process.env.NAME, in code of the browser that reads them through
// another name or takes process.env apart: there, process.env is empty
// (https://nextjs.org/docs/app/guides/environment-variables#bundling-environment-variables-for-the-browser).
func dynamic(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	told := map[source.Span]bool{}
	for _, c := range l.Components {
		if c.Language != "javascript" {
			continue
		}
		for _, n := range c.Needs {
			if n.Kind != fact.Variable || !n.Browser || !strings.HasPrefix(n.Name, "NEXT_PUBLIC_") || c.Tool(n.At.File) || told[n.At] {
				continue
			}
			if n.Text != n.Name && (!through.MatchString(n.Text) || strings.Contains(n.Text, "process.env.") || strings.Contains(n.Text, "import.meta.env.")) {
				continue
			}
			told[n.At] = true
			f := doc.Finding(finding.Warning, c.Name, "production", n.Name)
			f.Message = fmt.Sprintf("%s is not read as process.env.%s, and Next.js writes into the bundle only what is read so", n.Name, n.Name)
			f.Consequence = "the variable is undefined in the browser, whatever the build and the container are given"
			f.Remedy = fmt.Sprintf("read it as process.env.%s", n.Name)
			f.Evidence = []finding.Evidence{{Role: finding.Need, At: n.At, Text: n.Text}}
			findings = append(findings, f)
		}
	}
	return findings
}
