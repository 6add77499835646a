package unconsumedqueue

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
)

// system is a system of queues whose workers are told in their command what they
// take from.
type system struct {
	name      string
	libraries []string // of the needs that put work into it
	program   string
	words     []string // behind the program, of which one stands in the command of a worker; nil where the program is enough
	options   []string // that name queues
	standard  string   // the queue that is meant where none is named

}

var (
	// https://docs.celeryq.dev/en/stable/reference/cli.html#celery-worker
	celery = system{name: "Celery", libraries: []string{"celery"}, program: "celery", words: []string{"worker"}, options: []string{"-Q", "--queues"}, standard: "celery"}
	beat   = system{name: "Celery", program: "celery", words: []string{"beat", "-B", "--beat"}}
	// https://github.com/sidekiq/sidekiq/wiki/Advanced-Options
	sidekiq = system{name: "Sidekiq", libraries: []string{"sidekiq", "active_job", mailer}, program: "sidekiq", options: []string{"-q", "--queue"}, standard: "default"}
	// https://python-rq.org/docs/workers/
	rq = system{name: "RQ", libraries: []string{"rq"}, program: "rq", words: []string{"worker", "worker-pool"}, standard: "default"}
)

var systems = []system{celery, sidekiq, rq}

// is reports whether a command starts a worker of the system.
func (s system) is(words []string) bool {
	i := slices.IndexFunc(words, func(w string) bool { return path.Base(w) == s.program })
	return i >= 0 && (s.words == nil || slices.ContainsFunc(words[i:], func(w string) bool { return slices.Contains(s.words, w) }))
}

// taken returns the queues that the workers take from, and whether that is all
// of them.
func (s system) taken(workers []worker, queues []fact.Need) ([]string, bool) {
	var taken []string
	add := func(name string) {
		if name = strings.Trim(name, "\"' "); name != "" && !slices.Contains(taken, name) {
			taken = append(taken, name)
		}
	}
	said := func(library string) (found bool) {
		for _, n := range queues {
			if n.Sort == "take" && n.Library == library {
				add(n.Name)
				found = true
			}
		}
		return found
	}
	for _, w := range workers {
		i := slices.IndexFunc(w.words, func(x string) bool { return path.Base(x) == s.program })
		rest := w.words[i+1:]
		if slices.ContainsFunc(rest, func(x string) bool {
			return x == "-X" || x == "--exclude-queues" || x == "--config" && s.name == "RQ" || x == "-c" && s.name == "RQ"
		}) {
			return nil, false
		}
		told := false
		if s.name == "RQ" {
			told = arguments(rest[1:], add)
		}
		for j, x := range rest {
			for _, option := range s.options {
				value, ok := strings.CutPrefix(x, option+"=")
				if x == option && j+1 < len(rest) {
					value, ok = rest[j+1], true
				} else if !ok && !strings.HasPrefix(option, "--") && !strings.HasPrefix(x, "--") {
					value, ok = strings.CutPrefix(x, option)
				}
				if !ok || value == "" {
					continue
				}
				told = true
				if s.name == "Sidekiq" {
					value, _, _ = strings.Cut(value, ",") // its weight stands behind
				}
				for name := range strings.SplitSeq(value, ",") {
					add(name)
				}
			}
		}
		if told {
			continue
		}
		// Celery's workers take from every queue that the configuration declares,
		// Sidekiq's from those of its own file.
		if !said(strings.ToLower(s.name)) {
			add(s.standard)
		}
	}
	return taken, !slices.ContainsFunc(taken, func(name string) bool { return strings.ContainsAny(name, "$*{") })
}

// arguments adds the words that are neither options nor their values: rq worker
// [OPTIONS] [QUEUES].
func arguments(words []string, add func(string)) (found bool) {
	for i := 0; i < len(words); i++ {
		if w := words[i]; strings.HasPrefix(w, "-") {
			if !strings.Contains(w, "=") && !slices.Contains([]string{"-b", "--burst", "-v", "--verbose", "-q", "--quiet", "--with-scheduler", "-s"}, w) {
				i++
			}
			continue
		}
		add(words[i])
		found = true
	}
	return found
}
