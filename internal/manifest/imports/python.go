package imports

import (
	"bytes"
	"regexp"
)

// The statements of Python that import
// (https://docs.python.org/3/reference/simple_stmts.html#the-import-statement).
var (
	pythonImport = regexp.MustCompile(`^import[ \t]+(.+)$`)
	pythonFrom   = regexp.MustCompile(`^from[ \t]+(\.*[\w.]*)[ \t]+import\b[ \t]*\(?[ \t]*([^#]*)`)
	pythonModule = regexp.MustCompile(`^[ \t]*([\w.]+)`)
)

// Python returns what a file of Python imports, in the order of the file.
func Python(data []byte) []Import {
	if !bytes.Contains(data, []byte("import")) {
		return nil
	}
	var found []Import
	type block struct {
		indent int
		lazy   bool
		try    bool
		types  bool
	}
	var blocks []block
	for at := 0; at < len(data) && len(found) < maxImports; {
		end := bytes.IndexByte(data[at:], '\n')
		if end < 0 {
			end = len(data)
		} else {
			end += at
		}
		line := data[at:end]
		code := bytes.TrimLeft(line, " \t")
		start, indent := at, len(line)-len(code)
		code = bytes.TrimRight(code, " \t\r")
		at = afterTexts(data, at, end)
		if len(code) == 0 || code[0] == '#' {
			continue
		}
		for len(blocks) > 0 && indent <= blocks[len(blocks)-1].indent {
			blocks = blocks[:len(blocks)-1]
		}
		b := block{indent: indent}
		if n := len(blocks); n > 0 {
			b = blocks[n-1]
			b.indent = indent
		}
		add := func(name string, offset int) {
			found = append(found, Import{Name: name, Offset: offset, Lazy: b.lazy, Guarded: b.try, Types: b.types, End: end})
		}
		switch {
		case code[len(code)-1] == ':' || bytes.Contains(code, []byte(": #")):
			switch {
			case bytes.HasPrefix(code, []byte("def ")), bytes.HasPrefix(code, []byte("async def ")), bytes.HasPrefix(code, []byte("while ")), bytes.HasPrefix(code, []byte("for ")):
				b.lazy = true
			case bytes.HasPrefix(code, []byte("try")), bytes.HasPrefix(code, []byte("except")), bytes.HasPrefix(code, []byte("with suppress")), bytes.HasPrefix(code, []byte("with contextlib.suppress")):
				b.try = true
			case bytes.HasPrefix(code, []byte("if ")), bytes.HasPrefix(code, []byte("el")):
				b.types = b.types || bytes.Contains(code, []byte("TYPE_CHECKING"))
				b.lazy = true
			}
			blocks = append(blocks, b)
		case bytes.HasPrefix(code, []byte("import")):
			m := pythonImport.FindSubmatch(code)
			if m == nil {
				continue
			}
			list, _, _ := bytes.Cut(m[1], []byte("#"))
			for one := range bytes.SplitSeq(list, []byte(",")) {
				if name := pythonModule.FindSubmatch(one); name != nil {
					add(string(name[1]), start+indent)
				}
			}
		case bytes.HasPrefix(code, []byte("from")):
			m := pythonFrom.FindSubmatch(code)
			if m == nil || len(m[1]) == 0 {
				continue
			}
			add(string(m[1]), start+indent)
			found[len(found)-1].Binds = names(m[2], data[end:])
		}
	}
	return found
}

// names returns the names that stand behind import, on the line or in the
// parentheses that it opens.
func names(line, rest []byte) []string {
	text := bytes.TrimRight(line, " \t\r")
	if len(text) == 0 || text[len(text)-1] == ',' || text[len(text)-1] == '(' {
		if close := bytes.IndexByte(rest[:min(len(rest), 4096)], ')'); close >= 0 {
			text = append(bytes.Clone(text), rest[:close]...)
		}
	}
	var all []string
	for one := range bytes.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == '\n' || r == '(' || r == ')' }) {
		if m := pythonModule.FindSubmatch(one); m != nil {
			all = append(all, string(m[1]))
		}
	}
	return all
}

// afterTexts returns where the line behind one ends: behind the text in three
// quotes that is open at its end.
func afterTexts(data []byte, at, end int) int {
	for i := at; i < end; i++ {
		switch data[i] {
		case '#':
			return end + 1
		case '"', '\'':
			q := data[i]
			if i+2 < len(data) && data[i+1] == q && data[i+2] == q {
				close := closing(data, i+3, q)
				if close < 0 {
					return len(data)
				}
				if close > end {
					next := bytes.IndexByte(data[close:], '\n')
					if next < 0 {
						return len(data)
					}
					end = close + next
				}
				i = close - 1
				continue
			}
			for i++; i < end && data[i] != q; i++ {
				if data[i] == '\\' {
					i++
				}
			}
		}
	}
	return end + 1
}

// closing returns where the three quotes end that close a text.
func closing(data []byte, i int, q byte) int {
	for ; i+2 < len(data); i++ {
		if data[i] == '\\' {
			i++
		} else if data[i] == q && data[i+1] == q && data[i+2] == q {
			return i + 3
		}
	}
	return -1
}
