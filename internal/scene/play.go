package scene

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
	"rehearse/internal/stage"
	"rehearse/internal/stage/network"
)

// Play is a mixture that is being played.
type Play struct {
	theater *Theater
	mix     Mix
	up      time.Time // since when every role is up or has failed
	actors  map[*Role]*actor
	names   []named
	closers []func() error
	shared  map[int]bool // plain stage: ports of the one loopback that are answered
}

// named is a name with its address.
type named struct {
	whole string
	addr  netip.Addr
}

// actor is a role in a play.
type actor struct {
	role    *Role
	node    *stage.Node
	process *stage.Process
	began   time.Time
	port    int // where it is expected to listen, or is seen to
	boot    Boot
	entry   string // where requests from outside are sent, when the service is on
}

// Play puts a mixture on the stage, starts the roles of the cast, and waits
// until each is up or has failed; the others have their place and are down. The
// error is that of the stage or of a backing service, not of a role.
func (t *Theater) Play(ctx context.Context, mix Mix, cast []*Role) (*Play, error) {
	p := &Play{theater: t, mix: mix, actors: map[*Role]*actor{}, shared: map[int]bool{}}
	if err := p.set(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	var starting sync.WaitGroup
	for _, r := range cast {
		a := p.actors[r]
		starting.Go(func() {
			a.boot = p.start(ctx, a)
			if len(mix) == 0 {
				t.learn(a)
			}
		})
	}
	starting.Wait()
	p.up = time.Now()
	if err := cmp.Or(ctx.Err(), t.Alive()); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// set makes the network of the play: nodes, names, services, loopbacks.
func (p *Play) set(ctx context.Context) error {
	for v, b := range p.theater.backings {
		if err := b.Reset(ctx); err != nil {
			// What is broken off may be known before its end is.
			return cmp.Or(p.theater.Alive(), fmt.Errorf("service %s: %s: %w", v.Name, b.Server(), err))
		}
	}
	for _, r := range p.theater.scene.Roles {
		node, err := p.theater.stage.Node(ctx, r.Name())
		if err != nil {
			return err
		}
		p.closers = append(p.closers, node.Close)
		p.actors[r] = &actor{role: r, node: node, port: p.portOf(r)}
	}
	for _, n := range p.theater.scene.names() {
		if p.theater.stage.Plain() {
			break // one loopback is all the network that there is
		}
		if err := p.declare(ctx, n); err != nil {
			return err
		}
	}
	for _, a := range p.actors {
		if err := p.loopbacks(ctx, a); err != nil {
			return err
		}
	}
	if p.theater.stage.Plain() {
		return nil
	}
	return p.resolver(ctx)
}

// portOf returns the port that the role is expected to listen on in this
// mixture.
func (p *Play) portOf(r *Role) int {
	for _, n := range r.Component.Of(fact.Listen) {
		if n.Variable == "" {
			continue
		}
		if value, ok := p.env(r)[n.Variable]; ok {
			if port, err := strconv.Atoi(strings.TrimPrefix(value, ":")); err == nil {
				return port
			}
			if port := ledger.PortOf(value); port != 0 {
				return port
			}
		}
	}
	return p.theater.portOf(r)
}

// declare gives a name its address, and its ports what is behind them.
func (p *Play) declare(ctx context.Context, n name) error {
	var behind netip.Addr
	var own int
	switch {
	case n.role != nil:
		behind, own = p.actors[n.role].node.Addr(), p.actors[n.role].port
	case n.service != nil:
		at := p.theater.backings[n.service].Addr()
		behind, own = at.Addr(), int(at.Port())
	}
	if len(n.ports) == 0 && behind.IsValid() {
		p.names = append(p.names, named{n.whole(), behind})
		return nil
	}
	address := p.theater.stage.Address()
	p.names = append(p.names, named{n.whole(), address})
	serving, _ := n.serving(own)
	declared := n.role != nil && p.theater.scene.has(p.mix, n.role, serviceKind, n.host)
	for _, port := range n.ports {
		var endpoints []netip.AddrPort
		target := port.target
		if n.service != nil || port == serving && !declared {
			target = own
		}
		if behind.IsValid() && target > 0 {
			endpoints = append(endpoints, netip.AddrPortFrom(behind, uint16(target)))
		}
		at := netip.AddrPortFrom(address, uint16(port.port))
		service, err := p.theater.stage.Service(ctx, at, endpoints...)
		if err != nil {
			return err
		}
		p.closers = append(p.closers, service.Close)
		if declared && port == serving {
			p.actors[n.role].entry = at.String()
		}
	}
	return nil
}

// loopbacks has what answers on the developer's loopback answer on that of the
// role: where the difference is off, and where a local value names it.
func (p *Play) loopbacks(ctx context.Context, a *actor) error {
	s := p.theater.scene
	named := map[int]bool{}
	for name, local := range a.role.localEnv {
		if ledger.Loopback(ledger.HostOf(local.value)) && !s.has(p.mix, a.role, envKind, name) {
			named[ledger.PortOf(local.value)] = true
			if port := siblingPort(a.role, name); port != 0 {
				named[port] = true
			}
		}
	}
	for _, l := range a.role.loopbacks {
		if s.has(p.mix, a.role, loopbackKind, strconv.Itoa(l.port)) && !named[l.port] {
			continue
		}
		if p.theater.stage.Plain() && (l.role != nil || p.shared[l.port]) {
			continue // it is there already, on the loopback that all share
		}
		p.shared[l.port] = true
		dial := func(ctx context.Context) (net.Conn, error) {
			if l.service != nil {
				return p.theater.stage.Outside().Dial(ctx, "tcp", p.theater.backings[l.service].Addr().String())
			}
			other := p.actors[l.role]
			return other.node.Dial(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", other.port))
		}
		listener, err := a.node.Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", l.port))
		if err != nil {
			return fmt.Errorf("port %d of the loopback of %s: %w", l.port, a.role.Name(), err)
		}
		p.closers = append(p.closers, network.NewForward(listener, dial).Close)
	}
	return nil
}

// env returns the variables of a role in this mixture.
func (p *Play) env(r *Role) map[string]string {
	env := map[string]string{}
	for name, b := range r.localEnv {
		if !p.theater.scene.has(p.mix, r, envKind, name) {
			env[name] = b.value
		}
	}
	for name, b := range r.prodEnv {
		local, isLocal := r.localEnv[name]
		if p.theater.scene.has(p.mix, r, envKind, name) || isLocal && local.value == b.value {
			env[name] = b.value
		}
	}
	return env
}

// replica returns the box of a role in this mixture.
func (p *Play) replica(a *actor) stage.Replica {
	s, r := p.theater.scene, a.role
	l := r.local
	if s.has(p.mix, r, startKind, path.Base(r.production.Text)) {
		l = r.production
	}
	argv := l.Argv
	if argv == nil {
		argv = []string{"/bin/sh", "-c", l.Text}
	}
	mounts := []stage.Mount{{Target: projectRoot, Kind: stage.Overlay, Lowers: []string{s.Dir}}}
	search := []string{path.Join(projectRoot, r.Component.Dir, "node_modules/.bin")}
	if r.prepared.modules != "" {
		mounts = append(mounts, stage.Mount{
			Target: path.Join(projectRoot, r.prepared.modDir, "node_modules"), Kind: stage.Overlay, Lowers: []string{r.prepared.modules},
		})
	}
	if r.prepared.binary != "" {
		mounts = append(mounts, stage.Mount{Target: "/rehearse/program", Kind: stage.ReadOnly, Lowers: []string{r.prepared.binary}})
		argv = []string{"/rehearse/program"}
		if s.has(p.mix, r, startKind, path.Base(r.production.Text)) {
			argv = append(argv, l.Argv...)
		}
	}
	for _, program := range programs[r.Component.Language] {
		if roots, bin, ok := toolchain(program); ok && program != "go" {
			mounts = append(mounts, readOnly(roots)...)
			search = append(search, bin)
		}
	}
	env := p.env(r)
	list := []string{"HOME=/root", "PATH=" + searchPath(search), "HOSTNAME=" + r.Name()}
	for name, value := range env {
		if name != "PATH" && name != "HOME" {
			list = append(list, name+"="+value)
		}
	}
	slices.Sort(list)
	files, hide := p.dotenvs(r, env)
	limits := stage.Limits{Processes: 512, Memory: mostMemory, Disk: 256 << 20}
	if b := r.bound(); b != nil && s.has(p.mix, r, memoryKind, b.Text) {
		limits.Memory = b.Amount
	}
	return stage.Replica{
		Name: r.Name(), Node: a.node, Argv: argv, Dir: path.Join(projectRoot, l.Dir), Env: list,
		Mounts: mounts, Files: files, Hide: hide, Resolv: p.resolv(r),
		Limits: limits,
	}
}

// dotenvs returns the .env files of the role as this mixture has them: gone
// where the file is a difference that is on, else without the variables that
// are.
func (p *Play) dotenvs(r *Role, env map[string]string) (files []stage.File, hide []string) {
	s := p.theater.scene
	for _, file := range r.dotenvs {
		at := path.Join(projectRoot, file)
		if s.has(p.mix, r, fileKind, path.Base(file)) {
			hide = append(hide, at)
			continue
		}
		var text strings.Builder
		for name, local := range r.localEnv {
			if value, ok := env[name]; ok && local.At.File == file && value == local.value {
				fmt.Fprintf(&text, "%s=%s\n", name, quote(local.value))
			}
		}
		files = append(files, stage.File{Path: at, Data: []byte(text.String()), Mode: 0o600})
	}
	return files, hide
}

// quote writes a value so that every reader of .env files reads it alike: in
// single quotes nothing is expanded.
func quote(value string) string {
	if strings.Contains(value, "'") {
		return strconv.Quote(value)
	}
	return "'" + value + "'"
}

// Close takes everything of the play away.
func (p *Play) Close() error {
	var errs []error
	for _, a := range p.actors {
		if a.process != nil {
			errs = append(errs, a.process.Kill())
		}
	}
	for _, a := range p.actors {
		if a.process != nil {
			<-a.process.Done()
		}
	}
	for _, c := range slices.Backward(p.closers) {
		errs = append(errs, c())
	}
	p.closers = nil
	return errors.Join(errs...)
}
