package manifest

import (
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"
	pep440 "github.com/aquasecurity/go-pep440-version"
)

// Satisfies reports whether a version is one that a range asks for, as the
// manager of the ecosystem compares them; known is false where that cannot be
// said: the range is an address, a tag, a folder, or written in a way that is
// not understood.
func Satisfies(e Ecosystem, asked, version string) (ok, known bool) {
	asked, version = strings.TrimSpace(asked), strings.TrimSpace(version)
	if version == "" || len(asked) > maxRange || len(version) > maxRange {
		return false, false
	}
	if asked == "" || asked == "*" {
		return true, true
	}
	switch e {
	case Node:
		if ok, known := plainly(asked, version); known {
			return ok, known
		}
		if strings.ContainsAny(asked, ":/") || !semverRange.MatchString(asked) {
			return false, false
		}
		return satisfiesSemver(nodeRange(asked), version)
	case Rust:
		if asked[0] >= '0' && asked[0] <= '9' {
			asked = "^" + asked
		}
		return satisfiesSemver(asked, version)
	case Python:
		if strings.ContainsAny(asked, "^") || strings.HasPrefix(asked, "~") && !strings.HasPrefix(asked, "~=") {
			return satisfiesSemver(asked, version)
		}
		if asked[0] >= '0' && asked[0] <= '9' {
			asked = "==" + asked
		}
		v, err := pep440.Parse(version)
		if err != nil {
			return false, false
		}
		s, err := pep440.NewSpecifiers(asked, pep440.WithPreRelease(true))
		if err != nil {
			return false, false
		}
		return s.Check(v), true
	}
	return false, false
}

// maxRange is the length in bytes of the longest range or version that is
// looked at.
const maxRange = 256

// semverRange is what ranges of npm are made of
// (https://github.com/npm/node-semver#ranges).
var semverRange = regexp.MustCompile(`^[0-9vVxX*^~<>=|.\s+A-Za-z-]*[0-9xX*][0-9vVxX*^~<>=|.\s+A-Za-z-]*$`)

// spaced is the space behind an operator, and that between two comparators,
// which semver/v3 wants as a comma.
var (
	spaced   = regexp.MustCompile(`([<>=^~])\s+`)
	hyphened = regexp.MustCompile(`\s-\s`)
	parted   = regexp.MustCompile(`\s+`)
)

// nodeRange writes a range of npm as semver/v3 takes it.
func nodeRange(asked string) string {
	alternatives := strings.Split(asked, "||")
	for i, a := range alternatives {
		a = strings.TrimSpace(a)
		if a == "" {
			a = "*"
		}
		if !hyphened.MatchString(a) {
			a = parted.ReplaceAllString(spaced.ReplaceAllString(a, "$1"), ", ")
		}
		alternatives[i] = a
	}
	return strings.Join(alternatives, " || ")
}

func satisfiesSemver(asked, version string) (ok, known bool) {
	v, err := semver.NewVersion(version)
	if err != nil {
		return false, false
	}
	c, err := semver.NewConstraint(asked)
	if err != nil {
		return false, false
	}
	c.IncludePrerelease = v.Prerelease() != ""
	return c.Check(v), true
}
