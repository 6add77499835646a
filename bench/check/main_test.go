package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Scripts stand for both programs: one is quick, the other slow or broken.
func TestMeasure(t *testing.T) {
	dir := t.TempDir()
	script := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		return file
	}
	quick, slow := script("quick", "exit 1"), script("slow", "sleep 0.2")
	broken := script("broken", "echo no such tree >&2; exit 3")
	var out strings.Builder
	if within, err := measure(&out, quick, slow, dir, 1); err != nil || !within {
		t.Errorf("quick against slow: %v, %v\n%s", within, err, &out)
	}
	if within, err := measure(&out, slow, quick, dir, 1); err != nil || within {
		t.Errorf("slow against quick: %v, %v\n%s", within, err, &out)
	}
	if _, err := measure(&out, broken, quick, dir, 1); err == nil || !strings.Contains(err.Error(), "no such tree") {
		t.Errorf("a broken program: %v", err)
	}
}
