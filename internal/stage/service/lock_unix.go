//go:build !windows

package service

import (
	"os"

	"golang.org/x/sys/unix"
)

// lock takes a folder for this program, for as long as it lives; it fails when
// another program has it.
func lock(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
