package cloud

import (
	"path"
	"strings"

	"rehearse/internal/fact"
)

// Function says where the code of a function of AWS Lambda is: its folder, and
// the file of its handler as far as the runtime tells it by its name
// (https://docs.aws.amazon.com/lambda/latest/dg/foundation-progmodel.html).
func Function(w *fact.Workload, folder, handler, runtime string) {
	w.Code = folder
	if handler == "" {
		return
	}
	w.Args = []string{handler}
	file := handler[:max(strings.LastIndexByte(handler, '.'), 0)]
	if folder == "" || file == "" || strings.Contains(file, "$") {
		return
	}
	switch {
	case strings.HasPrefix(runtime, "python"):
		w.Entry = path.Join(folder, strings.ReplaceAll(file, ".", "/"))
	case strings.HasPrefix(runtime, "nodejs"), runtime == "":
		w.Entry = path.Join(folder, file)
	}
	if strings.HasPrefix(w.Entry, "..") || path.IsAbs(w.Entry) {
		w.Entry = ""
	}
}

// Source returns the folder of the code that a folder of what was built of it
// lies in; "" where it is not in the tree.
func Source(dir string) string {
	dir = path.Clean(dir)
	for {
		switch path.Base(dir) {
		case "dist", "build", "out", ".build", "package", "bin", "target", "dist-lambda", "lambda-dist", ".aws-sam":
			dir = path.Dir(dir)
		default:
			if strings.HasPrefix(dir, "..") || path.IsAbs(dir) {
				return ""
			}
			return dir
		}
	}
}

// Over lays variables over others.
func Over(base, own []fact.Supply) []fact.Supply {
	again := map[string]bool{}
	for _, s := range own {
		again[s.Name] = true
	}
	var all []fact.Supply
	for _, s := range base {
		if !again[s.Name] {
			all = append(all, s)
		}
	}
	return append(all, own...)
}
