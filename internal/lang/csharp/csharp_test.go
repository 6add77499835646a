package csharp

import (
	"bytes"
	"testing"

	"rehearse/internal/lang/langtest"
	"rehearse/internal/source"
)

func TestCases(t *testing.T) { langtest.Run(t, New()) }

func TestHard(t *testing.T) {
	langtest.Hard(t, New(), ".cs", `class A { string x = Environment.GetEnvironmentVariable("X"); }`)
}

func FuzzRead(f *testing.F) { langtest.Fuzz(f, New()) }

func BenchmarkRead(b *testing.B) { langtest.Bench(b, New(), ".cs", head, body) }

// FuzzSettings holds files of settings to their places.
func FuzzSettings(f *testing.F) {
	f.Add([]byte("{ // a\n \"A\": {\"B\": [1, \"Host=localhost;Port=1\"], /* c */ }, \"Urls\": \"http://*:80\"}"))
	f.Add([]byte("{\"a\": \"\\\\\"/*"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if code := plain(data); len(code) != len(data) || bytes.Count(code, []byte("\n")) > bytes.Count(data, []byte("\n")) {
			t.Fatalf("%q became %q", data, code)
		}
		needs, err := settings(source.File{Path: "appsettings.json", Data: data})
		if err != nil {
			return
		}
		for _, n := range needs {
			if n.At.Line < 1 || n.Text == "" || n.Name == "" || n.Port < 0 || n.Port > 65535 {
				t.Fatalf("%+v", n)
			}
		}
	})
}

const (
	head = `class Shop { static readonly string Dsn = Environment.GetEnvironmentVariable("DATABASE_URL"); }
`
	body = `
class Products
{
    private readonly IProductRepository products;

    public async Task<ActionResult<Product>> Product(string id)
    {
        var found = await products.Find(long.Parse(id));
        if (found == null || found.Price <= 0)
        {
            logger.LogWarning("product {Id} is not there", id);
            throw new NotFoundException("no product " + id);
        }
        return new Product(found.Id, found.Name ?? "unknown", found.Price / 100);
    }
}
`
)
