package csharp

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
	"rehearse/internal/yaml"
)

// settingsName is what a file of settings is called, with its environment
// (https://learn.microsoft.com/en-us/aspnet/core/fundamentals/configuration/#appsettingsjson).
var settingsName = regexp.MustCompile(`(?i)^appsettings(?:\.([A-Za-z0-9_-]+))?\.json$`)

// settings reads a file of settings.
func settings(file source.File) ([]fact.Need, error) {
	if len(file.Data) > syntax.MaxSize {
		return nil, nil // data, not a configuration
	}
	documents, err := yaml.Parse(source.File{Path: file.Path, Data: plain(file.Data)})
	if err != nil {
		return nil, err
	}
	s := settingsFile{profile: settingsName.FindStringSubmatch(path.Base(file.Path))[1]}
	for _, d := range documents {
		s.read("", d.Root, 0)
	}
	return s.needs, nil
}

// plain makes JSON as .NET takes it into what YAML takes too: comments and tabs
// become spaces
// (https://learn.microsoft.com/en-us/dotnet/api/system.text.json.jsoncommenthandling).
func plain(data []byte) []byte {
	code := slices.Clone(data)
	text := false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '\t':
			code[i] = ' '
		case c == '/' && i+1 < len(code) && code[i+1] == '/':
			for ; i < len(code) && code[i] != '\n'; i++ {
				code[i] = ' '
			}
		case c == '/' && i+1 < len(code) && code[i+1] == '*':
			end := bytes.Index(code[i+2:], []byte("*/"))
			if end < 0 {
				return code // it does not end
			}
			for end += i + 4; i < end; i++ {
				if code[i] != '\n' {
					code[i] = ' '
				}
			}
			i--
		}
	}
	return code
}

type settingsFile struct {
	profile string
	needs   []fact.Need
}

// maxDeep bounds how deep settings nest.
const maxDeep = 40

func (s *settingsFile) read(name string, n *yaml.Node, depth int) {
	if depth > maxDeep || len(name) > 500 {
		return
	}
	below := func(key string) string {
		if name == "" {
			return key
		}
		return name + ":" + key
	}
	switch {
	case n.IsMap():
		for _, pair := range n.Pairs() {
			if pair.Value.IsScalar() || pair.Value.IsNull() {
				s.setting(below(pair.Name()), pair.Value.Text(), pair.Key.At)
			} else {
				s.read(below(pair.Name()), pair.Value, depth+1)
			}
		}
	case n.IsList():
		for i, item := range n.Items() {
			if item.IsScalar() {
				s.setting(below(strconv.Itoa(i)), item.Text(), item.At)
			} else {
				s.read(below(strconv.Itoa(i)), item, depth+1)
			}
		}
	}
}

// filled is a text that a step of a deployment puts a value in the place of:
// #{DatabaseUrl}#, __Token__, $(Variable), <your key>.
var filled = regexp.MustCompile(`#\{|\$\(|^__|^<.*>$|\$\{|%%`)

func (s *settingsFile) setting(name, value string, at source.Span) {
	variable := variableOf(name)
	if variable == "" {
		return
	}
	n := fact.Need{Kind: fact.Setting, Name: variable, Library: Library, Profile: s.profile, At: at, Text: name}
	if len(n.Text) > 100 {
		n.Text = n.Text[:100] + "…"
	}
	if !filled.MatchString(value) && value != "" {
		n.Default = &value
	}
	if value == "" {
		return // a place for what the environment gives
	}
	s.needs = append(s.needs, n)
	if lower := strings.ToLower(name); lower == "urls" || strings.HasPrefix(lower, "kestrel:endpoints:") && strings.HasSuffix(lower, ":url") {
		for _, l := range listening(value, at) {
			l.Variable, l.Profile, l.Library, l.Text = variable, s.profile, Library, n.Text+": "+l.Text
			s.needs = append(s.needs, l)
		}
		return
	}
	if n.Default == nil || startsWith(strings.ToLower(name), silent) {
		return
	}
	spoken := variable
	if strings.HasPrefix(strings.ToLower(name), "connectionstrings:") {
		spoken = "host"
	}
	call, ok := pattern.Address(spoken, value)
	if !ok {
		return
	}
	call.At, call.Profile, call.Library, call.Variable = at, s.profile, Library, variable
	call.Text = n.Text + ": " + call.Host
	read := n
	read.Kind, read.Necessity, read.Text = fact.Variable, fact.Defaulted, call.Text
	s.needs = append(s.needs, call, read)
}

// silent are the beginnings of settings, in small letters, whose addresses are
// not connected to by the program for certain: logs, what it says of itself, and
// what browsers and tokens speak of.
var silent = []string{
	"serilog:", "logging:", "nlog:", "opentelemetry:", "otel", "allowedhosts", "cors", "swagger", "openapi", "jwt:", "jwtsettings:", "auth:jwt", "authentication:", "identityserver:clients", "iisexpress", "iissettings", "profiles:", "healthchecks-ui:", "healthchecksui:", "elasticapm", "applicationinsights", "seq", "zipkin", "jaeger",
	"app:", "appurl", "clientorigin", "reverseproxy:clusters:localhost",
}

func startsWith(name string, beginnings []string) bool {
	for _, b := range beginnings {
		if strings.HasPrefix(name, b) {
			return true
		}
	}
	return false
}
