package flow

import "rehearse/internal/syntax"

// Defined returns the function of that name that the file defines, the first
// where there are several; the zero Node where there is none.
func (f *File) Defined(name string) syntax.Node {
	if f.defined == nil {
		f.defined = map[string]syntax.Node{}
		for _, roles := range f.roles {
			for _, r := range roles {
				if r.name != "define" {
					continue
				}
				name, node := r.m.Node("function").Text(), r.m.Node("define")
				if old, ok := f.defined[name]; !ok || node.Start() < old.Start() {
					f.defined[name] = node
				}
			}
		}
	}
	return f.defined[name]
}
