package service

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"rehearse/internal/stage"
	"rehearse/internal/stage/stagetest"
)

func TestMain(m *testing.M) {
	stage.Enter()
	os.Exit(m.Run())
}

func open(t testing.TB, o stage.Options) *stage.Stage {
	t.Helper()
	s, err := stage.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if !o.Plain && s.Plain() {
		stagetest.Skip(t, "needs Linux namespaces:", s.Limits())
	}
	return s
}

// postgres starts a server, and skips where this machine has none.
func postgres(t testing.TB, s *stage.Stage, o PostgresOptions) *Postgres {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	p, err := StartPostgres(ctx, s, o)
	if errors.Is(err, ErrMissing) {
		stagetest.Skip(t, "needs a PostgreSQL server:", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil && !errors.Is(err, syscall.ESRCH) {
			t.Error(err)
		}
	})
	return p
}

var shop = Login{User: "shop", Database: "shop"}

const schema = `-- the shop
CREATE TABLE products (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO products VALUES (1, 'a; b'), (2, $$it's$$);
COPY products (id, name) FROM stdin;
3	three
4	four
\.
CREATE INDEX CONCURRENTLY by_name ON products (name);
`

func TestPostgres(t *testing.T) {
	t.Setenv("PGSERVICE", "of-the-developer")
	t.Setenv("PGSSLMODE", "verify-full")
	for _, search := range [][]string{nil, {NPM}} {
		t.Run(strings.Join(search, ","), func(t *testing.T) {
			s := open(t, stage.Options{})
			begin := time.Now()
			p := postgres(t, s, PostgresOptions{Search: search})
			t.Log(p.Server(), "started in", time.Since(begin))
			check(t, p)
		})
	}
}

func check(t *testing.T, p *Postgres) {
	ctx := t.Context()
	if err := p.Provide(ctx, shop); err != nil {
		t.Fatal(err)
	}
	if err := p.Exec(ctx, shop, "schema.sql", []byte(schema)); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if err := p.Snapshot(ctx); err != nil {
		t.Fatal(err)
	}
	t.Log("snapshot", time.Since(begin))
	session, err := p.connect(ctx, shop.User, shop.Database) // one that hangs on
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close(ctx)
	for range 3 {
		if err := p.Exec(ctx, shop, "x.sql", []byte("DELETE FROM products; CREATE TABLE more (); CREATE DATABASE extra")); err != nil {
			t.Fatal(err)
		}
		begin = time.Now()
		if err := p.Reset(ctx); err != nil {
			t.Fatal(err)
		}
		t.Log("reset", time.Since(begin))
		if n := count(t, p, "SELECT count(*) FROM products"); n != 4 {
			t.Errorf("%d products after Reset, want 4", n)
		}
		if n := count(t, p, "SELECT count(*) FROM pg_database WHERE datname = 'extra'"); n != 0 {
			t.Error("a database that the application made is still there after Reset")
		}
	}
	err = p.Exec(ctx, shop, "bad.sql", []byte("SELECT 1;\n\nSELECT\n  nothing\nFROM products;\n"))
	if err == nil || !strings.HasPrefix(err.Error(), "bad.sql:4: ") {
		t.Errorf("error %v, want one at bad.sql:4", err)
	}
}

func count(t *testing.T, p *Postgres, query string) (n int) {
	t.Helper()
	conn, err := p.connect(t.Context(), shop.User, shop.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// A server that dies half way gives one clear error to all who need it.
func TestPostgresDies(t *testing.T) {
	s := open(t, stage.Options{})
	p := postgres(t, s, PostgresOptions{})
	if err := p.Provide(t.Context(), shop); err != nil {
		t.Fatal(err)
	}
	conn, err := p.connect(t.Context(), shop.User, shop.Database)
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() {
		var rows pgx.Rows
		rows, err := conn.Query(context.Background(), "SELECT pg_sleep(100)")
		if err == nil {
			rows.Close()
			err = rows.Err()
		}
		answered <- err
	}()
	if err := p.process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.Done()
	if err := <-answered; err == nil {
		t.Error("a query was answered by a dead server")
	}
	for name, err := range map[string]error{
		"Err": p.Err(), "Reset": p.Reset(t.Context()), "Exec": p.Exec(t.Context(), shop, "a.sql", []byte("SELECT 1")), "Provide": p.Provide(t.Context(), shop),
	} {
		if err == nil || !strings.Contains(err.Error(), "ended: killed by signal 9") {
			t.Errorf("%s: %v, want that the server ended", name, err)
		}
	}
}

func TestRedis(t *testing.T) {
	for _, c := range []struct {
		name     string
		embedded bool
	}{{"machine", false}, {"embedded", true}} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, stage.Options{})
			r, err := StartRedis(t.Context(), s, RedisOptions{Password: `p "q" \`, Embedded: c.embedded})
			if err != nil {
				t.Fatal(err)
			}
			t.Log(r.Server())
			if strings.Contains(r.Server(), "embedded") != c.embedded && !c.embedded {
				stagetest.Skip(t, "needs redis-server on the PATH")
			}
			command := func(words ...string) string {
				t.Helper()
				got, err := r.command(t.Context(), words...)
				if err != nil {
					t.Fatal(err)
				}
				return got
			}
			command("SET", "a", "1")
			if got := command("GET", "a"); got != "1" {
				t.Errorf("GET a = %q", got)
			}
			if err := r.Reset(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := command("EXISTS", "a"); got != ":0" {
				t.Errorf("EXISTS a = %q after Reset", got)
			}
			if _, err := (&Redis{node: r.node, at: r.at}).command(t.Context(), "GET", "a"); err == nil {
				t.Error("a client without the password is served")
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			<-r.Done()
			if r.Err() == nil || r.Reset(t.Context()) == nil {
				t.Error("a closed server has no error")
			}
		})
	}
}

// A redis-server that is a link in some folder of the user's own.
func TestRedisOfAnotherFolder(t *testing.T) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		stagetest.Skip(t, "needs redis-server on the PATH")
	}
	if program, err = filepath.EvalSymlinks(program); err != nil {
		t.Fatal(err)
	}
	for _, how := range []string{"linked", "copied"} {
		t.Run(how, func(t *testing.T) {
			bin := t.TempDir()
			place := filepath.Join(bin, "redis-server")
			if how == "linked" {
				err = os.Symlink(program, place)
			} else {
				var data []byte
				if data, err = os.ReadFile(program); err == nil {
					err = os.WriteFile(place, data, 0o755)
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", bin)
			r, err := StartRedis(t.Context(), open(t, stage.Options{}), RedisOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(r.Server(), "embedded") {
				t.Errorf("it is %s", r.Server())
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Many an application uses the database that is there from the beginning.
func TestDatabaseOfTheBeginning(t *testing.T) {
	s := open(t, stage.Options{})
	pg, err := StartPostgres(t.Context(), s, PostgresOptions{})
	if errors.Is(err, ErrMissing) {
		stagetest.Skip(t, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	login := Login{User: "postgres", Database: "postgres", Superuser: true}
	for _, step := range []func() error{
		func() error { return pg.Provide(t.Context(), login) },
		func() error { return pg.Exec(t.Context(), login, "a.sql", []byte("CREATE TABLE t (a int)")) },
		func() error { return pg.Snapshot(t.Context()) },
		func() error {
			return pg.Exec(t.Context(), login, "b.sql", []byte("DROP TABLE t; CREATE DATABASE other"))
		},
		func() error { return pg.Reset(t.Context()) },
		func() error {
			return pg.Exec(t.Context(), login, "c.sql", []byte("INSERT INTO t VALUES (1); CREATE DATABASE other"))
		},
		pg.Close,
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
}
