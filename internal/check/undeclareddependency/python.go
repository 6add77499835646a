package undeclareddependency

import (
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

func python(ps *ledger.Packages, c *ledger.Component, told map[string]bool) []finding.Finding {
	return nil
}
