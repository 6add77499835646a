package scene

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rehearse/internal/stage"
)

// The bounds of a boot. A process that neither listens nor ends within
// bootLimit is called not ready, and, once it is known how long it takes
// locally, within ten times as long, but not before leastPatience; one that is
// not expected to listen is called up when it has lasted for settle.
const (
	bootLimit     = 15 * time.Second
	leastPatience = 5 * time.Second
	settle        = 300 * time.Millisecond
)

// Boot is what became of a role's start.
type Boot struct {
	Up       bool
	Observed string // "exit status 1 after 0.04 s; stderr: …", without secrets
	Late     bool   // it was up before it failed
	Refused  string // the class of a failure: "exit 1", "not ready", …; "" when it is up
}

// start starts a role and waits until it is up or has failed.
func (p *Play) start(ctx context.Context, a *actor) Boot {
	a.began = time.Now()
	if p.theater.Plain && a.port != 0 {
		conn, err := a.node.Dial(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", a.port))
		if err == nil {
			conn.Close()
			return Boot{Observed: fmt.Sprintf("port %d of this machine is taken by another process", a.port), Refused: "taken"}
		}
	}
	process, err := p.theater.stage.Start(ctx, p.replica(a))
	if err != nil {
		return Boot{Observed: "it could not be started: " + p.theater.scene.Redact(err.Error()), Refused: "not started"}
	}
	a.process = process
	if a.port == 0 {
		limit, cancel := context.WithTimeout(ctx, settle)
		defer cancel()
		if status, err := process.Wait(limit); err == nil {
			return p.ended(a, status, time.Since(a.began))
		}
		return Boot{Up: true}
	}
	patience := p.theater.patienceFor(a.role)
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	go p.elsewhere(limit, cancel, a, a.port)
	err = process.Ready(limit, fmt.Sprintf("127.0.0.1:%d", a.port))
	var ended *stage.EndedError
	switch {
	case err == nil:
		return Boot{Up: true}
	case errors.As(err, &ended):
		return p.ended(a, ended.Status, time.Since(a.began))
	}
	if ports := p.own(ctx, a); len(ports) == 1 {
		a.port = ports[0]
		return Boot{Up: true}
	}
	return Boot{
		Observed: fmt.Sprintf("nothing listens on port %d after %.0f s%s", a.port, patience.Seconds(), p.said(a)),
		Refused:  "not ready",
	}
}

// How often it is looked whether a role listens on another port than was
// expected, and how often in a row it must be the same one: some open a second
// port before their first.
const (
	glance  = 200 * time.Millisecond
	glances = 5
)

// elsewhere ends the waiting for a role that listens on another port than was
// expected.
func (p *Play) elsewhere(ctx context.Context, found context.CancelFunc, a *actor, expected int) {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	last, times := 0, 0
	for times < glances {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		ports := p.own(ctx, a)
		switch {
		case len(ports) != 1 || ports[0] == expected:
			last, times = 0, 0
		case ports[0] != last:
			last, times = ports[0], 1
		default:
			times++
		}
	}
	found()
}

// own returns the ports on which a role itself listens, as far as it can be told.
func (p *Play) own(ctx context.Context, a *actor) []int {
	ports, err := a.node.Listening(ctx)
	if err != nil {
		return nil // a plain stage cannot tell
	}
	var own []int
	for _, port := range ports {
		n := int(port.Addr.Port())
		if port.Network == "tcp" && !slices.ContainsFunc(a.role.loopbacks, func(l loopback) bool { return l.port == n }) {
			own = append(own, n)
		}
	}
	slices.Sort(own)
	return slices.Compact(own)
}

func (p *Play) ended(a *actor, status stage.Status, took time.Duration) Boot {
	return Boot{
		Observed: fmt.Sprintf("%s after %.2f s%s", status, took.Seconds(), p.said(a)),
		Refused:  status.String(),
	}
}

// said returns the last words of a process, without what may be secret.
func (p *Play) said(a *actor) string {
	for _, stream := range []struct{ name, text string }{{"stderr", a.process.Stderr()}, {"stdout", a.process.Stdout()}} {
		if text := lastWords(stream.text); text != "" {
			return "; " + stream.name + ": " + ending(p.theater.scene.Redact(text), mostSaid)
		}
	}
	return ""
}

// mostSaid bounds the last words of a process, in bytes.
const mostSaid = 400

// ending returns the end of a text, of at most so many bytes.
func ending(text string, most int) string {
	if len(text) <= most {
		return text
	}
	text = text[len(text)-most:]
	for i := range text { // not from the middle of a character
		if utf8.RuneStart(text[i]) {
			return "…" + text[i:]
		}
	}
	return text
}

// complaint is a line by which a runtime says what ended a program, before it
// says where: "Error: …" of Node.js, "panic: …" of Go, "ValueError: …" of Python.
var complaint = regexp.MustCompile(`^(Uncaught )?(\w*Error( \[\w+\])?|\w*Exception|panic|fatal error): `)

// lastWords returns what a process says of its end: the last complaint, or the
// last lines.
func lastWords(text string) string {
	last := ""
	for line := range strings.Lines(text) {
		if complaint.MatchString(line) {
			last = strings.TrimSpace(line)
		}
	}
	if last != "" {
		return last
	}
	return lastLines(text, 2)
}

// Up reports whether every role that was started has come up.
func (p *Play) Up() bool {
	for _, a := range p.actors {
		if a.process != nil && !a.boot.Up {
			return false
		}
	}
	return true
}

// Settle waits until every role that is up has been so for a while, the time in
// which they were asked included: some die soon after.
func (p *Play) Settle(ctx context.Context) {
	limit, cancel := context.WithDeadline(ctx, p.up.Add(settle))
	defer cancel()
	for _, a := range p.actors {
		if a.process != nil && a.boot.Up {
			_, _ = a.process.Wait(limit) // Boots tells how it ended
		}
	}
}

// Boots returns what became of each role's start, by its name; a role that has
// ended since is not up.
func (p *Play) Boots() map[string]Boot {
	boots := map[string]Boot{}
	for r, a := range p.actors {
		b := a.boot
		if b.Up && a.process != nil {
			select {
			case <-a.process.Done():
				status, err := a.process.Wait(context.Background())
				if err == nil {
					b = Boot{Observed: fmt.Sprintf("%s after it was up%s", status, p.said(a)), Refused: status.String(), Late: true}
				}
			default:
			}
		}
		boots[r.Name()] = b
	}
	return boots
}
