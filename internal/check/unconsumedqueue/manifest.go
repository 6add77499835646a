package unconsumedqueue

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
)

// production is the environment of workers that stand in the manifest of the
// application itself, whatever runs them.
const production = "production"

// manned returns the workers that the application's own manifest tells of, where
// no definition of an environment has any: the entries of its Procfile, and the
// one that Sidekiq's file lists the queues of.
func (s system) manned(l *ledger.Ledger, c *ledger.Component, queues []fact.Need) []worker {
	listed := slices.ContainsFunc(queues, func(n fact.Need) bool { return n.Sort == "take" && slices.Contains(s.libraries, n.Library) })
	if elsewhere(l) {
		return nil
	}
	var all []worker
	local := false
	for _, p := range c.Processes {
		local = local || services.MatchString(p.Command.Text)
	}
	for _, p := range c.Processes {
		words := strings.Fields(p.Command.Text)
		if local || path.Base(p.Command.At.File) != "Procfile" || !s.is(words) {
			continue
		}
		if !listed && !slices.ContainsFunc(words, func(w string) bool {
			return slices.ContainsFunc(s.options, func(o string) bool { return strings.HasPrefix(w, o) })
		}) && (s.name != sidekiq.name || !plain(c, words)) {
			return nil // what it takes from is said where nothing reads it
		}
		all = append(all, worker{words, p.Command.At, p.Name})
	}
	if len(all) > 0 || s.name != sidekiq.name {
		return all
	}
	files := map[string]bool{}
	for _, n := range queues {
		if n.Sort != "take" || n.Library != "sidekiq" || path.Ext(n.At.File) == ".rb" {
			continue
		}
		files[n.At.File] = true
		if len(all) == 0 {
			all = append(all, worker{[]string{s.program, "-C", n.At.File}, n.At, n.At.File})
		}
	}
	// Of several files it is not known which one runs where.
	for _, f := range c.Files {
		base := path.Base(f.Path)
		if strings.HasPrefix(base, "sidekiq") && !strings.Contains(base, "cron") && !strings.Contains(base, "schedule") && (strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml")) && !files[f.Path] {
			return nil
		}
	}
	if len(files) > 1 {
		return nil
	}
	return all
}

// services are programs that a Procfile starts where it is for a developer's
// machine: production has them elsewhere.
var services = regexp.MustCompile(`\b(?:redis-server|postgres|mysqld|mongod|memcached|elasticsearch|solr|mailcatcher|mailhog|minio|webpack-dev-server|vite)\b`)

// hands is what workloads are called that take work from queues.
var hands = regexp.MustCompile(`(?i)worker|sidekiq|celery|jobs?\b|queue`)

// elsewhere reports whether a definition deploys workers of which the command does
// not tell what they take from.
func elsewhere(l *ledger.Ledger) bool {
	for _, e := range l.Environments {
		// A file for the supervisor of a machine often lies beside a Procfile.
		if !e.IsProduction() || e.Kind == "supervisor" || e.Kind == "systemd" {
			continue
		}
		if slices.ContainsFunc(e.Workloads, func(w fact.Workload) bool { return hands.MatchString(w.Name) }) {
			return true
		}
	}
	return false
}
