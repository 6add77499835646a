package service

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Login is a database and the role that an application uses for it. Any password
// is accepted, so that no secret is needed.
type Login struct {
	User, Database string
	Superuser      bool // as the role is that the official image makes of POSTGRES_USER
}

// maintenance is the database from which the others are made and dropped: not
// "postgres", which many an application uses itself.
const maintenance = "template1"

// administer runs statements as the superuser, outside of a transaction.
func (p *Postgres) administer(ctx context.Context, statements ...string) error {
	conn, err := p.connect(ctx, superuser, maintenance)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, s := range statements {
		if _, err := conn.PgConn().Exec(ctx, s).ReadAll(); err != nil {
			return p.because(err)
		}
	}
	return nil
}

func name(s string) string { return pgx.Identifier{s}.Sanitize() }

// Provide makes the role and the database of a login, where they are missing.
func (p *Postgres) Provide(ctx context.Context, l Login) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.provide(ctx, l); err != nil {
		return fmt.Errorf("database %s: %w", l.Database, err)
	}
	return nil
}

func (p *Postgres) provide(ctx context.Context, l Login) error {
	conn, err := p.connect(ctx, superuser, maintenance)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var role, database bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1), EXISTS (SELECT FROM pg_database WHERE datname = $2)",
		l.User, l.Database).Scan(&role, &database)
	if err != nil {
		return p.because(err)
	}
	if !role {
		rights := " LOGIN CREATEDB"
		if l.Superuser {
			rights = " LOGIN SUPERUSER"
		}
		if _, err := conn.Exec(ctx, "CREATE ROLE "+name(l.User)+rights); err != nil {
			return p.because(err)
		}
	}
	if !database {
		if _, err := conn.Exec(ctx, "CREATE DATABASE "+name(l.Database)+" OWNER "+name(l.User)); err != nil {
			return p.because(err)
		}
	}
	if !slices.ContainsFunc(p.logins, func(o Login) bool { return o.Database == l.Database }) {
		p.logins = append(p.logins, l)
	}
	return nil
}

// Exec runs a file of SQL as the login, a statement after the other, each in a
// transaction of its own unless the file says otherwise, as psql does. The error
// names the file and the line; it does not repeat what the file says.
func (p *Postgres) Exec(ctx context.Context, l Login, file string, sql []byte) error {
	statements, err := split(file, sql)
	if err != nil {
		return err
	}
	conn, err := p.connect(ctx, l.User, l.Database)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, s := range statements {
		if s.rows != nil {
			_, err = conn.PgConn().CopyFrom(ctx, bytes.NewReader(s.rows), s.text)
		} else {
			_, err = conn.PgConn().Exec(ctx, s.text).ReadAll()
		}
		if err = p.because(err); err != nil {
			line := s.line
			var answer *pgconn.PgError
			if errors.As(err, &answer) {
				if answer.Position > 0 {
					line = s.lineAt(int(answer.Position))
				}
				err = fmt.Errorf("%s (SQLSTATE %s)", answer.Message, answer.Code)
			}
			return fmt.Errorf("%s:%d: %w", file, line, err)
		}
	}
	return nil
}

// snapshot is the name of the copy of a database.
func snapshot(database string) string {
	return fmt.Sprintf("rehearse_snapshot_%.8x", sha256.Sum256([]byte(database)))
}

// Snapshot keeps every provided database as it is now. Sessions in them are ended.
func (p *Postgres) Snapshot(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.logins {
		err := p.administer(ctx,
			"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = "+literal(l.Database),
			"DROP DATABASE IF EXISTS "+name(snapshot(l.Database)),
			"CREATE DATABASE "+name(snapshot(l.Database))+" TEMPLATE "+name(l.Database))
		if err != nil {
			return fmt.Errorf("snapshot of %s: %w", l.Database, err)
		}
	}
	p.kept = true
	return nil
}

func literal(s string) string {
	return "'" + string(bytes.ReplaceAll([]byte(s), []byte("'"), []byte("''"))) + "'"
}

// Reset puts every provided database back to how it was at the last Snapshot, or
// empties it when there was none, and drops every other that an application made.
// Sessions in them are ended.
func (p *Postgres) Reset(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.Err(); err != nil {
		return err
	}
	keep := []string{superuser, "template0", maintenance}
	var statements []string
	for _, l := range p.logins {
		keep = append(keep, l.Database)
		from := maintenance
		if p.kept {
			from = snapshot(l.Database)
			keep = append(keep, from)
		}
		statements = append(statements,
			"DROP DATABASE IF EXISTS "+name(l.Database)+" WITH (FORCE)",
			"CREATE DATABASE "+name(l.Database)+" OWNER "+name(l.User)+" TEMPLATE "+name(from))
	}
	others, err := p.others(ctx, keep)
	if err != nil {
		return err
	}
	for _, o := range others {
		statements = append(statements, "DROP DATABASE "+name(o)+" WITH (FORCE)")
	}
	return p.administer(ctx, statements...)
}

// others lists the databases that are not among those.
func (p *Postgres) others(ctx context.Context, keep []string) ([]string, error) {
	conn, err := p.connect(ctx, superuser, maintenance)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE datname <> ALL ($1) ORDER BY 1", keep)
	if err != nil {
		return nil, p.because(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return found, p.because(err)
}
