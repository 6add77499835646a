package project

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"

	"rehearse/internal/yaml"
)

func (d *decoder) request(name string, n *yaml.Node) Request {
	r := Request{Name: name, Method: "GET"}
	bodies := 0
	d.mapping(n, "a request", fields{
		"component": func(n *yaml.Node) { r.Component = d.text(n, "component") },
		"method": func(n *yaml.Node) {
			if r.Method = strings.ToUpper(d.text(n, "method")); !method.MatchString(r.Method) {
				d.fail(n.At, "method is to be a method of HTTP")
			}
		},
		"path":    func(n *yaml.Node) { r.Path = d.urlPath(n, "path") },
		"headers": func(n *yaml.Node) { r.Headers = d.texts(n, "headers") },
		"capture": func(n *yaml.Node) { r.Capture = d.texts(n, "capture") },
		"after":   func(n *yaml.Node) { r.After = d.names(n, "after") },
		"body":    func(n *yaml.Node) { bodies++; r.Body = d.text(n, "body") },
		"form":    func(n *yaml.Node) { bodies++; r.Form = d.texts(n, "form") },
		"json": func(n *yaml.Node) {
			bodies++
			body, err := json.Marshal(plain(n))
			if err != nil {
				d.fail(n.At, "json holds what JSON has not: a number that is none, or infinite")
			}
			r.Body, r.JSON = string(body), true
		},
	})
	if bodies > 1 {
		d.fail(n.At, "a request has one of json, body and form")
	}
	if r.Component == "" || r.Path == "" {
		d.fail(n.Place(), "a request is to name its component and its path")
	}
	return r
}

// method is what HTTP allows for a method (RFC 9110, section 5.6.2).
var method = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// plain returns a value as encoding/json takes it.
func plain(n *yaml.Node) any {
	switch {
	case n.IsMap():
		m := make(map[string]any, len(n.Pairs()))
		for _, p := range n.Pairs() {
			m[p.Name()] = plain(p.Value)
		}
		return m
	case n.IsList():
		items := make([]any, 0, len(n.Items()))
		for _, item := range n.Items() {
			items = append(items, plain(item))
		}
		return items
	case n.IsNull():
		return nil
	}
	text := n.Text()
	switch n.Tag() {
	case "!!bool":
		return n.True()
	case "!!int":
		if v, err := strconv.ParseInt(text, 0, 64); err == nil {
			return v
		}
	case "!!float":
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return math.NaN() // .inf, .nan: encoding/json refuses it
		}
		return v
	}
	return text
}

func (d *decoder) race(name string, n *yaml.Node) Race {
	r := Race{Name: name}
	d.mapping(n, "a race", fields{
		"overlap": func(n *yaml.Node) { r.Overlap = d.names(n, "overlap") },
		"given": func(n *yaml.Node) {
			for _, item := range d.list(n, "given") {
				text := d.text(item, "given")
				if strings.HasSuffix(text, ".sql") {
					text = d.path(item, "given")
					d.exists(item, text)
				}
				r.Given = append(r.Given, text)
			}
		},
		"invariants": func(n *yaml.Node) {
			for _, item := range d.list(n, "invariants") {
				r.Invariants = append(r.Invariants, d.invariant(item))
			}
		},
	})
	if len(r.Overlap) < 2 {
		d.fail(n.Place(), "a race is to overlap two requests or more")
	}
	return r
}

func (d *decoder) invariant(n *yaml.Node) Invariant {
	i := Invariant{At: n.At}
	d.mapping(n, "an invariant", fields{
		"holds": func(n *yaml.Node) { i.Holds = d.text(n, "holds") },
		"sql": func(n *yaml.Node) {
			for _, f := range d.texts(n, "sql") {
				switch {
				case f.Name == "as":
					i.As = f.Text
				case i.Service != "":
					d.fail(f.At, "sql is to ask one service")
				default:
					i.Service, i.SQL = f.Name, f.Text
				}
			}
			if i.Service == "" || i.As == "" {
				d.fail(n.At, "sql is to name a service with its query, and as: the name of the rows")
			}
		},
	})
	if i.Holds == "" {
		d.fail(n.At, "an invariant is to say what holds")
	}
	return i
}
