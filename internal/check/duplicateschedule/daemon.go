package duplicateschedule

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
	"rehearse/internal/start"
)

// daemons are the programs that start the entries of a crontab, and serving those
// that answer requests beside them in one container.
var (
	daemons = []string{"cron", "crond", "supercronic", "fcron", "busybox-cron"}
	serving = strings.Fields("gunicorn uvicorn uwsgi hypercorn daphne waitress-serve puma unicorn passenger nginx apache2 apache2-foreground httpd php-fpm node npm yarn java dotnet rails flask streamlit")
)

// daemon finds containers that answer requests and have a crontab besides: each
// copy of them has the crontab.
func daemon(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	told := map[string]bool{}
	for _, b := range start.Of(l) {
		if b.Run == nil || b.Run.Workload.Once || !b.Run.Serves() {
			continue
		}
		i := slices.IndexFunc(b.Steps, func(s start.Step) bool { return starts(s.Words) })
		if i < 0 || !slices.ContainsFunc(b.Steps, func(s start.Step) bool { return slices.Contains(serving, path.Base(s.Words[0])) }) {
			continue
		}
		at := b.Steps[i].At
		if told[b.Environment+fmt.Sprint(at)] {
			continue
		}
		told[b.Environment+fmt.Sprint(at)] = true
		findings = append(findings, each(&b, at, strings.Join(b.Steps[i].Words, " ")))
	}
	return findings
}

// starts reports whether a command starts a daemon: by its name, or as a service
// of the system.
func starts(words []string) bool {
	name := path.Base(words[0])
	if name == "service" && len(words) > 2 && words[2] == "start" || name == "rc-service" && len(words) > 1 {
		name = words[1]
	}
	return slices.Contains(daemons, name)
}

func each(b *start.Beginning, at source.Span, text string) finding.Finding {
	w := b.Run.Workload
	f := doc.Finding(finding.Info, b.Title(), b.Environment, "crontab")
	f.Message = "the container answers requests and has a crontab besides: " + text
	f.Consequence = "each entry runs twice as soon as a second copy runs, if only while a new version takes over"
	f.Remedy = "give the crontab to one container alone, or to jobs of the platform"
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: at, Text: text}}
	for _, c := range b.Run.Copies() {
		if c.Forked || c.Machine {
			continue
		}
		if !c.Likely {
			f.Severity = finding.Warning
		}
		f.Message = fmt.Sprintf("%s run (%s), and each has a crontab: %s", c, c.Text, text)
		f.Consequence = "each entry runs once for each copy: what it sends, charges or writes is done more than once"
		break
	}
	f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: w.At, Text: w.Kind + " " + w.Name, Environment: b.Environment})
	return f
}
