package project

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// serviceKinds are the kinds of backing services that can be started.
var serviceKinds = map[string]bool{"postgres": true, "mysql": true, "mariadb": true, "redis": true}

// placeholders are what a service's templates may name.
var placeholders = map[string]bool{"url": true, "host": true, "port": true, "user": true, "password": true, "database": true}

// decoder turns the tree of rehearse.yaml into a Config. The first thing that
// is wrong ends it: what follows is decoded and lost.
type decoder struct {
	there func(path string) bool
	wrong *ConfigError
}

// fields says for each key of a mapping what to do with its value.
type fields map[string]func(*yaml.Node)

func parseConfig(file source.File, there func(string) bool) (*Config, *ConfigError) {
	docs, err := yaml.Parse(file)
	if err != nil {
		wrong := &ConfigError{source.Span{File: file.Path}, err.Error()}
		if syntax, ok := err.(*yaml.Error); ok {
			wrong.At = syntax.At
		}
		return nil, wrong
	}
	c := &Config{File: file.Path}
	if len(docs) == 0 {
		return c, nil
	}
	d := &decoder{there: there}
	if len(docs) > 1 {
		d.fail(docs[1].Root.At, "holds a second document")
	}
	if twice := docs[0].Duplicates; len(twice) > 0 {
		d.fail(twice[0].At, "%q is given twice", twice[0].Key)
	}
	d.config(docs[0].Root, c)
	if d.wrong != nil {
		return nil, d.wrong
	}
	d.check(c)
	if d.wrong != nil {
		return nil, d.wrong
	}
	return c, nil
}

func (d *decoder) config(n *yaml.Node, c *Config) {
	version := false
	d.mapping(n, "rehearse.yaml", fields{
		"version": func(n *yaml.Node) {
			version = true
			if v, ok := n.Int(); !ok || v != 1 {
				d.fail(n.At, "version is to be 1, the only one that this program reads")
			}
		},
		"components":   func(n *yaml.Node) { each(d, n, "components", &c.Components, d.component) },
		"environments": func(n *yaml.Node) { each(d, n, "environments", &c.Environments, d.environment) },
		"services":     func(n *yaml.Node) { each(d, n, "services", &c.Services, d.service) },
		"requests":     func(n *yaml.Node) { each(d, n, "requests", &c.Requests, d.request) },
		"races":        func(n *yaml.Node) { each(d, n, "races", &c.Races, d.race) },
		"ignore": func(n *yaml.Node) {
			for _, item := range d.list(n, "ignore") {
				c.Ignore = append(c.Ignore, d.ignore(item))
			}
		},
	})
	if !version {
		d.fail(n.At, "the version is missing: version: 1")
	}
}

func (d *decoder) component(name string, n *yaml.Node) Override {
	o := Override{Name: name}
	d.mapping(n, "a component", fields{
		"dir": func(n *yaml.Node) {
			if o.Dir = d.path(n, "dir"); o.Dir != "" {
				d.exists(n, o.Dir)
			}
		},
		"start": func(n *yaml.Node) {
			if !n.IsMap() {
				o.Local, o.LocalAt = d.text(n, "start"), n.At
				o.Prod, o.ProdAt = o.Local, n.At
				return
			}
			d.mapping(n, "start", fields{
				"local":      func(n *yaml.Node) { o.Local, o.LocalAt = d.text(n, "local"), n.At },
				"production": func(n *yaml.Node) { o.Prod, o.ProdAt = d.text(n, "production"), n.At },
			})
		},
		"port": func(n *yaml.Node) {
			v, ok := n.Int()
			if !ok || v < 1 || v > 65535 {
				d.fail(n.At, "port is to be a number from 1 to 65535")
			}
			o.Port = v
		},
		"ready": func(n *yaml.Node) { o.Ready = d.urlPath(n, "ready") },
		"workloads": func(n *yaml.Node) {
			for _, item := range d.list(n, "workloads") {
				o.Workloads = append(o.Workloads, d.workload(item))
			}
		},
	})
	return o
}

func (d *decoder) workload(n *yaml.Node) Workload {
	text := d.text(n, "a workload")
	file, what, found := strings.Cut(text, "#")
	if !found || file == "" || what == "" {
		d.fail(n.At, "a workload is to be FILE#KIND/NAME, as k8s/api.yaml#Deployment/api")
	}
	w := Workload{Text: text, File: d.inside(n, file), Name: what, At: n.At}
	if kind, name, ok := strings.Cut(what, "/"); ok {
		w.Kind, w.Name = kind, name
	}
	d.exists(n, w.File)
	return w
}

func (d *decoder) environment(name string, n *yaml.Node) Environment {
	e := Environment{Name: name}
	paths := func(into *[]string, what string, must bool) func(*yaml.Node) {
		return func(n *yaml.Node) {
			for _, item := range d.oneOrMore(n, what) {
				file := d.path(item, what)
				if must {
					d.exists(item, file)
				}
				*into = append(*into, file)
			}
		}
	}
	d.mapping(n, "an environment", fields{
		"kubernetes": paths(&e.Kubernetes, "kubernetes", true),
		"compose":    paths(&e.Compose, "compose", true),
		"terraform":  paths(&e.Terraform, "terraform", true),
		"dotenv":     paths(&e.Dotenv, "dotenv", false), // git may ignore it: a clone has none
		"helm": func(n *yaml.Node) {
			d.mapping(n, "helm", fields{
				"chart": func(n *yaml.Node) {
					e.Chart = d.path(n, "chart")
					d.exists(n, e.Chart)
				},
				"values": paths(&e.Values, "values", true),
			})
			if e.Chart == "" {
				d.fail(n.At, "helm is to name a chart")
			}
		},
		"env": func(n *yaml.Node) {
			for _, f := range d.texts(n, "env") {
				e.Env = append(e.Env, fact.Supply{Kind: fact.Variable, Name: f.Name, At: f.At, Value: fact.Text(f.Text)})
			}
		},
	})
	return e
}

func (d *decoder) service(name string, n *yaml.Node) Service {
	s := Service{Name: name}
	d.mapping(n, "a service", fields{
		"kind": func(n *yaml.Node) {
			if s.Kind = d.text(n, "kind"); !serviceKinds[s.Kind] {
				d.fail(n.At, "the kind of a service is to be one of %s%s", listed(serviceKinds), suggestion(s.Kind, serviceKinds))
			}
		},
		"init": func(n *yaml.Node) {
			for _, item := range d.oneOrMore(n, "init") {
				file := d.path(item, "init")
				d.exists(item, file)
				s.Init = append(s.Init, file)
			}
		},
		"supplies": func(n *yaml.Node) {
			if !n.IsMap() {
				s.Supplies = []Template{{Name: d.text(n, "supplies"), Text: "{{url}}", At: n.At}}
				return
			}
			for _, f := range d.texts(n, "supplies") {
				for _, m := range placeholder.FindAllStringSubmatch(f.Text, -1) {
					if !placeholders[m[1]] {
						d.fail(f.At, "{{%s}} is none of %s", m[1], listed(placeholders))
					}
				}
				s.Supplies = append(s.Supplies, Template(f))
			}
		},
	})
	if s.Kind == "" {
		d.fail(n.Place(), "a service is to have a kind, one of %s", listed(serviceKinds))
	}
	return s
}

var placeholder = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

func (d *decoder) ignore(n *yaml.Node) Ignore {
	i := Ignore{At: n.At}
	d.mapping(n, "an item of ignore", fields{
		"check":   func(n *yaml.Node) { i.Check = d.text(n, "check") },
		"subject": func(n *yaml.Node) { i.Subject = d.text(n, "subject") },
		"reason":  func(n *yaml.Node) { i.Reason = d.text(n, "reason") },
	})
	if i.Check == "" {
		d.fail(n.At, "an item of ignore is to name a check")
	} else if i.Reason == "" {
		d.fail(n.At, "an item of ignore is to have a reason, for whoever reads it next")
	}
	return i
}

// check holds the parts of the configuration to each other.
func (d *decoder) check(c *Config) {
	requests, services := map[string]bool{}, map[string]bool{}
	after := map[string][]string{}
	for _, r := range c.Requests {
		requests[r.Name] = true
		after[r.Name] = r.After
	}
	for _, s := range c.Services {
		services[s.Name] = true
	}
	known := func(at source.Span, name string) {
		if !requests[name] {
			d.fail(at, "there is no request %s%s", name, suggestion(name, requests))
		}
	}
	for _, r := range c.Requests {
		for _, name := range r.After {
			known(r.At, name)
		}
		if d.wrong == nil && comesBack(r.Name, after) {
			d.fail(r.At, "request %s comes after itself", r.Name)
		}
	}
	for _, r := range c.Races {
		for _, name := range r.Overlap {
			known(r.At, name)
		}
		for _, name := range r.Given {
			if !strings.HasSuffix(name, ".sql") {
				known(r.At, name)
			}
		}
		for _, i := range r.Invariants {
			if i.Service != "" && !services[i.Service] {
				d.fail(i.At, "there is no service %s%s", i.Service, suggestion(i.Service, services))
			}
		}
	}
}

// comesBack reports whether a name leads to itself.
func comesBack(name string, after map[string][]string) bool {
	seen := map[string]bool{}
	queue := slices.Clone(after[name])
	for len(queue) > 0 {
		next := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if next == name {
			return true
		}
		if !seen[next] {
			seen[next] = true
			queue = append(queue, after[next]...)
		}
	}
	return false
}

// inside cleans a path and refuses one that leads out of the project.
func (d *decoder) inside(n *yaml.Node, file string) string {
	clean := path.Clean(file)
	if path.IsAbs(clean) || clean == ".." || strings.HasPrefix(clean, "../") || strings.ContainsAny(file, "\\\x00") {
		d.fail(n.Place(), "a path is to be inside the project, relative to it, and with forward slashes")
		return ""
	}
	return clean
}

func (d *decoder) path(n *yaml.Node, what string) string {
	text := d.text(n, what)
	if text == "" {
		return ""
	}
	return d.inside(n, text)
}

func (d *decoder) exists(n *yaml.Node, file string) {
	if file != "" && d.wrong == nil && !d.there(file) {
		d.fail(n.Place(), "there is no %s in the project", file)
	}
}

func (d *decoder) urlPath(n *yaml.Node, what string) string {
	text := d.text(n, what)
	if text != "" && !strings.HasPrefix(text, "/") {
		d.fail(n.Place(), "%s is to be a path that begins with /", what)
	}
	return text
}

// suggestion returns a hint at the known name that is nearest, or "".
func suggestion(name string, known map[string]bool) string {
	best, least := "", 3
	for k := range known {
		if n := levenshtein.Distance(name, k, nil); n < least || n == least && best != "" && k < best {
			best, least = k, n
		}
	}
	if best == "" || least >= len(name) {
		return ""
	}
	return fmt.Sprintf(" (is %s meant?)", best)
}

func listed(set map[string]bool) string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
