package missingenv

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
)

// certain reports whether a process without the variable breaks for certain, as
// far as the tree tells: it comes to the read when it starts, whatever is
// configured, and gives up there, or connects to what the developer's value is the
// address of. What is read deep in a feature breaks that feature alone.
func certain(need fact.Need, locally *fact.Supply, absent []*ledger.Run) bool {
	// Spring fills in the fields of every bean when it starts.
	if need.Branch || need.Library != "spring" && !starting(need.At.File) && !slices.ContainsFunc(absent, func(r *ledger.Run) bool { return r.StartsIn(need.At.File) }) {
		return false
	}
	return need.Fatal || locally != nil && locally.Value.Origin == fact.Literal && connects(locally.Value.Reveal())
}

// starts are words of the names of files and folders whose code a process comes to
// when it starts: what reads settings, what puts the application together, and
// what is started.
var starts = []string{
	"config", "configs", "configuration", "conf", "setting", "settings", "env", "environment", "envs", "constants", "secrets", "options", "properties",
	"initializers", "initializer", "init", "boot", "bootstrap", "startup", "start", "setup", "entrypoint", "main", "index", "server", "app", "application", "program",
	"wsgi", "asgi", "manage", "worker", "database", "db", "datasource", "session", "puma", "sidekiq", "client", "connection", "store", "schema",
}

// starting reports whether the name of a file, or of the folder that it is in,
// tells that a process comes to it when it starts.
func starting(file string) bool {
	words := func(name string) []string {
		return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("-_. ", r) })
	}
	is := func(w string) bool {
		return slices.Contains(starts, w) || strings.HasSuffix(w, "config") || strings.HasSuffix(w, "settings")
	}
	base := path.Base(file)
	base = strings.TrimSuffix(base, path.Ext(base))
	folder := path.Base(path.Dir(file))
	return strings.Count(file, "/") == 0 || slices.ContainsFunc(words(base), is) || folder != "app" && slices.ContainsFunc(words(folder), is) ||
		path.Ext(file) == ".sh" || path.Ext(file) == ""
}

// connects reports whether a value is the address of a database or of a broker,
// which a process connects to when it starts.
func connects(value string) bool {
	scheme, _, ok := strings.Cut(value, "://")
	scheme, _, _ = strings.Cut(scheme, "+")
	return ok && slices.Contains([]string{"postgres", "postgresql", "mysql", "mariadb", "mongodb", "redis", "rediss", "amqp", "amqps", "sqlserver", "jdbc:postgresql", "jdbc:mysql", "jdbc:mariadb", "jdbc:sqlserver"}, scheme)
}

// usual are the ports of databases, brokers and servers of mail, and the addresses
// of the cloud, which clients know by themselves where they are told of none.
var usual = regexp.MustCompile(`(^|_)(DATABASE|DB|POSTGRES|POSTGRESQL|PG|PSQL|MYSQL|MARIADB|MONGO|MONGODB|REDIS|SMTP|MAIL|EMAIL|AMQP|RABBIT|RABBITMQ|SFTP|FTP|LDAP|MEMCACHED)_PORT$|^AWS_ENDPOINT(_|$)`)
