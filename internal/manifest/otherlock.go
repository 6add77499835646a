package manifest

import (
	"bytes"
	"encoding/json"
	"path"
	"regexp"
	"strings"

	"rehearse/internal/source"
)

// madeBy is the first line of a poetry.lock.
var madeBy = regexp.MustCompile(`by Poetry (\d[\w.]*)`)

// tomlLock reads the lockfiles that list [[package]] tables: those of Poetry,
// uv, PDM and Cargo.
func tomlLock(file source.File) (*Lock, error) {
	var lock struct {
		Package  []struct{ Name, Version string }
		Metadata struct {
			Digest string `toml:"content-hash"`
		}
	}
	if err := tomlOf(file, &lock); err != nil {
		return nil, err
	}
	l := &Lock{Format: strings.ToLower(strings.TrimSuffix(path.Base(file.Path), ".lock")), Packages: map[string][]string{}, digest: lock.Metadata.Digest}
	if m := madeBy.FindSubmatch(file.Data[:min(len(file.Data), 200)]); m != nil {
		l.Maker = string(m[1])
	}
	for _, p := range lock.Package {
		name := p.Name
		if l.Format != "cargo" {
			name = Normal(name)
		}
		l.Packages[name] = append(l.Packages[name], p.Version)
	}
	return l, nil
}

// pipfileLock reads a Pipfile.lock.
func pipfileLock(file source.File) (*Lock, error) {
	var lock struct {
		Default, Develop map[string]struct{ Version string }
	}
	if err := json.Unmarshal(file.Data, &lock); err != nil {
		return nil, &Broken{At: source.Span{File: file.Path}, Reason: "not JSON, or not as such a file is"}
	}
	l := &Lock{Format: "pipenv", Packages: map[string][]string{}}
	for _, table := range []map[string]struct{ Version string }{lock.Default, lock.Develop} {
		for name, p := range table {
			l.Packages[Normal(name)] = append(l.Packages[Normal(name)], strings.TrimPrefix(p.Version, "=="))
		}
	}
	return l, nil
}

// gemfileLock reads a Gemfile.lock: its DEPENDENCIES say what the Gemfile asked
// for.
func gemfileLock(file source.File) (*Lock, error) {
	l := &Lock{Format: "bundler", Packages: map[string][]string{}, wanted: map[string]map[string]string{".": {}}}
	section := ""
	for line := range bytes.Lines(file.Data) {
		line := strings.TrimRight(string(line), "\r\n")
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "":
		case line[0] != ' ':
			section = trimmed
		case section == "DEPENDENCIES":
			name, versions, _ := strings.Cut(strings.TrimSuffix(trimmed, "!"), " ")
			l.wanted["."][strings.TrimSuffix(name, "!")] = strings.Trim(versions, "()")
		case strings.HasPrefix(line, "    ") && line[4] != ' ':
			name, version, _ := strings.Cut(trimmed, " ")
			l.Packages[name] = append(l.Packages[name], strings.Trim(version, "()"))
		}
	}
	if len(l.wanted["."]) == 0 {
		delete(l.wanted, ".")
	}
	return l, nil
}

// composerLock reads a composer.lock.
func composerLock(file source.File) (*Lock, error) {
	type pkg struct {
		Name, Version    string
		Replace, Provide json.RawMessage
	}
	var lock struct {
		Packages []pkg
		Dev      []pkg  `json:"packages-dev"`
		Digest   string `json:"content-hash"`
	}
	if err := json.Unmarshal(file.Data, &lock); err != nil {
		return nil, &Broken{At: source.Span{File: file.Path}, Reason: "not JSON, or not as such a file is"}
	}
	l := &Lock{Format: "composer", Packages: map[string][]string{}, digest: lock.Digest}
	for _, p := range append(lock.Packages, lock.Dev...) {
		names := []string{p.Name}
		for _, also := range []json.RawMessage{p.Replace, p.Provide} {
			for name := range jsonMap(also) {
				names = append(names, name)
			}
		}
		for _, name := range names {
			l.Packages[strings.ToLower(name)] = append(l.Packages[strings.ToLower(name)], p.Version)
		}
	}
	return l, nil
}

// goSum reads a go.sum (https://go.dev/ref/mod#go-sum-files).
func goSum(file source.File) (*Lock, error) {
	l := &Lock{Format: "go", keys: map[string]bool{}}
	for line := range bytes.Lines(file.Data) {
		if fields := strings.Fields(string(line)); len(fields) == 3 {
			l.keys[fields[0]+" "+fields[1]] = true
		}
	}
	return l, nil
}
