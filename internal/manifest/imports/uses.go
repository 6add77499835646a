package imports

import "bytes"

// Loaded reports whether an import of a TypeScript file is certain to be there
// when the file runs: the compiler drops one of which only types are used
// (https://www.typescriptlang.org/tsconfig/#verbatimModuleSyntax). It is certain
// where a name is seen to be called, made, extended, thrown or passed.
func Loaded(data []byte, m Import, markup bool) bool {
	if m.Types {
		return false
	}
	if m.Form != Statement || len(m.Binds) == 0 {
		return true
	}
	for _, name := range m.Binds[:min(len(m.Binds), maxBinds)] {
		for at := 0; ; {
			i := bytes.Index(data[at:], []byte(name))
			if i < 0 {
				break
			}
			i += at
			at = i + len(name)
			if i >= m.Offset && i < m.End || i > 0 && part(data[i-1]) || at < len(data) && part(data[at]) {
				continue
			}
			if asValue(data, i, at, markup) {
				return true
			}
		}
	}
	return false
}

// asValue reports whether the name from i to end is seen to be used as a value.
func asValue(data []byte, i, end int, markup bool) bool {
	before := bytes.TrimRight(data[max(0, i-64):i], " \t\r\n")
	after := bytes.TrimLeft(data[end:min(len(data), end+64)], " \t\r\n")
	prev, next := byte(0), byte(0)
	if len(before) > 0 {
		prev = before[len(before)-1]
	}
	if len(after) > 0 {
		next = after[0]
	}
	line := data[bytes.LastIndexByte(data[:i], '\n')+1 : i]
	if text := bytes.TrimSpace(line); bytes.HasPrefix(text, []byte("//")) || bytes.Contains(text, []byte(" //")) || bytes.HasPrefix(text, []byte("*")) || bytes.HasPrefix(text, []byte("/*")) {
		return false
	}
	word := before[len(bytes.TrimRightFunc(before, func(r rune) bool { return r >= 0x80 || part(byte(r)) })):]
	switch string(word) {
	case "new", "instanceof", "await", "throw", "yield":
		return true
	case "extends":
		return bytes.Contains(line, []byte("class "))
	case "return", "default":
		return true
	case "typeof", "as", "is", "keyof", "implements", "type", "interface", "function", "const", "let", "var", "import":
		return false
	}
	aliased := bytes.HasPrefix(bytes.TrimSpace(line), []byte("type ")) || bytes.HasPrefix(bytes.TrimSpace(line), []byte("export type ")) || bytes.HasPrefix(bytes.TrimSpace(line), []byte("declare "))
	switch {
	case prev == '@':
		return true
	case prev == '.', aliased:
		return false
	case next == '(' || next == '`':
		return prev != ':' || len(word) > 0
	case next == '.' && (prev == 0 || bytes.IndexByte([]byte("(;{}!="), prev) >= 0):
		return true
	case prev == '(' && (next == ')' || next == ','), prev == ',' && next == ')':
		return true
	case prev == '=' && (next == ';' || next == ',' || next == '}'):
		return true
	case prev == '<' && markup:
		opener := bytes.TrimRight(before[:len(before)-1], " \t\r\n")
		return len(opener) == 0 || !part(opener[len(opener)-1]) || bytes.HasSuffix(opener, []byte("return"))
	}
	return false
}
