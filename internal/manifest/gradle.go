package manifest

import (
	"bytes"
	"regexp"
	"strings"

	"rehearse/internal/source"
)

// gradleAsks is a dependency that a build of Gradle names with its version, for what
// runs in production
// (https://docs.gradle.org/current/userguide/declaring_dependencies.html). One that
// a catalog or a platform gives a version is not told here.
var gradleAsks = regexp.MustCompile(`(?m)^\s*(?:implementation|api|runtimeOnly|compile|runtime)\s*\(?\s*["']([\w.-]+:[\w.-]+):(\d[\w.-]*)["']`)

// maxAsks is how many dependencies of one build are read.
const maxAsks = 500

func gradleDependencies(file source.File) []Dependency {
	var all []Dependency
	for _, at := range gradleAsks.FindAllSubmatchIndex(file.Data, maxAsks) {
		all = append(all, Dependency{
			Name: string(file.Data[at[2]:at[3]]), Range: string(file.Data[at[4]:at[5]]), At: source.Span{File: file.Path, Line: lineOf(file.Data, at[2])},
		})
	}
	return all
}

// gradleLock reads a gradle.lockfile: "group:name:version=configurations", and empty=
// for configurations without dependencies
// (https://docs.gradle.org/current/userguide/dependency_locking.html#lock_state_location_and_format).
func gradleLock(file source.File) (*Lock, error) {
	l := &Lock{Format: "gradle", Packages: map[string][]string{}}
	n := 0
	for line := range bytes.Lines(file.Data) {
		n++
		text := strings.TrimSpace(string(line))
		if text == "" || text[0] == '#' {
			continue
		}
		module, _, ok := strings.Cut(text, "=")
		parts := strings.Split(module, ":")
		switch {
		case ok && module == "empty":
		case ok && len(parts) == 3:
			name := parts[0] + ":" + parts[1]
			l.Packages[name] = append(l.Packages[name], parts[2])
		default:
			return nil, &Broken{At: source.Span{File: file.Path, Line: n}, Reason: "a line of it names no dependency"}
		}
	}
	return l, nil
}
