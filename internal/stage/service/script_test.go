package service

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		name, sql string
		want      []string // line: text
	}{
		{"empty", " \n -- nothing\n/* at /* all */ */ ;; \n", nil},
		{"two", "SELECT 1;\nSELECT 2", []string{"1: SELECT 1;", "2: SELECT 2"}},
		{"quotes", `SELECT 'a;''b;', ";""", E'\';' ; X`, []string{`1: SELECT 'a;''b;', ";""", E'\';' ;`, "1: X"}},
		{"no escapes", `SELECT '\'; SELECT 2;`, []string{`1: SELECT '\';`, "1: SELECT 2;"}},
		{"a name that ends in e", `SELECT type'\'; X`, []string{`1: SELECT type'\';`, "1: X"}},
		{"dollar", "DO $$ a; $x$ b; $$;\nDO $é$;$é$;", []string{"1: DO $$ a; $x$ b; $$;", "2: DO $é$;$é$;"}},
		{"not a dollar quote", "SELECT a$1; SELECT $1;", []string{"1: SELECT a$1;", "1: SELECT $1;"}},
		{"comments", "SELECT 1 -- ;\n, /* ; */ 2;\nX", []string{"1: SELECT 1 -- ;\n, /* ; */ 2;", "3: X"}},
		{"parentheses", "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);\nX", []string{"1: CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);", "2: X"}},
		{"dump", "\\restrict abc\nCOPY t (a) FROM stdin;\n1;\n2\n\\.\nSELECT 3;", []string{"2: COPY t (a) FROM stdin; <1;\n2\n>", "6: SELECT 3;"}},
		{"no rows", "COPY t FROM STDIN WITH (FORMAT csv);\n\\.\nX", []string{"1: COPY t FROM STDIN WITH (FORMAT csv); <>", "3: X"}},
		{"unfinished", "SELECT 'a", []string{"1: SELECT 'a"}},
		{"byte order mark", "\ufeffSELECT 1;", []string{"1: SELECT 1;"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := split("a.sql", []byte(c.sql))
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, s := range got {
				line := fmt.Sprintf("%d: %s", s.line, s.text)
				if s.rows != nil {
					line += " <" + string(s.rows) + ">"
				}
				lines = append(lines, line)
			}
			if strings.Join(lines, "\n|") != strings.Join(c.want, "\n|") {
				t.Errorf("%q\nwant %q", lines, c.want)
			}
		})
	}
	_, err := split("a.sql", []byte("SELECT 1;\n\\connect other\n"))
	if err == nil || err.Error() != `a.sql:2: \connect is a command of psql, not SQL` {
		t.Errorf("error %v", err)
	}
}

func FuzzSplit(f *testing.F) {
	for _, seed := range []string{schema, "E'\\'", "$a$", "/* /*", "COPY t FROM stdin;\n1\n\\.", "\\x\n;", "'''"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		statements, err := split("a.sql", data)
		if err != nil {
			return
		}
		rest := data // every statement stands in the file, in order, on its line
		for _, s := range statements {
			i := bytes.Index(rest, []byte(s.text))
			if i < 0 || s.text == "" {
				t.Fatalf("%q is not in %q", s.text, rest)
			}
			rest = rest[i+len(s.text):]
			if last := s.lineAt(len(s.text) + 1); s.line < 1 || last > bytes.Count(data, []byte("\n"))+1 {
				t.Fatalf("%q is said to be on lines %d to %d", s.text, s.line, last)
			}
		}
	})
}
