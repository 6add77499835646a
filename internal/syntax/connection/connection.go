// Package connection finds the address in the texts by which drivers of
// databases are told where to connect.
package connection

import (
	"regexp"
	"strings"
)

var (
	// What stands before the URL proper in what JDBC and R2DBC take:
	// https://docs.oracle.com/en/java/javase/21/docs/api/java.sql/java/sql/DriverManager.html,
	// https://r2dbc.io/spec/1.0.0.RELEASE/spec/html/#overview.connection.url
	driver = regexp.MustCompile(`^(?:jdbc:|r2dbcs?:)(?:pool:|tc:|aws-wrapper:|otel:|p6spy:)*`)
	// https://docs.oracle.com/en/database/oracle/oracle-database/23/jajdb/oracle/jdbc/OracleDriver.html
	oracle = regexp.MustCompile(`^oracle:(?:thin|oci):@(?://)?`)
	// The name of a file, of SQLite.
	file = regexp.MustCompile(`(?i)[/|:]|\.(db|db3|sqlite3?|s3db|mdf|sdf)$`)
)

// servers are the keys under which the connection strings of .NET have the
// server, and the port that is meant where none is said and the key tells it:
// https://learn.microsoft.com/en-us/dotnet/api/microsoft.data.sqlclient.sqlconnection.connectionstring,
// https://www.npgsql.org/doc/connection-string-parameters.html,
// https://mysqlconnector.net/connection-options/.
var servers = map[string]string{"server": "", "host": "5432", "data source": "", "datasource": "", "address": "", "addr": "", "network address": ""}

// ports are those that other keys of such a string tell.
var ports = map[string]string{
	"initial catalog": "1433", "trustservercertificate": "1433", "trust server certificate": "1433", "trusted_connection": "1433", "multipleactiveresultsets": "1433", "encrypt": "1433", "integrated security": "1433",
	"uid": "3306", "allowpublickeyretrieval": "3306", "sslmode": "", "username": "5432",
}

// Address returns the address in a text: the URL behind the prefix of a driver,
// the server of a connection string with its port, the first of several; the
// text itself where it is neither.
func Address(text string) string {
	text = driver.ReplaceAllString(strings.TrimSpace(text), "")
	text = oracle.ReplaceAllString(text, "oracle://")
	if scheme, rest, found := strings.Cut(text, "://"); found {
		rest, _, _ = strings.Cut(rest, ";") // jdbc:sqlserver://host:1433;databaseName=shop
		return scheme + "://" + rest
	}
	first, options, several := strings.Cut(text, ",")
	if several && strings.Contains(first, ":") && !strings.ContainsAny(first, "=; ") && (strings.Contains(options, "=") || strings.Contains(options, ":")) {
		return first // cache:6379,abortConnect=false, as StackExchange.Redis has it; kafka:9092,other:9092
	}
	if !strings.Contains(text, "=") {
		return text
	}
	host, port, usual := "", "", ""
	for _, pair := range strings.Split(text, ";") {
		key, value, _ := strings.Cut(pair, "=")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		if standard, is := servers[key]; is {
			host = strings.TrimPrefix(value, "tcp:")
			if standard != "" {
				usual = standard
			}
		} else if key == "port" {
			port = value
		} else if standard := ports[key]; standard != "" && usual == "" {
			usual = standard
		}
	}
	host, after, found := strings.Cut(host, ",")
	if found && port == "" {
		port = strings.TrimSpace(after) // Server=host,1433
	}
	host, _, _ = strings.Cut(host, `\`) // the name of an instance
	switch {
	case host == ".", strings.EqualFold(host, "(local)"):
		host = "localhost"
	case host == "", file.MatchString(host):
		return "" // SQLite's, or none
	}
	if port == "" {
		port = usual
	}
	if port == "" {
		return host
	}
	return host + ":" + port
}

// Told reports whether a text is a connection string of .NET that names a
// server.
func Told(text string) bool {
	for _, pair := range strings.Split(text, ";") {
		key, value, found := strings.Cut(pair, "=")
		if _, is := servers[strings.ToLower(strings.TrimSpace(key))]; is && found && strings.TrimSpace(value) != "" {
			return strings.Contains(text, ";")
		}
	}
	return false
}
