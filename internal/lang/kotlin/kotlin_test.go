package kotlin

import (
	"testing"

	"rehearse/internal/lang/langtest"
)

func TestCases(t *testing.T) { langtest.Run(t, New()) }

func TestHard(t *testing.T) {
	langtest.Hard(t, New(), ".kt", `val x = System.getenv("X")`)
}

func FuzzRead(f *testing.F) { langtest.Fuzz(f, New()) }

func BenchmarkRead(b *testing.B) { langtest.Bench(b, New(), ".kt", head, body) }

const (
	head = `val dsn: String = System.getenv("DATABASE_URL")
`
	body = `
class Products(private val products: ProductRepository) {
	fun product(id: String): Product {
		val found = products.findById(id.toLong())
		if (found == null || found.price <= 0) {
			log.warn("product {} is not there", id)
			throw NotFoundException("no product " + id)
		}
		return Product(found.id, found.name ?: "unknown", found.price / 100)
	}
}
`
)
