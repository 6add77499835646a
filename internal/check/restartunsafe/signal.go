package restartunsafe

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/start"
)

// unheard finds processes that the signal to stop does not reach.
func unheard(b *start.Beginning) []finding.Finding {
	var findings []finding.Finding
	for _, s := range b.Stays() {
		name, drains, stays := server(s.Words)
		if s.Behind == "" {
			return nil // a branch of the script does it right
		}
		if !stays && !listens(b, name, s.Words) {
			continue
		}
		severity := finding.Info
		if drains {
			severity = finding.Warning
		}
		f := doc.Finding(severity, b.Title(), b.Environment, name)
		f.Message = fmt.Sprintf("%s is started without exec: the first process of the container is the shell of %s, and SIGTERM does not reach %s", name, s.Behind, name)
		f.Consequence = "each stop takes the whole grace period, and then what is under way is cut off: SIGKILL"
		f.Remedy = fmt.Sprintf("write exec in front of %s", name)
		if strings.HasSuffix(s.Behind, " -c") {
			f.Remedy = fmt.Sprintf("write the command in its JSON form, or exec in front of %s", name)
		}
		f.Evidence = []finding.Evidence{{Role: finding.Need, At: s.At, Text: name}}
		if b.Run != nil && b.Run.Workload != nil && b.Run.Workload.At != s.At {
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: b.Run.Workload.At, Text: b.Run.Workload.Kind + " " + b.Run.Workload.Name, Environment: b.Environment})
		} else if b.At != s.At && !b.At.IsZero() {
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: b.At, Text: "the start", Environment: b.Environment})
		}
		findings = append(findings, f)
	}
	return findings
}

// addressed is an option that tells a program where to listen.
var addressed = re(`^--?(?:addr|address|listen|listen-addr(?:ess)?|bind|bind-addr(?:ess)?|port|http-?port|http-addr)(?:=|$)`)

// listens reports whether a program that nothing is known of is what the ports of
// its image are for, or is told where to listen: it is the last that starts there.
func listens(b *start.Beginning, name string, words []string) bool {
	if slices.ContainsFunc(words[1:], func(w string) bool { return slices.Contains(passing, w) }) {
		return false
	}
	return name != "" && (len(b.Build.Image().Definition().Expose) > 0 || slices.ContainsFunc(words[1:], addressed.MatchString)) && !slices.Contains(ending, name) && path.Ext(name) == ""
}

// ending are programs that come to their end, whatever image they are in.
var ending = strings.Fields(`echo printf cp mv rm mkdir rmdir cat ls ln chmod chown touch true false test sleep tail head sed awk grep find xargs sort tee wait kill
	cd export set source read exit return unset trap curl wget git tar unzip gzip openssl envsubst jq yq apt apt-get apk yum dnf pip pip3 gem bundle composer go make
	psql pg_isready mysql mysqladmin mongo mongosh redis-cli nc dockerize wait-for-it sequelize prisma knex alembic flyway liquibase diesel sqlx goose dbmate aws gcloud kubectl helm`)

// draining are servers and workers that finish what they are at when SIGTERM
// comes, by their documentation: gunicorn ("Signal Handling"), uvicorn ("Server
// behavior"), hypercorn, daphne, celery ("Stopping the worker"), rq ("Taking down
// workers"), dramatiq, huey, puma ("Signals"), sidekiq ("Signals"), Spring Boot and
// other programs for the JVM through shutdown hooks, .NET ("Host shutdown"), caddy.
var draining = strings.Fields(`gunicorn uvicorn hypercorn daphne granian celery rq dramatiq huey_consumer huey_consumer.py arq faktory
	puma sidekiq good_job solid_queue resque java dotnet caddy`)

// staying are other servers and workers.
var staying = strings.Fields(`uwsgi waitress-serve unicorn thin passenger rackup rails node nodejs ts-node tsx bun deno pm2-runtime next nuxt nest serve http-server
	nginx httpd apache2-foreground apache2ctl httpd-foreground php-fpm frankenphp rr streamlit mlflow jupyter airflow superset flask fastapi
	npm yarn pnpm python python3 ruby php elixir mix cargo`)

// leading are programs that run the one behind their own words in their place or
// hand it signals, so that what is meant is that one.
var leading = map[string][]string{
	"bundle": {"exec"}, "poetry": {"run"}, "pipenv": {"run"}, "uv": {"run"}, "pdm": {"run"}, "npx": nil, "ddtrace-run": nil,
	"opentelemetry-instrument": nil, "newrelic-admin": {"run-program"}, "doppler": {"run", "--"}, "dotenv": {"--"},
}

// serving are words that tell of a program that it is to stay.
var serving = strings.Fields("serve server start run worker web daemon listen start:prod")

// server returns the name of a process that stays, whether it finishes what it
// is at when it is told to stop, and whether it is one that stays at all.
func server(words []string) (name string, drains, stays bool) {
	for len(words) > 1 {
		own, ok := leading[path.Base(words[0])]
		if !ok {
			break
		}
		words = words[1:]
		for _, w := range own {
			if len(words) > 1 && words[0] == w {
				words = words[1:]
			}
		}
		for len(words) > 1 && strings.HasPrefix(words[0], "-") {
			words = words[1:]
		}
	}
	name = path.Base(words[0])
	if len(words) > 2 && strings.HasPrefix(name, "python") && words[1] == "-m" {
		words = words[2:]
		name = words[0]
	}
	switch {
	case !program.MatchString(name):
		return "", false, false
	case slices.Contains(draining, name):
		return name, true, true
	case slices.ContainsFunc(words[1:], func(w string) bool { return slices.Contains(passing, w) }):
		return name, false, false
	case slices.Contains(staying, name), slices.ContainsFunc(words[1:], func(w string) bool { return slices.Contains(serving, w) }):
		return name, false, true
	}
	return name, false, strings.HasPrefix(words[0], "./") && path.Ext(name) == ""
}

// program is what the name of a program looks like: nothing else is shown.
var program = re(`^[a-zA-Z0-9][a-zA-Z0-9._+-]{0,39}$`)

// passing are words that tell of a program that it comes to its end.
var passing = strings.Fields("migrate build test install lint seed collectstatic version --version help --help")
