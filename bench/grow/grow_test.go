package grow

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestTree(t *testing.T) {
	small := Size{Files: 1000, Bytes: 10 << 20, Seed: 7}
	first, files, bytes := grown(t, small)
	if files < 950 || files > 1050 || bytes < 8<<20 || bytes > 14<<20 {
		t.Errorf("%d files with %d bytes", files, bytes)
	}
	if again, _, _ := grown(t, small); again != first {
		t.Error("the same seed gives another tree")
	}
	small.Seed++
	if other, _, _ := grown(t, small); other == first {
		t.Error("another seed gives the same tree")
	}
}

// grown returns a hash over the names and the texts of a tree.
func grown(t *testing.T, size Size) (string, int, int64) {
	t.Helper()
	dir := t.TempDir()
	files, bytes, err := Tree(dir, size)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.New()
	var n int
	var total int64
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		sum.Write([]byte(path[len(dir):]))
		sum.Write(data)
		n++
		total += int64(len(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n != files || total != bytes {
		t.Errorf("%d files with %d bytes are said, %d with %d are there", files, bytes, n, total)
	}
	return hex.EncodeToString(sum.Sum(nil)), files, bytes
}

func TestTreeKeepsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Tree(dir, Size{Files: 1}); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("a folder with a file: %v", err)
	}
}
