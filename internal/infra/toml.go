package infra

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// The bounds on a file in TOML. Definitions that people write have some
// kilobytes.
const (
	maxTOML     = 1 << 20 // bytes
	maxBrackets = 64      // open at once
)

// Table is a table of a file in TOML, with the places of its keys. Its methods
// may be called on the zero Table, which stands for what is not there.
type Table struct {
	values map[string]any
	path   string
	places *tomlPlaces
}

// TOML returns the root table of a file, for the members whose format is TOML.
// Errors are of type *Error.
func TOML(file source.File) (Table, error) {
	text := strings.TrimPrefix(string(file.Data), "\xef\xbb\xbf")
	at := source.Span{File: file.Path}
	switch {
	case len(text) > maxTOML:
		return Table{}, &Error{At: at, Reason: "is larger than 1 MiB"}
	case !utf8.ValidString(text):
		return Table{}, &Error{At: at, Reason: "is not in UTF-8"}
	case deep(text):
		return Table{}, &Error{At: at, Reason: "nests too deep"}
	}
	values := map[string]any{}
	if _, err := toml.Decode(text, &values); err != nil {
		var broken toml.ParseError
		if errors.As(err, &broken) {
			at.Line = min(max(broken.Position.Line, 1), strings.Count(string(file.Data), "\n")+1)
		}
		return Table{}, &Error{At: at, Reason: "is not valid TOML"} // the parser's own words quote the file
	}
	return Table{values: values, places: locate(file.Path, text)}, nil
}

// deep reports whether brackets are nested deeper than a definition has them.
func deep(text string) bool {
	open := 0
	for i := range len(text) {
		switch text[i] {
		case '[', '{':
			open++
		case ']', '}':
			open = max(open-1, 0)
		case '\n':
			if open > maxBrackets {
				return true
			}
		}
	}
	return open > maxBrackets
}

// IsZero reports whether there is no such table.
func (t Table) IsZero() bool { return t.values == nil }

// Table returns the table of a key.
func (t Table) Table(key string) Table {
	values, _ := t.values[key].(map[string]any)
	return Table{values, t.join(key), t.places}
}

// Tables returns the tables of a key that has several, or one.
func (t Table) Tables(key string) []Table {
	var all []Table
	add := func(values map[string]any) {
		all = append(all, Table{values, t.places.numbered(t.join(key), len(all)), t.places})
	}
	switch v := t.values[key].(type) {
	case map[string]any:
		return []Table{t.Table(key)}
	case []map[string]any:
		for _, values := range v {
			add(values)
		}
	case []any:
		for _, item := range v {
			if values, ok := item.(map[string]any); ok {
				add(values)
			}
		}
	}
	return all
}

// Keys returns the keys of the table in the order of the file.
func (t Table) Keys() []string {
	keys := make([]string, 0, len(t.values))
	for key := range t.values {
		keys = append(keys, key)
	}
	sortByPlace(keys, t.At)
	return keys
}

// Text returns a text, a number or a boolean as a variable would have it.
func (t Table) Text(key string) string {
	text, _ := scalar(t.values[key])
	return text
}

// Int returns a whole number; 0 where there is none.
func (t Table) Int(key string) int {
	n, _ := t.values[key].(int64)
	return int(n)
}

// Texts returns a list of texts, or the one text that stands for it.
func (t Table) Texts(key string) []string {
	if text, ok := scalar(t.values[key]); ok {
		return []string{text}
	}
	items, _ := t.values[key].([]any)
	var all []string
	for _, item := range items {
		if text, ok := scalar(item); ok {
			all = append(all, text)
		}
	}
	return all
}

// At returns where a key stands; where that is not known, the table.
func (t Table) At(key string) source.Span { return t.places.at(t.join(key), t.path) }

// Place returns where the table begins.
func (t Table) Place() source.Span { return t.places.at(t.path, t.path) }

// Variables returns the scalars of the table as variables.
func (t Table) Variables() []fact.Supply {
	var all []fact.Supply
	for _, key := range t.Keys() {
		if text, ok := scalar(t.values[key]); ok {
			all = append(all, fact.Supply{Kind: fact.Variable, Name: key, At: t.At(key), Value: fact.Text(text)})
		}
	}
	return all
}

func (t Table) join(key string) string {
	if t.path == "" {
		return key
	}
	return t.path + "\x00" + key
}
