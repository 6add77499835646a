package environment

import (
	"slices"
	"strings"

	"rehearse/internal/fact"
)

// platformed are the formats by which a platform runs what a project gives it:
// each definition stands by itself, and none is laid over another.
var platformed = map[string]hosting{
	"terraform": deploys, "cloudformation": deploys, "serverless": deploys, "ecs": deploys, "fly": deploys, "app-engine": deploys, "cloud-foundry": deploys, "cloud-run": deploys,
	"render": offers, "heroku": offers, "railway": offers, "vercel": offers, "systemd": offers, "supervisor": offers,
}

// hosting says how much it means that there is such a definition.
type hosting int

const (
	offers  hosting = iota + 1 // it is often one way of several to run the application
	deploys                    // it is how the application is deployed
)

// Deploys reports whether definitions of a format are how an application is
// deployed, and not one of several ways to run it.
func Deploys(format string) bool { return platformed[format] == deploys }

// hosted makes the environments of the definitions of platforms: one for each
// name, of each application in each format. What names no environment is
// production, unless something else is that already: then it has the name of
// its format.
func hosted(groups []*group, taken []*fact.Environment) []*fact.Environment {
	claimed := slices.ContainsFunc(taken, func(e *fact.Environment) bool { return e.Name == Production && len(e.Workloads) > 0 })
	formats := map[string]bool{}
	for _, g := range groups {
		if platformed[g.format] == 0 {
			continue
		}
		for _, d := range g.definitions {
			if name := hostedName(d); len(d.Workloads) > 0 && (name == "" || name == Production) {
				formats[g.format] = true
			}
		}
	}
	var all []*fact.Environment
	for _, g := range groups {
		if platformed[g.format] == 0 {
			continue
		}
		named := map[string][]fact.Definition{}
		for _, d := range g.definitions {
			name := hostedName(d)
			if name == "" {
				name = Production
				if claimed || len(formats) > 1 {
					name = g.format
				}
			}
			named[name] = append(named[name], d)
		}
		for _, name := range sortedKeys(named) {
			all = append(all, layered(name, g.format, named[name]))
		}
	}
	return all
}

// hostedName returns the name of the environment that a platform's definition
// is for, or "". What is called dev there runs on the platform all the same.
func hostedName(d fact.Definition) string {
	if d.Environment != "" {
		if name := hostedWord(d.Environment, true); name != "" {
			return name
		}
		return strings.ToLower(d.Environment)
	}
	parts := strings.Split(d.File, "/")
	slices.Reverse(parts)
	for i, part := range parts {
		if name := hostedWord(part, i == 0); name != "" {
			return name
		}
	}
	return ""
}

func hostedWord(text string, file bool) string {
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune("-_. @", r) }) {
		switch name := environmentWords[w]; {
		case slices.Contains([]string{"dev", "develop", "development"}, w):
			return "dev"
		case file && slices.Contains([]string{"test", "testing"}, w):
			return "test"
		case name != "" && (file || name != Test):
			return name
		}
	}
	return ""
}
