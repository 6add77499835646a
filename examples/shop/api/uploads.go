package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// maxPhoto is the size of the largest photo that is taken, in bytes.
const maxPhoto = 8 << 20

// upload keeps the photo of a product, cut to the width of the page.
func (s *server) upload(r *http.Request) (any, error) {
	if err := s.staff(r); err != nil {
		return nil, err
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxPhoto)
	photo, _, err := r.FormFile("photo")
	if err != nil {
		return nil, failure{http.StatusBadRequest, "a photo of at most 8 MB is expected"}
	}
	defer photo.Close()
	id, err := strconv.ParseInt(r.FormValue("product"), 10, 64)
	if err != nil {
		return nil, errUnknown
	}

	name := rand.Text() + ".jpg"
	if err := s.keep(photo, name); err != nil {
		return nil, err
	}
	changed, err := s.db.Exec(r.Context(), `UPDATE products SET photo = $2 WHERE id = $1`, id, name)
	if err != nil {
		return nil, err
	}
	if changed.RowsAffected() == 0 {
		return nil, errUnknown
	}
	s.forget(r.Context(), id)
	return map[string]string{"photo": name}, nil
}

func (s *server) photo(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, os.DirFS(s.uploads), r.PathValue("name"))
}

func (s *server) keep(photo io.Reader, name string) error {
	if err := os.MkdirAll(s.uploads, 0o755); err != nil {
		return err
	}
	path := filepath.Join(s.uploads, name)
	convert := exec.Command("convert", "-", "-auto-orient", "-thumbnail", "640x640>", "jpg:"+path)
	convert.Stdin = photo
	if said, err := convert.CombinedOutput(); err != nil {
		return fmt.Errorf("convert: %w: %s", err, said)
	}
	return nil
}
