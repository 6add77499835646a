package javascript

import (
	"testing"

	"rehearse/internal/lang/langtest"
)

func TestCases(t *testing.T) { langtest.Run(t, New()) }

func TestHard(t *testing.T) {
	for _, ending := range []string{".js", ".ts", ".tsx"} {
		t.Run(ending, func(t *testing.T) { langtest.Hard(t, New(), ending, `function f() { return process.env.X; }`) })
	}
}

func FuzzRead(f *testing.F) { langtest.Fuzz(f, New()) }

func BenchmarkRead(b *testing.B) { langtest.Bench(b, New(), ".js", head, body) }

const (
	head = `const dsn = process.env.DATABASE_URL;
`
	body = `
export async function product(req, res, next) {
  const id = Number.parseInt(req.params.id, 10);
  if (Number.isNaN(id)) {
    return res.status(404).json({ error: 'no such product' });
  }
  try {
    const { rows } = await pool.query('select name, price from products where id = $1', [id]);
    const [found] = rows.filter((row) => row.price > 0).map((row) => ({ ...row, price: row.price / 100 }));
    res.json({ id, name: found?.name ?? 'unknown', price: found.price });
  } catch (error) {
    logger.error(` + "`" + `product ${id}: ${error.message}` + "`" + `);
    next(error);
  }
}
`
)
