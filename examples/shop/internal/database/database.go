// Package database opens the shop's PostgreSQL database.
package database

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// patience is how long Open waits for a database that is still starting.
const patience = 5 * time.Second

// Open connects to the database at url and waits until it answers.
func Open(ctx context.Context, url string) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, err
	}
	deadline := time.Now().Add(patience)
	for {
		if err = pool.Ping(ctx); err == nil {
			return pool, nil
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			pool.Close()
			return nil, fmt.Errorf("the database does not answer: %w", err)
		}
		time.Sleep(200 * time.Millisecond)
	}
}
