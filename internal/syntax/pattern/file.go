package pattern

import (
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
)

// files takes in the files and folders that the code reads and writes. What
// runs in a browser has none.
func (g *Reading) files() {
	if g.inBrowser() {
		return
	}
	for _, m := range g.found["reading"] {
		g.file(m, fact.Reading)
	}
	for _, m := range g.found["writing"] {
		g.file(m, fact.Writing)
	}
}

func (g *Reading) file(m *syntax.Match, kind fact.Kind) {
	node := m.Node(m.Set["need"])
	if g.without(m) {
		return
	}
	at := m.Node("path")
	if options := m.Node("options"); !options.IsZero() && m.Set["key"] != "" {
		at = g.File.Option(options, strings.Split(m.Set["key"], "|")...)
	}
	var p place
	var ok bool
	var held string
	switch {
	case !at.IsZero():
		t := g.File.Text(at)
		if p, ok = g.place(at); !ok && m.Set["scheme"] == "" {
			break
		}
		text, scheme := t.String(), m.Set["scheme"]
		if scheme == "" && m.Set["sort"] == "database" && strings.HasPrefix(text, "file:") {
			scheme = "file"
		}
		if scheme != "" {
			p, ok = inURL(text, scheme)
			p.variable = g.File.Supplies(at)
		}
	case m.Set["path"] != "":
		p, ok = placed(m.Set["path"], "")
	}
	if !ok && kind == fact.Writing && m.Set["scheme"] == "" && !at.IsZero() {
		held, p.name, ok = g.held(at)
	}
	if !ok || p.name == ":memory:" {
		return
	}
	n := fact.Need{
		Kind: kind, Name: p.name, At: node.Span(), Text: chosen(node, m.Node("options"), at),
		Beside: p.beside, Variable: p.variable, Library: m.Set["library"], Sort: m.Set["sort"], Held: held,
	}
	if kind == fact.Writing {
		if n.Sort = lasting(p, n.Sort); n.Sort == "" && (uploadName.MatchString(held) || g.uploaded(node)) {
			n.Sort = "upload"
		}
	}
	g.Add(n)
}

// dialect is what stands between the name of a database and the path.
var dialect = regexp.MustCompile(`^(\+\w+)?:(//)?`)

// inURL is the path in an address of a file: sqlite:///db.sqlite3 is relative,
// sqlite:////data/db.sqlite3 is not
// (https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#connect-strings);
// file:./dev.db is another way (https://www.prisma.io/docs/orm/overview/databases/sqlite).
func inURL(text, scheme string) (place, bool) {
	rest, ok := strings.CutPrefix(text, scheme)
	if !ok {
		return place{}, false
	}
	rest = dialect.ReplaceAllString(rest, "")
	if scheme == "sqlite" {
		rest = strings.TrimPrefix(rest, "/")
	}
	rest, _, _ = strings.Cut(rest, "?")
	if rest == "" || strings.HasPrefix(rest, ":memory:") {
		return place{}, false
	}
	return placed(rest, "")
}

var (
	briefName    = regexp.MustCompile(`(?i)^/tmp(/|$)|^/var/tmp(/|$)|^/dev/|^/proc/|^/run/|(^|[/._-])(te?mp|cache|caches|scratch)([/._-]|$)|\.(tmp|pid|lock|sock)$`)
	logName      = regexp.MustCompile(`(?i)(^|/)logs?(/|$)|\.log$|(^|/)(npm|yarn)-(debug|error)`)
	uploadName   = regexp.MustCompile(`(?i)upload|(^|[/_-])(media|attachments?|avatars?|user-?files)([/_-]|$)`)
	databaseName = regexp.MustCompile(`(?i)\.(sqlite3?|db3?|bolt|badger|duckdb)$`)
)

// lasting tells what a file that is written is for, where the pattern does not.
func lasting(p place, sort string) string {
	switch {
	case p.temporary, briefName.MatchString(p.name):
		return "temporary"
	case sort != "":
		return sort
	case logName.MatchString(p.name):
		return "log"
	case databaseName.MatchString(p.name):
		return "database"
	case uploadName.MatchString(p.name):
		return "upload"
	}
	return ""
}

// without reports whether a match is none: an option is there that set! without
// names, or options are there that cannot be seen into.
func (g *Reading) without(m *syntax.Match) bool {
	keys, options := m.Set["without"], m.Node("options")
	if keys == "" || options.IsZero() {
		return false
	}
	if b := g.File.Resolve(options); b != nil && !b.Value.IsZero() {
		options = b.Value
	}
	for _, child := range options.Children() {
		if kind := child.Kind(); strings.Contains(kind, "spread") || strings.Contains(kind, "splat") || strings.HasPrefix(kind, "shorthand") && strings.Contains("|"+keys+"|", "|"+child.Text()+"|") {
			return true
		}
	}
	// A name that nothing here binds may hold anything.
	if m.Set["open"] == "" && len(options.Children()) == 0 && !strings.ContainsAny(options.Text(), "{(") {
		return true
	}
	return !g.File.Option(options, strings.Split(keys, "|")...).IsZero()
}

// chosen is the code of a node with, of the options in it, only the one that
// matters: another may be secret.
func chosen(node, options, at syntax.Node) string {
	if options.IsZero() || !node.Covers(options) {
		return opening(node, at)
	}
	before := strings.TrimRight(string(node.Bytes()[:options.Start()-node.Start()]), "(") + "("
	if !options.Covers(at) {
		return clean(before+"…)", "")
	}
	return clean(before+"… "+at.Parent().Text()+" …)", "")
}
