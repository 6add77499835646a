package manifest

import (
	"slices"
	"testing"
)

// TestOverridden holds the keys of overrides, as npm, pnpm and yarn write them, to
// the package whose version they change.
func TestOverridden(t *testing.T) {
	for key, want := range map[string]string{
		"rollup":                   "rollup",
		"rollup@4":                 "rollup",
		"rollup@>=4 <4.61.0":       "rollup",
		"defu@>=6 <6.1.5":          "defu",
		"@scope/name":              "@scope/name",
		"@scope/name@>1 <=2":       "@scope/name",
		"parent>child":             "child",
		"parent@1>child":           "child",
		"parent@>=1 <2>@s/child":   "@s/child",
		"qar@1>zoo@>=2":            "zoo",
		"**/parent/child":          "child",
		"**/parent/@scope/child":   "@scope/child",
		"react-dom@^18":            "react-dom",
		"@ai-sdk/provider@^4":      "@ai-sdk/provider",
		"axios@>=1.15.2 <1.18.0":   "axios",
		"@tootallnate/once@<2.0.1": "@tootallnate/once",
	} {
		if got := overridden(key); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q", key, got)
		}
	}
}
