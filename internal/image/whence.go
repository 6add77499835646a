package image

import (
	"path"
	"strings"
)

// Origin returns the folder of the context that stands at a folder of the
// image, as far as a step copies it there or files of it: the last that does.
// Where none does, it is the folder whose parts stand in that of the image as
// they do in the tree. The folder may have changed since.
func (i *Image) Origin(dir string) (string, bool) {
	if !path.IsAbs(dir) {
		return "", false
	}
	looks := maxLooks
	if from, ok := i.stage.origin(path.Clean(dir), i.upto, &looks); ok {
		return from, true
	}
	return i.stage.gathered(path.Clean(dir), i.upto, &looks)
}

// gathered returns the folder of the context of which parts were copied one by
// one to where they stand in it.
func (s *stage) gathered(dir string, upto int, looks *int) (string, bool) {
	for ; s != nil && dir != "/"; s, upto = s.parent, 0 {
		if upto == 0 {
			upto = len(s.layers)
		}
		for n := min(upto, len(s.layers)) - 1; n >= 0; n-- {
			if *looks--; *looks < 0 {
				return "", false
			}
			var src, dst string
			switch e := s.layers[n].effect.(type) {
			case copied:
				src, dst = e.src, e.dst
			case made:
				src, dst = e.from, e.path
			case handed:
				if dst = e.dst; under(dir, dst) && dst != dir {
					if src = (view{stage: e.from.stage, upto: e.from.upto, looks: looks}).find(e.src).From; src == "" {
						src, _ = e.from.stage.origin(e.src, e.from.upto, looks)
					}
				}
			}
			if src == "" || dst == dir || !under(dir, dst) {
				continue
			}
			inside := rest(dir, dst)
			if from, ok := strings.CutSuffix(absolute(src), "/"+strings.TrimPrefix(inside, "/")); ok {
				return relative(from), true
			}
		}
	}
	return "", false
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
			there := path.Join(e.src, rest(e.dst, dir))
			if from, ok := e.from.stage.origin(there, e.from.upto, looks); ok {
				return from, true
			}
			if from, ok := e.from.stage.gathered(there, e.from.upto, looks); ok {
				return from, true
			}
		}
	}
	if s.parent != nil {
		return s.parent.origin(dir, len(s.parent.layers), looks)
	}
	return "", false
}
