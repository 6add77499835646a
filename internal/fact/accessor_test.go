package fact

import "testing"

func TestCalled(t *testing.T) {
	for code, want := range map[string]bool{
		"env('PORT')":             true,
		"x = env(\n  'PORT')":     true,
		"env<number>('PORT')":     true,
		"env 'PORT'":              true,
		"env :PORT":               true,
		"env!(PORT)":              true,
		"config.env?.('PORT')":    true,
		"envelope; env('PORT')":   true,
		"envelope('PORT')":        false,
		"my_env('PORT')":          false,
		"import { env } from 'a'": false,
		"process.env.PORT":        false,
		"{ env: 1 }":              false,
		"env":                     false,
	} {
		if got := (Accessor{Name: "env"}).Called([]byte(code)); got != want {
			t.Errorf("%q: %v", code, got)
		}
	}
}
