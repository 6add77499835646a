package experiment

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rehearse/internal/isolate"
	"rehearse/internal/scene"
)

// Session is a rehearsal: what was played so far, and what is known by it.
type Session struct {
	Scene    *scene.Scene
	Theater  *scene.Theater
	Progress func(string)      // never nil
	Cases    []Case            // what was reproduced
	Unsolved []string          // what came out otherwise without a cause that could be isolated, for a person
	Silent   map[string]string // components of which no request is answered locally, so that none can be compared, and why

	Runs   int // mixtures played
	mended scene.Mix
	dying  bool // something was seen to end after it was up: it is waited for in every run
	seen   map[string]*Observation
	absent map[string]string // roles that do not come up locally either, and why
}

// Observation is what was seen of a mixture.
type Observation struct {
	Boots   map[string]scene.Boot   // by role
	Answers map[string]scene.Answer // by request

	slow bool // an answer was waited for in vain
}

// NewSession begins a rehearsal on a theater.
func NewSession(s *scene.Scene, t *scene.Theater, progress func(string)) *Session {
	return &Session{Scene: s, Theater: t, Progress: progress, mended: scene.Mix{}, seen: map[string]*Observation{}, Silent: map[string]string{}, absent: map[string]string{}}
}

// Local observes the local environment: every difference is off.
func (s *Session) Local(ctx context.Context) (*Observation, error) { return s.Observe(ctx, nil) }

// Production observes production without the differences that were mended.
func (s *Session) Production(ctx context.Context) (*Observation, error) {
	return s.Observe(ctx, s.Left())
}

// Left returns the differences that are not mended.
func (s *Session) Left() []int {
	var left []int
	for i := range s.Scene.Differences {
		if !s.mended[i] {
			left = append(left, i)
		}
	}
	return left
}

// Mend sets differences aside: what they cause was reported, and what they hide
// is looked for.
func (s *Session) Mend(indexes []int) {
	for _, i := range indexes {
		s.mended[i] = true
	}
}

// Observe plays a mixture, sends every request, and returns what was seen; a
// mixture that was played before is not played again.
func (s *Session) Observe(ctx context.Context, on []int) (*Observation, error) {
	key := fmt.Sprint(on)
	if o := s.seen[key]; o != nil {
		return o, nil
	}
	return s.Fresh(ctx, on)
}

// Played returns what was seen of a mixture, or nil where it was not played.
func (s *Session) Played(on []int) *Observation { return s.seen[fmt.Sprint(on)] }

// Fresh is Observe for a mixture that may have been played before; what is seen
// now counts from now on.
func (s *Session) Fresh(ctx context.Context, on []int) (*Observation, error) {
	o, err := s.play(ctx, on, s.Scene.Roles, s.Scene.Requests)
	if err == nil {
		s.seen[fmt.Sprint(on)] = o
	}
	return o, err
}

// focused is Observe for one role, and those that it may call: only these are
// started, and only it is asked, if anything is. It is quicker, and shows a
// cause as well; what it shows is confirmed with everything started.
func (s *Session) focused(ctx context.Context, on []int, f Focus) (*Observation, error) {
	if o := s.Played(on); o != nil {
		return o, nil
	}
	key := fmt.Sprint(f.Role.Name(), f.Ask, on)
	if o := s.seen[key]; o != nil {
		return o, nil
	}
	var requests []scene.Request
	for _, q := range s.Scene.Requests {
		if f.Ask && q.Role == f.Role {
			requests = append(requests, q)
		}
	}
	o, err := s.play(ctx, on, s.Scene.Circle(f.Role), requests)
	if err == nil {
		s.seen[key] = o
	}
	return o, err
}

// Focus says what a search looks at.
type Focus struct {
	Role *scene.Role
	Ask  bool // its answers matter, not only whether it comes up
}

func (s *Session) play(ctx context.Context, on []int, cast []*scene.Role, requests []scene.Request) (*Observation, error) {
	s.Runs++
	s.Progress(fmt.Sprintf("run %d: %s", s.Runs, s.what(on)))
	play, err := s.Theater.Play(ctx, scene.On(on...), cast)
	if err != nil {
		return nil, err
	}
	o := &Observation{Answers: map[string]scene.Answer{}}
	for i := range requests {
		q := &requests[i]
		if local := s.Played(nil); local != nil && local.Answers[q.Name].Slow {
			o.Answers[q.Name] = local.Answers[q.Name] // nothing is compared with it
			continue
		}
		o.Answers[q.Name] = play.Ask(ctx, q)
		o.slow = o.slow || o.Answers[q.Name].Slow
	}
	if s.dying || s.whole(on) && play.Up() {
		play.Settle(ctx)
	}
	o.Boots = play.Boots()
	for _, b := range o.Boots {
		s.dying = s.dying || b.Late
	}
	if err := play.Close(); err != nil {
		return nil, err
	}
	if err := s.Theater.Alive(); err != nil {
		return nil, err
	}
	return o, ctx.Err()
}

// whole reports whether a mixture is one of the two ends, which are looked at
// for longer: local for the first time, or production. What dies late is seen
// there.
func (s *Session) whole(on []int) bool {
	return len(on) == 0 && s.Played(nil) == nil || len(on) > 0 && len(on) == len(s.Left())
}

func (s *Session) what(on []int) string {
	switch {
	case len(on) == 0:
		return "as it is locally"
	case len(on) == len(s.Left()):
		return "as production is defined"
	case len(on) == 1:
		return "with " + s.Scene.Differences[on[0]].Component + "'s " + s.Scene.Differences[on[0]].String()
	}
	return fmt.Sprintf("with %d differences", len(on))
}

// GiveUp sets a role aside: it does not come up locally, so that nothing can be
// said of production.
func (s *Session) GiveUp(role, why string) { s.absent[role] = why }

// GivenUp returns why a role was set aside.
func (s *Session) GivenUp(role string) (string, bool) {
	why, ok := s.absent[role]
	return why, ok
}

// maxRuns caps the runs for one failure: enough for ddmin to halve a hundred
// differences, and to be stopped before a person loses patience.
const maxRuns = 40

// Isolate finds the smallest set of differences, of those not mended, that
// makes judge say Fail. Hints are tried first, one at a time.
func (s *Session) Isolate(ctx context.Context, focus Focus, hints []int, judge func(*Observation) isolate.Outcome) (isolate.Result, error) {
	units := s.Scene.Units(s.Left())
	of := func(on []int) []int {
		var set []int
		for _, n := range on {
			set = append(set, units[n]...)
		}
		slices.Sort(set)
		return set
	}
	asked := map[string]bool{}
	test := func(ctx context.Context, on []int) (isolate.Outcome, error) {
		set := of(on)
		var o *Observation
		var err error
		if key := fmt.Sprint(set); asked[key] {
			o, err = s.Fresh(ctx, set) // it asks again to be sure
		} else {
			asked[key] = true
			o, err = s.focused(ctx, set, focus)
		}
		if err != nil {
			return isolate.Unresolved, err
		}
		outcome := judge(o)
		if outcome == isolate.Unresolved && o.slow { // the machine may have been busy
			if o, err = s.Fresh(ctx, set); err != nil {
				return isolate.Unresolved, err
			}
			outcome = judge(o)
		}
		return outcome, nil
	}
	options := isolate.Options{Repeats: 1, MaxRuns: maxRuns, Known: true}
	for _, h := range hints {
		if i := slices.IndexFunc(units, func(u []int) bool { return slices.Contains(u, h) }); i >= 0 {
			options.Hints = append(options.Hints, []int{i})
		}
	}
	result, err := isolate.Minimize(ctx, len(units), test, options)
	result.Set = of(result.Set)
	return result, err
}

// Names returns the differences as the report of a component names them: its
// own without its name.
func (s *Session) Names(component string, set []int) []string {
	var names []string
	for _, i := range set {
		d := &s.Scene.Differences[i]
		name := d.String()
		if d.Component != component {
			name = d.Component + " " + name
		}
		names = append(names, name)
	}
	return names
}

// Switches returns the differences as a case names them.
func (s *Session) Switches(set []int) []Switch {
	var switches []Switch
	for _, i := range set {
		switches = append(switches, Switch{s.Scene.Differences[i].Component, s.Scene.Differences[i].String()})
	}
	return switches
}

// beside returns the differences that are not in a set.
func (s *Session) beside(set []int) []int {
	var others []int
	for i := range s.Scene.Differences {
		if !slices.Contains(set, i) {
			others = append(others, i)
		}
	}
	return others
}

// Again returns the differences to switch on to play a case again: those that
// it names, and those that production has got since, by which it may have been
// mended. An error says which of those that it names are there no more.
func (s *Session) Again(c Case) (set, since []int, err error) {
	var gone []string
	known := map[int]bool{}
	for _, w := range c.Beside {
		known[s.Scene.Index(w.Component, w.Difference)] = true
	}
	for _, w := range c.Switches {
		i := s.Scene.Index(w.Component, w.Difference)
		if i < 0 {
			gone = append(gone, w.Component+" "+w.Difference)
			continue
		}
		known[i] = true
		set = append(set, i)
	}
	if len(gone) > 0 {
		return nil, nil, &GoneError{gone}
	}
	for i := range s.Scene.Differences {
		if !known[i] {
			since = append(since, i)
		}
	}
	set = append(set, since...)
	slices.Sort(set)
	return set, since, nil
}

// Because says in words what may have mended a case.
func (s *Session) Because(c Case, since []int) string {
	if len(since) == 0 {
		return ""
	}
	return "; since then production differs in " + strings.Join(s.Names(c.Component, since), ", ")
}

// GoneError says that differences of a case are there no more: production is
// as local is in these respects.
type GoneError struct{ Differences []string }

// Error implements error.
func (e *GoneError) Error() string {
	return "production no longer differs in " + strings.Join(e.Differences, ", ")
}

// RoleNames returns the names of the components that are played.
func (s *Session) RoleNames() []string {
	var names []string
	for _, r := range s.Scene.Roles {
		names = append(names, r.Name())
	}
	return names
}
