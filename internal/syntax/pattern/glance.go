package pattern

import (
	"bytes"
	"regexp"
	"strings"
	"sync"

	"rehearse/internal/source"
	"rehearse/internal/syntax"
)

// glance is what can be told of a file before it is parsed, which takes ten times
// as long as to look through it. It is found out when a pattern first asks.
type glance struct {
	reader *Reader
	file   source.File
	told   map[string]bool // by what is asked
}

func (l *glance) once(what string, find func() bool) bool {
	told, known := l.told[what]
	if !known {
		if l.told == nil {
			l.told = map[string]bool{}
		}
		told = find()
		l.told[what] = told
	}
	return told
}

// applies reports whether a pattern that says that is for the file.
func (l *glance) applies(set map[string]string) bool {
	if !strings.Contains(l.file.Path, set["in"]) {
		return false
	}
	if where := set["where"]; where != "" && !holds(l.file.Data, where) {
		return false
	}
	if lacks := set["lacks"]; lacks != "" && holds(l.file.Data, lacks) {
		return false
	}
	if text := set["fits"]; text != "" && !l.once(text, func() bool { return expression(text).Match(l.file.Data) }) {
		return false
	}
	switch set["need"] {
	case "wrapper":
		return l.reader.wraps(l.file.Data)
	case "url":
		return l.addressed()
	case "timer":
		mark := locks[set["library"]]
		return !l.browser() && (!l.once("agreed", func() bool { return agrees(l.file.Data) }) || mark != "" && bytes.Contains(l.file.Data, []byte(mark)))
	}
	return true
}

// worth reports whether one of the selected patterns may find a need.
func (l *glance) worth(selected *syntax.Selection) bool {
	// The address of a public server is a need where a client or a variable takes
	// it, and not by itself (see urls).
	taken := selected.Has(func(set map[string]string) bool { return takers[set["need"]] })
	return selected.Has(func(set map[string]string) bool {
		return speaks(set) && (set["alone"] == "" || holds(l.file.Data, set["alone"])) && (set["need"] != "url" || taken || l.private())
	})
}

// takers are what patterns find that takes an address.
var takers = map[string]bool{"client": true, "environment": true, "access": true, "variable": true}

// expression returns the expression of that text, compiled once.
func expression(text string) *regexp.Regexp {
	one, known := expressions.Load(text)
	if !known {
		one, _ = expressions.LoadOrStore(text, regexp.MustCompile(text))
	}
	return one.(*regexp.Regexp)
}

// expressions holds, by their texts, those of patterns that say what has to fit.
var expressions sync.Map

// browser reports whether the code runs in a browser for certain.
func (l *glance) browser() bool {
	return l.once("browser", func() bool {
		for _, text := range l.reader.Browser {
			if bytes.Contains(l.file.Data, []byte(text)) {
				return true
			}
		}
		return false
	})
}

// addressed reports whether a literal text begins with an address: most addresses
// in code stand in comments.
func (l *glance) addressed() bool {
	return l.once("addressed", func() bool { return addresses(l.file.Data, func(string, []byte) bool { return true }) })
}

// private reports whether one of these addresses may be that of a server of one's own:
// one that only a resolver or network of one's own can tell, or that is not whole.
func (l *glance) private() bool {
	return l.once("private", func() bool {
		return addresses(l.file.Data, func(scheme string, rest []byte) bool {
			switch scheme {
			case "http", "https", "ws", "wss":
			default:
				return true
			}
			n := 0
			for n < len(rest) && (word(rest[n]) || rest[n] == '.' || rest[n] == '-') {
				n++
			}
			host := string(rest[:n])
			if n < len(rest) && rest[n] == ':' {
				for n++; n < len(rest) && '0' <= rest[n] && rest[n] <= '9'; n++ {
				}
			}
			whole := n < len(rest) && strings.IndexByte("/?#\"'`", rest[n]) >= 0
			return !whole || host == "" || own(host) && !reserved(host)
		})
	})
}

func word(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// addresses reports whether one of the addresses with which literal texts begin is
// such: it is given the scheme and what stands behind the slashes.
func addresses(data []byte, such func(scheme string, rest []byte) bool) bool {
	mark := []byte("://")
	for at := 0; ; {
		i := bytes.Index(data[at:], mark)
		if i < 0 {
			return false
		}
		i += at
		at = i + len(mark)
		begin := i
		for begin > 0 && (word(data[begin-1]) || data[begin-1] == '+' || data[begin-1] == ':') {
			begin--
		}
		if begin > 0 && begin < i && strings.IndexByte("\"'`", data[begin-1]) >= 0 && such(string(data[begin:i]), data[at:]) {
			return true
		}
	}
}

// agreeing are texts, in small letters, of which every text that agreed fits in
// has one, and agreedNear is how far it may reach before and behind such a text.
var agreeing = [][]byte{[]byte("lock"), []byte("advisory"), []byte("leader"), []byte("primary"), []byte("master"), []byte("node_app_instance"), []byte("nx"), []byte("distributed"), []byte("edsync"), []byte("cache.add(")}

const agreedNear = 48

// agrees reports whether processes agree in the file who does the work. The
// expression is tried only near the texts without which it does not fit: on the
// whole of a file it takes longer than to parse it.
func agrees(data []byte) bool {
	small := make([]byte, len(data))
	for i, c := range data {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		small[i] = c
	}
	for _, text := range agreeing {
		for at := bytes.Index(small, text); at >= 0; {
			from, to := max(0, at-agreedNear), at+agreedNear
			for at++; ; at++ { // those whose windows overlap share one
				next := bytes.Index(small[at:], text)
				if at += next; next < 0 {
					at = -1
					break
				}
				if at-agreedNear > to {
					break
				}
				to = at + agreedNear
			}
			if agreed.Match(data[from:min(len(data), to)]) {
				return true
			}
		}
	}
	return false
}
