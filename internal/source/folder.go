package source

import (
	"path"
	"strings"
)

// Under reports whether a file is dir, or lies in it.
func Under(dir, file string) bool {
	dir = path.Clean(dir)
	return dir == "." || dir == file || strings.HasPrefix(file, dir+"/")
}

// Relative returns file as seen from dir, or "" where it is not below it.
func Relative(dir, file string) string {
	dir = path.Clean(dir)
	switch {
	case file == "":
		return ""
	case dir == ".":
		return file
	case file == dir:
		return "."
	case strings.HasPrefix(file, dir+"/"):
		return file[len(dir)+1:]
	}
	return ""
}
