// Package php reads PHP, and the YAML in which Symfony names variables.
package php

import (
	"context"
	_ "embed"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/lang"
	"rehearse/internal/source"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

var (
	//go:embed flow.scm
	flowText string
	//go:embed needs.scm
	needsText string
)

// reader reads PHP itself, and knows what the frameworks do with a file of it.
type reader struct{ *pattern.Reader }

var php = &pattern.Reader{
	Name:  "php",
	Files: []string{".php"},
	Texts: []string{
		"getenv(", "$_ENV", "$_SERVER[", "env(", "Env::get", "Dotenv",
		"\"http://", "'http://", "postgres://", "pgsql://", "mysql://", "redis://", "amqp://", "mongodb://", "tcp://",
		"mysql:", "pgsql:", "Redis(", "redis->", "Predis", "emcached", "mysqli", "AMQP", "fsockopen", "Swoole", "swoole", "Workerman", "React\\", "stream_socket_server",
		"Route::", "#[Route(", "$router->", "Slim\\", "Autowire(", "%env(", "Schedule::", "Schedule $schedule", "$schedule->command(", "$schedule->job(", "$schedule->call(", "session_start",
		"exec(", "system(", "passthru(", "proc_open(", "popen(", "Process(", "Process::",
		"file_put_contents(", "file_get_contents(", "fopen(", "mkdir(", "move_uploaded_file(",
	},
	Grammar:  func(string) *syntax.Language { return syntax.PHP },
	Flow:     syntax.NewQuery(flowText),
	Needs:    syntax.NewQuery(needsText),
	Indirect: regexp.MustCompile(`(getenv|env)\(\s*\$|\$_(ENV|SERVER)\[\s*\$`),
	Tool:     tool,
	Keep:     keep,
	Own: map[string]func(*pattern.Reading, *syntax.Match){
		"placeholder": placeholder, "dsn": dsn, "served": served, "attribute": attribute, "timed": timed, "session": session,
	},
}

// New returns the reader of PHP.
func New() lang.Follower { return reader{php} }

var _ lang.Namer = reader{}

// Names reports whether a file whose ending does not tell it is read: YAML in a
// config folder, in which Symfony puts variables
// (https://symfony.com/doc/current/configuration.html#configuration-based-on-environment-variables).
func (reader) Names(file string) bool {
	ending := path.Ext(file)
	return (ending == ".yaml" || ending == ".yml") && strings.Contains("/"+file, "/config/") && !strings.Contains(file, "src/main/resources/")
}

// Read returns the needs of the code in the file.
func (r reader) Read(ctx context.Context, file source.File) ([]fact.Need, error) {
	return r.ReadWith(ctx, file, nil)
}

// ReadWith returns the needs of the code in the file, with calls of the
// accessors taken for reads of variables.
func (r reader) ReadWith(ctx context.Context, file source.File, accessors []fact.Accessor) ([]fact.Need, error) {
	if r.Names(file.Path) {
		return parameters(file)
	}
	needs, err := r.Reader.ReadWith(ctx, file, accessors)
	return laravel(file, needs), err
}

// Accessors returns the functions in the file that read a variable which their
// caller names.
func (r reader) Accessors(ctx context.Context, file source.File) ([]fact.Accessor, error) {
	if r.Names(file.Path) {
		return nil, nil
	}
	return r.Reader.Accessors(ctx, file)
}

// tool tells the files whose code does not run where the component is deployed:
// what Laravel seeds and makes up, what deploys (https://deployer.org), and what
// checks and tests the code.
func tool(file string) (builds, tests bool) {
	dir, base := path.Split("/" + file)
	switch {
	case strings.Contains(dir, "/database/seeders/"), strings.Contains(dir, "/database/seeds/"), strings.Contains(dir, "/database/factories/"):
		return false, true
	case slices.Contains(tools, base):
		return false, true
	}
	return false, false
}

var tools = []string{
	"deploy.php", "rector.php", "ecs.php", ".php-cs-fixer.php", ".php-cs-fixer.dist.php", ".php_cs.dist", "phpstan.php", "scoper.inc.php", "wp-config-sample.php",
	"_ide_helper.php", ".phpstorm.meta.php", "reference.php",
}

// keep leaves out what a web server puts into $_SERVER
// (https://www.php.net/manual/en/reserved.variables.server.php).
func keep(name string, set map[string]string) bool {
	if set["server"] == "" {
		return true
	}
	return !web.MatchString(name)
}

var web = regexp.MustCompile(`^(HTTP_\w+|HTTPS|PHP_(SELF|AUTH_\w+)|argv|argc|GATEWAY_INTERFACE|SERVER_(ADDR|NAME|SOFTWARE|PROTOCOL|ADMIN|PORT|PORT_SECURE|SIGNATURE)|REQUEST_\w+|QUERY_STRING|DOCUMENT_\w+|REMOTE_\w+|REDIRECT_\w+|SCRIPT_\w+|PATH_INFO|PATH_TRANSLATED|ORIG_PATH_INFO|AUTH_TYPE|CONTENT_(TYPE|LENGTH)|UNIQUE_ID|CONTEXT_\w+|SSL_\w+|X_\w+|UNENCODED_URL|LARAVEL_OCTANE|SYMFONY_DOTENV_\w+)$|[a-z]`)
