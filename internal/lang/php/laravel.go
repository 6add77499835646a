package php

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// Outside is the Library of a variable that Laravel's env() reads outside of the
// configuration: it is null there once the configuration is cached
// (https://laravel.com/docs/configuration#configuration-caching).
const Outside = "laravel-env-outside-config"

// framework are the configurations that Laravel and its own packages bring
// along (https://github.com/laravel/laravel/tree/HEAD/config). They list all
// services that there could be: of what stands in them without a default, or
// with an address on the machine itself, the application uses what it chooses.
var framework = []string{
	"app", "auth", "broadcasting", "cache", "cors", "database", "filesystems", "hashing", "horizon", "jwt", "logging", "mail", "octane", "passport", "permission",
	"pulse", "queue", "reverb", "sanctum", "scout", "scramble", "services", "session", "telescope", "trustedproxy", "tinker", "view", "websockets", "sentry",
	"ldap", "ldap_auth", "adldap", "saml2_settings", "livewire", "debugbar", "ide-helper", "cashier", "backup", "flare", "ignition", "l5-swagger", "dompdf", "excel", "image", "captcha", "recaptcha", "purify",
	"newrelic", "activitylog", "medialibrary", "media-library", "analytics", "geoip", "google", "nova", "log-viewer", "mcp", "ai", "prism",
}

// laravel corrects what is known of the variables of a file by what the
// framework makes of it.
func laravel(file source.File, needs []fact.Need) []fact.Need {
	configuration := strings.Contains("/"+file.Path, "/config/")
	name := strings.TrimSuffix(path.Base(file.Path), ".php")
	for i := range needs {
		n := &needs[i]
		if n.Kind != fact.Variable {
			continue
		}
		called := strings.HasPrefix(n.Text, "env(") || strings.Contains(n.Text, " env(") || strings.Contains(n.Text, ")env(")
		switch {
		case !called:
		case !configuration && application(file.Path):
			n.Library = Outside
		case !configuration || !slices.Contains(framework, name):
		case n.Necessity == fact.Required && !n.Fatal && n.Name != "APP_KEY":
			n.Necessity = fact.Guarded
		case n.Necessity == fact.Defaulted && n.Name != "DB_HOST" && n.Name != "DB_PORT":
			n.Default = nil
		}
	}
	if configuration {
		needs = append(needs, kept(file, name, needs)...)
	}
	return needs
}

// application reports whether a file is of the code that Laravel runs with its
// configuration cached: neither the configuration, nor what starts before it.
func application(file string) bool {
	for _, folder := range []string{"app/", "routes/", "resources/views/", "database/migrations/"} {
		if strings.Contains("/"+file, "/"+folder) {
			return true
		}
	}
	return false
}

// own says what the drivers keep in the process, or in files beside it, that
// Laravel uses where the variable is absent
// (https://laravel.com/docs/session#configuration, https://laravel.com/docs/cache#configuration).
var drivers = map[string]struct {
	variables []string
	sort      string
}{
	"session": {[]string{"SESSION_DRIVER"}, "session"},
	"cache":   {[]string{"CACHE_STORE", "CACHE_DRIVER"}, "cache"},
}

// kept returns what Laravel keeps where no other copy of the application sees
// it.
func kept(file source.File, name string, needs []fact.Need) []fact.Need {
	d, ok := drivers[name]
	if !ok {
		return nil
	}
	var found []fact.Need
	for _, n := range needs {
		if n.Kind != fact.Variable || !slices.Contains(d.variables, n.Name) {
			continue
		}
		driver := literal(file, n.At)
		if driver != "file" && driver != "array" {
			continue
		}
		found = append(found, fact.Need{Kind: fact.State, Name: driver, At: n.At, Text: n.Text, Sort: d.sort, Library: "laravel", Variable: n.Name})
	}
	return found
}

// literal returns the last text between quotes on the line of a place: the
// default of the env() that stands there.
func literal(file source.File, at source.Span) string {
	line := strings.TrimRight(file.Line(at.Line), ",)")
	parts := strings.Split(strings.ReplaceAll(line, "\"", "'"), "'")
	if len(parts) < 3 {
		return ""
	}
	return parts[len(parts)-2]
}

// timed takes in a job that Laravel's scheduler starts, unless it says that one
// server of all is to do it
// (https://laravel.com/docs/scheduling#running-tasks-on-one-server).
func timed(g *pattern.Reading, m *syntax.Match) {
	node, job := m.Node("timer"), m.Node("job")
	whole := node
	for _, call := range chain(node) {
		switch call.Field("name").Text() {
		case "onOneServer":
			return
		case "environments":
			if !strings.Contains(call.Field("arguments").Text(), "prod") {
				return
			}
		}
		whole = call
	}
	for p := whole.Parent(); !p.IsZero(); p = p.Parent() {
		// Schedule::onOneServer()->group(function () { … })
		if p.Kind() == "member_call_expression" && p.Field("name").Text() == "group" && strings.Contains(p.Field("object").Text(), "onOneServer(") {
			return
		}
	}
	name, ok := g.File.Text(job).Literal()
	switch {
	case ok:
	case job.Kind() == "class_constant_access_expression", job.Kind() == "object_creation_expression":
		name = class(job)
	default:
		name = m.Node("kind").Text()
	}
	if name == "" {
		return
	}
	name, _, _ = strings.Cut(name, " ")
	g.Add(fact.Need{Kind: fact.Timer, Name: name, At: node.Span(), Library: "laravel", Text: cut(whole)})
}

// class returns the name of the class that an expression makes or names,
// without its namespace.
func class(n syntax.Node) string {
	for _, c := range n.Children() {
		if kind := c.Kind(); kind == "name" || kind == "qualified_name" {
			text := c.Text()
			return text[strings.LastIndexByte(text, '\\')+1:]
		}
	}
	return ""
}

// chain returns the calls that are made of what n gives, one of the other.
func chain(n syntax.Node) []syntax.Node {
	var calls []syntax.Node
	for range 40 {
		p := n.Parent()
		if p.Kind() != "member_call_expression" || p.Field("object").ID() != n.ID() {
			break
		}
		calls = append(calls, p)
		n = p
	}
	return calls
}

// session takes in a session that PHP keeps in files of its own container
// (https://www.php.net/manual/en/session.configuration.php#ini.session.save-handler),
// unless the file says where else.
func session(g *pattern.Reading, m *syntax.Match) {
	data := string(g.File.Tree.File.Data)
	if strings.Contains(data, "session_set_save_handler") || strings.Contains(data, "save_handler") || strings.Contains(data, "save_path") || strings.Contains(data, "session_save_path") {
		return
	}
	node := m.Node("state")
	g.Add(fact.Need{Kind: fact.State, Name: "$_SESSION", Sort: "session", Library: "php", At: node.Span(), Text: cut(node)})
}
