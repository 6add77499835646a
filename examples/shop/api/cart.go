package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"strconv"
	"time"
)

// cartLife is how long a cart is kept after it was last touched.
const cartLife = 24 * time.Hour

type cart struct {
	ID    string         `json:"cart"`
	Items map[string]int `json:"items"` // product → quantity
}

func cartKey(id string) string { return "cart:" + id }

// addToCart puts a product into a cart, a new one if the request names none.
func (s *server) addToCart(r *http.Request) (any, error) {
	var item struct {
		Cart     string `json:"cart"`
		Product  int64  `json:"product_id"`
		Quantity int    `json:"quantity"`
	}
	if err := read(r, &item); err != nil {
		return nil, err
	}
	if item.Quantity < 1 || item.Quantity > 10 {
		return nil, failure{http.StatusBadRequest, "between 1 and 10 of each"}
	}
	if s.cache == nil {
		return nil, errNoCart
	}
	if item.Cart == "" {
		item.Cart = rand.Text()
	}
	ctx, key := r.Context(), cartKey(item.Cart)
	pipe := s.cache.TxPipeline()
	pipe.HIncrBy(ctx, key, strconv.FormatInt(item.Product, 10), int64(item.Quantity))
	pipe.Expire(ctx, key, cartLife)
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, err
	}
	return s.openCart(ctx, item.Cart)
}

func (s *server) getCart(r *http.Request) (any, error) {
	if s.cache == nil {
		return nil, errNoCart
	}
	return s.openCart(r.Context(), r.PathValue("cart"))
}

func (s *server) openCart(ctx context.Context, id string) (cart, error) {
	c := cart{ID: id, Items: map[string]int{}}
	saved, err := s.cache.HGetAll(ctx, cartKey(id)).Result()
	if err != nil {
		return c, err
	}
	for product, quantity := range saved {
		if c.Items[product], err = strconv.Atoi(quantity); err != nil {
			return c, err
		}
	}
	return c, nil
}

// takeCart removes a cart and returns what was in it, so that of two checkouts
// of one cart only one finds anything.
func (s *server) takeCart(ctx context.Context, id string) (map[string]string, error) {
	pipe := s.cache.TxPipeline()
	items := pipe.HGetAll(ctx, cartKey(id))
	pipe.Del(ctx, cartKey(id))
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, err
	}
	return items.Result()
}

// returnCart undoes takeCart.
func (s *server) returnCart(ctx context.Context, id string, items map[string]string) error {
	pipe := s.cache.TxPipeline()
	pipe.HSet(ctx, cartKey(id), items)
	pipe.Expire(ctx, cartKey(id), cartLife)
	_, err := pipe.Exec(ctx)
	return err
}
