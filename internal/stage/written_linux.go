package stage

import (
	"fmt"
	"io/fs"
	"os"
)

// layerFS reads below an open directory.
func layerFS(dir *os.File) fs.FS { return os.DirFS(fmt.Sprintf("/proc/self/fd/%d", dir.Fd())) }
