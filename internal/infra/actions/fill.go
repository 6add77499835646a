package actions

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/yaml"
)

// filler puts in what is known of the expressions and variables of a step.
type filler struct {
	known  map[string]string
	matrix map[string]string
}

// text returns a text with the expressions filled in that are known; the
// others stay as they are written.
func (f filler) text(text string) string {
	var b strings.Builder
	for _, p := range split(text) {
		b.WriteString(f.piece(p))
	}
	return b.String()
}

func (f filler) piece(p piece) string {
	var from map[string]string
	switch p.property.context {
	case "env":
		from = f.known
	case "matrix":
		from = f.matrix
	}
	if text, ok := from[p.property.name]; ok {
		return text
	}
	return p.text
}

// The characters between which an expression that is not known stands in a
// script, where ${{ would be no shell: of the area for private use.
const (
	veilBegin = "\ue000"
	veilEnd   = "\ue001"
)

// veil returns a script as the shell sees it, with the expressions that are
// not known as parts of words.
func (f filler) veil(script string) string {
	var b strings.Builder
	for i, p := range split(script) {
		text := f.piece(p)
		if p.expression && text == p.text {
			text = veilBegin + strconv.Itoa(i) + veilEnd
		}
		b.WriteString(text)
	}
	return b.String()
}

// unknown is what an expression or a command substitution in a word is shown
// as.
const unknown = "${…}"

// words returns words of the shell as texts.
func (f filler) words(words []*syntax.Word) []string {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = f.word(word)
	}
	return texts
}

func (f filler) word(word *syntax.Word) string { return f.parts(word.Parts) }

func (f filler) parts(parts []syntax.WordPart) string {
	var b strings.Builder
	for _, part := range parts {
		switch p := part.(type) {
		case *syntax.Lit:
			b.WriteString(unveil(strings.ReplaceAll(p.Value, "\\\n", "")))
		case *syntax.SglQuoted:
			b.WriteString(unveil(p.Value))
		case *syntax.DblQuoted:
			b.WriteString(f.parts(p.Parts))
		case *syntax.ParamExp:
			b.WriteString(f.variable(p))
		default:
			b.WriteString(unknown)
		}
	}
	return b.String()
}

func (f filler) variable(p *syntax.ParamExp) string {
	if p.Param == nil {
		return unknown
	}
	if text, ok := f.known[p.Param.Value]; ok && p.Exp == nil && p.Repl == nil && p.Slice == nil && p.Index == nil {
		return text
	}
	return "${" + p.Param.Value + "}"
}

func unveil(text string) string {
	for {
		before, rest, found := strings.Cut(text, veilBegin)
		if !found {
			return text
		}
		_, after, _ := strings.Cut(rest, veilEnd)
		text = before + unknown + after
	}
}

// The bounds on a matrix. GitHub runs at most 256 combinations.
const (
	maxCombinations = 64
	maxKeys         = 16
	maxProperties   = 64 // of a mapping
)

// matrix returns the combinations that the lists of a matrix make, or those
// that it includes where it has no lists.
func matrix(n *yaml.Node) []map[string]string {
	var all []map[string]string
	keys := 0
	for _, pair := range n.Pairs() {
		if keys == maxKeys {
			break
		}
		if pair.Name() == "include" || pair.Name() == "exclude" || !pair.Value.IsList() {
			continue
		}
		keys++
		if all == nil {
			all = []map[string]string{{}}
		}
		var next []map[string]string
		for _, combination := range all {
			for _, item := range pair.Value.Items() {
				if len(next) == maxCombinations {
					break
				}
				next = append(next, with(combination, pair.Name(), item))
			}
		}
		all = next
	}
	if all != nil {
		return all
	}
	for _, item := range n.Get("include").Items() {
		combination := map[string]string{}
		for i, pair := range item.Pairs() {
			if i == maxProperties {
				break
			}
			combination[pair.Name()] = pair.Value.Text()
		}
		if len(all) < maxCombinations {
			all = append(all, combination)
		}
	}
	return all
}

// with returns a combination with one more property; one that is a mapping
// gives its own.
func with(combination map[string]string, name string, item *yaml.Node) map[string]string {
	next := make(map[string]string, len(combination)+1)
	for key, text := range combination {
		next[key] = text
	}
	if item.IsScalar() {
		next[name] = item.Text()
	}
	for i, pair := range item.Pairs() {
		if i == maxProperties {
			break
		}
		next[name+"."+pair.Name()] = pair.Value.Text()
	}
	return next
}
