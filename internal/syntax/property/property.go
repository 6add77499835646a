// Package property knows the properties by which applications on the Java
// virtual machine are configured: what they are called as variables, and the
// placeholders by which values refer to them.
package property

import (
	"strings"

	"rehearse/internal/fact"
)

// Library marks the needs and settings whose variables go by the name of a
// property: a run may be given them under each spelling that the library takes.
const Library = "spring"

// Variable returns the name of the variable that stands for a property, and the
// other names that do: dots become lines, dashes go or, as it was once and as
// MicroProfile has it, become lines too
// (https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.typesafe-configuration-properties.relaxed-binding.environment-variables,
// https://download.eclipse.org/microprofile/microprofile-config-3.1/microprofile-config-spec-3.1.html#default_configsources.env.mapping).
// It is "" where no variable can stand for it.
func Variable(name string) (variable string, others []string) {
	variable = spelled(name, "")
	if variable == "" || variable[0] >= '0' && variable[0] <= '9' {
		return "", nil
	}
	for _, other := range []string{spelled(name, "_"), spelled(kebab(name), "_")} {
		if other != variable && !contains(others, other) {
			others = append(others, other)
		}
	}
	return variable, others
}

func contains(all []string, one string) bool {
	for _, o := range all {
		if o == one {
			return true
		}
	}
	return false
}

// spelled writes a property in capitals, with dash for each dash in it. The
// index of a list stands between lines, and a name that is none is "".
func spelled(name, dash string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z':
			b.WriteByte(c - 'a' + 'A')
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_':
			b.WriteByte(c)
		case c == '.', c == '[':
			b.WriteByte('_')
		case c == ']', c == '"', c == '\'', c == '/':
		case c == '-':
			b.WriteString(dash)
		default:
			return ""
		}
	}
	return b.String()
}

// kebab writes the words of a name in camel case with dashes between them.
func kebab(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c >= 'A' && c <= 'Z' && i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
			b.WriteByte('-')
		}
		b.WriteByte(c)
	}
	return b.String()
}

// given are the beginnings of properties that the virtual machine, the build or
// the framework itself gives a value (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/System.html#getProperties(),
// RandomValuePropertySource and LoggingSystemProperties of Spring Boot).
var given = []string{
	"java.", "user.", "os.", "file.", "line.", "path.", "random.", "project.", "local.", "catalina.", "jboss.", "jetty.", "sun.",
	"spring.application.", "spring.profiles.", "server.port", "build.", "git.", "info.", "quarkus.", "micronaut.application.", "maven.",
	"PID", "LOG_", "CONSOLE_LOG_", "FILE_LOG_", "spring.cloud.client.",
}

// Given reports whether something else than the environment gives the property.
func Given(name string) bool {
	for _, beginning := range given {
		if strings.HasPrefix(name, beginning) {
			return true
		}
	}
	return false
}

// Need is the need of a property: of the variable that stands for it. Its
// necessity is that of one that nothing gives a default.
func Need(name string) (fact.Need, bool) {
	variable, others := Variable(name)
	if variable == "" || Given(name) {
		return fact.Need{}, false
	}
	return fact.Need{Kind: fact.Variable, Name: variable, Also: others, Library: Library}, true
}
