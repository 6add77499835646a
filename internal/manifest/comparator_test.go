package manifest

import "testing"

// FuzzPlainly holds what is compared without the library to what it says.
func FuzzPlainly(f *testing.F) {
	for _, asked := range []string{
		"1.2.3", "=1.2.3", "^1.2.3", "^0.2.3", "^0.0.3", "^0.0", "^0", "^1", "^1.2", "~1.2.3", "~1.2", "~1", "~0.0.0", "~0.0", "~0", "1", "1.2", "0", "0.0",
		">=1.2.3", ">1.2.3", ">1.2", "<2", "<=1.2.3", "<=1.2", ">=1.2.3 <2.0.0", ">= 1.2.3 < 2", "^1.2.3 || ^2.0.0", "^1||^2", "1.2.3 - 2.3.4", "*", "1.x", "||", "1 ||", "^1,<2", ">=1<2", "01.2.3", "1.2.3.4", "1.", "=>1",
	} {
		for _, version := range []string{"0.0.0", "0.0.3", "0.1.0", "0.2.4", "1.0.0", "1.2.3", "1.2.4", "1.3.0", "2.0.0", "2.0.0-rc.1", "1.2", "v1.2.3"} {
			f.Add(asked, version)
		}
	}
	f.Fuzz(func(t *testing.T, asked, version string) {
		ok, known := plainly(asked, version)
		if !known || len(asked) > maxRange {
			return
		}
		if want, judged := satisfiesSemver(nodeRange(asked), version); !judged || ok != want {
			t.Errorf("%q of %q: %v; the library says %v, known %v", version, asked, ok, want, judged)
		}
	})
}
