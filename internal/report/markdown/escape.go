package markdown

import (
	"strings"

	"rehearse/internal/report"
)

// What would be markup. An @ is kept from calling a person by a space of no
// width behind it, a # from linking to an issue.
var (
	escaped = strings.NewReplacer(
		`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "!", `\!`,
		"#", "#\u200b", "<", "&lt;", ">", "&gt;", "&", "&amp;", "@", "@\u200b",
	)
	marked = strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;", `"`, "&quot;", "@", "@\u200b", "#", "#\u200b", "|", "&#124;",
		"*", "&#42;", "_", "&#95;", "`", "&#96;", "[", "&#91;", "]", "&#93;", "~", "&#126;", `\`, "&#92;")
)

// text returns a text that stands for itself in a line or in a cell of a table.
func text(s string) string { return escaped.Replace(short(s)) }

// markup returns a text that stands for itself between HTML tags.
func markup(s string) string { return marked.Replace(short(s)) }

// cell returns a text as code in a cell of a table, where the bar that would
// end the cell is escaped even within code (GitHub Flavored Markdown, 4.10).
func cell(s string) string { return strings.ReplaceAll(code(s), "|", `\|`) }

// code returns a text as code, fenced by more backticks than it has in a row
// (CommonMark 0.31, 6.1).
func code(s string) string {
	s = short(s)
	if strings.TrimSpace(s) == "" {
		return ""
	}
	fence := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// block returns lines as a block of code.
func block(s string) string {
	const most = 20
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	if len(lines) > most {
		lines = append(lines[:most:most], "…")
	}
	run := 2
	for i := range lines {
		lines[i] = short(lines[i])
		run = max(run, longestRun(lines[i]))
	}
	fence := strings.Repeat("`", run+1)
	return fence + "\n" + strings.Join(lines, "\n") + "\n" + fence + "\n"
}

// short returns a clean text that is not too long.
func short(s string) string {
	s = report.Clean(s)
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "") + "…"
	}
	return s
}

// longestRun returns how many backticks stand in a row at most.
func longestRun(s string) int {
	most, run := 0, 0
	for _, r := range s {
		if r != '`' {
			run = 0
			continue
		}
		run++
		most = max(most, run)
	}
	return most
}
