package packages

import "sync"

// memo holds what was found out once for each key. Checks run side by side, and
// several may ask for the same.
type memo[K comparable, V any] struct{ found sync.Map }

func (m *memo[K, V]) get(key K, find func() V) V {
	if once, ok := m.found.Load(key); ok {
		return once.(func() V)()
	}
	once, _ := m.found.LoadOrStore(key, sync.OnceValue(find))
	return once.(func() V)()
}
