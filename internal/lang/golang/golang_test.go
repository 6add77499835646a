package golang

import (
	"testing"

	"rehearse/internal/lang/langtest"
)

func TestCases(t *testing.T) { langtest.Run(t, New()) }

func TestHard(t *testing.T) {
	langtest.Hard(t, New(), ".go", `func f() string { return os.Getenv("X") }`)
}

func FuzzRead(f *testing.F) { langtest.Fuzz(f, New()) }

func BenchmarkRead(b *testing.B) { langtest.Bench(b, New(), ".go", head, body) }

const (
	head = `package main

var dsn = os.Getenv("DATABASE_URL")
`
	body = `
func (s *server) product(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil {
		http.Error(w, "no such product", http.StatusNotFound)
		return
	}
	row := s.db.QueryRowContext(r.Context(), "select name, price from products where id = $1", id)
	var p product
	if err := row.Scan(&p.Name, &p.Price); err != nil {
		s.log.Error("product", "id", id, "error", err)
		http.Error(w, "try again", http.StatusInternalServerError)
		return
	}
	json.NewEncoder(w).Encode(map[string]any{"id": id, "name": p.Name, "price": p.Price / 100})
}
`
)
