package shell

import (
	"testing"

	"rehearse/internal/lang/langtest"
)

func TestCases(t *testing.T) { langtest.Run(t, New()) }

func TestHard(t *testing.T) {
	langtest.Hard(t, New(), ".sh", `f() { echo "$X" >f; }; psql "$DATABASE_URL"`)
}

func FuzzRead(f *testing.F) { langtest.Fuzz(f, New()) }

func BenchmarkRead(b *testing.B) { langtest.Bench(b, New(), ".sh", head, body) }

const (
	head = `#!/bin/sh
psql "$DATABASE_URL"
`
	body = `
if [ ! -d /data/shop ]; then
  mkdir -p /data/shop
  for name in orders products; do
    cp "/usr/share/shop/$name.json" /data/shop/ || { echo "no $name" >&2; exit 1; }
  done
fi
`
)
