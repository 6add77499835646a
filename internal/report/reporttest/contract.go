package reporttest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// contract is the shape of the document, written down a second time and read
// from a file that is no Go: a renamed, reordered, added or dropped field fails.
// Each line is a field in its order: its path, and its type. A type is one of
// object, list, text, int, bool, null, =CONSTANT, /PATTERN/ or alternatives
// with |; a path that ends in ? may be missing.
type contract struct {
	order  map[string][]string // the fields of an object, in order
	kind   map[string]string
	option map[string]bool
}

//go:embed contract.txt
var written string

func readContract() (contract, error) {
	c := contract{map[string][]string{}, map[string]string{"": "object"}, map[string]bool{}}
	for line := range strings.Lines(written) {
		path, kind, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			return c, fmt.Errorf("contract: %q", line)
		}
		path, optional := strings.CutSuffix(path, "?")
		c.kind[path], c.option[path] = strings.TrimSpace(kind), optional
		if parent, field := cut(path); field != "[]" {
			c.order[parent] = append(c.order[parent], field)
		}
	}
	return c, nil
}

// cut cuts the last step off a path: "a.b[].c" into "a.b[]" and "c".
func cut(path string) (parent, step string) {
	if p, ok := strings.CutSuffix(path, "[]"); ok {
		return p, "[]"
	}
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		return path[:i], path[i+1:]
	}
	return "", path
}

// check walks the tokens of a document, so that it sees the order of fields.
func (c contract) check(d *json.Decoder, path string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	got := ""
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return c.object(d, path)
		}
		if !c.allows(path, "list") {
			return fmt.Errorf("%s is a list, want %s", path, c.kind[path])
		}
		for d.More() {
			if err := c.check(d, path+"[]"); err != nil {
				return err
			}
		}
		_, err := d.Token()
		return err
	case string:
		if c.allows(path, "text") || c.matches(path, token) {
			return nil
		}
		got = fmt.Sprintf("%q", token)
	case json.Number:
		if _, err := token.Int64(); err == nil && c.allows(path, "int") {
			return nil
		}
		got = token.String()
	case bool:
		got = "bool"
	case nil:
		got = "null"
	}
	if !c.allows(path, got) {
		return fmt.Errorf("%s is %s, want %q", path, got, c.kind[path])
	}
	return nil
}

func (c contract) allows(path, kind string) bool {
	return slices.Contains(strings.Split(c.kind[path], "|"), kind)
}

func (c contract) matches(path, text string) bool {
	kind := c.kind[path]
	if pattern, ok := strings.CutPrefix(kind, "/"); ok {
		return regexp.MustCompile("^(?:" + strings.TrimSuffix(pattern, "/") + ")$").MatchString(text)
	}
	return kind == "="+text
}

func (c contract) object(d *json.Decoder, path string) error {
	if !c.allows(path, "object") {
		return fmt.Errorf("%s is an object, want %q", path, c.kind[path])
	}
	want := c.order[path]
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		field := token.(string)
		at := strings.TrimPrefix(path+"."+field, ".")
		for len(want) > 0 && want[0] != field && c.option[strings.TrimPrefix(path+"."+want[0], ".")] {
			want = want[1:]
		}
		if len(want) == 0 || want[0] != field {
			return fmt.Errorf("%s stands where %v is wanted", at, want)
		}
		want = want[1:]
		if err := c.check(d, at); err != nil {
			return err
		}
	}
	for _, field := range want {
		if !c.option[strings.TrimPrefix(path+"."+field, ".")] {
			return fmt.Errorf("%s.%s is missing", path, field)
		}
	}
	_, err := d.Token()
	return err
}

// Conforms returns how a JSON document departs from the contract, or nil.
func Conforms(text string) error {
	c, err := readContract()
	if err != nil {
		return err
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := c.check(d, ""); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("something stands behind the document")
	}
	return nil
}
