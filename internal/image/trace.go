package image

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/source"
)

// Landing is a place of the image where a file of the context is.
type Landing struct {
	Path string      // absolute
	At   source.Span // the step that puts it there
}

// maxLandings is how many places of one file are followed.
const maxLandings = 200

// Landings returns where the steps put a file of the context, as it is, and
// where it still is in the image.
func (i *Image) Landings(file string) []Landing {
	v := i.view()
	return slices.DeleteFunc(i.landings(relative(file), map[*stage][]Landing{}), func(l Landing) bool {
		a := v.find(l.Path)
		return a.State != Present || a.From != relative(file)
	})
}

// Holds tells whether the image has a file of the context as it is, wherever.
// It is Absent where no step could have put it into the image.
func (i *Image) Holds(file string) Answer {
	file = relative(file)
	s := i.model.context.look(file)
	if found := i.Landings(file); len(found) > 0 {
		return Answer{State: Present, Kind: s.kind, Why: "it is copied to " + found[0].Path, At: found[0].At, From: file}
	}
	switch s.fate {
	case unseen:
		return Answer{Why: s.why, At: i.stage.At}
	case nowhere, kept, ignored:
		at := s.at
		if at.IsZero() {
			at = i.stage.At
		}
		return Answer{State: Absent, Why: s.why, At: at}
	}
	if places := i.landings(file, map[*stage][]Landing{}); len(places) > 0 {
		a := i.view().find(places[0].Path)
		return Answer{State: min(a.State, Absent), Why: a.Why, At: a.At}
	}
	// A step that is not understood may move it on from a stage that has it.
	for _, n := range i.Stages() {
		for k, step := range i.model.stages[n].Steps {
			if step.Partial || step.Kind != "run" && slices.ContainsFunc(step.Sources, func(s string) bool { return strings.Contains(s, "$") }) {
				return Answer{Why: "what the step copies is not known", At: i.model.stages[n].Steps[k].At}
			}
		}
	}
	return Answer{State: Absent, Why: "nothing copies it", At: i.stage.At}
}

// landings returns where the steps up to the image's end put a file.
func (i *Image) landings(file string, known map[*stage][]Landing) []Landing {
	if all, ok := known[i.stage]; ok {
		return all
	}
	known[i.stage] = nil
	var all []Landing
	if i.stage.parent != nil {
		all = append(all, i.stage.parent.end().landings(file, known)...)
	}
	for n := 0; n < i.upto && len(all) < maxLandings; n++ {
		l := &i.stage.layers[n]
		switch e := l.effect.(type) {
		case made:
			if e.from == file {
				all = append(all, Landing{e.path, l.at})
			}
		case copied:
			if e.src == "" || under(e.src, file) {
				all = append(all, Landing{path.Join(e.dst, rest(e.src, file)), l.at})
			}
		case handed:
			all = append(all, e.carry(i, file, all, known, l.at)...)
		case picked:
			for _, landing := range e.carry(i, file, all, known, l.at) {
				name, _, _ := strings.Cut(rest(e.dst, landing.Path), "/")
				if ok, err := path.Match(e.pattern, name); err == nil && ok {
					all = append(all, landing)
				}
			}
		}
	}
	known[i.stage] = all
	return all
}

// carry returns where what is taken over puts a file.
func (e handed) carry(i *Image, file string, here []Landing, known map[*stage][]Landing, at source.Span) []Landing {
	there := here
	if e.from.stage != i.stage {
		there = e.from.stage.end().landings(file, known)
	}
	var all []Landing
	for _, l := range there {
		if under(e.src, l.Path) && len(all) < maxLandings {
			all = append(all, Landing{path.Join(e.dst, rest(e.src, l.Path)), at})
		}
	}
	return all
}
