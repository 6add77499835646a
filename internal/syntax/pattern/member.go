package pattern

import (
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/flow"
)

// memberName is what a member of an object, or a name of a whole file, is called
// that holds a folder.
var memberName = regexp.MustCompile(`(?i)^\w*(uploads?|media|attachments|avatars|storage)$|^\w*(dir|directory|folder|root)$|^\w+path$`)

// memberEnds are what these names end in.
var memberEnds = []string{"upload", "uploads", "media", "attachments", "avatars", "storage", "dir", "directory", "folder", "root", "path"}

// holdsFolder reports whether a name may be that of a folder: its end is looked at first,
// since every name of a file is asked after.
func holdsFolder(name string) bool {
	return slices.ContainsFunc(memberEnds, func(end string) bool {
		return len(name) >= len(end) && strings.EqualFold(name[len(name)-len(end):], end)
	}) && memberName.MatchString(name)
}

// shares are the languages in which a folder is looked for in other files.
var shares = map[string]bool{"go": true, "javascript": true}

// members takes in the folders that the file gives a name which the code of other
// files uses: a member of an object, or a name of the whole file.
func (g *Reading) members() {
	if !shares[g.reader.Name] || g.inBrowser() {
		return
	}
	for _, m := range g.File.Members(holdsFolder) {
		p, ok := g.place(m.Value)
		if !ok || p.name == ":memory:" {
			continue
		}
		g.Add(fact.Need{
			Kind: fact.Folder, Name: p.name, Held: m.Name, At: m.Value.Span(), Text: excerpt(m.Value, syntax.Node{}, p.variable),
			Beside: p.beside, Variable: p.variable, Sort: lasting(p, ""),
		})
	}
}

// accesses are the kinds of nodes that are a member of an object, with what the
// grammar calls the name of it.
var accesses = map[string]string{"selector_expression": "field", "member_expression": "property"}

// held returns the name under which another place of the code has the folder that
// a path begins with, and what follows that folder, as far as it is known.
func (g *Reading) held(n syntax.Node) (name, rest string, ok bool) {
	text := g.File.Text(n).String()
	for range 8 {
		if b := g.File.Resolve(n); b != nil && (b.Value.IsZero() || b.Value.ID() == n.ID()) {
			return "", "", false // what a caller gives
		} else if b != nil {
			n = b.Value
			continue
		}
		base := g.base(n)
		if base.IsZero() {
			break
		}
		n = base
	}
	switch field := accesses[n.Kind()]; {
	case field != "":
		name = n.Field(field).Text()
	case n.Kind() == "identifier" && g.reader.Name == "go":
		name = n.Text() // another file of the package has it
	}
	rest, ok = strings.CutPrefix(text, flow.Gap)
	if !ok || !holdsFolder(name) {
		return "", "", false
	}
	rest = strings.TrimPrefix(rest, "/")
	if i := strings.Index(rest, flow.Gap); i >= 0 {
		rest = rest[:strings.LastIndexByte(rest[:i], '/')+1]
	}
	return name, rest, true
}

// base is the first part of a path that is put together; the zero Node of what
// is not.
func (g *Reading) base(n syntax.Node) syntax.Node {
	if g.joins == nil {
		g.joins = map[syntax.ID]*syntax.Match{}
		for _, m := range g.found["join"] {
			if m.Set["reversed"] == "" {
				g.joins[m.Node("join").ID()] = m
			}
		}
	}
	if m := g.joins[n.ID()]; m != nil {
		if base := m.Node("base"); !base.IsZero() {
			return base
		}
		if parts := m.Node("parts").Children(); len(parts) > 0 {
			return parts[0]
		}
	}
	if n.Kind() == "binary_expression" {
		return n.Field("left")
	}
	return syntax.Node{}
}

// handed is what stands in a function that takes what a user uploads
// (https://pkg.go.dev/net/http#Request.FormFile), and removed what stands in one
// that keeps none of it.
var (
	handed  = regexp.MustCompile(`\.(FormFile|MultipartReader|ParseMultipartForm)\(|\.MultipartForm\b`)
	removed = regexp.MustCompile(`\bos\.Remove(All)?\(`)
)

// uploaded reports whether the code around a place keeps what a user uploads.
func (g *Reading) uploaded(n syntax.Node) bool {
	around := g.File.Around(n).Node
	is, known := g.handlers[around.ID()]
	if !known {
		if g.handlers == nil {
			g.handlers = map[syntax.ID]bool{}
		}
		is = handed.Match(around.Bytes()) && !removed.Match(around.Bytes())
		g.handlers[around.ID()] = is
	}
	return is
}
