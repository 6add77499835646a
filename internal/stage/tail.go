package stage

import (
	"strings"
	"sync"
)

// tailSize bounds what is kept of each stream of a process, in bytes.
const tailSize = 64 << 10

// tail keeps the end of a stream.
type tail struct {
	mu   sync.Mutex
	ring []byte
	next int  // where the next byte goes once the ring is full
	full bool // bytes were dropped
}

func (t *tail) write(p []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(p) > tailSize {
		p, t.full = p[len(p)-tailSize:], true
	}
	room := min(tailSize-len(t.ring), len(p))
	t.ring = append(t.ring, p[:room]...)
	for p = p[room:]; len(p) > 0; {
		t.full = true
		n := copy(t.ring[t.next:], p)
		t.next = (t.next + n) % tailSize
		p = p[n:]
	}
}

// String gives what is kept; where the beginning was dropped, from the first
// whole line on.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := string(t.ring[t.next:]) + string(t.ring[:t.next])
	if t.full {
		if _, rest, ok := strings.Cut(s, "\n"); ok {
			return rest
		}
	}
	return s
}
