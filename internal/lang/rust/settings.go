package rust

import (
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// An option of an attribute: name = "text", name = expression, name.
var (
	envNamed  = regexp.MustCompile(`\benv\s*=\s*"([A-Za-z_][A-Za-z0-9_]*)"`)
	envAlone  = regexp.MustCompile(`\benv\s*[,)]`)
	valueText = regexp.MustCompile(`\bdefault_value\s*=\s*"((?:[^"\\]|\\.)*)"`)
	valueAny  = regexp.MustCompile(`\bdefault(_value(_t|_if|_ifs|_os)?|_values?(_t)?)\b`)
	rename    = regexp.MustCompile(`\brename\s*=\s*"([^"]+)"`)
)

// argument reads a field of a command line in the way of clap that a variable
// may give as well (https://docs.rs/clap/latest/clap/_derive/index.html).
func argument(g *pattern.Reading, m *syntax.Match) {
	attribute := m.Node("argument")
	options := m.Node("options").Text()
	field := attribute.Next()
	for field.Kind() == "attribute_item" || field.Kind() == "line_comment" || field.Kind() == "block_comment" {
		options += field.Text()
		field = field.Next()
	}
	if field.Kind() != "field_declaration" {
		return
	}
	name := ""
	if found := envNamed.FindStringSubmatch(options); found != nil {
		name = found[1]
	} else if envAlone.MatchString(options) {
		name = strings.ToUpper(field.Field("name").Text())
	}
	if name == "" {
		return
	}
	kind := field.Field("type").Text()
	switch text := valueText.FindStringSubmatch(options); {
	case text != nil:
		g.Tagged(attribute, name, fact.Defaulted, false, &text[1])
	case valueAny.MatchString(options):
		g.Tagged(attribute, name, fact.Defaulted, false, nil)
	case optional.MatchString(kind), kind == "bool":
		g.Tagged(attribute, name, fact.Guarded, false, nil)
	default:
		// The command line may give it instead.
		g.Tagged(attribute, name, fact.Required, false, nil)
	}
}

var optional = regexp.MustCompile(`^(std::option::)?Option\b|^Vec\b|^\(\)$`)

// settings reads the structure that envy or figment fills: each field is a
// variable of its name in capitals, with the prefix before it
// (https://docs.rs/envy, https://docs.rs/figment/latest/figment/providers/struct.Env.html).
func settings(g *pattern.Reading, m *syntax.Match) {
	name := m.Node("type").Text()
	name = strings.TrimSuffix(strings.TrimPrefix(name, "Result<"), ">")
	name, _, _ = strings.Cut(name, ",")
	if i := strings.LastIndex(name, "::"); i >= 0 {
		name = name[i+2:]
	}
	text, prefix := m.Node("settings").Text(), ""
	layered := strings.Contains(text, "Env::prefixed") // over files and defaults
	if found := prefixed.FindStringSubmatch(text); found != nil {
		prefix = found[1]
	}
	for _, item := range g.File.Tree.Root().Children() {
		if item.Kind() != "struct_item" || item.Field("name").Text() != name {
			continue
		}
		options := ""
		for _, part := range item.Field("body").Children() {
			switch part.Kind() {
			case "attribute_item":
				options += part.Text()
			case "field_declaration":
				member(g, part, prefix, options, layered)
				options = ""
			}
		}
	}
}

var prefixed = regexp.MustCompile(`prefixed\(\s*"([A-Za-z0-9_]*)"\s*\)`)

func member(g *pattern.Reading, field syntax.Node, prefix, options string, layered bool) {
	name := field.Field("name").Text()
	if found := rename.FindStringSubmatch(options); found != nil {
		name = found[1]
	}
	name = prefix + strings.ToUpper(name)
	if !variable.MatchString(name) || strings.Contains(options, "skip") || strings.Contains(options, "flatten") {
		return
	}
	switch {
	case layered, strings.Contains(options, "default"):
		g.Tagged(field, name, fact.Defaulted, false, nil)
	case optional.MatchString(field.Field("type").Text()):
		g.Tagged(field, name, fact.Guarded, false, nil)
	default:
		g.Tagged(field, name, fact.Required, true, nil)
	}
}

var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
