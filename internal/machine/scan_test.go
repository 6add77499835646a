package machine

import (
	"strings"
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

// TestBundle holds the imports in a bundle to the names that it gives its modules:
// what it has itself is not looked for among the files.
func TestBundle(t *testing.T) {
	for data, want := range map[string]int{
		`require("./A")`: 1,
		`({1:[f,{"./A":2}],2:[g,{}]})` + `;require("./A")`: 0,
		`({1:[f,{'./A':2}]})` + "\n" + `require("./A")`:    0,
		`({1:[f,{"./B":2}]})` + "\n" + `require("./A")`:    1,
		`// require("./A")` + "\n" + `require("./A")`:      1,
	} {
		s := NewScanner(&project.Project{Files: []*project.File{{Path: "src/a.js"}}})
		s.Scan("src/main.js", []byte(data))
		if miscased, _ := s.Found(); len(miscased) != want {
			t.Errorf("%s: %+v", data, miscased)
		}
	}
}

// TestBound holds what is told of one file to a bound: each place is counted from
// the beginning of the file.
func TestBound(t *testing.T) {
	s := NewScanner(&project.Project{Files: []*project.File{{Path: "src/a.js"}}})
	s.Scan("src/main.js", []byte(strings.Repeat("require(\"./A\")\n", 2*maxFound)))
	s.Scan("src/home.js", []byte(strings.Repeat("'/Users/ann/Projects/k'\n", 2*maxFound)))
	if miscased, homely := s.Found(); len(miscased) != maxFound || len(homely) != maxFound {
		t.Errorf("%d imports, %d homes", len(miscased), len(homely))
	}
}
