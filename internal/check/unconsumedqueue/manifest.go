package unconsumedqueue

import (
	"path"
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
func (s system) manned(c *ledger.Component, queues []fact.Need) []worker {
	var all []worker
	for _, p := range c.Processes {
		if words := strings.Fields(p.Command.Text); path.Base(p.Command.At.File) == "Procfile" && s.is(words) {
			all = append(all, worker{words, p.Command.At, p.Name})
		}
	}
	if len(all) > 0 || s.name != sidekiq.name {
		return all
	}
	files := map[string]bool{}
	for _, n := range queues {
		if n.Sort != "take" || n.Library != "sidekiq" {
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
