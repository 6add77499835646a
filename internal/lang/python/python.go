// Package python reads Python.
package python

import (
	_ "embed"
	"regexp"

	"rehearse/internal/lang"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

var (
	//go:embed flow.scm
	flowText string
	//go:embed needs.scm
	needsText string
)

var reader = &pattern.Reader{
	Name:  "python",
	Files: []string{".py"},
	Texts: []string{
		"os.environ", "import environ", "environs", "getenv", "decouple", "starlette.config", "BaseSettings",
		"app.run(", "application.run(", "create_app(", "run_app(", "uvicorn", "serve(", "HTTPServer", "TCPServer", "make_server", ".bind(", "_port(", "start_http_server", "bind =",
		"\"http://", "'http://", "\"ws://", "'ws://", "postgres://", "postgresql", "mysql", "redis", "amqp://", "mongodb",
		"psycopg", "asyncpg", "MySQLdb", "MongoClient", "smtplib", "insecure_channel", "ConnectionParameters", "create_connection", "create_pool",
		"dotenv", "read_env",
		".route(", ".get(\"/", ".get('/", ".post(\"/", ".post('/", ".put(\"/", ".put('/", ".patch(\"/", ".patch('/", ".delete(\"/", ".delete('/",
		"path=\"/", "path='/", "api_route(", "add_url_rule(", "web.get(", "add_get(", "admin.site.urls",
	},
	Grammar:  func(string) *syntax.Language { return syntax.Python },
	Flow:     syntax.NewQuery(flowText),
	Needs:    syntax.NewQuery(needsText),
	Indirect: regexp.MustCompile(`(?i)(getenv\(|env\w*\[|env\w*\.(get|pop)\()\s*[A-Za-z_]`),
	Own: map[string]func(*pattern.Reading, *syntax.Match){
		"settings": setting,
		"class":    class,
	},
}

// New returns the reader of Python.
func New() lang.Follower { return reader }
