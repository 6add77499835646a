package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// TestPlenty holds more than what is plenty: the limit on memory is lifted.
func TestPlenty(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(-1)
	defer func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}()
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	unhurried()
	if debug.SetMemoryLimit(-1) != 2*plenty {
		t.Fatal("there is no limit to lift")
	}
	held := make([]byte, 2*plenty)
	for range 1_000 { // what is garbage is told of some time after the collection
		runtime.GC()
		if time.Sleep(time.Millisecond); debug.SetMemoryLimit(-1) == math.MaxInt64 {
			break
		}
	}
	if got := debug.SetMemoryLimit(-1); got != math.MaxInt64 {
		t.Errorf("the limit stays at %d, with %d bytes in use", got, len(held))
	}
	runtime.KeepAlive(held)
}
