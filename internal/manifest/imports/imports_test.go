package imports_test

import (
	"fmt"
	"strings"
	"testing"

	"rehearse/internal/manifest/imports"
)

// shown writes imports down: the name, and a mark for each thing that is said of
// it.
func shown(found []imports.Import) string {
	var all []string
	for _, m := range found {
		text := m.Name
		for _, mark := range []struct {
			is   bool
			text string
		}{{m.Types, "types"}, {m.Guarded, "guarded"}, {m.Lazy, "lazy"}, {m.Form == imports.Alone, "alone"}, {m.Form == imports.Require, "require"}, {m.Form == imports.Dynamic, "dynamic"}} {
			if mark.is {
				text += " " + mark.text
			}
		}
		if len(m.Binds) > 0 {
			text += " (" + strings.Join(m.Binds, " ") + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func TestJavaScript(t *testing.T) {
	for code, want := range map[string]string{
		`import a from "x"`:                                   "x (a)",
		`import * as a from 'x';`:                             "x (a)",
		`import a, {b, c as d} from 'x'`:                      "x (a b d)",
		"import {\n  a, // the first\n  b,\n} from 'x'":       "x (a b)",
		`import{a}from"x"`:                                    "x (a)",
		`import "x"; import './y'`:                            "x alone; ./y alone",
		`import type A from "x"`:                              "x types (A)",
		`import type {A} from "x"`:                            "x types (A)",
		`import type * as A from "x"`:                         "x types (A)",
		`import type from "x"`:                                "x (type)",
		`import type, {a} from "x"`:                           "x (type a)",
		`import {type A, type B} from "x"`:                    "x types (A B)",
		`import {type A, b} from "x"`:                         "x (A b)",
		`import typeof A from "x"`:                            "x types (A)",
		`import a = require("x")`:                             "x require (a)",
		`import {default as a, "b-c" as d} from 'x'`:          "x (a d)",
		`export * from "x"`:                                   "x",
		`export * as y from "x"`:                              "x (y)",
		`export {a, b} from "x"`:                              "x (a b)",
		`export type {A} from "x"`:                            "x types (A)",
		`export {a, b}; const from = "x"`:                     "",
		`export type A = "x"`:                                 "",
		`const a = require("x")`:                              "x require",
		`require.resolve('x')`:                                "x require",
		"require(`x`)":                                        "x require",
		"require(`x${a}`)":                                    "",
		`require("x" + a)`:                                    "",
		`foo.require("x"); function require(a) {}`:            "",
		`function f() { require("x") }`:                       "x lazy require",
		`const o = { a: require("x") }`:                       "x require",
		`try { require("x") } catch { require("y") }`:         "x guarded require; y require",
		`if (a) { require("x") }`:                             "x lazy require",
		`if (a) b(require("x")); require("y")`:                "x lazy require; y require",
		"if (a)\n  require('x')\nelse require('y')":           "x lazy require; y lazy require",
		`const f = () => require("x")`:                        "x lazy require",
		`a && require("x"); const b = c ? require("y") : 0`:   "x lazy require; y lazy require",
		`const p = [require("y")]`:                            "y require",
		`const a = await import("x")`:                         "x lazy dynamic",
		`import(/* webpackChunkName: "a" */ "x")`:             "x lazy dynamic",
		`import("x").catch(() => {})`:                         "x guarded lazy dynamic",
		`import(name)`:                                        "",
		`import.meta.url`:                                     "",
		`// import a from "x"`:                                "",
		"/* import a from 'x' */ import b from 'y'":           "y (b)",
		`const s = "import a from 'x'"`:                       "",
		"const s = `import a from 'x'`; import b from 'y'":    "y (b)",
		"const s = `${require('x')} import a from 'y'`":       "x require",
		"const s = `a ${ `b ${ {c: 1} } import 'x'` }`":       "",
		`const r = /['"]/; require("x")`:                      "x require",
		`const r = a / b; const s = "/"; require("x")`:        "x require",
		`const r = /[/'"]/g.test(a); require("x")`:            "x require",
		"const a = <p>Don't</p>;\nrequire('x')":               "x require",
		`...require("x")`:                                     "x require",
		"#!/usr/bin/env node\nrequire('x')":                   "x require",
		"import a from 'x'\nconst t = `${`\nimport 'y'":       "x (a)",
		`@Component({}) class A { import = 1; }`:              "",
		`import a from "x" with { type: "json" }`:             "x (a)",
		`import {a} from 'x';import {b} from 'y'`:             "x (a); y (b)",
		"import {\n/* none */\n} from 'x'":                    "x",
		`a.import("x"); a?.require("y")`:                      "",
		`throw /x/; "require('y')"`:                           "",
		`module.exports = {"import": 1, require: () => "x" }`: "",
	} {
		if got := shown(imports.JavaScript([]byte(code))); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", code, got, want)
		}
	}
}

func TestPython(t *testing.T) {
	for code, want := range map[string]string{
		"import a":           "a",
		"import a.b as c, d": "a.b; d",
		"from a.b import c":  "a.b (c)",
		"from . import c":    ". (c)",
		"from ..a import (\n    b,\n    c as d,\n)": "..a (b c)",
		"import a  # why":                                                 "a",
		"'''\nimport a\n'''\nimport b":                                    "b",
		"x = \"\"\"\nimport a\n\"\"\"; y = '''\n'''\nimport b":            "b",
		"try:\n    import a\nexcept ImportError:\n    import b\nimport c": "a guarded; b guarded; c",
		"def f():\n    import a\n\nimport b":                              "a lazy; b",
		"if TYPE_CHECKING:\n    from a import B\nimport c":                "a types lazy (B); c",
		"# import a\nimportant = 1\nfrom_ = 2":                            "",
		"s = 'import a'":                                                  "",
		"class A:\n    import a":                                          "a",
		"with suppress(ImportError):\n    import a":                       "a guarded",
	} {
		if got := shown(imports.Python([]byte(code))); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", code, got, want)
		}
	}
}

func TestLoaded(t *testing.T) {
	for code, want := range map[string]bool{
		`import {A} from "x"; const a: A = f()`:                            false,
		`import {A} from "x"; const a = new A()`:                           true,
		`import {A} from "x"; A()`:                                         true,
		`import A from "x"; A.do()`:                                        true,
		`import A from "x"; function f(a: A.B, c: A) {}`:                   false,
		`import {A} from "x"; class B extends A {}`:                        true,
		`import {A} from "x"; interface B extends A {}`:                    false,
		`import {A} from "x"; type B = A`:                                  false,
		"import {A} from 'x'\n@A()\nclass B {}":                            true,
		`import {A} from "x"; f(A)`:                                        true,
		`import {A} from "x"; let a = b as A`:                              false,
		`import {A} from "x"; let a: Map<string, A>`:                       false,
		`import {A} from "x"; // A()`:                                      false,
		`import {A} from "x"; return <A b="c"/>`:                           true,
		`import "x"`:                                                       true,
		`import type {A} from "x"; new A()`:                                false,
		`import {A} from "x"; AB(); BA()`:                                  false,
		`import {A, b} from "x"; let a: A; export default b`:               true,
		`import {A} from "x"; export const f = (a: A): Promise<A> => g(a)`: false,
	} {
		found := imports.JavaScript([]byte(code))
		if len(found) != 1 {
			t.Fatalf("%s: %d imports", code, len(found))
		}
		if got := imports.Loaded([]byte(code), found[0], true); got != want {
			t.Errorf("%s\ngot %v", code, got)
		}
	}
}

func TestLine(t *testing.T) {
	line, column := imports.Line([]byte("a\n  import b"), 4)
	if got := fmt.Sprint(line, column); got != "2 3" {
		t.Errorf("got %s", got)
	}
}

// FuzzImports holds the scanners to the file: every name stands in it where the
// import is said to be.
func FuzzImports(f *testing.F) {
	for _, seed := range []string{
		"import a, {b as c} from 'x'", "`${`${require('a')}`}`", "/[/]/ / 2", "import(\"a\").catch", "export * from 'a'", "try{require('x')}catch{}",
		"from a import (b,\n c)", "'''\n'''", "import a.b, c", "if TYPE_CHECKING:\n import a", "x='''a''' ; y=\"\"\"\n\"\"\"\nimport b",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, m := range append(imports.JavaScript(data), imports.Python(data)...) {
			if m.Offset < 0 || m.End > len(data) || m.Offset >= m.End {
				t.Fatalf("from %d to %d in %d bytes", m.Offset, m.End, len(data))
			}
			if !strings.Contains(string(data), m.Name) {
				t.Fatalf("%q does not stand in the file", m.Name)
			}
			imports.Loaded(data, m, true)
			imports.Line(data, m.Offset)
		}
	})
}
