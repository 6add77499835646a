package unconsumedqueue

import (
	"fmt"
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/spelling"
)

// brokers are the libraries whose queues code names at both ends, as they are called
// in a report: of others the commands of workers tell.
var brokers = map[string]string{"bull": "Bull", "amqp": "RabbitMQ", "kafka": "Kafka", "nats": "NATS", "asynq": "Asynq"}

// side is a name at one end, and the component that has it.
type side struct {
	fact.Need
	component *ledger.Component
}

// parted finds queues and topics that code puts work into and that nothing takes
// from, where a consumer takes from one of nearly the same name that nothing puts
// any into. Of those that only one end names nothing is said: the other end may be
// another system's.
func parted(l *ledger.Ledger) []finding.Finding {
	ends := map[string]map[string][]side{} // by library, then put or take
	for _, c := range l.Components {
		for _, n := range c.Working(fact.Queue) {
			if brokers[n.Library] == "" || n.Sort != "put" && n.Sort != "take" {
				continue
			}
			if ends[n.Library] == nil {
				ends[n.Library] = map[string][]side{}
			}
			ends[n.Library][n.Sort] = append(ends[n.Library][n.Sort], side{n, c})
		}
	}
	var findings []finding.Finding
	for _, library := range []string{"amqp", "asynq", "bull", "kafka", "nats"} {
		puts, takes := alone(ends[library]["put"], ends[library]["take"]), alone(ends[library]["take"], ends[library]["put"])
		for _, put := range puts {
			i := slices.IndexFunc(takes, func(take side) bool { return spelling.Near(put.Name, take.Name) })
			if i < 0 {
				continue
			}
			take := takes[i]
			f := doc.Finding(finding.Warning, put.component.Name, production, put.Name)
			f.Message = fmt.Sprintf("work is put into %s of %s, and its consumer takes from %s, which nothing is put into", put.Name, brokers[library], take.Name)
			f.Consequence = "the work waits in the queue and is never done"
			f.Remedy = "call both the same"
			f.Evidence = []finding.Evidence{{Role: finding.Need, At: put.At, Text: put.Text}, {Role: finding.Conflict, At: take.At, Text: take.Text, Environment: production}}
			findings = append(findings, f)
		}
	}
	return findings
}

// alone returns the sides of one end whose names the other end does not have, each
// once.
func alone(these, others []side) []side {
	var found []side
	seen := map[string]bool{}
	for _, o := range others {
		seen[o.Name] = true
	}
	for _, s := range these {
		if !seen[s.Name] {
			seen[s.Name] = true
			found = append(found, s)
		}
	}
	return found
}
