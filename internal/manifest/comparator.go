package manifest

import "strings"

// triple is a version of up to three numbers. Compared as an array, what is not
// written counts as 0.
type triple struct {
	part    [3]int
	written int
}

// tripled reads the numbers at the beginning of a text. It takes none of what a
// version may have besides: signs, wildcards, leading zeros.
func tripled(text string) (n triple, rest string, ok bool) {
	for n.written < len(n.part) {
		i, value := 0, 0
		for i < len(text) && i < 9 && '0' <= text[i] && text[i] <= '9' {
			value = value*10 + int(text[i]-'0')
			i++
		}
		if i == 0 || i > 1 && text[0] == '0' {
			return n, text, false
		}
		n.part[n.written], text = value, text[i:]
		n.written++
		if text == "" || text[0] != '.' {
			return n, text, true
		}
		text = text[1:]
	}
	return n, text, false
}

func (n triple) less(m triple) bool {
	for i := range n.part {
		if n.part[i] != m.part[i] {
			return n.part[i] < m.part[i]
		}
	}
	return false
}

// fits reports whether a version is one that a comparator asks for; known is
// false of what only the library is to judge
// (https://github.com/npm/node-semver#advanced-range-syntax).
func (n triple) fits(operator string, asked triple) (ok, known bool) {
	whole := asked.written == len(asked.part)
	switch operator {
	case ">=":
		return !n.less(asked), true
	case "<":
		return n.less(asked), true
	case ">":
		return asked.less(n), whole
	case "<=":
		return !asked.less(n), whole
	case "", "=":
		if whole {
			return n.part == asked.part, true
		}
		operator = "~"
	}
	same := 1 // how many of the numbers may not change
	switch {
	case operator == "~" && asked.written > 1:
		same = 2
		if asked.part == [3]int{} && whole {
			return true, true // as the library takes ~0.0.0
		}
	case operator == "^" && asked.part[0] == 0 && asked.written > 1:
		same = 2
		if asked.part[1] == 0 && whole {
			same = 3
		}
	}
	for i := range same {
		if n.part[i] != asked.part[i] {
			return false, true
		}
	}
	return !n.less(asked), true
}

// plainly compares a range that is made of operators and numbers alone with a
// version that is three numbers. A lockfile has thousands of these, and the
// library takes each to pieces with regular expressions, which was a third of
// what checking a tree of JavaScript took. What it does not know is for the
// library.
func plainly(asked, version string) (ok, known bool) {
	have, rest, whole := tripled(version)
	if !whole || rest != "" || have.written != len(have.part) {
		return false, false
	}
	all := true // of the alternative
	for {
		asked = strings.TrimLeft(asked, " ")
		n := 0
		for n < len(asked) && strings.IndexByte("<>=^~", asked[n]) >= 0 {
			n++
		}
		operator := asked[:n]
		switch operator {
		case "", "=", "<", ">", "<=", ">=", "^", "~":
		default:
			return false, false
		}
		want, rest, whole := tripled(strings.TrimLeft(asked[n:], " "))
		if !whole {
			return false, false
		}
		fits, sure := have.fits(operator, want)
		if !sure {
			return false, false
		}
		all = all && fits
		asked = strings.TrimLeft(rest, " ")
		switch {
		case asked == "":
			return ok || all, true
		case strings.HasPrefix(asked, "||"):
			ok, all, asked = ok || all, true, asked[2:]
		case rest == asked:
			return false, false // no space between two comparators
		}
	}
}
