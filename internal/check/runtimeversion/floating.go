package runtimeversion

import (
	"fmt"
	"regexp"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
)

// far is the part of a version that is later than any that there is.
const far = ".999"

// exactly is a demand of one version alone.
var exactly = regexp.MustCompile(`^(?:==?\s*)?v?\d+\.\d+\.\d+$`)

// floats finds a tag that does not stay with what is asked for: the newest image
// that it may mean has another version than those that will do.
func (r *run) floats(b *ledger.Build, one base, component, dir string) bool {
	parts := strings.Count(one.Range, ".") + 1
	if one.Range == "" {
		parts = 0
	}
	newest := map[int]string{0: "999.0.0", 1: one.Range + far + ".0", 2: one.Range + far}[parts]
	if newest == "" || one.Language == manifest.Java || one.Language == manifest.DotNet || one.Language == manifest.Go || one.Language == manifest.Rust {
		return false // it names a version, or one that is newer does as well
	}
	for _, d := range r.asked(b, one, dir) {
		ok, known := manifest.Allows(one.Language, d.Range, newest)
		if ok || !known || parts > 0 && !exactly.MatchString(strings.TrimSpace(d.Range)) && !bounded(one, d.Range) {
			continue
		}
		severity := finding.Info
		if r.refuses(b, one) {
			severity = finding.Warning
		}
		f := r.differ(severity, component, b.Environment(), one.Runtime, d)
		f.Message = fmt.Sprintf("%s asks for %s %s, and %s has whatever version is newest", d.At.File, names[one.Language], d.Range, one.Text)
		f.Consequence = "the next build that meets a newer image fails, or runs with what was never tested"
		r.add(f)
		return true
	}
	return false
}

// bounded reports whether the first number of a tag alone cannot keep to a range:
// for a language that changes in the second.
func bounded(one base, asked string) bool {
	if strings.Contains(one.Range, ".") || one.Language == manifest.Node {
		return false
	}
	lowest, known := manifest.Allows(one.Language, asked, one.Range+".0.0")
	return known && !lowest
}

// refuses reports whether a manager in the image refuses a runtime that is not
// asked for: Bundler does whenever anything starts, npm only warns.
func (r *run) refuses(b *ledger.Build, one base) bool {
	if one.Language == manifest.Ruby {
		return true
	}
	for _, in := range r.packages.Installs() {
		if in.Build == b && in.Ecosystem() == one.Language && in.Manager != "npm" && !in.Global && len(in.Packages) == 0 {
			return true
		}
	}
	return false
}
