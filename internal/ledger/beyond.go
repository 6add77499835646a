package ledger

import (
	"path"
	"regexp"
	"strings"

	"rehearse/internal/fact"
)

// trial is what files and folders are called whose code a developer or a test
// alone runs, and aside what those are called that are run by hand.
var (
	trial = regexp.MustCompile(`(?i)(^|[._-])(dev|devel|development|local|test|tests|testing|debug|ci|mock|example|demo|sample|seed|seeds|seeder)([._-]|$)`)
	aside = regexp.MustCompile(`(?i)^(scripts?|tools?|migrations?|migrate|seeds?|seeders?|commands?|cli|notebooks?|benchmarks?|training|examples?|demos?|fixtures|hack|ci|dev|utilities|maintenance|experiments?|evaluation|eval|cypress|e2e|gulp\w*|build|rakelib)$`)
)

// Working returns the needs of a kind at run time that the deployed process
// has: not those of code that a developer, a test or a person at a prompt runs.
func (c *Component) Working(kind fact.Kind) []fact.Need {
	var needs []fact.Need
	for _, n := range c.Of(kind) {
		if !n.Browser && !byHand(c.inside(n.At.File)) {
			needs = append(needs, n)
		}
	}
	return needs
}

// inside is the path of a file as seen from the component's folder.
func (c *Component) inside(file string) string {
	if c.Dir == "." {
		return file
	}
	return strings.TrimPrefix(file, c.Dir+"/")
}

func byHand(file string) bool {
	dir, base := path.Split(file)
	if trial.MatchString(base) {
		return true
	}
	for part := range strings.SplitSeq(strings.Trim(dir, "/"), "/") {
		if aside.MatchString(part) || trial.MatchString(part) {
			return true
		}
	}
	return false
}
