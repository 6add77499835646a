//go:build !linux

package project

const nonblock = 0

type fastRoot struct{}

func (fastRoot) init(string) {}
func (fastRoot) close()      {}

func (fastRoot) open(string) (handle, error, bool)       { return nil, nil, false }
func (fastRoot) openFolder(string) (folder, error, bool) { return nil, nil, false }
