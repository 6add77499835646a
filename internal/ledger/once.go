package ledger

import (
	"sync"

	"rehearse/internal/project"
)

// Once returns what was found out for a key when it was first asked for. Checks
// run side by side, and several may ask for the same. What finds it out may read
// the project, which is to be open then; it names the project's type, so no check
// can be what does (house_test.go).
func (l *Ledger) Once(key any, find func(*project.Project) any) any {
	return remembered(&l.found, key, func() any { return find(l.project) })
}

// remembered keeps what was found out, by key.
func remembered(kept *sync.Map, key any, find func() any) any {
	one, _ := kept.LoadOrStore(key, sync.OnceValue(find))
	return one.(func() any)()
}
