package unlockedinstall

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
	"rehearse/internal/packages"
)

// bases finds the images that others are built from, without a tag or with one
// that moves.
func bases(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	var seen []string
	for _, b := range l.Builds {
		i := b.Image()
		if i == nil || b.ForTests() {
			continue
		}
		for _, n := range i.Stages() {
			stage := i.Stage(strconv.Itoa(n))
			if stage == nil {
				continue
			}
			definition := stage.Definition()
			base := definition.Base
			key := fmt.Sprint(definition.At, base)
			if !floats(base) || slices.Contains(seen, key) || earlier(i.Stages(), n, base, func(n int) string { return i.Stage(strconv.Itoa(n)).Name() }) {
				continue
			}
			seen = append(seen, key)
			severity := finding.Info
			if manifest.RuntimeImage(base) {
				severity = finding.Warning
			}
			component := l.Around(b.Dockerfile)
			if b.Owner != nil {
				component = b.Owner.Name
			}
			f := doc.Finding(severity, component, b.Environment(), base)
			f.Message = fmt.Sprintf("FROM %s is whatever version is the latest on the day of the build", base)
			f.Consequence = "a new version of the base image comes in with a build that changed nothing"
			f.Remedy = "give the base image a tag with a version"
			f.Evidence = []finding.Evidence{{Role: finding.Need, At: definition.At, Text: "FROM " + base, Environment: b.Environment()}}
			findings = append(findings, f)
		}
	}
	return findings
}

// floats reports whether an image has no fixed version.
func floats(base string) bool {
	if base == "" || base == "scratch" || strings.ContainsAny(base, "$@") {
		return false
	}
	tag := ""
	if i := strings.LastIndexByte(base, ':'); i > strings.LastIndexByte(base, '/') {
		tag = base[i+1:]
	}
	return tag == "" || tag == "latest"
}

// earlier reports whether a base is a stage of the same Dockerfile.
func earlier(stages []int, n int, base string, name func(int) string) bool {
	if number, err := strconv.Atoi(base); err == nil && number < n {
		return true
	}
	return slices.ContainsFunc(stages, func(s int) bool { return s < n && strings.EqualFold(name(s), base) })
}

// branches are names that are never those of a version.
var branches = []string{"main", "master", "develop", "dev", "trunk", "nightly", "edge", "HEAD"}

// uses finds the actions that pipelines take from a branch, each once for all
// pipelines that do.
func uses(l *ledger.Ledger, ps *packages.Packages) []finding.Finding {
	var findings []finding.Finding
	told := map[string]int{} // by the action, where its finding is
	for _, p := range ps.Pipelines {
		for _, u := range p.Uses {
			if !slices.Contains(branches, u.Ref) {
				continue
			}
			need := finding.Evidence{Role: finding.Need, At: u.At, Text: "uses: " + u.Name + "@" + u.Ref}
			if i, ok := told[need.Text]; ok {
				if f := &findings[i]; len(f.Evidence) < maxShown {
					need.Role = finding.Related
					f.Evidence = append(f.Evidence, need)
				}
				continue
			}
			told[need.Text] = len(findings)
			f := doc.Finding(finding.Info, l.Around(p.File), l.Pipeline(p.File), u.Name+"@"+u.Ref)
			f.Message = fmt.Sprintf("%s is taken from the branch %s: it may change with every run", u.Name, u.Ref)
			f.Consequence = "a pipeline that passed yesterday fails today, or does something else"
			f.Remedy = "name a version or a commit"
			f.Evidence = []finding.Evidence{need}
			findings = append(findings, f)
		}
	}
	return findings
}

// maxShown is how many places a finding shows.
const maxShown = 6
