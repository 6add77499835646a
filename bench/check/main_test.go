package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rehearse/bench/grow"
	"rehearse/internal/cli"
	"rehearse/internal/lang"
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

// few are the languages of which a project has few files, which are small: all
// that use a variable are read.
var few = map[string]bool{"shell": true, "template": true, "spring": true, "hocon": true}

// short are triggers of fewer than three bytes that tell all the same.
var short = map[string]bool{"%x": true}

// A trigger is one line, as ripgrep wants it, and tells: of ordinary code, few
// files have it.
func TestTriggers(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := grow.Tree(dir, grow.Size{Files: 3000, Bytes: 8 << 20, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files[filepath.ToSlash(name)], err = os.ReadFile(name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, reader := range cli.Languages() {
		all, with := 0, map[string]int{}
		for name, data := range files {
			if !lang.Fits(reader, name) {
				continue
			}
			all++
			for _, text := range reader.Triggers() {
				if bytes.Contains(data, []byte(text)) {
					with[text]++
				}
			}
		}
		for _, text := range reader.Triggers() {
			if strings.ContainsAny(text, "\r\n") || text == "" {
				t.Errorf("%s: the trigger %q is no text of a line", reader.Language(), text)
			}
			if few[reader.Language()] {
				continue
			}
			if len(text) < 3 && !short[text] {
				t.Errorf("%s: the trigger %q is too short", reader.Language(), text)
			}
			if all > 20 && with[text]*10 > all {
				t.Errorf("%s: the trigger %q stands in %d of %d files", reader.Language(), text, with[text], all)
			}
		}
	}
}
