package duplicateschedule

import (
	"fmt"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// parted tells the jobs that one process alone does from the others.
func parted(needs []fact.Need) (others, locked []fact.Need) {
	for _, n := range needs {
		if n.Sort == "locked" {
			locked = append(locked, n)
		} else {
			others = append(others, n)
		}
	}
	return others, locked
}

// unlocked finds jobs that take no lock where others of the same component do,
// by the same library: whoever takes a lock there has several copies, although no
// definition may show them.
func unlocked(c *ledger.Component, needs, locked []fact.Need) (finding.Finding, bool) {
	var bare []fact.Need
	var kin fact.Need
	for _, n := range needs {
		for _, o := range locked {
			if o.Library == n.Library {
				kin = o
				bare = append(bare, n)
				break
			}
		}
	}
	if len(bare) == 0 {
		return finding.Finding{}, false
	}
	j := jobs{needs: bare}
	environment := "production"
	if runs := c.Production(); len(runs) > 0 {
		environment = runs[0].Environment.Name
	}
	f := doc.Finding(finding.Warning, c.Name, environment, bare[0].Name)
	f.Message = fmt.Sprintf("the process starts by the clock, without the lock that its other jobs take: %s", j.names())
	f.Consequence = "each job runs once for each copy: what it sends, charges or writes is done more than once"
	f.Remedy = "take the lock there, too"
	f.Evidence = append(j.evidence(), finding.Evidence{Role: finding.Related, At: kin.At, Text: kin.Text})
	return f, true
}
