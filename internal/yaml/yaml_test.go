package yaml

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"rehearse/internal/source"
)

func mustParse(t *testing.T, text string) []Document {
	t.Helper()
	docs, err := Parse(source.File{Path: "f.yaml", Data: []byte(text)})
	if err != nil {
		t.Fatalf("%v at %+v", err, err.(*Error).At)
	}
	return docs
}

func TestPlaces(t *testing.T) {
	tests := []struct {
		name, text   string
		path         []string
		line, column int
	}{
		{"first", "a: b\n", []string{"a"}, 1, 4},
		{"bytes, not characters", "é: {ü: x}\n", []string{"é", "ü"}, 1, 10},
		{"byte order mark", "\xef\xbb\xbfa: b\n", []string{"a"}, 1, 7},
		{"CRLF", "a: b\r\nc:\r\n  d: e\r\n", []string{"c", "d"}, 3, 6},
		{"a lone CR ends no line of the report", "a: b\rc: d\n", []string{"c"}, 1, 9},
		{"a line separator neither", "a: 'x\u2028y'\nb: c\n", []string{"b"}, 2, 4},
		{"block", "a: |\n  x\nb: c\n", []string{"a"}, 1, 4},
		{"second document", "a: b\n---\n# c\na: d\n", nil, 4, 1},
		{"flow", "{\"a\":\t{\"b\": 1}}", []string{"a", "b"}, 1, 13},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			docs := mustParse(t, test.text)
			at := docs[len(docs)-1].Root.Get(test.path...).Place()
			if at.Line != test.line || at.Column != test.column {
				t.Errorf("got %d:%d, want %d:%d", at.Line, at.Column, test.line, test.column)
			}
		})
	}
}

func TestMerge(t *testing.T) {
	root := mustParse(t, `
base: &base {a: 1, b: 2}
more: &more {b: 3, c: 4}
one: {<<: *base, a: 9}
two: {<<: [*more, *base], d: 5}
again: &again {<<: *more, e: 6}
third: {<<: *again}
`)[0].Root
	for _, test := range []struct{ key, want string }{
		{"one", "a=9 b=2"},
		{"two", "d=5 b=3 c=4 a=1"},
		{"third", "e=6 b=3 c=4"},
	} {
		var got []string
		for _, pair := range root.Get(test.key).Pairs() {
			got = append(got, pair.Name()+"="+pair.Value.Text())
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: got %v, want %s", test.key, got, test.want)
		}
	}
	if at := root.Get("one").KeyAt("b"); at.Line != 2 {
		t.Errorf("a merged key stands where it was written, not at %+v", at)
	}
}

func TestScalars(t *testing.T) {
	root := mustParse(t, "i: 5432\nq: '5432'\nb: true\nn:\nt: ~\ns: x\nd: 2020-01-01\nl: [a, {}, 2]\nr: !reset null\n")[0].Root
	for key, text := range map[string]bool{"i": false, "q": true, "b": false, "n": false, "s": true, "d": true, "l": false} {
		if root.Get(key).IsText() != text {
			t.Errorf("%s: IsText is %t", key, !text)
		}
	}
	if n, ok := root.Get("q").Int(); !ok || n != 5432 {
		t.Error("a quoted number is a number where one is asked for")
	}
	if !root.Get("n").IsNull() || !root.Get("t").IsNull() || !root.Get("none").IsNull() || !root.Get("b").True() {
		t.Error("null or true is not seen")
	}
	if got := root.Get("l").Texts(); fmt.Sprint(got) != "[a 2]" {
		t.Errorf("got %v", got)
	}
	if root.Get("r").Tag() != "!reset" {
		t.Errorf("got tag %q", root.Get("r").Tag())
	}
}

func TestDuplicates(t *testing.T) {
	docs := mustParse(t, "a: 1\nb: 2\na: 3\n")
	d := docs[0].Duplicates
	if len(d) != 1 || d[0].Key != "a" || d[0].At.Line != 3 || d[0].First.Line != 1 || docs[0].Root.Get("a").Text() != "3" {
		t.Errorf("got %+v", d)
	}
}

func TestNothing(t *testing.T) {
	for _, text := range []string{"", "\n", "# c\n", "---\n---\n", "null\n", "\xef\xbb\xbf"} {
		if docs := mustParse(t, text); len(docs) != 0 {
			t.Errorf("%q gives %d documents", text, len(docs))
		}
	}
}

func TestErrors(t *testing.T) {
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 20; i++ {
		prev := fmt.Sprintf("*a%d", i-1)
		bomb += fmt.Sprintf("a%d: &a%d [%s%s]\n", i, i, prev, strings.Repeat(", "+prev, 8))
	}
	tests := []struct {
		name, text string
		line       int
		reason     string
		template   bool
	}{
		{"tab", "a:\n\tb: c\n", 2, "cannot start any token", false},
		{"colon", "a: b\nc: d: e\n", 2, "mapping values", false},
		{"first line", "a: b: c\n", 1, "mapping values", false},
		{"indentation", "a:\n  b: c\n d: e\n", 3, "did not find", false},
		{"open", "a: [b\n", 1, "did not find", false},
		{"quote", "a: b\nc: 'd\n", 2, "end of stream", false},
		{"template", "a: {{ .Values.x }}\nb: {{- if x }}\n", 2, "", true},
		{"expression", "a: ${{ x }}\nb: [\n", 2, "did not find", false},
		{"alias", "a: 1\nb: *hunter2\n", 2, "not defined", false},
		{"cycle", "a: &a\n  b: *a\n", 2, "within what it refers to", false},
		{"merge cycle", "a: &a\n  <<: *a\n", 2, "within what it refers to", false},
		{"merge of a text", "<<: x\n", 1, "takes a mapping", false},
		{"bomb", bomb, 7, "too many values", false},
		{"deep", strings.Repeat("[", 5000) + strings.Repeat("]", 5000), 1, "nests too deep", false},
		{"latin 1", "a: b\nb: caf\xe9\n", 2, "UTF-8", false},
		{"control", "a: b\nb: \x01\n", 2, "control character", false},
		{"binary", "a: \x00", 0, "no text", false},
		{"large", strings.Repeat("#", MaxSize+1), 0, "16 MiB", false},
		{"many", strings.Repeat("-\n", MaxNodes+1), 0, "too many values", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse(source.File{Path: "f.yaml", Data: []byte(test.text)})
			var broken *Error
			if !errors.As(err, &broken) {
				t.Fatalf("got %v", err)
			}
			if broken.At.Line != test.line || broken.At.File != "f.yaml" || !strings.Contains(broken.Reason, test.reason) || broken.Template != test.template {
				t.Errorf("got %+v %q template=%t", broken.At, broken.Reason, broken.Template)
			}
			if strings.Contains(broken.Reason, "hunter2") {
				t.Errorf("quotes the file: %s", broken.Reason)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a: b\n", "- &x {a: 1}\n- {<<: *x}\n", "a: |\n  x\n\u2028b: c\r", "{{ x }}", "? [a]\n: b\n", "a: &a [*a]", "!!binary x: !t y"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, err := Parse(source.File{Path: "f.yaml", Data: data})
		lines := strings.Count(string(data), "\n") + 1
		if err != nil {
			if at := err.(*Error).At; at.Line > lines {
				t.Fatalf("an error behind the file: %+v", at)
			}
			return
		}
		for _, doc := range docs {
			walk(t, doc.Root, lines, 0)
		}
	})
}

func walk(t *testing.T, n *Node, lines, depth int) {
	if n.At.Line < 1 || n.At.Line > lines || n.At.Column < 1 || depth > MaxDepth+1 {
		t.Fatalf("at %+v, depth %d", n.At, depth)
	}
	for _, pair := range n.Pairs() {
		walk(t, pair.Value, lines, depth+1)
	}
	for _, item := range n.Items() {
		walk(t, item, lines, depth+1)
	}
}
