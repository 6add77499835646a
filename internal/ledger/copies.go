package ledger

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/source"
)

// Copies says that several processes run the same code side by side.
type Copies struct {
	Count   int    // at least 2; 0 where they are several and nothing tells how many
	Text    string // where it is said, in a few words: "replicas: 3", "--workers 4"
	At      source.Span
	Machine bool // they are processes of one container: they share its disk, not their memory
	Likely  bool // they are several only where there is enough to do: a scaler
	Forked  bool // they are made of one process that has loaded the code before: its threads run there alone
}

// String says it as a part of a sentence: "3 replicas".
func (c Copies) String() string {
	what := "replicas"
	if c.Machine {
		what = "processes of a container"
	}
	if c.Count == 0 {
		return "several " + what
	}
	if c.Likely {
		return fmt.Sprintf("up to %d %s", c.Count, what)
	}
	return fmt.Sprintf("%d %s", c.Count, what)
}

// Copies tells whether several processes run the code of the run, the plainest
// word first: replicas, a scaler, workers of a server.
func (r *Run) Copies() []Copies {
	w := r.Workload
	if w == nil || w.Init || w.Once {
		return nil
	}
	var all []Copies
	if w.Replicas > 1 {
		all = append(all, Copies{Count: w.Replicas, Text: fmt.Sprintf("replicas: %d", w.Replicas), At: w.ReplicasAt})
	}
	for _, s := range r.Environment.Scalers {
		if s.Name != w.Name || s.Kind != w.Kind || s.Max < 2 || s.Namespace != "" && w.Namespace != "" && s.Namespace != w.Namespace {
			continue
		}
		if s.Min > 1 {
			all = append(all, Copies{Count: s.Min, Text: fmt.Sprintf("minReplicas: %d", s.Min), At: s.At})
		} else {
			all = append(all, Copies{Count: s.Max, Text: fmt.Sprintf("maxReplicas: %d", s.Max), At: s.At, Likely: true})
		}
	}
	if n, text, at, ok := r.Workers(); ok {
		all = append(all, Copies{Count: n, Text: text, At: at, Machine: true, Forked: r.preloads()})
	} else if commands, _ := r.Commands(); len(commands) > 0 {
		for _, words := range commands {
			if c, ok := r.configured(words); ok {
				c.Forked = c.Forked || r.preloads()
				all = append(all, c)
				break
			}
		}
	}
	return all
}

// servers start several processes where their options say so. The value of the
// last column stands for as many as there are processors.
var servers = []struct {
	program string // the base name of the program, or of a word of the command
	options []string
	all     []string // values that mean several
}{
	{"gunicorn", []string{"-w", "--workers"}, nil}, // https://docs.gunicorn.org/en/stable/settings.html#workers
	{"uvicorn", []string{"--workers"}, nil},        // https://www.uvicorn.org/settings/#production
	{"fastapi", []string{"--workers"}, nil},        // https://fastapi.tiangolo.com/deployment/server-workers/
	{"hypercorn", []string{"-w", "--workers"}, nil},
	{"granian", []string{"--workers"}, nil},
	{"uwsgi", []string{"-p", "--processes", "--workers"}, nil}, // https://uwsgi-docs.readthedocs.io/en/latest/Options.html#processes
	{"puma", []string{"-w", "--workers"}, nil},                 // https://puma.io/puma/file.README.html#label-Clustered+mode
	{"pm2", []string{"-i", "--instances"}, []string{"max", "0", "-1"}},
	{"pm2-runtime", []string{"-i", "--instances"}, []string{"max", "0", "-1"}}, // https://pm2.keymetrics.io/docs/usage/cluster-mode/
}

// Workers tells how many processes the command of the run starts, where it
// starts several of a server; 0 where as many as there are processors.
func (r *Run) Workers() (count int, text string, at source.Span, ok bool) {
	all, at := r.Commands()
	for _, words := range all {
		if n, text, ok := workers(words); ok {
			return n, text, at, true
		}
	}
	// https://docs.gunicorn.org/en/stable/settings.html#workers, https://puma.io/puma/Puma/DSL.html#workers-instance_method
	concurrent := func(w string) bool { return slices.Contains([]string{"gunicorn", "puma", "uvicorn"}, path.Base(w)) }
	if slices.ContainsFunc(all, func(words []string) bool { return slices.ContainsFunc(words, concurrent) }) {
		supply, _, state := r.Variable("WEB_CONCURRENCY")
		if state == Supplied && supply.Value.Origin == fact.Literal {
			if n, err := strconv.Atoi(supply.Value.Reveal()); err == nil && n > 1 {
				return n, fmt.Sprintf("WEB_CONCURRENCY=%d", n), supply.At, true
			}
		}
	}
	return 0, "", source.Span{}, false
}

// preloads reports whether the server of the run loads the code before it makes
// its workers (https://docs.gunicorn.org/en/stable/settings.html#preload-app).
func (r *Run) preloads() bool {
	all, _ := r.Commands()
	return slices.ContainsFunc(all, func(words []string) bool { return slices.Contains(words, "--preload") })
}

// workers tells how many processes a command starts.
func workers(words []string) (count int, text string, ok bool) {
	for _, s := range servers {
		i := slices.IndexFunc(words, func(w string) bool { return path.Base(w) == s.program })
		if i < 0 {
			continue
		}
		for _, option := range s.options {
			value, found := optionOf(words[i+1:], option)
			if n, err := strconv.Atoi(value); err == nil && n > 1 {
				return n, option + " " + value, true
			}
			if found && slices.Contains(s.all, value) {
				return 0, option + " " + value, true
			}
		}
	}
	return 0, "", false
}

// optionOf returns the value of an option: -w 4, -w4, --workers=4.
func optionOf(words []string, option string) (string, bool) {
	for i, w := range words {
		if w == option && i+1 < len(words) {
			return words[i+1], true
		}
		if value, ok := strings.CutPrefix(w, option+"="); ok {
			return value, true
		}
		if !strings.HasPrefix(option, "--") && len(w) > len(option) && strings.HasPrefix(w, option) && whole(w[len(option):]) {
			return w[len(option):], true
		}
	}
	return "", false
}

func whole(text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil
}

// shells are the programs that run what stands behind -c.
var shells = regexp.MustCompile(`^(/usr)?(/bin/)?(ba|da|a|z)?sh$`)

// Words returns the words of a command: those of the commands of a shell's script
// in the place of the shell.
func Words(command []string) []string {
	if len(command) < 3 || !shells.MatchString(command[0]) || !strings.HasPrefix(command[1], "-") || !strings.HasSuffix(command[1], "c") {
		return command
	}
	if len(command[2]) > maxScript {
		return nil
	}
	script, err := syntax.NewParser().Parse(strings.NewReader(command[2]), "")
	if err != nil {
		return strings.Fields(command[2])
	}
	var words []string
	syntax.Walk(script, func(n syntax.Node) bool {
		if call, ok := n.(*syntax.CallExpr); ok {
			for _, w := range call.Args {
				words = append(words, literal(w.Parts))
			}
		}
		return true
	})
	return words
}

// maxScript bounds a shell's script of which the words are of interest.
const maxScript = 16 << 10

// literal is a word of a script; what only the running shell knows has a dollar.
func literal(parts []syntax.WordPart) string {
	var b strings.Builder
	for _, part := range parts {
		switch part := part.(type) {
		case *syntax.Lit:
			b.WriteString(part.Value)
		case *syntax.SglQuoted:
			b.WriteString(part.Value)
		case *syntax.DblQuoted:
			b.WriteString(literal(part.Parts))
		default:
			b.WriteString("$")
		}
	}
	return b.String()
}

// Commands returns what the run starts, each command as words: its own command,
// that of a shell's script in the place of the shell, and what these call in
// turn, as far as the image tells (a script, a package.json). What only the
// running shell knows is left as it stands.
func (r *Run) Commands() ([][]string, source.Span) {
	command, at := r.Command()
	var all [][]string
	if words := Words(command); len(words) > 0 {
		all = append(all, words)
	}
	for _, c := range r.calls() {
		words := make([]string, len(c.Args))
		for i, a := range c.Args {
			words[i] = a.Text
		}
		if len(words) > 0 {
			all = append(all, words)
		}
	}
	return all, at
}

// calls returns what the start of the run calls.
func (r *Run) calls() []image.Call {
	if r.build == nil || r.Workload == nil {
		return nil
	}
	for _, o := range r.build.Occasions() {
		if o.Moment == Starting && o.Use != nil && o.Use.Workload == r.Workload {
			return o.Calls
		}
	}
	return nil
}

// Serves reports whether anything asks the run for a port.
func (r *Run) Serves() bool { return len(r.asked()) > 0 }

// hand is what programs are called that take work from a queue, or start it by
// the clock, beside the process that answers requests.
var hand = regexp.MustCompile(`(?i)^(celery|sidekiq|rq|rqworker|resque|dramatiq|huey\w*|clockwork|good_job|que|faktory\S*|queue:work|queue:listen|schedule:(work|run)|horizon|worker|scheduler|beat|cron|crond|supercronic|delayed_job|jobs:work)$`)

// Hand reports whether the run takes work from a queue, or starts it by the
// clock, and answers no requests.
func (r *Run) Hand() bool {
	all, _ := r.Commands()
	return slices.ContainsFunc(all, func(words []string) bool {
		return slices.ContainsFunc(words[:min(len(words), 8)], func(w string) bool { return hand.MatchString(path.Base(w)) })
	})
}
