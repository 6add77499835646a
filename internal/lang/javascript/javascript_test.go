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

func BenchmarkRead(b *testing.B) { langtest.Bench(b, New(), ".js") }
