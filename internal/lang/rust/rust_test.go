package rust

import (
	"testing"

	"rehearse/internal/lang/langtest"
)

func TestCases(t *testing.T) { langtest.Run(t, New()) }

func TestHard(t *testing.T) {
	langtest.Hard(t, New(), ".rs", `fn f() -> String { std::env::var("X").unwrap() }`)
}

func FuzzRead(f *testing.F) { langtest.Fuzz(f, New()) }

func BenchmarkRead(b *testing.B) { langtest.Bench(b, New(), ".rs", head, body) }

const (
	head = `use std::env;

static DSN: LazyLock<String> = LazyLock::new(|| env::var("DATABASE_URL").unwrap());
`
	body = `
async fn product(State(shop): State<Shop>, Path(id): Path<i64>) -> Result<Json<Product>, Error> {
    let Some(row) = shop.products.find(id).await? else {
        tracing::error!(id, "no such product");
        return Err(Error::NotFound(format!("no product {id}")));
    };
    let names: Vec<String> = row.tags.iter().map(|tag| tag.name.to_lowercase()).filter(|name| !name.is_empty()).collect();
    Ok(Json(Product { id, name: row.name.unwrap_or_else(|| "unknown".to_string()), price: row.price / 100, tags: names }))
}
`
)
