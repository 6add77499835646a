package golang

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// fields reads a struct that envconfig.Process fills: a field whose tag names no
// variable takes that of its own name in capitals, with the prefix before it
// (https://github.com/kelseyhightower/envconfig#struct-tag-support).
func fields(g *pattern.Reading, m *syntax.Match) {
	prefix, ok := g.File.Text(m.Node("prefix")).Literal()
	if !ok {
		return
	}
	target := strings.TrimPrefix(m.Node("target").Text(), "&")
	kind := kindOf(m.Node("target"), target)
	fill(g, prefix, []string{kind})
}

// kindOf returns the name of the type of the variable, as the function around a
// node or the file declares it.
func kindOf(from syntax.Node, name string) string {
	quoted := regexp.QuoteMeta(name)
	declared := regexp.MustCompile(`\b` + quoted + `\s*(?::=|=)\s*(?:&?(\w+)\{|new\((\w+)\))|(?:\bvar\s+|[(,]\s*)` + quoted + `\s+\*?(\w+)\b`)
	scope := from
	for !scope.Parent().IsZero() {
		scope = scope.Parent()
		switch scope.Kind() {
		case "function_declaration", "method_declaration", "func_literal", "source_file":
		default:
			continue
		}
		for _, found := range declared.FindAllStringSubmatch(scope.Text(), -1) {
			for _, kind := range found[1:] {
				if kind != "" {
					return kind
				}
			}
		}
	}
	return ""
}

// fill reads the fields of the struct that is the last of the types in one
// another, where the file has it.
func fill(g *pattern.Reading, prefix string, types []string) {
	kind, outer := types[len(types)-1], types[:len(types)-1]
	if slices.Contains(outer, kind) {
		return
	}
	for _, m := range g.Found("struct") {
		if m.Node("name").Text() == kind {
			fillAll(g, m.Node("struct"), prefix, types)
			return
		}
	}
}

func fillAll(g *pattern.Reading, node syntax.Node, prefix string, types []string) {
	for _, list := range node.Children() {
		for _, field := range list.Children() {
			if field.Kind() == "field_declaration" {
				fillOne(g, field, prefix, types)
			}
		}
	}
}

// plain are the types of fields that are filled from one variable, and not from
// those of their own fields.
var plain = regexp.MustCompile(`^(\*|\[\]|map\[string\])*(string|bool|byte|rune|u?int(8|16|32|64)?|float(32|64)|time\.Duration|url\.URL)$`)

func fillOne(g *pattern.Reading, field syntax.Node, prefix string, types []string) {
	tag := reflect.StructTag(strings.Trim(field.Field("tag").Text(), "`"))
	if tag.Get("ignored") == "true" {
		return
	}
	kind, name := field.Field("type"), field.Field("name").Text()
	named, told := tag.Lookup("envconfig")
	if name == "" { // embedded: its fields stand as if they were the struct's own
		fill(g, prefix, append(slices.Clone(types), strings.TrimPrefix(kind.Text(), "*")))
		return
	}
	if first, _ := utf8.DecodeRuneInString(name); !unicode.IsUpper(first) {
		return
	}
	key := name
	switch {
	case told && named != "":
		key = named
	case tag.Get("split_words") == "true":
		key = split(name)
	}
	if prefix != "" {
		key = prefix + "_" + key
	}
	key = strings.ToUpper(key)
	switch {
	case kind.Kind() == "struct_type":
		fillAll(g, kind, key, types)
	case !plain.MatchString(kind.Text()):
		fill(g, key, append(slices.Clone(types), strings.TrimPrefix(kind.Text(), "*")))
	case !told && variable.MatchString(key):
		necessity, fatal, value := reading(tag, "", kind.Text())
		g.Tagged(field, key, necessity, fatal, value)
	}
}

var (
	gathered = regexp.MustCompile(`([^A-Z]+|[A-Z]+[^A-Z]+|[A-Z]+)`)
	acronym  = regexp.MustCompile(`([A-Z]+)([A-Z][^A-Z]+)`)
)

// split parts the words of a name as envconfig does
// (https://github.com/kelseyhightower/envconfig/blob/v1.4.0/envconfig.go#L25-L26).
func split(name string) string {
	var words []string
	for _, word := range gathered.FindAllString(name, -1) {
		if m := acronym.FindStringSubmatch(word); m != nil {
			words = append(words, m[1], m[2])
		} else {
			words = append(words, word)
		}
	}
	return strings.Join(words, "_")
}
