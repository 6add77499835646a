//go:build !linux

package stage

import (
	"io/fs"
	"os"
)

// layerFS is never called: without namespaces there are no layers.
func layerFS(dir *os.File) fs.FS { return os.DirFS(dir.Name()) }
