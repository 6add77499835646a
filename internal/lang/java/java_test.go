package java

import (
	"testing"

	"rehearse/internal/lang/langtest"
)

func TestCases(t *testing.T) { langtest.Run(t, New()) }

func TestHard(t *testing.T) {
	langtest.Hard(t, New(), ".java", `class A { String x = System.getenv("X"); }`)
}

func FuzzRead(f *testing.F) { langtest.Fuzz(f, New()) }

func BenchmarkRead(b *testing.B) { langtest.Bench(b, New(), ".java", head, body) }

const (
	head = `class Shop { static final String DSN = System.getenv("DATABASE_URL"); }
`
	body = `
class Products {
	private final ProductRepository products;

	public Product product(String id) {
		Product found = products.findById(Long.parseLong(id)).orElse(null);
		if (found == null || found.getPrice() <= 0) {
			log.warn("product {} is not there", id);
			throw new NotFoundException("no product " + id);
		}
		return new Product(found.getId(), found.getName(), found.getPrice() / 100);
	}
}
`
)
