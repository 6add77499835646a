package ledger

import (
	"strconv"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
)

// Settled reports whether another variable decides what a read is for, so that
// its absence changes nothing: of what config/database.yml says Rails takes
// nothing that DATABASE_URL says
// (https://guides.rubyonrails.org/configuring.html#configuring-a-database).
func (r *Run) Settled(n fact.Need) bool {
	if !strings.HasSuffix("/"+n.At.File, "/config/database.yml") || n.Name == "DATABASE_URL" {
		return false
	}
	_, _, state := r.Variable("DATABASE_URL")
	return state != Absent
}

// Link is a variable by which Kubernetes tells a pod of a Service.
type Link struct {
	Service *fact.Service
	Shape   string // what its value is like
}

// Linked returns the Service of which Kubernetes tells the pods of the run
// under that name: those of its namespace that have an address of their own
// (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
func (r *Run) Linked(name string) (Link, bool) {
	if r.Workload == nil || r.Workload.Unlinked || r.Environment.Kind == environment.Compose || r.Environment.IsLocal() {
		return Link{}, false
	}
	for i := range r.Environment.Services {
		s := &r.Environment.Services[i]
		if s.Headless || s.External != "" || len(s.Ports) == 0 || s.Namespace != r.Workload.Namespace && s.Namespace != "" && r.Workload.Namespace != "" {
			continue
		}
		rest, ok := strings.CutPrefix(name, strings.ReplaceAll(strings.ToUpper(s.Name), "-", "_")+"_")
		if !ok {
			continue
		}
		port := strconv.Itoa(s.Ports[0].Number)
		switch {
		case rest == "SERVICE_HOST":
			return Link{s, "an address"}, true
		case rest == "SERVICE_PORT", strings.HasPrefix(rest, "SERVICE_PORT_"):
			return Link{s, "a number"}, true
		case rest == "PORT":
			return Link{s, "tcp://…:" + port}, true
		}
	}
	return Link{}, false
}
