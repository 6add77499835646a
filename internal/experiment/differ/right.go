package differ

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"rehearse/internal/experiment"
	"rehearse/internal/isolate"
	"rehearse/internal/scene"
)

// right is what the right answers are: those of the local environment, without
// what differs when it is asked twice.
type right struct {
	answers map[string]scene.Answer
	masks   map[string]mask
	redact  func(string) string // of what an answer itself says
}

// learn asks the local environment twice.
func learn(ctx context.Context, s *experiment.Session) (*right, error) {
	first, err := s.Local(ctx)
	if err != nil {
		return nil, err
	}
	second, err := s.Fresh(ctx, nil)
	if err != nil {
		return nil, err
	}
	r := &right{answers: first.Answers, masks: map[string]mask{}, redact: s.Scene.Redact}
	r.widen(s, second)
	r.note(s)
	return r, nil
}

// note tells of the requests of rehearse.yaml that say less than they were meant
// to: of a component's others some may be compared all the same.
func (r *right) note(s *experiment.Session) {
	for i := range s.Scene.Requests {
		q := &s.Scene.Requests[i]
		a, why := r.answers[q.Name], ""
		switch {
		case !q.Told() || s.Silent[q.Role.Name()] != "":
			continue
		case a.Failed != "":
			why = "is not answered locally either, so it was not compared: " + a.Failed
		case r.masks[q.Name].unstable:
			why = "is answered in another way each time it is asked, locally too, so it was not compared"
		case len(a.Missed) > 0:
			why = "is to capture " + strings.Join(a.Missed, ", ") + ", which its local answer does not have"
		default:
			continue
		}
		if text := fmt.Sprintf("request %s of %s %s", q.Name, q.Role.Name(), why); !slices.Contains(s.Scene.Notes, text) {
			s.Scene.Notes = append(s.Scene.Notes, text)
		}
	}
}

// widen masks what was not the same when the local environment was asked once
// more.
func (r *right) widen(s *experiment.Session, again *experiment.Observation) {
	for name, a := range r.answers {
		r.masks[name] = r.masks[name].and(newMask(a, again.Answers[name]))
	}
	for _, role := range s.Scene.Roles {
		if why := r.silent(s, role); why != "" {
			s.Silent[role.Name()] = why
		}
	}
}

// silent returns why none of the answers of a role can be compared, or "".
func (r *right) silent(s *experiment.Session, role *scene.Role) string {
	why := ""
	for i := range s.Scene.Requests {
		q := &s.Scene.Requests[i]
		if q.Role != role {
			continue
		}
		switch {
		case r.answers[q.Name].Failed != "":
			why = fmt.Sprintf("%s %s is not answered locally either: %s", q.Method, q.Path, r.answers[q.Name].Failed)
		case r.masks[q.Name].unstable:
			why = fmt.Sprintf("%s %s is answered in another way each time it is asked, locally too", q.Method, q.Path)
		default:
			return ""
		}
	}
	return why
}

// verdict is how an answer compares with the right one; "" where it is as good.
// Two wrong answers of one verdict are the same failure.
func (r *right) verdict(q *scene.Request, o *experiment.Observation) string {
	was, is := r.answers[q.Name], o.Answers[q.Name]
	switch {
	case was.Failed != "" || r.masks[q.Name].unstable:
		return "" // there is no right answer to compare with
	case is.Failed != "":
		return is.Failed
	case is.Status != was.Status:
		return fmt.Sprintf("%d instead of %d", is.Status, was.Status)
	case kind(is) != kind(was):
		return r.redact(fmt.Sprintf("%s instead of %s", kind(is), kind(was)))
	case location(is) != location(was) && !r.masks[q.Name].redirect:
		return "a redirect to elsewhere"
	}
	return r.redact(r.masks[q.Name].compare(was, is))
}

func (r *right) judge(q *scene.Request, o *experiment.Observation, failed string) isolate.Outcome {
	switch r.verdict(q, o) {
	case "":
		return isolate.Pass
	case failed:
		return isolate.Fail
	}
	return isolate.Unresolved
}

// wrong returns the requests that are answered otherwise than is right, without
// those that are left alone and those of components that are not up anyway.
func (r *right) wrong(s *experiment.Session, o *experiment.Observation, left map[string]bool) []*scene.Request {
	var wrong []*scene.Request
	for i := range s.Scene.Requests {
		q := &s.Scene.Requests[i]
		_, given := s.GivenUp(q.Role.Name())
		if !given && !left[q.Name] && r.verdict(q, o) != "" {
			wrong = append(wrong, q)
		}
	}
	return wrong
}

// kind is the media type of an answer.
func kind(a scene.Answer) string {
	media, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	return strings.TrimSpace(media)
}

// location is where an answer redirects to, without the host, which differs
// between environments by right.
func location(a scene.Answer) string {
	u, err := url.Parse(a.Header.Get("Location"))
	if err != nil {
		return ""
	}
	return u.Path
}
