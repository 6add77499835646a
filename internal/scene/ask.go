package scene

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

// The bounds of an answer.
const (
	askLimit = 10 * time.Second
	mostBody = 1 << 20 // bytes of a body that are compared; the rest is not looked at
)

// Answer is what came back for a request, or why nothing did.
type Answer struct {
	Status int // 0: none
	Header http.Header
	Body   []byte
	Slow   bool     // nothing came within the time that there is for an answer
	Failed string   // "connection refused", "no answer within 10 s", …; "" when there was an answer
	Missed []string // what was to be captured and is not in it, sorted
}

// Ask sends a request to its role, after those that are to come first, and
// returns the answer to the last. Each call is a sender of its own, with its
// own captures and cookies.
func (p *Play) Ask(ctx context.Context, q *Request) Answer {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return Answer{Failed: err.Error()} // there is no option that could be wrong
	}
	sender := sender{play: p, jar: jar, captured: map[string]string{}, sent: map[string]bool{}}
	return sender.send(ctx, q)
}

type sender struct {
	play     *Play
	jar      http.CookieJar
	captured map[string]string
	sent     map[string]bool // requests that were sent, or are waiting for those before them
}

// browser is the address for which cookies are kept: as the browser sees it,
// TLS and all.
var browser = &url.URL{Scheme: "https", Host: "localhost"}

// send sends a request behind those that are to come before it, each once. That
// they come round in a circle is an error of rehearse.yaml.
func (s *sender) send(ctx context.Context, q *Request) Answer {
	s.sent[q.Name] = true
	for _, name := range q.After {
		before := s.play.theater.scene.request(name)
		if before == nil {
			return Answer{Failed: "there is no request " + name}
		}
		if !s.sent[name] {
			s.send(ctx, before) // what it fails at, this one meets too
		}
	}
	answer := s.one(ctx, q)
	for _, name := range slices.Sorted(maps.Keys(q.Capture)) {
		value, err := capture(q.Capture[name], answer)
		if err != nil {
			answer.Missed = append(answer.Missed, name)
			continue
		}
		s.captured[name] = value
	}
	return answer
}

func (s *sender) one(ctx context.Context, q *Request) Answer {
	a := s.play.actors[q.Role]
	if a == nil || !a.boot.Up {
		return Answer{Failed: "it is not up"}
	}
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	target := fmt.Sprintf("http://localhost:%d%s", q.Role.Port, s.fill(q.Path))
	request, err := http.NewRequestWithContext(ctx, q.Method, target, bytes.NewReader([]byte(s.fill(string(q.Body)))))
	if err != nil {
		return Answer{Failed: "its method or its path cannot be sent"} // the error has what was captured
	}
	for name, values := range q.Header {
		for _, value := range values {
			request.Header.Add(name, s.fill(value))
		}
	}
	for _, cookie := range s.jar.Cookies(browser) {
		request.AddCookie(cookie)
	}
	transport := &http.Transport{
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return s.play.enter(ctx, a) },
		DisableKeepAlives: true,
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return s.failed(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, mostBody))
	if err != nil {
		return s.failed(err)
	}
	s.jar.SetCookies(browser, response.Cookies())
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body}
}

// fill puts captured values into a text.
func (s *sender) fill(text string) string {
	for name, value := range s.captured {
		text = strings.ReplaceAll(text, "{{"+name+"}}", value)
	}
	return text
}

// enter connects to a role as requests of this mixture reach it: over its
// loopback, from outside, or through its service.
func (p *Play) enter(ctx context.Context, a *actor) (net.Conn, error) {
	s := p.theater.scene
	switch {
	case a.entry != "":
		return p.theater.stage.Outside().Dial(ctx, "tcp", a.entry)
	case s.has(p.mix, a.role, entryKind, fmt.Sprint(a.role.Port)):
		return p.theater.stage.Outside().Dial(ctx, "tcp", netip.AddrPortFrom(a.node.Addr(), uint16(a.port)).String())
	}
	return a.node.Dial(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", a.port))
}

// failed says in words why no answer came.
func (s *sender) failed(err error) Answer {
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return Answer{Failed: "connection refused"}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Answer{Failed: "the connection was cut"}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return Answer{Slow: true, Failed: fmt.Sprintf("no answer within %.0f s", askLimit.Seconds())}
	}
	if strings.Contains(err.Error(), "malformed HTTP") {
		return Answer{Failed: "what answers does not speak HTTP/1.1"} // gRPC, a database, …
	}
	// A part of what answered may be in the error.
	return Answer{Failed: "no answer: " + ending(s.play.theater.scene.Redact(err.Error()), mostSaid)}
}
