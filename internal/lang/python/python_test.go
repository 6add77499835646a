package python

import (
	"testing"

	"rehearse/internal/lang/langtest"
)

func TestCases(t *testing.T) { langtest.Run(t, New()) }

func TestHard(t *testing.T) { langtest.Hard(t, New(), ".py", `def f(): return os.environ["X"]`) }

func FuzzRead(f *testing.F) { langtest.Fuzz(f, New()) }

func BenchmarkRead(b *testing.B) { langtest.Bench(b, New(), ".py", head, body) }

const (
	head = `import os
DSN = os.environ["DATABASE_URL"]
`
	body = `
def product(request, id):
    if not id.isdigit():
        return JsonResponse({"error": "no such product"}, status=404)
    with connection.cursor() as cursor:
        cursor.execute("select name, price from products where id = %s", [id])
        rows = [row for row in cursor.fetchall() if row[1] > 0]
    if not rows:
        logger.error("product %s is not there", id)
        raise Http404(f"no product {id}")
    name, price = rows[0]
    return JsonResponse({"id": id, "name": name or "unknown", "price": price / 100})
`
)
