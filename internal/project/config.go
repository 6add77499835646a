package project

import (
	"errors"
	"io/fs"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// ConfigFile is the name of the file that overrides what is discovered. It
// lies in the project's root.
const ConfigFile = "rehearse.yaml"

// Config is what rehearse.yaml says. Everything is in the order of the file.
type Config struct {
	File         string // "" where there is none
	Components   []Override
	Environments []Environment
	Services     []Service
	Requests     []Request
	Races        []Race
	Ignore       []Ignore
}

// Override says of a component what was not discovered, or not rightly.
type Override struct {
	Name      string
	At        source.Span
	Dir       string      // "" where it is not said
	Local     string      // the command for a shell; "" where it is not said
	LocalAt   source.Span // where that stands
	Prod      string
	ProdAt    source.Span
	Port      int    // 0 where it is not said
	Ready     string // a path; "" where it is not said
	Workloads []Workload
}

// Workload names a workload of a definition: k8s/api.yaml#Deployment/api.
type Workload struct {
	Text string // as it stands there
	File string
	Kind string // "" where it is not said: compose.yaml#api
	Name string
	At   source.Span
}

// Environment says which definitions make up an environment.
type Environment struct {
	Name       string
	At         source.Span
	Kubernetes []string
	Compose    []string
	Terraform  []string
	Chart      string
	Values     []string
	Dotenv     []string
	Env        []fact.Supply
}

// Service is a backing service that the tool starts for a rehearsal.
type Service struct {
	Name     string
	At       source.Span
	Kind     string // one of serviceKinds
	Init     []string
	Supplies []Template
}

// Template is a variable whose value is made when a service has started, from
// a text over {{url}}, {{host}}, {{port}}, {{user}}, {{password}} and
// {{database}}.
type Template struct {
	Name string
	Text string
	At   source.Span
}

// Request is a request to send.
type Request struct {
	Name      string
	At        source.Span
	Component string
	Method    string // in capitals; GET where it is not said
	Path      string
	Headers   []Field
	Body      string  // of json, as JSON; of form, encoded by whoever sends it
	JSON      bool    // Body is JSON
	Form      []Field // nil where the body is none
	Capture   []Field // a name, and the CEL that gives its value
	After     []string
}

// Field is a name and a text.
type Field struct {
	Name string
	Text string
	At   source.Span
}

// Race says which requests are sent so that they overlap, and what must hold
// afterwards.
type Race struct {
	Name       string
	At         source.Span
	Overlap    []string
	Given      []string // requests, or files that end in .sql
	Invariants []Invariant
}

// Invariant is a predicate in CEL over responses and over the rows of a query.
type Invariant struct {
	At      source.Span
	Service string // the one that is asked; "" where none is
	SQL     string
	As      string // the name that the rows have in Holds
	Holds   string
}

// Ignore takes findings out of the report.
type Ignore struct {
	At      source.Span
	Check   string
	Subject string // "" for every one
	Reason  string
}

// ConfigError is something wrong in rehearse.yaml. It holds no value of the
// file that may be secret.
type ConfigError struct {
	At     source.Span
	Reason string
}

// Error returns the reason without the place: whoever prints it prints the
// place too.
func (e *ConfigError) Error() string { return e.Reason }

// configure reads rehearse.yaml, where there is one.
func (p *Project) configure() error {
	data, err := p.root.read(ConfigFile, nil, MaxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &ConfigError{source.Span{File: ConfigFile}, reason(err)}
	}
	config, wrong := parseConfig(source.File{Path: ConfigFile, Data: data}, p.there)
	if wrong != nil {
		return wrong
	}
	p.Config = config
	return nil
}

// there reports whether a file or folder is in the project.
func (p *Project) there(path string) bool {
	_, err := p.root.stat(path)
	return err == nil
}

// override lays rehearse.yaml over what was discovered.
func (d *discovery) override() error {
	for _, o := range d.Config.Components {
		var c *Component
		for _, known := range d.found {
			if known.Name == o.Name {
				c = known
			}
		}
		if c == nil {
			if o.Dir == "" {
				return &ConfigError{o.At, "no component named " + o.Name + " was discovered, so its dir must be said" + suggestion(o.Name, d.names())}
			}
			c = d.add(&Component{Name: o.Name, Dir: o.Dir, Language: d.commonest(rootless(o.Dir))})
		}
		if o.Dir != "" {
			c.Dir = o.Dir
		}
		if o.Local != "" {
			c.Start.Local = newCommand(o.Local, rootless(c.Dir), o.LocalAt)
		}
		if o.Prod != "" {
			c.Start.Production = newCommand(o.Prod, rootless(c.Dir), o.ProdAt)
		}
		c.Port, c.Ready, c.Workloads = o.Port, o.Ready, o.Workloads
		c.Library = false
	}
	for _, r := range d.Config.Requests {
		names := d.names()
		if _, known := names[r.Component]; !known {
			return &ConfigError{r.At, "request " + r.Name + " is for the component " + r.Component + ", which there is not" + suggestion(r.Component, names)}
		}
	}
	return nil
}

func (d *discovery) names() map[string]bool {
	names := map[string]bool{}
	for _, c := range d.found {
		names[c.Name] = true
	}
	return names
}
