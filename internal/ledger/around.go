package ledger

import (
	"path"

	"rehearse/internal/source"
)

// Around returns the name of the component in whose folder a file lies, the
// innermost; where it lies in none, that of the first.
func (l *Ledger) Around(file string) string {
	var best *Component
	for _, c := range l.Components {
		if source.Under(c.Dir, file) && (best == nil || len(path.Clean(c.Dir)) > len(path.Clean(best.Dir)) || best.Library && best.Dir == c.Dir) {
			best = c
		}
	}
	switch {
	case best != nil:
		return best.Name
	case len(l.Components) > 0:
		return l.Components[0].Name
	}
	return ""
}

// Owning returns the name of the component that a file belongs to, the one with
// the nearest folder; "" where it belongs to none.
func (l *Ledger) Owning(file string) string {
	name, depth := "", -1
	for _, c := range l.Components {
		if source.Under(c.Dir, file) && len(path.Clean(c.Dir)) > depth {
			name, depth = c.Name, len(path.Clean(c.Dir))
		}
	}
	return name
}
