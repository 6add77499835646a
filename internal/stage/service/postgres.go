package service

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"rehearse/internal/stage"
)

// PostgresOptions say which server is taken, and where it is kept.
type PostgresOptions struct {
	Search []string // Path, System, NPM; nil is all three, in this order
	Cache  string   // folder of what is kept between runs; "" is rehearse's in the user's cache
}

// Postgres is a running PostgreSQL, whose data is in memory and dies with it.
type Postgres struct {
	node    *stage.Node
	at      netip.AddrPort
	server  string
	process *stage.Process
	config  *pgx.ConnConfig
	done    chan struct{}
	err     error

	mu     sync.Mutex // one change of databases at a time
	logins []Login
	kept   bool // Snapshot was called
}

// The role that owns everything, and the user that the server runs as: it
// refuses to be root. The number is ours; nothing depends on it.
const (
	superuser    = "postgres"
	postgresUser = 26
)

// settings make the server small and quick, and as forgetful as its data
// (PostgreSQL documentation, "Non-Durable Settings").
var settings = []string{
	"fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off",
	"shared_buffers=16MB", "max_wal_size=256MB", "max_connections=200", "wal_level=minimal", "max_wal_senders=0",
	"listen_addresses=*", "unix_socket_directories=", "timezone=UTC", "log_timezone=UTC",
	"ssl=on", "ssl_cert_file=/tls/server.crt", "ssl_key_file=/tls/server.key",
}

// StartPostgres starts a server on a node of its own, at port 5432. The first
// start of a version makes its empty data directory (about a second), which is
// kept in the cache; the later ones lay an overlay over that.
func StartPostgres(ctx context.Context, s *stage.Stage, o PostgresOptions) (*Postgres, error) {
	folder, err := cache(o.Cache)
	if err != nil {
		return nil, err
	}
	b, err := findPostgres(ctx, o.Search, folder)
	if err != nil {
		return nil, err
	}
	data, err := template(ctx, s, b, folder)
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL %s: %w", b.version, err)
	}
	node, err := s.Node(ctx, "postgres")
	if err != nil {
		return nil, err
	}
	p := &Postgres{node: node, server: "PostgreSQL " + b.version, done: make(chan struct{})}
	if err := p.start(ctx, s, b, data); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", p.server, err), node.Close())
	}
	return p, nil
}

// replica is a box in which the server's programs run.
func (b *binaries) replica(node *stage.Node, program string, args ...string) stage.Replica {
	r := stage.Replica{
		Name: "postgres", Node: node, Argv: append([]string{filepath.Join(b.dir, program)}, args...), Env: host(), User: postgresUser,
		Files: []stage.File{{Path: "/etc/passwd", Data: fmt.Appendf(nil, "root:x:0:0::/root:/bin/sh\npostgres:x:%d:%d::/tmp:/bin/sh\n", postgresUser, postgresUser)}},
	}
	if b.foreign {
		r.Mounts = []stage.Mount{{Target: "/postgres", Kind: stage.ReadOnly, Lowers: []string{filepath.Dir(b.dir)}}}
		r.Argv[0] = path.Join("/postgres", filepath.Base(b.dir), program)
	}
	return r
}

// locales are tried in this order; not every libc has the first.
var locales = []string{"C.UTF-8", "C"}

// template gives the folder of an empty data directory of the server's version.
func template(ctx context.Context, s *stage.Stage, b *binaries, folder string) (string, error) {
	key := fmt.Sprintf("%s-%.6x", b.version, sha256.Sum256([]byte(b.dir)))
	dir := filepath.Join(folder, "postgres", key)
	return dir, publish(dir, func(tmp string) error {
		var last error
		for _, locale := range locales {
			r := b.replica(s.Outside(), "initdb", "--pgdata=/data/pg", "--username="+superuser,
				"--auth=trust", "--encoding=UTF8", "--locale="+locale, "--no-sync")
			if s.Plain() {
				r.Argv[1] = "--pgdata=" + filepath.Join(tmp, "pg")
			}
			r.Mounts = append(r.Mounts, stage.Mount{Target: "/data", Kind: stage.Writable, Lowers: []string{tmp}})
			p, err := s.Start(ctx, r)
			if err != nil {
				return err
			}
			status, err := p.Wait(ctx)
			if err != nil {
				return errors.Join(err, p.Kill())
			}
			if status.Code == 0 {
				return trust(filepath.Join(tmp, "pg", "pg_hba.conf"))
			}
			last = fmt.Errorf("initdb: %v%s", status, lastLines(p.Stderr()))
		}
		return last
	})
}

func (p *Postgres) start(ctx context.Context, s *stage.Stage, b *binaries, data string) error {
	port, err := freePort(ctx, s, p.node, 5432)
	if err != nil {
		return err
	}
	p.at = netip.AddrPortFrom(p.node.Addr(), port)
	if p.config, err = baseline(); err != nil {
		return err
	}
	certificate, key, err := selfSigned()
	if err != nil {
		return err
	}
	// "." is /data/pg on every kind of stage.
	r := b.replica(p.node, "postgres", "-D", ".", "-p", fmt.Sprint(port))
	r.Dir = "/data/pg"
	for _, set := range settings {
		if s.Plain() {
			if set == "listen_addresses=*" {
				set = "listen_addresses=127.0.0.1"
			}
			if len(set) > 3 && set[:3] == "ssl" {
				continue
			}
		}
		r.Argv = append(r.Argv, "-c", set)
	}
	r.Mounts = append(r.Mounts, stage.Mount{Target: "/data", Lowers: []string{data}}, stage.Mount{Target: "/tls", Kind: stage.Empty})
	r.Files = append(r.Files, stage.File{Path: "/tls/server.crt", Data: certificate}, stage.File{Path: "/tls/server.key", Data: key, Mode: 0o600})
	if p.process, err = s.Start(ctx, r); err != nil {
		return err
	}
	if err := p.ready(ctx); err != nil {
		kill := p.process.Kill()
		<-p.process.Done()
		if errors.Is(err, errEnded) {
			err = ended("the server", p.process)
		}
		return errors.Join(err, kill)
	}
	go func() {
		<-p.process.Done()
		p.err = ended(p.server, p.process)
		close(p.done)
	}()
	return nil
}

var errEnded = errors.New("ended")

// ready waits until the server answers a query; it accepts connections earlier.
func (p *Postgres) ready(ctx context.Context) error {
	for {
		if err := p.process.Ready(ctx, p.at.String()); err != nil {
			var dead *stage.EndedError
			if errors.As(err, &dead) {
				return errEnded
			}
			return err
		}
		conn, err := p.connect(ctx, superuser, superuser)
		if err == nil {
			return conn.Close(ctx)
		}
		var answer *pgconn.PgError
		if errors.As(err, &answer) && answer.Code != "57P03" { // cannot_connect_now: it starts
			return err
		}
		select {
		case <-time.After(2 * time.Millisecond):
		case <-p.process.Done():
			return errEnded
		case <-ctx.Done():
			return fmt.Errorf("%w: %w%s", ctx.Err(), err, lastLines(p.process.Stderr()))
		}
	}
}

// baseline is a configuration that the variables PG… of this program do not touch.
func baseline() (*pgx.ConnConfig, error) {
	text := "host=127.0.0.1 port=5432 user=postgres password=none dbname=postgres sslmode=disable connect_timeout=0 target_session_attrs=any"
	if os.Getenv("PGSERVICE") != "" { // the library reads it whatever else is said
		f, err := os.CreateTemp("", "rehearse-service-")
		if err != nil {
			return nil, err
		}
		defer os.Remove(f.Name())
		if _, err := f.WriteString("[none]\n"); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
		text += " service=none servicefile='" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(f.Name()) + "'"
	}
	config, err := pgx.ParseConfig(text)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams = map[string]string{"application_name": "rehearse"}
	config.TLSConfig, config.Fallbacks = nil, nil
	return config, nil
}

// connect opens a session from the server's own node.
func (p *Postgres) connect(ctx context.Context, user, database string) (*pgx.Conn, error) {
	config := p.config.Copy()
	config.Host, config.Port = p.at.Addr().String(), p.at.Port()
	config.User, config.Database = user, database
	config.DialFunc = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return p.node.Dial(ctx, "tcp", p.at.String())
	}
	config.LookupFunc = func(_ context.Context, host string) ([]string, error) { return []string{host}, nil }
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil && p.Err() != nil {
		return nil, p.Err()
	}
	return conn, err
}

// linger is how long the end of a server is waited for behind the end of its
// connections, which may be known first.
const linger = time.Second

// because gives the server's end as the reason of an error, where that it is.
func (p *Postgres) because(err error) error {
	if err == nil {
		return nil
	}
	var answer *pgconn.PgError
	if errors.As(err, &answer) && answer.Code != "57P01" { // admin_shutdown
		return err
	}
	select {
	case <-p.done:
		return p.err
	case <-p.process.Done():
		<-p.done
		return p.err
	case <-time.After(linger):
		return err
	}
}

// Addr implements Service.
func (p *Postgres) Addr() netip.AddrPort { return p.at }

// Node is the server's own.
func (p *Postgres) Node() *stage.Node { return p.node }

// Server implements Service.
func (p *Postgres) Server() string { return p.server }

// Done implements Service.
func (p *Postgres) Done() <-chan struct{} { return p.done }

// Err implements Service.
func (p *Postgres) Err() error {
	select {
	case <-p.done:
		return p.err
	default:
		return nil
	}
}

// Close ends the server; its data goes with it.
func (p *Postgres) Close() error {
	err := p.process.Kill()
	<-p.done
	return errors.Join(err, p.node.Close())
}
