// Package stock knows images that everybody knows, by a table: which variables
// their programs read, and without which they refuse to start.
package stock

import (
	_ "embed"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/images.txt
var table string

// Image is an image of the table.
type Image struct {
	Sources  []string          // pages that its rules rest on
	Reads    []string          // variables that it reads
	Needs    [][]string        // of each group one must have a value
	Whole    []string          // all of these have a value, or none
	Old      map[string]string // names that were read once, to those that are read instead
	Programs []string          // that it starts; none where every start asks for what is needed
	since    [][]int
}

// Of returns the image of the table that a reference names, as it is at that
// version; nil where the table does not have it, or the version asks for nothing.
func Of(reference string) *Image {
	name, tag := split(reference)
	found := images()[name]
	if found == nil || !found.asks(tag) {
		return nil
	}
	return found
}

// split parts a reference into the repository, without the names of Docker's own
// registry, and the tag.
// (distribution/reference: the registry docker.io and the namespace library are implied.)
func split(reference string) (name, tag string) {
	name, _, _ = strings.Cut(reference, "@")
	if colon := strings.LastIndexByte(name, ':'); colon > strings.LastIndexByte(name, '/') {
		name, tag = name[:colon], name[colon+1:]
	}
	for _, registry := range []string{"docker.io/", "index.docker.io/", "registry-1.docker.io/", "public.ecr.aws/docker/", "mirror.gcr.io/"} {
		name = strings.TrimPrefix(name, registry)
	}
	return name, tag
}

var images = sync.OnceValue(func() map[string]*Image {
	all := map[string]*Image{}
	var last *Image
	for line := range strings.Lines(table) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case line[0] != '\t':
			last = &Image{Old: map[string]string{}}
			for _, name := range words {
				all[name] = last
			}
		default:
			last.say(words[0], words[1:])
		}
	}
	return all
})

// say takes in a line of an entry.
func (i *Image) say(field string, words []string) {
	switch field {
	case "from":
		i.Sources = append(i.Sources, words...)
	case "reads":
		i.Reads = append(i.Reads, words...)
	case "needs":
		i.Needs = append(i.Needs, words)
	case "whole":
		i.Whole = words
	case "old":
		i.Old[words[0]] = words[1]
	case "program":
		i.Programs = words
	case "since":
		for _, w := range words {
			i.since = append(i.since, numbers(w))
		}
	}
}

// Starts reports whether a start with that command is one of the image's own
// program: entrypoints ask for nothing where something else is run.
func (i *Image) Starts(command []string) bool {
	if len(command) == 0 || len(i.Programs) == 0 || strings.HasPrefix(command[0], "-") {
		return true
	}
	program := path.Base(command[0])
	return slices.ContainsFunc(i.Programs, func(p string) bool { return path.Base(p) == program })
}

// asks reports whether the image asks for what it needs at a version. A tag that
// leaves out its last numbers is the last of its branch; one without any is the
// last of all.
func (i *Image) asks(tag string) bool {
	version := numbers(tag)
	if len(i.since) == 0 || len(version) == 0 {
		return true
	}
	later := false
	for _, first := range i.since {
		last := len(first) - 1
		common := min(len(version), last)
		switch {
		case slices.Equal(version[:common], first[:common]):
			return len(version) <= last || version[last] >= first[last]
		case slices.Compare(version, first) > 0:
			later = true
		default:
			later = false
		}
	}
	return later
}

// numbers returns the numbers that a tag begins with: 12.2 of 12.2-alpine.
func numbers(tag string) []int {
	tag, _, _ = strings.Cut(strings.TrimPrefix(tag, "v"), "-")
	var all []int
	for _, part := range strings.Split(tag, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			break
		}
		all = append(all, n)
	}
	return all
}
