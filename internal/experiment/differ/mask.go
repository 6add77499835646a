package differ

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"rehearse/internal/scene"
)

// mask hides what is volatile in an answer: what was not the same when the
// local environment was asked twice.
type mask struct {
	unstable bool            // even the status, or the shape, was not the same
	redirect bool            // where it leads is not compared
	body     bool            // nothing of the body is compared
	paths    map[string]bool // of a JSON body: what is not compared
	words    map[int]bool    // of another body: which words are not
}

func newMask(first, second scene.Answer) mask {
	m := mask{paths: map[string]bool{}, words: map[int]bool{}}
	if first.Status != second.Status || first.Failed != second.Failed || kind(first) != kind(second) {
		m.unstable = true
		return m
	}
	m.redirect = location(first) != location(second)
	a, isJSON := decode(first)
	b, also := decode(second)
	if isJSON && also {
		differences(a, b, "", func(path string) { m.paths[path] = true })
		return m
	}
	x, y := split(first.Body), split(second.Body)
	if len(x) != len(y) {
		m.body = true
		return m
	}
	for i := range x {
		if x[i] != y[i] {
			m.words[i] = true
		}
	}
	return m
}

// and returns the mask that hides what either hides.
func (m mask) and(o mask) mask {
	both := mask{
		unstable: m.unstable || o.unstable, redirect: m.redirect || o.redirect, body: m.body || o.body,
		paths: map[string]bool{}, words: map[int]bool{},
	}
	for _, in := range []mask{m, o} {
		maps.Copy(both.paths, in.paths)
		maps.Copy(both.words, in.words)
	}
	return both
}

// compare returns how the body is not what it was, or "".
func (m mask) compare(was, is scene.Answer) string {
	if m.body {
		return ""
	}
	a, isJSON := decode(was)
	b, also := decode(is)
	if isJSON && also {
		var seen []string
		differences(a, b, "", func(path string) {
			if !m.hides(path) {
				seen = append(seen, path)
			}
		})
		switch {
		case len(seen) == 0:
			return ""
		case seen[0] == "": // it is another as a whole
			return "another body"
		}
		return "another body, at " + seen[0]
	}
	x, y := split(was.Body), split(is.Body)
	if len(x) != len(y) {
		return "another body"
	}
	for i := range x {
		if x[i] != y[i] && !m.words[i] {
			return "another body"
		}
	}
	return ""
}

// hides reports whether a path or one above it is masked.
func (m mask) hides(path string) bool {
	for end := len(path); end >= 0; end-- {
		if (end == len(path) || path[end] == '.' || path[end] == '[') && m.paths[path[:end]] {
			return true
		}
	}
	return false
}

func decode(a scene.Answer) (any, bool) {
	var value any
	err := json.Unmarshal(a.Body, &value)
	return value, err == nil
}

// differences calls found with the path of each value that is not the same.
func differences(a, b any, path string, found func(string)) {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			break
		}
		var keys []string
		for k := range x {
			keys = append(keys, k)
		}
		for k := range y {
			if _, both := x[k]; !both {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		if len(keys) > len(x) && len(keys) > len(y) {
			break // other keys, not one more or less: they may be numbers or times
		}
		for _, k := range keys {
			in, has := x[k]
			other, hasToo := y[k]
			if has != hasToo {
				found(path + "." + k)
				continue
			}
			differences(in, other, path+"."+k, found)
		}
		return
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			break
		}
		for i := range x {
			differences(x[i], y[i], path+"["+strconv.Itoa(i)+"]", found)
		}
		return
	default:
		if fmt.Sprintf("%T", a) == fmt.Sprintf("%T", b) && fmt.Sprint(a) == fmt.Sprint(b) {
			return
		}
	}
	found(path)
}

// word splits a text that is no JSON into words and what stands between.
var word = regexp.MustCompile(`[\pL\pN_-]+|[^\pL\pN_-]+`)

func split(body []byte) []string { return word.FindAllString(string(body), -1) }
