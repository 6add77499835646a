// Package spelling compares names that people write in several places.
package spelling

import (
	"slices"
	"strings"
)

// Near reports whether two different names differ by how they are written alone
// (the case, separators, a plural), or by a slip of the hand: one letter in a word
// of five, two in one of ten.
func Near(a, b string) bool {
	if a == b {
		return false
	}
	if fold(a) == fold(b) {
		return true
	}
	if digits(a) != digits(b) {
		return false // db1 and db2 are two things
	}
	// A short word with a slip is another word: QUAY_TOKEN and FURY_TOKEN.
	as, bs := words(a), words(b)
	if len(as) != len(bs) || len(as) == 1 {
		return slipped(a, b)
	}
	for i := range as {
		if as[i] != bs[i] && !slipped(as[i], bs[i]) {
			return false
		}
	}
	return true
}

func slipped(a, b string) bool {
	least := min(len(a), len(b))
	return least >= 5 && slips(a, b) <= 1 || least >= 10 && slips(a, b) <= 2
}

// Same reports whether two names differ by how they are written alone: the case,
// separators, a plural.
func Same(a, b string) bool { return a != b && fold(a) == fold(b) }

// Kin reports whether two names share a word of four letters or more, as the
// humps of a camel part them.
func Kin(a, b string) bool {
	others := humps(b)
	return slices.ContainsFunc(humps(a), func(w string) bool { return len(w) >= 4 && slices.Contains(others, w) })
}

func humps(s string) []string {
	var b strings.Builder
	for _, r := range s {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return words(strings.ToLower(b.String()))
}

// Shortened reports whether one name is the other without one or two of its
// words, and both are long enough for that to be no accident: five words in
// common, the last two at the end.
func Shortened(a, b string) bool {
	long, short := words(a), words(b)
	if len(long) < len(short) {
		long, short = short, long
	}
	if len(short) < 5 || len(long) == len(short) || len(long)-len(short) > 2 {
		return false
	}
	if !slices.Equal(long[len(long)-2:], short[len(short)-2:]) {
		return false
	}
	i := 0
	for _, w := range long {
		if i < len(short) && short[i] == w {
			i++
		}
	}
	return i == len(short)
}

// Lacks reports whether one of two names, as the humps of a camel part them, is
// the other without one of its words, which stands neither first nor last: three
// words in common at least.
func Lacks(a, b string) bool {
	long, short := humps(a), humps(b)
	if len(long) < len(short) {
		long, short = short, long
	}
	if len(short) < 3 || len(long) != len(short)+1 || long[0] != short[0] {
		return false
	}
	i := 0
	for i < len(short) && long[i] == short[i] {
		i++
	}
	return i < len(short) && slices.Equal(long[i+1:], short[i:])
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '_' || r == '.' || r == '/' })
}

var separators = strings.NewReplacer("-", "", "_", "", ".", "")

func fold(s string) string { return strings.TrimSuffix(strings.ToLower(separators.Replace(s)), "s") }

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// longest bounds the names that are compared letter by letter.
const longest = 128

// slips counts the letters that are to be added, taken away, replaced or
// swapped to make b of a (optimal string alignment).
func slips(a, b string) int {
	if len(a) > longest || len(b) > longest {
		return longest
	}
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	var two []int
	for i := 1; i <= len(a); i++ {
		two, before, row = before, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(before[j]+1, row[j-1]+1, before[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
	}
	return row[len(b)]
}

// Words returns the words of a name, as dashes, underscores, dots and slashes
// part them.
func Words(s string) []string { return words(s) }
