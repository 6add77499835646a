package machine

import (
	"testing"

	"rehearse/internal/project"
)

// FuzzScan holds the scan to the bytes of the file: whatever they are, it ends,
// and what it finds stands where it says.
func FuzzScan(f *testing.F) {
	f.Add([]byte("import a from './A'\nconst k = \"/Users/ann/Projects/k\"\n"))
	f.Add([]byte("require('../x/Y.js') // './Z'\n`C:\\\\Users\\\\Ann\\\\Documents\\\\`"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := Scanner{project: &project.Project{Files: []*project.File{{Path: "src/a.ts"}, {Path: "x/y.js"}}}}
		s.Scan("src/main.ts", data)
		miscased, homely := s.Found()
		for _, m := range miscased {
			if m.At.Line < 1 || m.At.Column < 1 || m.Text == "" || m.File == "" {
				t.Errorf("%+v", m)
			}
		}
		for _, h := range homely {
			if h.At.Line < 1 || h.At.Column < 1 || h.User == "" {
				t.Errorf("%+v", h)
			}
		}
	})
}
