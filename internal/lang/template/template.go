// Package template reads configurations that programs, or envsubst before them,
// fill in from the environment.
package template

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/lang"
	"rehearse/internal/source"
)

// Language is the name of what is read.
const Language = "template"

type reader struct{}

// New returns the reader of templates.
func New() lang.Follower { return reader{} }

var (
	_ lang.Namer = reader{}
	_ lang.Awake = reader{}
)

// Awake implements lang.Awake: what lies among the resources of a program of Java
// is put into it.
func (reader) Awake(file string) bool {
	return strings.Contains("/"+file, "/src/main/resources/") && strings.HasPrefix(path.Ext(file), ".y")
}

// Sighted implements lang.Idle: what envsubst fills in is read by nobody as it
// is.
func (reader) Sighted(file string) bool {
	f := formatOf(file)
	return f != nil && f != &formats[len(formats)-1] && path.Ext(file) != ".template"
}

// Language returns the name of the language.
func (reader) Language() string { return Language }

// Extensions returns none: names tell.
func (reader) Extensions() []string { return nil }

// format is a way in which a configuration names variables.
type format struct {
	names *regexp.Regexp // of the files
	// variable has the name of a variable in its first group, and in its second
	// what stands behind it: a default.
	variable *regexp.Regexp
	behind   string   // what parts a name from its default
	comment  string   // what a line begins with that says nothing
	fails    bool     // the program does not start where a variable is absent
	optional bool     // another file may give what a variable does not
	holds    []string // what the file has to hold, where its name does not tell
}

// formats, each with the page that says how it names variables.
var formats = []format{
	// https://caddyserver.com/docs/caddyfile/concepts#environment-variables
	{regexp.MustCompile(`(^|/)Caddyfile(\.\w+)?$`), regexp.MustCompile(`\{\$([A-Za-z_]\w*)(:[^}]*)?\}`), ":", "#", false, false, nil},
	// https://docs.haproxy.org/3.0/configuration.html#2.3
	{regexp.MustCompile(`(^|/)haproxy[\w.-]*\.cfg$`), regexp.MustCompile(`\$\{([A-Za-z_]\w*)(-[^}]*)?\}`), "-", "#", false, false, nil},
	// https://opentelemetry.io/docs/collector/configuration/#environment-variables
	{regexp.MustCompile(`(?i)(^|/)(otel|opentelemetry|collector)[\w.-]*\.ya?ml$`), regexp.MustCompile(`\$\{env:([A-Za-z_]\w*)(:-[^}]*)?\}`), ":-", "#", false, false, nil},
	{regexp.MustCompile(`(^|/)config\.ya?ml$`), regexp.MustCompile(`\$\{env:([A-Za-z_]\w*)(:-[^}]*)?\}`), ":-", "#", false, false, []string{"receivers:", "exporters:"}},
	// https://www.dropwizard.io/en/stable/manual/core.html#environment-variables
	{regexp.MustCompile(`(^|/)([\w.-]*config[\w.-]*|dropwizard|application|app|service|server)\.ya?ml$`), regexp.MustCompile(`\$\{([A-Z][A-Z0-9_]*)(:-[^}]*)?\}`), ":-", "#", false, false, []string{"applicationConnectors:"}},
	// https://github.com/node-config/node-config/wiki/Environment-Variables#custom-environment-variables
	{regexp.MustCompile(`(^|/)custom-environment-variables\.(json5?|ya?ml)$`), regexp.MustCompile(`:\s*["']?([A-Z][A-Z0-9_]*)(\b)`), "", "#", false, true, nil},
	// https://www.elastic.co/docs/reference/logstash/environment-variables: it gives up
	{regexp.MustCompile(`(^|/)(pipeline|logstash)/[\w./-]*\.conf$|(^|/)logstash[\w.-]*\.(conf|yml)$`), regexp.MustCompile(`\$\{([A-Za-z_]\w*)(:[^}]*)?\}`), ":", "#", true, false, nil},
	// https://www.elastic.co/guide/en/beats/filebeat/current/using-environ-vars.html: it gives up
	{regexp.MustCompile(`(^|/)(filebeat|metricbeat|packetbeat|auditbeat|heartbeat)[\w.-]*\.ya?ml$`), regexp.MustCompile(`\$\{([A-Za-z_]\w*)(:[^}]*)?\}`), ":", "#", true, false, nil},
	// https://www.php.net/manual/en/configuration.file.php, https://www.php.net/manual/en/install.fpm.configuration.php
	{regexp.MustCompile(`(^|/)(php|www|zz-[\w-]+|docker|fpm)[\w.-]*\.(ini|conf)$`), regexp.MustCompile(`\$\{([A-Z_]\w*)(:-[^}]*)?\}`), ":-", ";", false, false, nil},
	// https://www.gnu.org/software/gettext/manual/html_node/envsubst-Invocation.html,
	// of nginx by the entry point of its image: https://hub.docker.com/_/nginx
	{regexp.MustCompile(`\.(template|tmpl|tpl|conf)$|\.(template|tmpl|tpl)\.\w+$`), regexp.MustCompile(`\$\{?([A-Z][A-Z0-9_]+)(\b)\}?`), "", "#", false, false, nil},
}

// signs are texts of which every name that fits a format holds one: to look for
// them first takes a small part of the time.
var signs = []string{"Caddyfile", ".cfg", ".conf", ".ini", ".y", ".Y", ".template", ".tmpl", ".tpl", "custom-environment-variables.json"}

func formatOf(file string) *format {
	if !slices.ContainsFunc(signs, func(sign string) bool { return strings.Contains(file, sign) }) {
		return nil
	}
	for i := range formats {
		if formats[i].names.MatchString(file) {
			return &formats[i]
		}
	}
	return nil
}

// Names reports whether a file may be a template.
func (reader) Names(file string) bool { return formatOf(file) != nil }

// Triggers returns the texts of which a template holds one.
func (reader) Triggers() []string { return triggers }

var triggers = func() []string {
	texts := []string{"${", "{$"}
	for c := 'A'; c <= 'Z'; c++ {
		texts = append(texts, "$"+string(c), ": \""+string(c), ": "+string(c))
	}
	return texts
}()

// Accessors returns none.
func (reader) Accessors(context.Context, source.File) ([]fact.Accessor, error) { return nil, nil }

// ReadWith is Read.
func (r reader) ReadWith(ctx context.Context, file source.File, _ []fact.Accessor) ([]fact.Need, error) {
	return r.Read(ctx, file)
}

// The bounds of what is read: configurations that people write stay far below
// them.
const (
	maxFile = 1 << 20
	maxLine = 20_000
)

// Read returns the variables that a template names. Nothing is said of one that
// programs fill in otherwise: with Go's templates, with Jinja.
func (reader) Read(_ context.Context, file source.File) ([]fact.Need, error) {
	i := slices.IndexFunc(formats, func(f format) bool {
		return f.names.MatchString(file.Path) && !slices.ContainsFunc(f.holds, func(text string) bool { return !bytes.Contains(file.Data, []byte(text)) })
	})
	if i < 0 || len(file.Data) > maxFile {
		return nil, nil
	}
	f := &formats[i]
	var needs []fact.Need
	seen := map[string]bool{}
	for i, line := range strings.Split(string(file.Data), "\n") {
		if len(line) > maxLine {
			return nil, nil // no person wrote it
		}
		if text := strings.TrimSpace(line); f.comment != "" && strings.HasPrefix(text, f.comment) {
			continue
		}
		for _, m := range f.variable.FindAllStringSubmatchIndex(line, -1) {
			name := line[m[2]:m[3]]
			n := fact.Need{
				Kind: fact.Variable, Name: name, Fatal: f.fails,
				At: source.Span{File: file.Path, Line: i + 1, Column: m[0] + 1},
			}
			n.Text = strings.ToValidUTF8("${"+name+"}", "")
			if f.optional {
				n.Necessity, n.Text = fact.Guarded, name
			}
			if m[4] >= 0 && m[5] > m[4] {
				value := strings.TrimPrefix(line[m[4]:m[5]], f.behind)
				n.Necessity, n.Fatal = fact.Defaulted, false
				if value == "" {
					n.Necessity = fact.Guarded
				} else if !strings.ContainsAny(value, "$") {
					n.Default = &value
				}
				n.Text = "${" + name + f.behind + "…}"
			}
			if len(n.Text) > 120 || seen[name] {
				continue
			}
			seen[name] = true
			needs = append(needs, n)
		}
	}
	return needs, nil
}
