package ledger

import (
	"sync"
	"sync/atomic"
	"testing"

	"rehearse/internal/project"
)

// TestOnce asks side by side, as checks do: each key is found out once, with the
// ledger's project, and everybody is given the same.
func TestOnce(t *testing.T) {
	l := &Ledger{project: &project.Project{}}
	var found atomic.Int64
	ask := func(key string) any {
		return l.Once(key, func(p *project.Project) any {
			if p != l.project {
				t.Error("it is another project")
			}
			found.Add(1)
			return key + "!"
		})
	}
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			key := []string{"a", "b"}[i%2]
			if got := ask(key); got != key+"!" {
				t.Errorf("Once(%q) = %v", key, got)
			}
		})
	}
	all.Wait()
	if found.Load() != 2 {
		t.Errorf("2 keys were found out %d times", found.Load())
	}
}
