package service

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// lock takes a folder of this program. Folders cannot be locked here, so that of
// another program is always taken to be in use.
func lock(dir string) (unlock func(), err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(filepath.Base(dir), ".new-") && len(entries) > 0 {
		return nil, errors.ErrUnsupported
	}
	return func() {}, nil
}
