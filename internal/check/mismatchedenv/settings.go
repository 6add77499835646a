package mismatchedenv

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// settings tells of variables that are meant for settings of Spring and do not
// come to them: a line parts the keys of a setting from each other, so that one
// within a key makes two of it. Where a name has a dash, each of its parts is
// compared with one key; where it has none, all dashes of the setting may stand as
// lines (https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.typesafe-configuration-properties.relaxed-binding.environment-variables).
func settings(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		known := map[string]fact.Need{} // by all their letters
		taken := map[string]bool{}
		for _, n := range c.Needs {
			if n.Library != "spring" || n.Kind != fact.Setting && n.Kind != fact.Variable || n.Name == "" {
				continue
			}
			taken[n.Name] = true
			for _, also := range n.Also {
				taken[also] = true
			}
			if n.Kind == fact.Setting && !c.Tool(n.At.File) {
				if _, ok := known[letters(n.Name)]; !ok {
					known[letters(n.Name)] = n
				}
			}
		}
		seen := map[string]bool{}
		for _, r := range c.Production() {
			for _, s := range r.Workload.Supplies {
				name := strings.ToUpper(s.Name)
				setting, ok := known[letters(below.ReplaceAllString(name, "SPRING_SECURITY_OAUTH2_$1"))]
				if !ok || !strings.HasPrefix(name, "SPRING_") || comes(name, setting, taken) || seen[r.Environment.Name+name] || given(r, setting, taken) {
					continue
				}
				seen[r.Environment.Name+name] = true
				findings = append(findings, divided(c, r, s, setting))
			}
		}
	}
	return findings
}

// below are what Spring has below OAuth 2 alone
// (https://docs.spring.io/spring-boot/appendix/application-properties/index.html#appendix.application-properties.security).
var below = regexp.MustCompile(`^SPRING_SECURITY_((?:CLIENT|RESOURCESERVER|AUTHORIZATIONSERVER)_)`)

// letters returns a name without what parts it.
func letters(name string) string { return strings.NewReplacer("_", "", "-", "").Replace(name) }

// comes reports whether a variable comes to a setting.
func comes(name string, setting fact.Need, taken map[string]bool) bool {
	if !strings.Contains(name, "-") {
		return taken[name]
	}
	return taken[strings.ReplaceAll(name, "-", "")]
}

// given reports whether the setting is given under its right name too.
func given(r *ledger.Run, setting fact.Need, taken map[string]bool) bool {
	return slices.ContainsFunc(r.Workload.Supplies, func(s fact.Supply) bool {
		name := strings.ToUpper(s.Name)
		return letters(name) == letters(setting.Name) && comes(name, setting, taken)
	})
}

func divided(c *ledger.Component, r *ledger.Run, s fact.Supply, setting fact.Need) finding.Finding {
	f := doc.Finding(finding.Warning, c.Name, r.Environment.Name, setting.Name)
	f.Message = fmt.Sprintf("%s is supplied, and comes to no setting: the keys of the one that is meant are others, or parted otherwise, as in %s", s.Name, setting.Name)
	f.Consequence = "Spring goes on with the value of the file of settings, and the one that was given is never used"
	f.Remedy = fmt.Sprintf("rename %s to %s at %s:%d", s.Name, setting.Name, s.At.File, s.At.Line)
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: setting.At, Text: setting.Text},
		{Role: finding.Conflict, At: s.At, Text: ledger.Shown(s), Environment: r.Environment.Name},
	}
	return f
}
