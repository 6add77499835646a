// Package hocon reads the configuration of Ktor, Play and Akka: application.conf,
// and the YAML that Ktor takes instead.
package hocon

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/lang"
	"rehearse/internal/source"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// Reader reads files of configuration.
type Reader struct{}

// New returns the reader of files of configuration.
func New() lang.Reader { return Reader{} }

var _ lang.Namer = Reader{}

// Language implements lang.Reader.
func (Reader) Language() string { return "hocon" }

// Extensions implements lang.Reader: other files end as these do.
func (Reader) Extensions() []string { return nil }

// Triggers implements lang.Reader.
func (Reader) Triggers() []string { return []string{"${", "port", "://"} }

// Names implements lang.Namer: application.conf is among the resources of a
// program, or in the conf folder of Play.
func (Reader) Names(file string) bool {
	dir, base := path.Split(file)
	folders := strings.Split(strings.ToLower(dir), "/")
	return (base == "application.conf" || base == "reference.conf" || base == "production.conf" || base == "prod.conf" || base == "application.prod.conf") &&
		(slices.Contains(folders, "resources") || slices.Contains(folders, "conf"))
}

// assigned is a line that gives a key a value, as people write them
// (https://github.com/lightbend/config/blob/main/HOCON.md).
var assigned = regexp.MustCompile(`^\s*(?:([\w."-]+)\s*\{\s*)?([\w."-]+)\s*(?:=|:|\+=)\s*(.*)$`)

// opened is a line that opens an object.
var opened = regexp.MustCompile(`^\s*([\w."-]+)\s*[=:]?\s*\{\s*$`)

// variable is a substitution that only the environment can give: the names of
// settings are written in small letters.
var variable = regexp.MustCompile(`\$\{(\??)([A-Z][A-Z0-9_]*)\}`)

// maxDeep bounds how deep objects stand in one another.
const maxDeep = 100

// Read implements lang.Reader.
func (Reader) Read(_ context.Context, file source.File) ([]fact.Need, error) {
	if len(file.Data) > syntax.MaxSize {
		return nil, nil
	}
	r := reading{file: file.Path, values: map[string]string{}, places: map[string]source.Span{}}
	var folders []string
	for i, raw := range bytes.Split(file.Data, []byte("\n")) {
		line := remark(string(raw))
		at := source.Span{File: file.Path, Line: i + 1, Column: 1 + len(line) - len(strings.TrimLeft(line, " \t"))}
		if m := opened.FindStringSubmatch(line); m != nil {
			if folders = append(folders, m[1]); len(folders) > maxDeep {
				return nil, nil // no configuration that a person wrote
			}
			continue
		}
		if m := assigned.FindStringSubmatch(line); m != nil {
			key := strings.Join(folders, ".")
			for _, part := range m[1:3] {
				if part != "" {
					key += "." + part
				}
			}
			r.setting(strings.ReplaceAll(strings.TrimPrefix(key, "."), `"`, ""), bare(m[3]), at)
		}
		closed := strings.Count(line, "}") - strings.Count(line, "${") - strings.Count(line, "{") + strings.Count(line, "${")
		for ; closed > 0 && len(folders) > 0; closed-- {
			folders = folders[:len(folders)-1]
		}
	}
	r.finish()
	return r.needs, nil
}

// bare is a value without what closes the objects around it on the same line.
func bare(value string) string {
	value = strings.TrimRight(value, ", \t")
	for strings.HasSuffix(value, "}") && strings.Count(value, "}") > strings.Count(value, "{") {
		value = strings.TrimRight(strings.TrimSuffix(value, "}"), ", \t")
	}
	return value
}

// remark takes the comment off a line.
func remark(line string) string {
	line = strings.ToValidUTF8(strings.TrimRight(line, "\r"), "")
	quoted := false
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case quoted:
		case line[i] == '#', strings.HasPrefix(line[i:], "//") && (i == 0 || line[i-1] != ':'):
			return line[:i]
		}
	}
	return line
}

type reading struct {
	file   string
	needs  []fact.Need
	keys   []string
	values map[string]string // the last literal of each key
	places map[string]source.Span
	given  map[string]string // by key: the variable that takes its place
}

// setting takes in a value. A variable behind a literal of the same key takes
// its place where it is there.
func (r *reading) setting(key, value string, at source.Span) {
	text := key + " = " + value
	if len(text) > 100 || !strings.HasPrefix(value, "${") {
		text = key + " = …"
	}
	for _, m := range variable.FindAllStringSubmatch(value, -1) {
		n := fact.Need{Kind: fact.Variable, Name: m[2], At: at, Text: text, Fatal: m[1] == ""}
		if m[1] != "" {
			n.Necessity = fact.Guarded
			if before, ok := r.values[key]; ok {
				n.Necessity, n.Default = fact.Defaulted, &before
			}
		}
		if value == m[0] {
			if r.given == nil {
				r.given = map[string]string{}
			}
			r.given[key] = m[2]
		}
		r.needs = append(r.needs, n)
	}
	if strings.Contains(value, "${") {
		return
	}
	value = strings.Trim(strings.TrimSpace(value), `"`)
	if _, seen := r.values[key]; !seen {
		r.keys = append(r.keys, key)
	}
	r.values[key], r.places[key] = value, at
}

// listens are the keys of ports on which servers listen
// (https://ktor.io/docs/server-configuration-file.html, https://www.playframework.com/documentation/3.0.x/ProductionConfiguration).
var listens = []string{"ktor.deployment.port", "play.server.http.port", "http.port"}

// finish takes in what the values have the program connect to or listen on.
func (r *reading) finish() {
	for _, key := range r.keys {
		value, at := r.values[key], r.places[key]
		if slices.Contains(listens, key) {
			if port, err := strconv.Atoi(value); err == nil && port > 0 && port <= 65535 {
				host := r.values[strings.TrimSuffix(key, "port")+"host"]
				if host == "0.0.0.0" {
					host = ""
				}
				r.needs = append(r.needs, fact.Need{Kind: fact.Listen, Name: value, Host: host, Port: port, Variable: r.given[key], At: at, Text: key + " = " + value})
			}
			continue
		}
		if strings.HasPrefix(key, "ktor.deployment.") {
			continue
		}
		if call, ok := pattern.Address(strings.ReplaceAll(key, ".", "_"), value); ok {
			call.At, call.Text, call.Variable = at, key+" = …"+call.Host+"…", r.given[key]
			r.needs = append(r.needs, call)
		}
	}
	slices.SortStableFunc(r.needs, func(a, b fact.Need) int { return a.At.Compare(b.At) })
}
