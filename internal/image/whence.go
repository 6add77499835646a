package image

import "path"

// Origin returns the folder of the context that stands at a folder of the
// image, as far as a step copies it there or files of it: the last that does.
// The folder may have changed since.
func (i *Image) Origin(dir string) (string, bool) {
	if !path.IsAbs(dir) {
		return "", false
	}
	looks := maxLooks
	return i.stage.origin(path.Clean(dir), i.upto, &looks)
}

func (s *stage) origin(dir string, upto int, looks *int) (string, bool) {
	for n := min(upto, len(s.layers)) - 1; n >= 0; n-- {
		if *looks--; *looks < 0 {
			return "", false
		}
		e := s.layers[n].effect
		if p, ok := e.(picked); ok {
			e = p.handed
		}
		switch e := e.(type) {
		case copied:
			if under(e.dst, dir) {
				from := path.Join(e.src, rest(e.dst, dir))
				if s.model.context.look(relative(from)).kind == Folder {
					return relative(from), true
				}
			}
		case made:
			if e.from != "" && path.Dir(e.path) == dir && path.Base(e.path) == path.Base(e.from) {
				return relative(path.Dir(e.from)), true
			}
		case handed:
			if !under(e.dst, dir) {
				continue
			}
			if from, ok := e.from.stage.origin(path.Join(e.src, rest(e.dst, dir)), e.from.upto, looks); ok {
				return from, true
			}
		}
	}
	if s.parent != nil {
		return s.parent.origin(dir, len(s.parent.layers), looks)
	}
	return "", false
}
