package scene

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// Request is a request that is sent to a role.
type Request struct {
	Name    string
	Role    *Role
	Method  string
	Path    string // with its query
	Header  http.Header
	Body    []byte
	Capture map[string]string // name to CEL expression
	After   []string          // names of requests that are sent first
	At      source.Span       // where it is said
}

// Told reports whether rehearse.yaml says the request.
func (q *Request) Told() bool { return q.At.File == project.ConfigFile }

// mostRequests bounds what is sent to one component when nothing says what to
// send: enough to see each kind of page once.
const mostRequests = 20

// findRequests takes the requests of rehearse.yaml and, for a component of
// which it says none, those that only read and that the code and the probes
// tell of. The error is a *project.ConfigError.
func (s *Scene) findRequests() error {
	told := map[*Role]bool{}
	for _, c := range s.project.Config.Requests {
		for _, in := range c.Capture {
			if _, err := compile(in.Text); err != nil {
				return &project.ConfigError{At: c.At, Reason: fmt.Sprintf("request %s: %s is captured by no CEL expression: %s", c.Name, in.Name, lastLines(err.Error(), 3))}
			}
		}
		r := s.Role(c.Component)
		if r == nil {
			continue
		}
		told[r] = true
		q := Request{
			Name: c.Name, Role: r, Method: c.Method, Path: c.Path, Header: http.Header{}, Body: []byte(c.Body),
			Capture: map[string]string{}, After: c.After, At: c.At,
		}
		for _, h := range c.Headers {
			q.Header.Set(h.Name, h.Text)
		}
		for _, in := range c.Capture {
			q.Capture[in.Name] = in.Text
		}
		switch {
		case c.JSON:
			setDefault(q.Header, "Content-Type", "application/json")
		case c.Form != nil:
			form := url.Values{}
			for _, field := range c.Form {
				form.Add(field.Name, field.Text)
			}
			q.Body = []byte(form.Encode())
			setDefault(q.Header, "Content-Type", "application/x-www-form-urlencoded")
		}
		s.Requests = append(s.Requests, q)
	}
	for _, r := range s.Roles {
		if r.Port != 0 && !told[r] {
			s.discoverRequests(r)
		} else if r.Port != 0 {
			s.probeRequests(r, map[string]bool{})
		}
	}
	slices.SortStableFunc(s.Requests, func(a, b Request) int { return cmp.Compare(a.Role.Name(), b.Role.Name()) })
	return nil
}

func setDefault(h http.Header, name, value string) {
	if h.Get(name) == "" {
		h.Set(name, value)
	}
}

// discoverRequests asks for the paths that the code serves without a
// parameter, for those of the probes, and for the root.
func (s *Scene) discoverRequests(r *Role) {
	seen := map[string]bool{}
	s.probeRequests(r, seen)
	s.get(r, seen, "/", source.Span{})
	for _, n := range r.Component.Of(fact.Path) {
		if (n.Method == "" || n.Method == http.MethodGet) && !strings.ContainsAny(n.Name, ":{*<[(") && strings.HasPrefix(n.Name, "/") {
			s.get(r, seen, n.Name, n.At)
		}
	}
}

func (s *Scene) probeRequests(r *Role, seen map[string]bool) {
	for _, p := range r.Run.Workload.Probes {
		port := p.Port
		for _, in := range r.Run.Workload.Ports {
			if p.PortRef != "" && in.Name == p.PortRef {
				port = in.Number
			}
		}
		if p.Path != "" && (port == 0 || port == r.Port) {
			s.get(r, seen, p.Path, p.At)
		}
	}
}

func (s *Scene) get(r *Role, seen map[string]bool, path string, at source.Span) {
	if seen[path] || len(seen) >= mostRequests {
		return
	}
	seen[path] = true
	s.Requests = append(s.Requests, Request{
		Name: fmt.Sprintf("%s GET %s", r.Name(), path), Role: r, Method: http.MethodGet, Path: path, Header: http.Header{}, At: at,
	})
}

// request returns the request of that name, or nil.
func (s *Scene) request(name string) *Request {
	for i := range s.Requests {
		if s.Requests[i].Name == name {
			return &s.Requests[i]
		}
	}
	return nil
}
