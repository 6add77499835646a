package syntax

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFilter(t *testing.T) {
	f := NewFilter([]string{"process.env", "env.get(", "essay", "proc", "an", "ant"})
	for text, want := range map[string]bool{
		"":                           false,
		"proces.env":                 true,
		"pro cess.env":               false,
		"enveenv.get(x":              true,
		"essessay":                   true,
		"essesay":                    false,
		"a n":                        false,
		"banana":                     true,
		"\x00\xff":                   false,
		strings.Repeat("env.ge", 99): false,
	} {
		if got := f.Fits([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if NewFilter(nil).Fits([]byte("anything")) {
		t.Error("no text is found")
	}
}

// TestFilterFinds holds the filter to what is plain: it fits where one of the
// texts is in the data.
func TestFilterFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOf(rapid.StringMatching(`[abc]{1,5}`)).Draw(t, "texts")
		data := rapid.StringMatching(`[abcd]{0,30}`).Draw(t, "data")
		want := false
		for _, text := range texts {
			want = want || strings.Contains(data, text)
		}
		if got := NewFilter(texts).Fits([]byte(data)); got != want {
			t.Fatalf("%q in %q: %v", texts, data, got)
		}
	})
}

func BenchmarkFilter(b *testing.B) {
	f := NewFilter([]string{"os.Getenv", "os.LookupEnv", "http.Server{", "net.Listen(", "localhost", "127.0.0.1", "postgres://", "redis://", ".HandleFunc("})
	data := []byte(strings.Repeat("func (s *server) product(w http.ResponseWriter, r *http.Request) {\n\tif err != nil {\n", 1200))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if f.Fits(data) {
			b.Fatal("found")
		}
	}
}
