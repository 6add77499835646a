// Package java reads Java, and what its frameworks inject.
package java

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
	Name:  "java",
	Files: []string{".java"},
	Texts: []string{
		"getenv(", "getEnvironmentVariable(", "Dotenv", "@Value(", "\"${", "@ConfigProperty", "@ConfigurationProperties", "@ConfigMapping", "@Property(", "getRequiredProperty(", "env.getProperty(", "environment.getProperty(", "getEnvironment().getProperty(", "@PropertySource",
		"\"http://", "\"ws://", "\"jdbc:", "localhost", "127.0.0.1", "\"mongodb://", "\"redis://", "\"amqp://", "\"tcp://",
		"ServerSocket(", "InetSocketAddress(", "ServerBuilder", "io.netty.bootstrap.ServerBootstrap", "io.vertx.core.http", "io.javalin", "import static spark", "addHttpListener(", "new Server(",
		"Jedis", "HostAndPort(", "HttpHost(", "new Socket(", "new MongoClient(", "ServerAddress(", "forAddress(", "forTarget(", "RedisStandaloneConfiguration(", ".setHost(", "BOOTSTRAP_SERVERS_CONFIG", "bootstrap.servers",
		"Mapping(", "@GetMapping", "@PostMapping", "@PutMapping", "@DeleteMapping", "@PatchMapping", "@RequestMapping", "@Path(", "createContext(",
		"Files.", "FileWriter(", "FileReader(", "FileOutputStream(", "FileInputStream(", "transferTo(", "jdbc:sqlite", "ProcessBuilder(", "Runtime.getRuntime(",
		"Bucket", "@RateLimiter", "enableSimpleBroker(", "@Scheduled(",
	},
	Grammar:  func(string) *syntax.Language { return syntax.Java },
	Flow:     syntax.NewQuery(flowText),
	Needs:    syntax.NewQuery(needsText + machineText),
	Indirect: regexp.MustCompile(`(getenv|getEnvironmentVariable)\(\s*[a-z]|[eE]nv(\(\))?\.get(OrDefault)?\(\s*[a-z]`),
	Tool:     tool,
	Own: map[string]func(*pattern.Reading, *syntax.Match){
		"value": value, "property": looked, "injected": injected, "bean": bean, "source": elsewhere, "mapping": mapping,
	},
}

// New returns the reader of Java.
func New() lang.Follower { return reader }

// tool tells the files that the build or the wrapper of Maven and Gradle runs.
func tool(file string) (builds, tests bool) {
	return strings.HasPrefix(file, "buildSrc/") || strings.Contains(file, "/buildSrc/"), strings.Contains(file, ".mvn/wrapper/")
}
