package unconsumedqueue

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
)

// mailer is the library of the mails of Rails that are sent later.
const mailer = "action_mailer"

// puts returns the needs that put work into queues of the system. Mails are put
// where the settings say, and go to Sidekiq where it is the backend of the jobs
// of Rails.
func (s system) puts(needs []fact.Need) []fact.Need {
	var puts []fact.Need
	for _, n := range needs {
		if n.Sort != "put" || !slices.Contains(s.libraries, n.Library) {
			continue
		}
		if n.Library == mailer {
			if !told(needs, "adapter", "active_job", s.program) {
				continue
			}
			if i := slices.IndexFunc(needs, func(o fact.Need) bool { return o.Sort == "mails" && o.At.File != n.At.File }); i >= 0 {
				n.Name = needs[i].Name
			}
		}
		puts = append(puts, n)
	}
	return puts
}

func told(needs []fact.Need, sort, library, name string) bool {
	return slices.ContainsFunc(needs, func(n fact.Need) bool { return n.Sort == sort && n.Library == library && n.Name == name })
}

// plain reports whether a worker of Sidekiq takes from the standard queue alone:
// neither an option nor a file of settings tells it more
// (https://github.com/sidekiq/sidekiq/wiki/Advanced-Options#the-sidekiq-configuration-file).
func plain(c *ledger.Component, words []string) bool {
	if slices.ContainsFunc(words, func(w string) bool {
		return strings.HasPrefix(w, "-C") || strings.HasPrefix(w, "--config") || strings.HasPrefix(w, "-r")
	}) {
		return false
	}
	for _, f := range c.Files {
		if base := path.Base(f.Path); strings.HasPrefix(base, "sidekiq") && base != "sidekiq.rb" {
			return false
		}
	}
	return true
}
