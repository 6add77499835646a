package ledger

import (
	"regexp"
	"strings"
)

// driverPrefix stands before the URL proper in what JDBC and R2DBC take
// (https://docs.oracle.com/en/java/javase/21/docs/api/java.sql/java/sql/DriverManager.html,
// https://r2dbc.io/spec/1.0.0.RELEASE/spec/html/#overview.connection.url).
var driverPrefix = regexp.MustCompile(`^(?:jdbc:|r2dbcs?:)(?:pool:|tc:|aws-wrapper:|otel:|p6spy:)*`)

// serverKeys are those under which connection strings of .NET have the server
// (the documentation of SqlClient, Npgsql and MySqlConnector).
var serverKeys = map[string]bool{"server": true, "host": true, "data source": true, "datasource": true, "address": true, "addr": true, "network address": true}

// addressIn returns the address in a text that has more than that: a URL behind
// the prefix of a driver, the server of a connection string.
func addressIn(text string) string {
	if text = driverPrefix.ReplaceAllString(text, ""); strings.Contains(text, "://") {
		// jdbc:sqlserver://host:1433;databaseName=shop
		scheme, rest, _ := strings.Cut(text, "://")
		rest, _, _ = strings.Cut(rest, ";")
		return scheme + "://" + rest
	}
	if !strings.Contains(text, "=") {
		return text
	}
	host, port := "", ""
	for _, pair := range strings.Split(text, ";") {
		key, value, found := strings.Cut(pair, "=")
		switch key = strings.ToLower(strings.TrimSpace(key)); {
		case !found && host == "", found && strings.Contains(key, ":") && strings.Contains(key, ","):
			host, _, _ = strings.Cut(pair, ",") // host:6379,abortConnect=false
		case serverKeys[key]:
			host = strings.TrimPrefix(strings.TrimSpace(value), "tcp:")
		case key == "port":
			port = strings.TrimSpace(value)
		}
	}
	host, after, found := strings.Cut(host, ",")
	if found && port == "" {
		port = after // Server=host,1433
	}
	host, _, _ = strings.Cut(host, `\`) // the name of an instance
	if port == "" || strings.Contains(host, ":") || host == "" {
		return host
	}
	return host + ":" + strings.TrimSpace(port)
}
