package property

import (
	"strings"

	"rehearse/internal/fact"
)

// maxDepth bounds how deep placeholders nest, maxPlaceholders how many a text has.
const (
	maxDepth        = 8
	maxPlaceholders = 100
)

// Placeholder is a reference to a property in a text: ${name:default}.
type Placeholder struct {
	Name    string
	Default *string // where there is one; the placeholders in it are filled in as far as they have defaults
	Open    bool    // Default has a placeholder without a default
	Start   int     // where it stands in the text
	Inner   []Placeholder
}

// Placeholders returns the placeholders of a text, those within the default of
// another as its Inner
// (https://docs.spring.io/spring-framework/docs/current/javadoc-api/org/springframework/util/PropertyPlaceholderHelper.html).
func Placeholders(text string) []Placeholder {
	left := maxPlaceholders
	return placeholders(text, 0, maxDepth, &left)
}

func placeholders(text string, offset, depth int, left *int) []Placeholder {
	var all []Placeholder
	for at := 0; depth > 0; {
		i := strings.Index(text[at:], "${")
		if *left--; i < 0 || *left < 0 {
			break
		}
		start := at + i
		end := closing(text, start+2)
		if end < 0 {
			break
		}
		at = end + 1
		if start > 0 && text[start-1] == '\\' {
			continue
		}
		p := Placeholder{Start: offset + start}
		inside := text[start+2 : end]
		name, value, found := strings.Cut(inside, ":")
		if strings.Contains(name, "${") {
			p.Inner = placeholders(inside, offset+start+2, depth-1, left)
			all = append(all, p.Inner...) // the name itself is put together: only its parts are known
			continue
		}
		p.Name = strings.TrimSpace(name)
		if found {
			p.Inner = placeholders(value, offset+start+3+len(name), depth-1, left)
			text, known := Fill(value, p.Inner, offset+start+3+len(name))
			p.Default, p.Open = &text, !known
		}
		all = append(all, p)
	}
	return all
}

// closing returns where the placeholder ends whose inside begins at start; -1
// where it does not.
func closing(text string, start int) int {
	depth := 1
	for i := start; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], "${"):
			depth++
			i++
		case text[i] == '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// Fill writes the defaults of placeholders, which stand in the text from offset
// on, in their places; known is false where one has none.
func Fill(text string, all []Placeholder, offset int) (filled string, known bool) {
	var b strings.Builder
	at := 0
	for _, p := range all {
		start := p.Start - offset
		if start < at || start > len(text) {
			return "", false
		}
		end := closing(text, start+2)
		if p.Default == nil || p.Open || end < 0 {
			return "", false
		}
		b.WriteString(text[at:start] + *p.Default)
		at = end + 1
	}
	return b.String() + text[at:], true
}

// Needs returns what the placeholders of a text need, in the order in which they
// stand there, and with each where in the text. One without a default has the
// application give up at its start.
func Needs(text string) (needs []fact.Need, offsets []int) {
	var collect func(all []Placeholder, instead []string)
	collect = func(all []Placeholder, instead []string) {
		for _, p := range all {
			n, ok := Need(p.Name)
			within := instead
			if ok {
				n.Fatal = p.Default == nil
				if p.Default != nil {
					n.Necessity = fact.Defaulted
					if !p.Open {
						value := *p.Default
						n.Default = &value
					} else {
						n.Necessity, n.Fatal = fact.Required, true
						for _, in := range p.Inner {
							if inner, ok := Need(in.Name); ok {
								n.Instead = append(n.Instead, inner.Name)
							} else {
								n.Necessity, n.Fatal = fact.Guarded, false
							}
						}
					}
				}
				n.Instead = append(n.Instead, instead...)
				needs, offsets = append(needs, n), append(offsets, p.Start)
				within = append(append([]string(nil), instead...), n.Name)
			}
			collect(p.Inner, within)
		}
	}
	collect(Placeholders(text), nil)
	return needs, offsets
}
