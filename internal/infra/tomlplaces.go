package infra

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/source"
)

// tomlPlaces knows the lines of a file in TOML: the parser tells none. Keys are
// paths whose parts are separated by a zero byte; of a table that is one of
// several the number stands behind its name.
type tomlPlaces struct {
	file  string
	lines map[string]source.Span
}

func (p *tomlPlaces) numbered(path string, n int) string { return path + "\x01" + strconv.Itoa(n) }

func (p *tomlPlaces) at(path, table string) source.Span {
	if p == nil {
		return source.Span{}
	}
	for _, key := range []string{path, table} {
		for key != "" {
			if at, ok := p.lines[key]; ok {
				return at
			}
			key = key[:max(strings.LastIndexByte(key, 0), 0)]
		}
	}
	return source.Span{File: p.file, Line: 1}
}

// locate finds the lines on which tables begin and keys stand. What it takes
// for a key within a text of several lines is asked for by nobody.
func locate(file, text string) *tomlPlaces {
	p := &tomlPlaces{file: file, lines: map[string]source.Span{}}
	counts := map[string]int{}
	table := ""
	for i, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		at := source.Span{File: file, Line: i + 1, Column: len(line) - len(strings.TrimLeft(line, " \t")) + 1}
		if rest, ok := strings.CutPrefix(trimmed, "[["); ok {
			name, _, _ := strings.Cut(rest, "]]")
			path := p.within(keyPath(name), counts)
			table = p.numbered(path, counts[path])
			counts[path]++
			p.add(path, at)
			p.add(table, at)
			continue
		}
		if rest, ok := strings.CutPrefix(trimmed, "["); ok && !strings.Contains(rest, "=") {
			name, _, _ := strings.Cut(rest, "]")
			table = p.within(keyPath(name), counts)
			p.add(table, at)
			continue
		}
		key, _, ok := strings.Cut(trimmed, "=")
		if !ok || strings.HasPrefix(trimmed, "#") {
			continue
		}
		path := keyPath(key)
		if table != "" {
			path = table + "\x00" + path
		}
		p.add(path, at)
	}
	return p
}

func (p *tomlPlaces) add(path string, at source.Span) {
	if _, twice := p.lines[path]; !twice {
		p.lines[path] = at
	}
}

// within puts the last number of a table that is one of several into the path
// of one below it.
func (p *tomlPlaces) within(path string, counts map[string]int) string {
	parts := strings.Split(path, "\x00")
	if len(parts) > maxBrackets {
		return path
	}
	for i := 1; i < len(parts); i++ {
		above := strings.Join(parts[:i], "\x00")
		if n := counts[above]; n > 0 {
			return p.numbered(above, n-1) + "\x00" + strings.Join(parts[i:], "\x00")
		}
	}
	return path
}

// keyPath returns a dotted key as a path.
func keyPath(key string) string {
	parts := strings.Split(strings.TrimSpace(key), ".")
	if strings.ContainsAny(key, `"'`) {
		parts = []string{key} // a quoted key is one name
	}
	for i := range parts {
		parts[i] = strings.Trim(strings.TrimSpace(parts[i]), `"'`)
	}
	return strings.Join(parts, "\x00")
}

// scalar returns a value of TOML or JSON as the text that a variable has.
func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool, int64:
		return fmt.Sprint(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}

func sortByPlace(keys []string, at func(string) source.Span) {
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(at(a).Compare(at(b)), cmp.Compare(a, b)) })
}
