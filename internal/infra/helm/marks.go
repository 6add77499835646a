package helm

import (
	"bytes"
	"slices"
	"sort"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"

	"rehearse/internal/source"
)

// mark is the name of the function that stands before every node of an
// instrumented template: it takes a step and notes which node writes next. The
// name cannot be written in a template of somebody else.
const mark = "mark_of_rehearse"

// origin is a node of a template: what it writes comes from there.
type origin struct {
	source *source.File // nil for what tpl is given
	pos    int          // in bytes
	text   bool         // it is text, which is written as it stands
	node   parse.Node
}

// marks are the nodes of all templates of a chart, by the number of their mark.
type marks struct {
	nodes []origin
	reads []read
	calls []call
	lost  []lost
	bare  []bare
	roots map[string]bool // the templates that ask their dot for what that of the whole has
}

// instrument puts a mark before each node of t, and makes a call of include of
// each template action, so that they are bounded in one way.
func (m *marks) instrument(t *template.Template, file *source.File) {
	if t.Tree == nil || t.Tree.Root == nil {
		return
	}
	m.list(t.Tree, t.Tree.Root, file, scope{root: true, vars: map[string][]string{}})
}

func (m *marks) list(tree *parse.Tree, l *parse.ListNode, file *source.File, s scope) {
	if l == nil {
		return
	}
	nodes := make([]parse.Node, 0, 2*len(l.Nodes)+1)
	for _, n := range l.Nodes {
		if t, ok := n.(*parse.TemplateNode); ok {
			n = include(tree, t)
		}
		_, isText := n.(*parse.TextNode)
		m.nodes = append(m.nodes, origin{source: file, pos: int(n.Position()), text: isText, node: n})
		nodes = append(nodes, m.call(tree, n.Position()), n)
		then, otherwise := reader{tree: tree, file: file, id: len(m.nodes) - 1, all: m}.node(s, n)
		var b *parse.BranchNode
		switch n := n.(type) {
		case *parse.IfNode:
			b = &n.BranchNode
		case *parse.WithNode:
			b = &n.BranchNode
		case *parse.RangeNode:
			b = &n.BranchNode
		default:
			continue
		}
		m.list(tree, b.List, file, then)
		m.list(tree, b.ElseList, file, otherwise)
	}
	// A loop over nothing is a loop all the same.
	m.nodes = append(m.nodes, origin{source: file, pos: int(l.Pos), node: l})
	l.Nodes = append(nodes, m.call(tree, l.Pos))
}

// call returns the action {{mark N}} for the node that was noted last.
func (m *marks) call(tree *parse.Tree, at parse.Pos) parse.Node {
	id := len(m.nodes) - 1
	number := &parse.NumberNode{NodeType: parse.NodeNumber, Pos: at, IsInt: true, Int64: int64(id), Text: strconv.Itoa(id)}
	return action(tree, at, parse.NewIdentifier(mark).SetPos(at).SetTree(tree), number)
}

// include returns {{include "NAME" PIPELINE}} for {{template "NAME" PIPELINE}}.
func include(tree *parse.Tree, t *parse.TemplateNode) parse.Node {
	name := &parse.StringNode{NodeType: parse.NodeString, Pos: t.Pos, Quoted: strconv.Quote(t.Name), Text: t.Name}
	args := []parse.Node{parse.NewIdentifier("include").SetPos(t.Pos).SetTree(tree), name}
	if t.Pipe != nil {
		args = append(args, t.Pipe)
	} else {
		args = append(args, parse.NewIdentifier("nothing_of_rehearse").SetPos(t.Pos).SetTree(tree))
	}
	return action(tree, t.Pos, args...)
}

func action(_ *parse.Tree, at parse.Pos, args ...parse.Node) parse.Node {
	command := &parse.CommandNode{NodeType: parse.NodeCommand, Pos: at, Args: args}
	return &parse.ActionNode{NodeType: parse.NodeAction, Pos: at, Pipe: &parse.PipeNode{NodeType: parse.NodePipe, Pos: at, Cmds: []*parse.CommandNode{command}}}
}

// sheet is what one execution of a template writes, and which node wrote what.
type sheet struct {
	budget *budget
	out    bytes.Buffer
	events []event
}

type event struct {
	offset   int // in out, from which on the node writes
	id       int
	included []line // the lines of the templates that it called
}

// line is a line of what was written, and where it comes from.
type line struct {
	text string
	at   source.Span
}

// Write implements io.Writer.
func (s *sheet) Write(p []byte) (int, error) {
	s.budget.output += len(p)
	if s.budget.output > maxOutput {
		return 0, errBound
	}
	return s.out.Write(p)
}

func (s *sheet) mark(id int) {
	if n := len(s.events); n > 0 && s.events[n-1].offset == s.out.Len() && s.events[n-1].included == nil {
		s.events[n-1].id = id // the one before wrote nothing
		return
	}
	s.events = append(s.events, event{offset: s.out.Len(), id: id})
}

// lines returns what was written, line by line: each comes from where its first
// character does that is no space.
func (s *sheet) lines(m *marks) []line {
	var lines []line
	text := s.out.String()
	cursors := make([]int, len(s.events))
	for offset := 0; offset < len(text); {
		end := strings.IndexByte(text[offset:], '\n')
		if end < 0 {
			end = len(text) - offset
		}
		full := text[offset : offset+end]
		trimmed := strings.TrimLeft(full, " \t\r")
		lines = append(lines, line{strings.TrimSpace(trimmed), s.from(m, offset+len(full)-len(trimmed), strings.TrimSpace(trimmed), cursors)})
		offset += end + 1
	}
	return lines
}

func (s *sheet) from(m *marks, offset int, text string, cursors []int) source.Span {
	i := sort.Search(len(s.events), func(i int) bool { return s.events[i].offset > offset }) - 1
	if i < 0 {
		return source.Span{}
	}
	e := s.events[i]
	o := m.nodes[e.id]
	if o.text {
		return o.place(o.pos + offset - e.offset)
	}
	// What a called template wrote may be indented by now, and stands in its order.
	if j := slices.IndexFunc(e.included[cursors[i]:], func(l line) bool { return l.text == text && text != "" }); j >= 0 {
		cursors[i] += j + 1
		return e.included[cursors[i]-1].at
	}
	return o.place(o.pos)
}

// place returns the line of the template in which a byte stands.
func (o origin) place(pos int) source.Span {
	if o.source == nil {
		return source.Span{}
	}
	pos = min(max(pos, 0), len(o.source.Data))
	return source.Span{File: o.source.Path, Line: 1 + bytes.Count(o.source.Data[:pos], []byte("\n"))}
}
