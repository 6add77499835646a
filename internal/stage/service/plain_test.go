package service

import (
	"os"
	"runtime"
	"testing"

	"rehearse/internal/stage"
)

// On a plain stage the same servers run on the machine's loopback.
func TestPlain(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a server for Windows")
	}
	s := open(t, stage.Options{Plain: true})
	t.Run("redis", func(t *testing.T) {
		for _, embedded := range []bool{false, true} {
			r, err := StartRedis(t.Context(), s, RedisOptions{Password: "p", Embedded: embedded})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.command(t.Context(), "SET", "a", "1"); err != nil {
				t.Error(r.Server(), err)
			}
			if err := r.Close(); err != nil {
				t.Error(r.Server(), err)
			}
		}
	})
	t.Run("postgres", func(t *testing.T) {
		if os.Geteuid() == 0 {
			return // it refuses to run as root: TestPlainUnprivileged
		}
		check(t, postgres(t, s, PostgresOptions{}))
	})
}
