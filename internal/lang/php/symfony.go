package php

import (
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// reference is a variable in a configuration of Symfony, with its processors
// before it (https://symfony.com/doc/current/configuration/env_var_processors.html).
var reference = regexp.MustCompile(`%env\(((?:[\w.\\-]*:)*)([A-Za-z_]\w*)\)%`)

// fallback is a parameter that gives a variable its default
// (https://symfony.com/doc/current/configuration/env_var_processors.html).
var fallback = regexp.MustCompile(`^\s*['"]?env\(([A-Za-z_]\w*)\)['"]?\s*(?::|=>)\s*(.*)$`)

// variable is a variable as a reference has it.
func variable(processors, name string) fact.Need {
	n := fact.Need{Kind: fact.Variable, Name: name, Fatal: true}
	if strings.Contains(":"+processors, ":default:") {
		n.Necessity, n.Fatal = fact.Defaulted, false
	}
	return n
}

// placeholder takes in the variables that a text of a configuration in PHP
// refers to.
func placeholder(g *pattern.Reading, m *syntax.Match) {
	node := m.Node("placeholder")
	for _, found := range reference.FindAllStringSubmatch(node.Text(), -1) {
		n := variable(found[1], found[2])
		n.At, n.Text = node.Span(), found[0]
		g.Add(n)
	}
}

// parameters returns the needs of a configuration in YAML. What is given a
// default in the same file has one.
func parameters(file source.File) ([]fact.Need, error) {
	if len(file.Data) > syntax.MaxSize || !strings.Contains(string(file.Data), "env(") {
		return nil, nil
	}
	defaults := map[string]string{}
	lines := strings.Split(string(file.Data), "\n")
	for _, line := range lines {
		if m := fallback.FindStringSubmatch(line); m != nil {
			defaults[m[1]] = strings.Trim(strings.TrimSpace(m[2]), "'\"")
		}
	}
	var needs []fact.Need
	muted := false // in a section of another environment than production
	for i, line := range lines {
		if len(line) > syntax.MaxLine {
			continue
		}
		if m := when.FindStringSubmatch(line); m != nil {
			muted = m[1] != "prod"
		} else if line != "" && !strings.ContainsAny(line[:1], " \t#\r-") {
			muted = false
		}
		if muted || strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, at := range reference.FindAllStringSubmatchIndex(line, -1) {
			n := variable(line[at[2]:at[3]], line[at[4]:at[5]])
			n.At = source.Span{File: file.Path, Line: i + 1, Column: at[0] + 1}
			n.Text = strings.ToValidUTF8(line[at[0]:min(at[1], at[0]+100)], "")
			if value, ok := defaults[n.Name]; ok {
				n.Necessity, n.Fatal = fact.Defaulted, false
				if !strings.Contains(value, "%") && value != "~" && value != "null" {
					n.Default = &value
				}
			}
			needs = append(needs, n)
		}
	}
	if strings.Contains("/"+file.Path, "/config/packages/dev/") || strings.Contains("/"+file.Path, "/config/packages/test/") {
		return nil, nil
	}
	return needs, nil
}

// when is a section of a configuration that holds in one environment
// (https://symfony.com/doc/current/configuration.html#configuration-environments).
var when = regexp.MustCompile(`^['"]?when@(\w+)['"]?:`)
