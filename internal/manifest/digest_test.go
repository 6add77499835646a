package manifest

import (
	"testing"

	"rehearse/internal/source"
)

// The digests were made with Python's json and hashlib, as the managers do.
func TestMadeFor(t *testing.T) {
	composer := `{"name":"a/b","require":{"php":">=8.2","ext-gd":"*"},"extra":{},"config":{"platform":{"php":"8.2"},"sort-packages":true},"description":"née"}`
	for name, c := range map[string]struct {
		lock, manifest source.File
		ok, known      bool
	}{
		"composer":              {source.File{Path: "composer.lock", Data: []byte(`{"content-hash":"c917261d42ba8b18c233bab4d91fc0e7"}`)}, source.File{Path: "composer.json", Data: []byte(composer)}, true, true},
		"composer, other":       {source.File{Path: "composer.lock", Data: []byte(`{"content-hash":"c917261d42ba8b18c233bab4d91fc0e7"}`)}, source.File{Path: "composer.json", Data: []byte(`{"name":"a/c"}`)}, false, true},
		"composer, not certain": {source.File{Path: "composer.lock", Data: []byte(`{"content-hash":"c917261d42ba8b18c233bab4d91fc0e7"}`)}, source.File{Path: "composer.json", Data: []byte(`{"extra":{"0":"a"}}`)}, false, false},
		"poetry, with groups": {
			source.File{Path: "poetry.lock", Data: []byte("[metadata]\ncontent-hash = \"0d9d8e2d2d123a9d0850649de2b47ebaae95ebe9e03cbcc3e5c37277618d406d\"\n")},
			source.File{Path: "pyproject.toml", Data: []byte("[project]\nname = \"é\"\nrequires-python = \">=3.12\"\ndependencies = [\"flask>=3\"]\n[dependency-groups]\ndev = [\"pytest\"]\n[tool.poetry]\npackage-mode = false\n")},
			true, true,
		},
		"no digest": {source.File{Path: "uv.lock", Data: []byte("version = 1\n")}, source.File{Path: "pyproject.toml", Data: []byte("[project]\n")}, false, false},
	} {
		l, err := ReadLock(c.lock)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if ok, known := l.MadeFor(c.manifest); ok != c.ok || known != c.known {
			t.Errorf("%s: made for it %v, known %v; want %v, %v", name, ok, known, c.ok, c.known)
		}
	}
}

func FuzzMadeFor(f *testing.F) {
	f.Add("composer.lock", []byte(`{"content-hash":"x"}`), []byte(`{"extra":{"a":[1,{"b":null}]},"config":{"platform":{}}}`))
	f.Add("poetry.lock", []byte("[metadata]\ncontent-hash = \"x\"\n"), []byte("[tool.poetry.dependencies]\na = {version=\"^1\", extras=[\"é\"]}\n"))
	f.Fuzz(func(t *testing.T, name string, lock, of []byte) {
		l, err := ReadLock(source.File{Path: name, Data: lock})
		if err != nil {
			return
		}
		if ok, known := l.MadeFor(source.File{Path: "manifest", Data: of}); ok && !known {
			t.Error("made for what is not known")
		}
		l.Gaps(3)
	})
}
