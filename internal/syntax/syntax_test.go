package syntax

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"rehearse/internal/source"
)

func parse(t testing.TB, lang *Language, text string) *Tree {
	t.Helper()
	tree, err := Parse(context.Background(), lang, source.File{Path: "f", Data: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// found writes the matches of a query, one on a line.
func found(t *testing.T, lang *Language, query, text string) string {
	t.Helper()
	var b strings.Builder
	err := NewQuery(query).Matches(parse(t, lang, text), func(m *Match) {
		var parts []string
		for _, c := range m.Captures() {
			parts = append(parts, c.Name+"="+c.Node.Text())
		}
		fmt.Fprintln(&b, strings.Join(parts, " "))
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestQuery(t *testing.T) {
	for name, c := range map[string]struct{ query, text, want string }{
		"field":           {`(call_expression function: (identifier) @f)`, "f(g(1)); h.i()", "f=g\nf=f\n"},
		"token":           {`(binary_expression left: (_) @l operator: "||")`, "a || b; c && d", "l=a\n"},
		"tokens":          {`(binary_expression operator: ["||" "&&"] right: (_) @r)`, "a || b; c && d; e + f", "r=b\nr=d\n"},
		"first":           {`(arguments . (_) @a)`, "f(1, 2)", "a=1\n"},
		"last":            {`(arguments (_) @a .)`, "f(1, /* c */ 2 /* d */)", "a=2\n"},
		"only":            {`(arguments . (_) @a .)`, "f(1); g(1, 2)", "a=1\n"},
		"next":            {`(arguments (number) @a . (number) @b)`, "f(1, 2, 3)", "a=1 b=2\na=2 b=3\n"},
		"loose":           {`(arguments . (_) @a (_)* (_) @b .)`, "f(1, 2, 3)", "a=1 b=3\n"},
		"optional":        {`(arguments . (_) @a . (string) @b)`, "f(1, 'x'); f(1)", "a=1 b='x'\n"},
		"optional absent": {`(if_statement condition: (_) @i alternative: (_)? @e)`, "if (a) b; if (c) d; else e", "i=(a)\ni=(c) e=else e\n"},
		"negated field":   {`(member_expression object: (_) @o !optional_chain)`, "a.b; c?.d", "o=a\n"},
		"choice":          {`[(string) (number)] @v`, "f('x', 1)", "v='x'\nv=1\n"},
		"nested":          {`(pair key: (_) @k value: (object (pair key: (_) @i)))`, "x = {a: {b: 1, c: 2}}", "k=a i=b\nk=a i=c\n"},
		"eq":              {`((identifier) @i (#eq? @i "a"))`, "a; b", "i=a\n"},
		"not eq":          {`((identifier) @i (#not-eq? @i "a"))`, "a; b", "i=b\n"},
		"any of":          {`((identifier) @i (#any-of? @i "a" "c"))`, "a; b; c", "i=a\ni=c\n"},
		"match":           {`((identifier) @i (#match? @i "^b\\w"))`, "a; b; bc", "i=bc\n"},
		"inside":          {`(call_expression function: (_) @f (#not-match? @f "^g"))`, "f(); g()", "f=f\n"},
		"comment":         {"; text (of \"a\n(number) @n ; more", "1", "n=1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := found(t, JavaScript, c.query, c.text); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestBrokenQuery(t *testing.T) {
	tree := parse(t, JavaScript, "x")
	for query, want := range map[string]string{
		`(nonsense)`: "no node", `(call_expression nonsense: (_))`: "no field", `"nonsense"`: "no token",
		`(identifier`: "missing", `((identifier) @i (#sounds-like? @i "x"))`: "not understood", `[`: "missing",
		`((identifier) @i (#match? @i "("))`: "error parsing regexp", `(identifier)* @x`: "missing", "\n)": "line 2",
	} {
		err := NewQuery(query).Matches(tree, func(*Match) {})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", query, err, want)
		}
	}
}

func TestTree(t *testing.T) {
	text := "const a = {\n  b: f(1),\n};\n"
	tree := parse(t, JavaScript, text)
	at := strings.Index(text, "f(1)")
	call := tree.At(at, at+4)
	if call.Kind() != "call_expression" || call.Text() != "f(1)" {
		t.Errorf("At gives %s %q", call.Kind(), call.Text())
	}
	if s := call.Span(); s.Line != 2 || s.Column != 6 {
		t.Errorf("it stands at %+v", s)
	}
	if p := call.Parent(); p.Kind() != "pair" || p.Field("value").ID() != call.ID() || p.Field("key").Text() != "b" {
		t.Errorf("its parent is %s", p.Kind())
	}
	if n := tree.Root().Children()[0].Next(); !n.IsZero() {
		t.Errorf("behind the last statement stands %s", n.Kind())
	}
	if !(Node{}).Parent().IsZero() || (Node{}).Text() != "" || (Node{}).Field("x").ID() != 0 {
		t.Error("the zero node is something")
	}
}

// TestDeep holds the tree to its shape where it is deep: each node stands in
// its parent, behind its siblings.
func TestDeep(t *testing.T) {
	tree := parse(t, JavaScript, "x = "+strings.Repeat("[", 5000)+strings.Repeat("]", 5000))
	for i, n := range tree.nodes {
		if i > 0 && (n.parent < 0 || n.parent >= int32(i) || tree.nodes[n.parent].start > n.start || tree.nodes[n.parent].end < n.end) {
			t.Fatalf("node %d stands outside of its parent %d", i, n.parent)
		}
		if n.next >= 0 && (tree.nodes[n.next].parent != n.parent || tree.nodes[n.next].start < n.end) {
			t.Fatalf("node %d is followed by %d", i, n.next)
		}
	}
}

func TestParallel(t *testing.T) {
	query := NewQuery(`(identifier) @i`)
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for range 20 {
				n := 0
				if err := query.Matches(parse(t, Python, "a = b(c)"), func(*Match) { n++ }); err != nil || n != 3 {
					t.Errorf("%d matches, error %v", n, err)
				}
			}
		})
	}
}

func FuzzQuery(f *testing.F) {
	f.Add(`((call_expression function: (_) @f arguments: (arguments . (string) @a (_)* (_)? @b .)) (#match? @f "x"))`)
	f.Add(`[(string) "||"] @x ; y`)
	f.Fuzz(func(t *testing.T, query string) {
		tree := parse(t, JavaScript, "f('x', 1, a || b)")
		if err := NewQuery(query).Matches(tree, func(m *Match) { m.Node("f") }); err == nil && strings.Count(query, "(") == 0 && strings.Count(query, "[") == 0 && strings.ContainsAny(query, "@") && !strings.ContainsAny(query, "\"_;") {
			t.Errorf("%q is taken for a query", query)
		}
	})
}
