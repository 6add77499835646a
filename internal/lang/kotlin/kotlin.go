// Package kotlin reads Kotlin, and what its frameworks inject.
package kotlin

import (
	_ "embed"
	"regexp"
	"strings"

	"rehearse/internal/lang"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

var (
	//go:embed flow.scm
	flowText string
	//go:embed needs.scm
	needsText string
	//go:embed machine.scm
	machineText string
)

var reader = &pattern.Reader{
	Name:  "kotlin",
	Files: []string{".kt"},
	Texts: []string{
		"getenv(", "cdimascio", "@Value(", "\"\\${", "@ConfigurationProperties", "@ConfigProperty", "getRequiredProperty(", "env.getProperty(", "environment.getProperty(", "@PropertySource",
		"\"http://", "\"ws://", "\"jdbc:", "localhost", "127.0.0.1", "\"mongodb://", "\"redis://", "\"amqp://",
		"embeddedServer(", "ServerSocket(", "ServerBuilder", "io.javalin", "forAddress(", "Jedis", "RedisStandaloneConfiguration(",
		"Mapping(", "@GetMapping", "@PostMapping", "@PutMapping", "@DeleteMapping", "@PatchMapping", "@RequestMapping", "io.ktor.server.routing", "io.ktor.routing",
		"File(", "Files.", "ProcessBuilder(", "Runtime.getRuntime(", "Bucket", "enableSimpleBroker(", "SessionStorageMemory(", "@Scheduled(",
	},
	Grammar:  func(string) *syntax.Language { return syntax.Kotlin },
	Flow:     syntax.NewQuery(flowText),
	Needs:    syntax.NewQuery(needsText + machineText),
	Indirect: regexp.MustCompile(`getenv\(\)?\[?\s*[a-z]`),
	Tool:     tool,
	Own: map[string]func(*pattern.Reading, *syntax.Match){
		"value": value, "property": looked, "bean": bean, "source": elsewhere, "mapping": mapping, "route": route,
	},
}

// New returns the reader of Kotlin.
func New() lang.Follower { return reader }

// tool tells the files that the build runs.
func tool(file string) (builds, tests bool) {
	return strings.HasPrefix(file, "buildSrc/") || strings.Contains(file, "/buildSrc/"), false
}
