package environment

import (
	"strings"
	"testing"
)

func TestExpand(t *testing.T) {
	values := map[string]string{"NAME": "shop", "EMPTY": ""}
	for text, want := range map[string]string{
		"${NAME}/Dockerfile":      "shop/Dockerfile",
		"$NAME-api":               "shop-api",
		"${TAG:-latest}":          "latest",
		"${EMPTY:-latest}":        "latest",
		"${NAME:-other}:${TAG-1}": "shop:1",
		"${MISSING}/x":            "${MISSING}/x",
		"$MISSING/x":              "$MISSING/x",
		"${MISSING:?say it}":      "${MISSING:?say it}",
		"plain":                   "plain",
		"a$":                      "a$",
		"${NAME":                  "${NAME",
		"$$NAME":                  "$shop",
		"${A:-${B}}":              "${A:-${B}}",
		"":                        "",
	} {
		if got := expand(text, values); got != want {
			t.Errorf("expand(%q) = %q, not %q", text, got, want)
		}
	}
}

func FuzzExpand(f *testing.F) {
	for _, seed := range []string{"${A}", "$A$", "${A:-b}", "${", "$$", "a${A:-${B}}c", "${}", "$-"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := expand(text, map[string]string{"A": "b"})
		if len(got) > len(text)+len(text) {
			t.Errorf("expand(%q) = %q", text, got)
		}
		if !strings.Contains(text, "$") && got != text {
			t.Errorf("expand(%q) = %q", text, got)
		}
	})
}
