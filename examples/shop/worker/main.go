// Command worker gives back the stock of reservations that were not paid for.
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/joho/godotenv"
	"github.com/redis/go-redis/v9"

	"shop/internal/database"
)

func main() {
	if err := godotenv.Load(); err != nil {
		log.Fatal("loading .env: ", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	databaseURL := os.Getenv("DATABASE_URL")
	if databaseURL == "" {
		log.Fatal("DATABASE_URL is not set")
	}
	db, err := database.Open(ctx, databaseURL)
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()

	options, err := redis.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil {
		log.Fatal("REDIS_URL: ", err)
	}
	cache := redis.NewClient(options)

	every, err := time.ParseDuration(cmp.Or(os.Getenv("EXPIRE_EVERY"), "30s"))
	if err != nil {
		log.Fatal("EXPIRE_EVERY: ", err)
	}

	var last atomic.Int64 // when expire last succeeded, in Unix seconds
	last.Store(time.Now().Unix())
	go serveHealth(&last, 3*every)

	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := expire(ctx, db, cache); err != nil {
				log.Print("expiring reservations: ", err)
				continue
			}
			last.Store(time.Now().Unix())
		}
	}
}

// serveHealth answers for as long as the last success is younger than limit.
func serveHealth(last *atomic.Int64, limit time.Duration) {
	http.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		if age := time.Since(time.Unix(last.Load(), 0)); age > limit {
			http.Error(w, fmt.Sprintf("nothing expired for %s", age.Round(time.Second)), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:9090", nil))
}

// expire returns to the stock what was reserved and not paid for in time.
func expire(ctx context.Context, db *pgxpool.Pool, cache *redis.Client) error {
	rows, err := db.Query(ctx, `SELECT id, product_id, quantity FROM reservations WHERE expires_at <= now()`)
	if err != nil {
		return err
	}
	expired, err := pgx.CollectRows(rows, pgx.RowToStructByPos[reservation])
	if err != nil {
		return err
	}
	for _, r := range expired {
		if _, err := db.Exec(ctx, `UPDATE products SET stock = stock + $2 WHERE id = $1`, r.Product, r.Quantity); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, `DELETE FROM reservations WHERE id = $1`, r.ID); err != nil {
			return err
		}
		if err := cache.Del(ctx, fmt.Sprintf("product:%d", r.Product)).Err(); err != nil {
			log.Printf("product %d is still shown as it was: %v", r.Product, err)
		}
	}
	return nil
}

type reservation struct {
	ID, Product int64
	Quantity    int
}
