package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestHostileProject reads a project in which everything is that may hurt a
// reader: it ends soon, names what it did not read, and finds the rest.
func TestHostileProject(t *testing.T) {
	dir := shop(t)
	aliases := "  a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		aliases += fmt.Sprintf("  %c: &%c [%s]\n", c, c, strings.Repeat(fmt.Sprintf("*%c,", c-1), 9))
	}
	files := map[string]string{
		"k8s/bomb.yaml":    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\ndata:\n" + aliases,
		"k8s/deep.yaml":    "apiVersion: v1\nkind: ConfigMap\ndata: " + strings.Repeat("[", 100_000),
		"deep.json":        strings.Repeat("[", 1_000_000),
		"deep.js":          "process.env.A;" + strings.Repeat("(", 200_000),
		"big/package.json": `{"name": "big", "x": "` + strings.Repeat("a", 20<<20) + `"}`,
		"\xff\xfe.js":      "process.env.X",
		"locked.js":        "process.env.X",
	}
	for i := range 100 {
		at := fmt.Sprintf("many/c%d/", i)
		files[at+"package.json"] = fmt.Sprintf(`{"name": "c%d", "scripts": {"start": "node i.js"}}`, i)
		files[at+"i.js"] = fmt.Sprintf("process.env.KEY_%d.length", i)
		files[at+"Dockerfile"] = "FROM node:20\nCOPY . .\nCMD [\"node\", \"i.js\"]\n"
	}
	write(t, dir, files)
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, err := range []error{
		os.Symlink("..", in("loop")), os.Symlink("/etc/passwd", in("web/.env")), os.Symlink("/etc", in("web/etc")),
		os.WriteFile(in("k8s/huge.yaml"), nil, 0o644), os.Truncate(in("k8s/huge.yaml"), 2<<30),
		os.WriteFile(in("huge.js"), nil, 0o644), os.Truncate(in("huge.js"), 2<<30),
		syscall.Mkfifo(in("api/.env"), 0o644), os.Mkdir(in("worker/.env"), 0o755),
		os.MkdirAll(in("odd/Dockerfile"), 0o755), os.MkdirAll(in("odd/package.json"), 0o755), os.MkdirAll(in("odd/compose.yaml"), 0o755),
		os.Chmod(in("locked.js"), 0),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	o := rehearse(t, nil, "check", "--format", "json", dir)
	if o.status != Incomplete || o.took > 20*time.Second {
		t.Errorf("exit status %d after %v, want %d: %s", o.status, o.took, Incomplete, o.stderr)
	}
	var d document
	if err := json.Unmarshal([]byte(o.stdout), &d); err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, u := range d.Unread {
		said += fmt.Sprintf("%s:%d\n", u.File, u.Line)
	}
	for _, want := range []string{"k8s/bomb.yaml:", "k8s/deep.yaml:3", "k8s/huge.yaml:0", "big/package.json:0", "web/.env:0"} {
		if !strings.Contains(said, want) {
			t.Errorf("%s is not said to be unread:\n%s", want, said)
		}
	}
	if strings.Contains(o.stdout, "root:") {
		t.Error("a link out of the project was followed")
	}
	if all := strings.Join(d.verdicts(), "\n"); !strings.Contains(all, "api missing-env DATABASE_URL") {
		t.Errorf("found is only\n%s", all)
	}
}
