package project_test

import (
	"os"
	"path/filepath"
	"testing"

	"rehearse/internal/project"
)

func TestGaps(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		".gitignore": "dist/\n*.pem\n", "web/.gitignore": "/public/config.js\n", ".gitmodules": "[submodule \"theme\"]\n\tpath = web/theme\n",
		"web/index.js": "", "web/public/index.html": "", "lib/real/a.txt": "",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("lib/real", filepath.Join(dir, "linked")); err != nil {
		t.Skip(err)
	}
	p, err := project.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	gaps := p.Gaps()
	for _, file := range []string{"dist", "web/dist/app.js", "web/key.pem", "web/public/config.js", "web/theme/a", "web/theme", "node_modules/x", "linked/a.txt", "linked", "../up"} {
		if gaps.Of(file) == "" {
			t.Errorf("%s: nothing says that it may be there", file)
		}
	}
	for _, file := range []string{".", "web/main.js", "lib/none", "public/config.js", "lib/real/b.txt", "distance"} {
		if why := gaps.Of(file); why != "" {
			t.Errorf("%s: %s", file, why)
		}
	}
}
