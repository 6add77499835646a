package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
)

// freshFor is how long a cached product is shown.
const freshFor = 24 * time.Hour

type product struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	PriceCents int    `json:"price_cents"`
	Stock      int    `json:"stock"`
	Photo      string `json:"photo"`
}

func (s *server) listProducts(r *http.Request) (any, error) {
	rows, err := s.db.Query(r.Context(), `SELECT id, name, price_cents, stock, photo FROM products ORDER BY id`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[product])
}

func (s *server) getProduct(r *http.Request) (any, error) {
	id, err := productID(r)
	if err != nil {
		return nil, err
	}
	if p, ok := s.remembered(r.Context(), id); ok {
		return p, nil
	}
	rows, err := s.db.Query(r.Context(), `SELECT id, name, price_cents, stock, photo FROM products WHERE id = $1`, id)
	if err != nil {
		return nil, err
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[product])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errUnknown
	}
	if err != nil {
		return nil, err
	}
	s.remember(r.Context(), p)
	return p, nil
}

func (s *server) setPrice(r *http.Request) (any, error) {
	if err := s.staff(r); err != nil {
		return nil, err
	}
	id, err := productID(r)
	if err != nil {
		return nil, err
	}
	var price struct {
		Cents int `json:"price_cents"`
	}
	if err := read(r, &price); err != nil {
		return nil, err
	}
	if price.Cents <= 0 {
		return nil, failure{http.StatusBadRequest, "a price is more than nothing"}
	}
	changed, err := s.db.Exec(r.Context(), `UPDATE products SET price_cents = $2 WHERE id = $1`, id, price.Cents)
	if err != nil {
		return nil, err
	}
	if changed.RowsAffected() == 0 {
		return nil, errUnknown
	}
	return map[string]int{"price_cents": price.Cents}, nil
}

func cacheKey(id int64) string { return fmt.Sprintf("product:%d", id) }

func (s *server) remembered(ctx context.Context, id int64) (p product, ok bool) {
	if s.cache == nil {
		return p, false
	}
	saved, err := s.cache.Get(ctx, cacheKey(id)).Bytes()
	return p, err == nil && json.Unmarshal(saved, &p) == nil
}

func (s *server) remember(ctx context.Context, p product) {
	if s.cache == nil {
		return
	}
	saved, err := json.Marshal(p)
	if err == nil {
		err = s.cache.Set(ctx, cacheKey(p.ID), saved, freshFor).Err()
	}
	if err != nil {
		log.Printf("caching product %d: %v", p.ID, err)
	}
}

// forget drops cached products after they were changed.
func (s *server) forget(ctx context.Context, ids ...int64) {
	if s.cache == nil {
		return
	}
	for _, id := range ids {
		if err := s.cache.Del(ctx, cacheKey(id)).Err(); err != nil {
			log.Printf("uncaching product %d: %v", id, err)
		}
	}
}
