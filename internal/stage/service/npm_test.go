package service

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rehearse/internal/stage"
	"rehearse/internal/stage/stagetest"
)

func tarball(t *testing.T, headers ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	packed := gzip.NewWriter(&b)
	out := tar.NewWriter(packed)
	for _, h := range headers {
		h.Size = int64(len(h.Name))
		if h.Typeflag != tar.TypeReg {
			h.Size = 0
		}
		if err := out.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := out.Write([]byte(h.Name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestUnpack(t *testing.T) {
	dir := t.TempDir()
	data := tarball(t, tar.Header{Name: "package/native/bin/postgres", Typeflag: tar.TypeReg},
		tar.Header{Name: "package/link", Linkname: "/etc", Typeflag: tar.TypeSymlink}, tar.Header{Name: "other/x", Typeflag: tar.TypeReg})
	if err := unpack(data, dir); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "native/bin/postgres")); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("%v, %v", info, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v: want only native", entries, err)
	}
	for _, name := range []string{"package/../../x", "package//etc/x", "package/a/../../x"} {
		if err := unpack(tarball(t, tar.Header{Name: name, Typeflag: tar.TypeReg}), t.TempDir()); err == nil {
			t.Errorf("%q was unpacked", name)
		}
	}
	if err := unpack([]byte("no gzip"), t.TempDir()); err == nil {
		t.Error("what is no tarball was unpacked")
	}
}

func TestVerify(t *testing.T) {
	sum := sha512.Sum512([]byte("a"))
	integrity := "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
	if err := verify([]byte("a"), integrity); err != nil {
		t.Error(err)
	}
	if err := verify([]byte("b"), integrity); err == nil {
		t.Error("another tarball was accepted")
	}
}

func TestRelink(t *testing.T) {
	for _, c := range []struct {
		name, links string
		ok          bool
	}{
		{"link", `[{"source":"native/lib/a.so.1","target":"native/lib/a.so"}]`, true},
		{"out of the folder", `[{"source":"native/lib/a","target":"../x"}]`, false},
		{"to out of the folder", `[{"source":"/etc/passwd","target":"native/lib/a"}]`, false},
		{"malformed", `[{`, false},
	} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "native"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "native", "pg-symlinks.json"), []byte(c.links), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := relink(dir); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
		if to, err := os.Readlink(filepath.Join(dir, "native/lib/a.so")); c.ok && (err != nil || to != "a.so.1") {
			t.Errorf("%s: %q, %v", c.name, to, err)
		}
	}
}

// An empty cache is filled once, also when two programs begin at the same time,
// and what a killed one left half made is removed.
func TestEmptyCache(t *testing.T) {
	s := open(t, stage.Options{})
	folder := t.TempDir()
	if _, err := findPostgres(t.Context(), nil, folder); err != nil {
		stagetest.Skip(t, "needs a PostgreSQL server:", err)
	}
	rest := filepath.Join(folder, "postgres", ".new-1")
	if err := os.MkdirAll(filepath.Join(rest, "pg"), 0o755); err != nil {
		t.Fatal(err)
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			p, err := StartPostgres(t.Context(), s, PostgresOptions{Cache: folder})
			if err != nil {
				t.Error(err)
				return
			}
			if err := p.Provide(t.Context(), shop); err != nil {
				t.Error(err)
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	entries, err := os.ReadDir(filepath.Join(folder, "postgres"))
	if err != nil || len(entries) != 1 || strings.HasPrefix(entries[0].Name(), ".") {
		t.Errorf("the cache holds %v, %v", entries, err)
	}
}
