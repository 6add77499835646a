package scene

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"rehearse/internal/stage"
	"rehearse/internal/stage/network"
	"rehearse/internal/stage/service"
)

// Theater is a stage with the backing services of a scene on it: mixtures are
// played there one after another, each on fresh data.
type Theater struct {
	Plain  bool     // it is the stage without namespaces
	Limits []string // what this stage cannot rehearse, for a person

	scene    *Scene
	stage    *stage.Stage
	backings map[*Service]service.Service

	mu       sync.Mutex
	ports    map[*Role]int           // where a role listens, where its local start told
	patience map[*Role]time.Duration // how long a role is waited for, where its local start told
}

// patienceFor returns how long a role is waited for to become ready.
func (t *Theater) patienceFor(r *Role) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return cmp.Or(t.patience[r], bootLimit)
}

// portOf returns the port on which a role listened locally, else where it is
// expected to.
func (t *Theater) portOf(r *Role) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return cmp.Or(t.ports[r], r.Port)
}

// learn takes from a role's local start where it listens, and how long it is
// waited for from then on: ten times as long, or hardly at all where it did not
// come up, since nothing will be said of it.
func (t *Theater) learn(a *actor) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.patience[a.role] != 0:
	case a.boot.Up:
		t.patience[a.role] = min(max(10*time.Since(a.began), leastPatience), bootLimit)
		t.ports[a.role] = a.port
	default:
		t.patience[a.role] = settle
	}
}

// Open opens a stage, starts the backing services on it, and fills them.
func Open(ctx context.Context, s *Scene, progress func(string)) (*Theater, error) {
	progress("opening the stage")
	on, err := stage.Open(ctx, stage.Options{Plain: s.Plain})
	if err != nil {
		return nil, err
	}
	if on.Plain() {
		s.plain()
	}
	t := &Theater{Plain: on.Plain(), Limits: on.Limits(), scene: s, stage: on, backings: map[*Service]service.Service{}, patience: map[*Role]time.Duration{}, ports: map[*Role]int{}}
	for _, v := range s.Services {
		progress("starting " + v.Kind)
		b, err := t.back(ctx, v)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("service %s: %w", v.Name, err), t.Close())
		}
		t.backings[v] = b
		if r, ok := b.(*service.Redis); ok && r.Embedded() {
			s.note(fmt.Sprintf("service %s was played by %s, since there is no redis-server on the PATH", v.Name, r.Server()))
		}
	}
	return t, nil
}

// plain forgets the differences that a plain stage cannot play: there, all
// roles share one network and one filesystem.
func (s *Scene) plain() {
	s.Differences = slices.DeleteFunc(s.Differences, func(d Difference) bool { return d.Kind != envKind && d.Kind != startKind })
}

// back starts what is behind a service.
func (t *Theater) back(ctx context.Context, v *Service) (service.Service, error) {
	if v.Kind == "redis" {
		return service.StartRedis(ctx, t.stage, service.RedisOptions{})
	}
	pg, err := service.StartPostgres(ctx, t.stage, service.PostgresOptions{})
	if err != nil {
		return nil, err
	}
	if err := t.fill(ctx, v, pg); err != nil {
		return nil, errors.Join(err, pg.Close())
	}
	return pg, nil
}

// fill makes the role and the database that the local values name, and runs the
// files that fill it.
func (t *Theater) fill(ctx context.Context, v *Service, pg *service.Postgres) error {
	login := service.Login{User: v.User, Database: v.Database, Superuser: true}
	if err := pg.Provide(ctx, login); err != nil {
		return err
	}
	for _, file := range v.Init {
		f := t.scene.project.File(file)
		if f == nil {
			return fmt.Errorf("%s is not in the project", file)
		}
		text, err := t.scene.project.Read(f)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.ToSlash(file), err)
		}
		if err := pg.Exec(ctx, login, file, text.Data); err != nil {
			return err
		}
	}
	return pg.Snapshot(ctx)
}

// Alive returns why a backing service has ended, or nil.
func (t *Theater) Alive() error {
	for v, b := range t.backings {
		if err := b.Err(); err != nil {
			return fmt.Errorf("service %s: %w", v.Name, err)
		}
	}
	return nil
}

// Close takes the stage away, with everything on it.
func (t *Theater) Close() error {
	var errs []error
	for _, b := range t.backings {
		errs = append(errs, b.Close())
	}
	return errors.Join(append(errs, t.stage.Close())...)
}

// clusterDomain is what names of a cluster end in, and defaultNamespace where
// objects are that say no namespace (Kubernetes documentation, "DNS for
// Services and Pods" and "Namespaces").
const (
	clusterDomain    = "svc.cluster.local"
	defaultNamespace = "default"
)

// resolver starts the name server of a play.
func (p *Play) resolver(ctx context.Context) error {
	address := p.theater.stage.Outside().Addr()
	listener, err := p.theater.stage.Outside().ListenPacket(ctx, "udp", netip.AddrPortFrom(address, 53).String())
	if err != nil {
		return err
	}
	names := map[string][]netip.Addr{}
	for _, n := range p.names {
		names[n.whole] = []netip.Addr{n.addr}
	}
	r, err := network.NewResolver(listener, nil, names)
	if err != nil {
		return err
	}
	p.closers = append(p.closers, r.Close)
	return nil
}

// resolv returns the /etc/resolv.conf of a role: in a cluster, names are looked
// for in its own namespace first.
func (p *Play) resolv(r *Role) []byte {
	server := p.theater.stage.Outside().Addr()
	if r.Run.Environment.Kind != "kubernetes" {
		return network.ResolvConf(server, nil, 0)
	}
	namespace := r.Run.Workload.Namespace
	if namespace == "" {
		namespace = defaultNamespace
	}
	search := []string{namespace + "." + clusterDomain, clusterDomain, strings.TrimPrefix(clusterDomain, "svc.")}
	return network.ResolvConf(server, search, 5)
}

// whole returns a name as the resolver knows it.
func (n *name) whole() string {
	if !n.cluster {
		return n.host
	}
	namespace := n.namespace
	if namespace == "" {
		namespace = defaultNamespace
	}
	return n.host + "." + namespace + "." + clusterDomain
}
