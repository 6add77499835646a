package main

import (
	"context"
	"errors"
	"log"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

type order struct {
	ID         int64 `json:"order"`
	Product    int64 `json:"product_id"`
	PriceCents int   `json:"price_cents"`
}

// buy orders one piece of a product at once, without a cart.
func (s *server) buy(r *http.Request) (any, error) {
	user, err := s.user(r)
	if err != nil {
		return nil, err
	}
	id, err := productID(r)
	if err != nil {
		return nil, err
	}
	ctx, bought := r.Context(), order{Product: id}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		var stock int
		err := tx.QueryRow(ctx, `SELECT stock, price_cents FROM products WHERE id = $1`, id).
			Scan(&stock, &bought.PriceCents)
		if errors.Is(err, pgx.ErrNoRows) {
			return errUnknown
		}
		if err != nil {
			return err
		}
		if stock < 1 {
			return errSoldOut
		}
		if _, err := tx.Exec(ctx, `UPDATE products SET stock = stock - 1 WHERE id = $1`, id); err != nil {
			return err
		}
		return tx.QueryRow(ctx,
			`INSERT INTO orders (user_id, product_id, quantity, price_cents) VALUES ($1, $2, 1, $3) RETURNING id`,
			user, id, bought.PriceCents).Scan(&bought.ID)
	})
	if err != nil {
		return nil, err
	}
	s.forget(ctx, id)
	return bought, nil
}

// checkout reserves what is in a cart until it is paid for, or the time is up.
func (s *server) checkout(r *http.Request) (any, error) {
	user, err := s.user(r)
	if err != nil {
		return nil, err
	}
	var given struct{ Cart string }
	if err := read(r, &given); err != nil {
		return nil, err
	}
	if s.cache == nil {
		return nil, errNoCart
	}
	ctx := r.Context()
	items, err := s.takeCart(ctx, given.Cart)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, failure{http.StatusNotFound, "the cart is empty"}
	}
	until := time.Now().Add(s.holdFor)
	if err := s.reserve(ctx, user, given.Cart, items, until); err != nil {
		if lost := s.returnCart(ctx, given.Cart, items); lost != nil {
			log.Printf("cart %s is lost: %v", given.Cart, lost)
		}
		return nil, err
	}
	return map[string]any{"cart": given.Cart, "pay_until": until}, nil
}

// reserve takes items, quantities by product, out of the stock. Products are
// taken in one order by everybody, so that no two checkouts wait for each other.
func (s *server) reserve(ctx context.Context, user int64, cart string, items map[string]string, until time.Time) error {
	var taken []int64
	err := pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		for _, item := range slices.Sorted(maps.Keys(items)) {
			product, err := strconv.ParseInt(item, 10, 64)
			if err != nil {
				return err
			}
			quantity, err := strconv.Atoi(items[item])
			if err != nil {
				return err
			}
			var price int
			err = tx.QueryRow(ctx,
				`UPDATE products SET stock = stock - $2 WHERE id = $1 AND stock >= $2 RETURNING price_cents`,
				product, quantity).Scan(&price)
			if errors.Is(err, pgx.ErrNoRows) {
				return errSoldOut
			}
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx,
				`INSERT INTO reservations (cart, user_id, product_id, quantity, price_cents, expires_at)
				 VALUES ($1, $2, $3, $4, $5, $6)`, cart, user, product, quantity, price, until)
			if err != nil {
				return err
			}
			taken = append(taken, product)
		}
		return nil
	})
	if err == nil {
		s.forget(ctx, taken...)
	}
	return err
}

// pay turns the reservations of a cart into orders, in one statement: what has
// expired meanwhile is not sold.
func (s *server) pay(r *http.Request) (any, error) {
	user, err := s.user(r)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.Query(r.Context(), `
		WITH paid AS (
			DELETE FROM reservations WHERE cart = $1 AND user_id = $2 AND expires_at > now() RETURNING *
		)
		INSERT INTO orders (user_id, product_id, quantity, price_cents)
		SELECT user_id, product_id, quantity, price_cents FROM paid
		RETURNING id, product_id, price_cents`, r.PathValue("cart"), user)
	if err != nil {
		return nil, err
	}
	orders, err := pgx.CollectRows(rows, pgx.RowToStructByPos[order])
	if err == nil && len(orders) == 0 {
		return nil, failure{http.StatusNotFound, "nothing is reserved, or no longer"}
	}
	return orders, err
}
