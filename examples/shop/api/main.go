// Command api serves the shop's products, carts and orders as JSON.
package main

import (
	"cmp"
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/joho/godotenv"
	"github.com/redis/go-redis/v9"

	"shop/internal/database"
	"shop/internal/session"
)

type server struct {
	db      *pgxpool.Pool
	cache   *redis.Client // nil when the shop runs without one
	signer  session.Signer
	uploads string        // the folder of the photos
	holdFor time.Duration // how long stock is kept for a checkout
}

func main() {
	if err := godotenv.Load(); err != nil {
		log.Print("no .env file, taking the environment as it is")
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

	holdFor, err := time.ParseDuration(cmp.Or(os.Getenv("HOLD_FOR"), "15m"))
	if err != nil {
		log.Fatal("HOLD_FOR: ", err)
	}
	s := &server{
		db:      db,
		cache:   openCache(os.Getenv("REDIS_URL")),
		signer:  session.New(os.Getenv("SESSION_SECRET")),
		uploads: cmp.Or(os.Getenv("UPLOAD_DIR"), "uploads"),
		holdFor: holdFor,
	}

	port := os.Getenv("PORT")
	if port == "" {
		port = "5000"
	}
	web := &http.Server{Addr: ":" + port, Handler: s.routes(), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := web.Shutdown(grace); err != nil {
			log.Print("shutting down: ", err)
		}
	}()
	log.Print("api listens on ", web.Addr)
	if err := web.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", answer(s.health))
	mux.HandleFunc("GET /products", answer(s.listProducts))
	mux.HandleFunc("GET /products/{id}", answer(s.getProduct))
	mux.HandleFunc("PUT /products/{id}/price", answer(s.setPrice))
	mux.HandleFunc("POST /products/{id}/buy", answer(s.buy))
	mux.HandleFunc("POST /login", answer(s.login))
	mux.HandleFunc("GET /me", answer(s.me))
	mux.HandleFunc("POST /cart", answer(s.addToCart))
	mux.HandleFunc("GET /cart/{cart}", answer(s.getCart))
	mux.HandleFunc("POST /checkout", answer(s.checkout))
	mux.HandleFunc("POST /checkout/{cart}/pay", answer(s.pay))
	mux.HandleFunc("POST /uploads", answer(s.upload))
	mux.HandleFunc("GET /uploads/{name}", s.photo)
	return mux
}

func (s *server) health(r *http.Request) (any, error) {
	return map[string]string{"status": "ok"}, s.db.Ping(r.Context())
}

// openCache connects to Redis. The shop sells without it: then there are no
// carts, and every product is read from the database.
func openCache(url string) *redis.Client {
	options, err := redis.ParseURL(url)
	if err != nil {
		log.Print("running without a cache: ", err)
		return nil
	}
	// A cache that does not answer must not be slower than none.
	options.DialTimeout = time.Second
	options.DialerRetries = 1
	options.MaxRetries = -1
	return redis.NewClient(options)
}
