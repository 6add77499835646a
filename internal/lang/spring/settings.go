package spring

import (
	"regexp"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax/pattern"
	"rehearse/internal/syntax/property"
)

// needs returns what the settings of a document say: the setting itself, what
// its placeholders need, and what is connected to or listened on by it.
func (d *document) needs() []fact.Need {
	var all []fact.Need
	for _, e := range d.entries {
		name, profile := e.name, d.profile
		// https://quarkus.io/guides/config-reference#profile-aware-property
		if strings.HasPrefix(name, "%") {
			of, rest, _ := strings.Cut(strings.Trim(name[1:], `"`), ".")
			if name = rest; !strings.Contains(of, "prod") {
				continue // another profile than the one that a packaged program starts with
			}
		}
		variable, also := property.Variable(name)
		if variable == "" || strings.HasPrefix(name, "spring.config.activate.") || name == "spring.profiles" {
			continue
		}
		setting := fact.Need{
			Kind: fact.Setting, Name: variable, Also: also, Library: property.Library, Profile: profile,
			At: e.at, Text: shown(e.name),
		}
		placeholders := property.Placeholders(e.value)
		value, known := property.Fill(e.value, placeholders, 0)
		known = known && !e.null && !strings.Contains(value, "__")
		if known {
			setting.Default = &value
		}
		all = append(all, setting)
		if !e.null {
			referred := d.referred(e, variable)
			// Without a server that is optional the program goes on.
			optional := name == "spring.config.import" && strings.HasPrefix(e.value, "optional:")
			for i := range referred {
				if optional {
					referred[i].Necessity, referred[i].Default, referred[i].Fatal = fact.Guarded, nil, false
				}
			}
			all = append(all, referred...)
			if known && !optional {
				all = append(all, d.network(e, name, setting, placeholders, value)...)
			}
		}
		if opaque(name, e.value) {
			all = append(all, fact.Need{Kind: fact.Setting, At: e.at, Text: shown(e.name), Library: property.Library, Profile: profile})
		}
	}
	return all
}

// fatal are the beginnings of properties without which no program starts that
// has them; others may belong to what is not used.
var fatal = []string{"spring.datasource.", "spring.data.mongodb.uri", "spring.r2dbc.", "server.", "spring.config.", "spring.liquibase.url", "spring.flyway.url", "quarkus.datasource.", "datasources.default."}

// referred returns what the placeholders of a value need. Where a variable gives
// the property as a whole, they need nothing. A word in small letters is what a
// build fills in.
func (d *document) referred(e entry, variable string) []fact.Need {
	needs, _ := property.Needs(strings.ReplaceAll(e.value, "`", ""))
	for i := range needs {
		n := &needs[i]
		n.At, n.Profile, n.Text = e.at, d.profile, shown(e.name)+": ${"+n.Name+"}"
		if n.Default != nil {
			n.Text = shown(e.name) + ": ${" + n.Name + ":…}"
		}
		if n.Name != variable {
			n.Instead = append(n.Instead, variable)
		}
		if n.Necessity == fact.Required && (filteredWord.MatchString(e.value) || d.profile == "" && strings.HasSuffix(e.name, "spring.profiles.active")) {
			n.Necessity, n.Fatal = fact.Guarded, false
		}
		n.Fatal = n.Fatal && startsWith(e.name, fatal)
	}
	return needs
}

var filteredWord = regexp.MustCompile(`^\$\{[a-z]+\}$`)

func startsWith(name string, beginnings []string) bool {
	for _, b := range beginnings {
		if strings.HasPrefix(name, b) {
			return true
		}
	}
	return false
}

// network returns what a setting has the program connect to or listen on.
func (d *document) network(e entry, name string, setting fact.Need, placeholders []property.Placeholder, value string) []fact.Need {
	if listens[name] {
		port, err := strconv.Atoi(value)
		if err != nil || port <= 0 || port > 65535 {
			return nil
		}
		n := fact.Need{
			Kind: fact.Listen, Name: value, Port: port, Variable: givenBy(placeholders, value, setting.Name),
			At: e.at, Text: shown(e.name) + ": " + value, Profile: setting.Profile, Library: property.Library,
		}
		if host, ok := d.get(strings.TrimSuffix(name, "port")+"address", strings.TrimSuffix(name, "port")+"host"); ok && !strings.Contains(host.value, "${") && host.value != "0.0.0.0" && host.value != "::" {
			n.Host = host.value
		}
		return []fact.Need{n}
	}
	if startsWith(name, silent) {
		return nil
	}
	// spring.config.import: optional:configserver:http://localhost:8888
	if i := strings.Index(value, "http://"); i > 0 && strings.HasPrefix(name, "spring.config.") {
		value = value[i:]
	}
	spoken := setting.Name
	if startsWith(name, called) {
		spoken = ""
	}
	call, ok := pattern.Address(spoken, value)
	if !ok {
		return nil
	}
	if call.Port == 0 {
		call.Port = d.portBeside(name)
	}
	call.At, call.Profile, call.Library = e.at, setting.Profile, property.Library
	call.Text = shown(e.name) + ": " + call.Host
	call.Variable = givenBy(placeholders, call.Host, setting.Name)
	if call.Variable != setting.Name {
		call.Instead = []string{setting.Name}
	}
	needs := []fact.Need{call}
	if call.Variable == setting.Name {
		n := setting
		n.Kind, n.Necessity, n.Text = fact.Variable, fact.Defaulted, call.Text
		needs = append(needs, n)
	}
	return needs
}

// givenBy returns the variable by whose default a part of a value is what it is;
// otherwise that of the setting as a whole.
func givenBy(placeholders []property.Placeholder, part, otherwise string) string {
	for _, p := range placeholders {
		if p.Default == nil || !strings.Contains(*p.Default, part) {
			continue
		}
		if n, ok := property.Need(p.Name); ok {
			return givenBy(p.Inner, part, n.Name)
		}
	}
	return otherwise
}

// portBeside returns the port that is said next to a host, or that is meant
// without one.
func (d *document) portBeside(name string) int {
	group, _, _ := cutLast(name)
	if e, ok := d.get(group + ".port"); ok {
		value, known := property.Fill(e.value, property.Placeholders(e.value), 0)
		if port, err := strconv.Atoi(value); err == nil && known {
			return port
		}
	}
	return ports[group]
}

func cutLast(name string) (before, after string, found bool) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return "", name, false
	}
	return name[:i], name[i+1:], true
}

// shown is the name of a property as reports show it: on one line, not too long.
func shown(name string) string {
	name = strings.ToValidUTF8(strings.Join(strings.Fields(name), " "), "")
	if len(name) > 60 {
		name = strings.ToValidUTF8(name[:60], "") + "…"
	}
	if name == "" {
		return "…"
	}
	return name
}

// opaque reports whether a property says that others come from what cannot be
// seen into: a server of settings, a file that is elsewhere.
func opaque(name, value string) bool {
	value = strings.ToLower(strings.TrimSpace(value))
	if value == "false" || value == "" {
		return false
	}
	switch {
	case name == "spring.config.import":
		return !strings.Contains(value, ".env") && !strings.HasPrefix(strings.TrimPrefix(value, "optional:"), "classpath:")
	case name == "spring.config.location", name == "spring.config.additional-location", name == "quarkus.config.locations":
		return true
	}
	return startsWith(name, []string{
		"spring.cloud.config.uri", "spring.cloud.config.discovery", "spring.cloud.config.name", "spring.cloud.config.enabled", "spring.cloud.config.label", "spring.cloud.config.fail",
		"spring.cloud.consul.config", "spring.cloud.nacos.config", "spring.cloud.vault", "spring.cloud.zookeeper.", "spring.cloud.kubernetes.config", "spring.cloud.kubernetes.secrets",
		"spring.cloud.azure.appconfiguration", "spring.cloud.azure.keyvault", "aws.paramstore", "aws.secretsmanager", "jasypt.", "apollo.", "consul.client.config", "micronaut.config-client", "quarkus.consul-config", "quarkus.vault", "quarkus.kubernetes-config",
	})
}
