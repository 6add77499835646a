package pattern

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"rehearse/internal/syntax/flow"
)

// schemes are those of addresses that programs connect to, with the port that
// is meant where none is said: those of IANA's registries of URI schemes and of
// ports, and what the projects document as theirs.
var schemes = map[string]int{
	"http": 80, "https": 443, "ws": 80, "wss": 443,
	"postgres": 5432, "postgresql": 5432, "mysql": 3306, "mariadb": 3306,
	"mssql": 1433, "sqlserver": 1433, "oracle": 1521, "clickhouse": 9000, "cockroachdb": 26257,
	"redis": 6379, "rediss": 6379, "valkey": 6379, "memcached": 11211,
	"amqp": 5672, "amqps": 5671, "nats": 4222, "kafka": 9092, "mqtt": 1883, "mqtts": 8883, "stomp": 61613,
	"mongodb": 27017, "mongodb+srv": 27017, "neo4j": 7687, "bolt": 7687, "etcd": 2379,
	"smtp": 25, "smtps": 465, "ldap": 389, "ldaps": 636, "ftp": 21, "sftp": 22,
	"tcp": 0, "udp": 0, "grpc": 0, "dns": 53,
}

// address is where something listens, or connects to.
type address struct {
	scheme, host string
	port         int
	variable     string // that supplies the host or, where none does, the port
	portVariable string // that supplies the port
}

// urlText finds the scheme and the authority of a URL (RFC 3986, section 3).
// A driver may stand behind the scheme, as SQLAlchemy has it.
var (
	urlText  = regexp.MustCompile(`^(?:jdbc:)?([a-z][a-z0-9]*)((?:\+[a-z0-9]+)?)://([^/?#]*)`)
	hostText = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$|^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+$`)
)

// parseURL reads the text as the URL of a server. It is refused where its host
// is not known.
func parseURL(t flow.Text) (address, bool) {
	text := t.String()
	m := urlText.FindStringSubmatchIndex(text)
	if m == nil {
		return address{}, false
	}
	scheme := text[m[2]:m[3]]
	if full := text[m[2]:m[5]]; schemes[full] > 0 {
		scheme = full
	}
	standard, ok := schemes[scheme]
	authority := text[m[6]:m[7]]
	start := m[6]
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		authority, start = authority[at+1:], start+at+1
	}
	// A replica set is a list of hosts; the first stands for it.
	authority, _, _ = strings.Cut(authority, ",")
	a, fits := parseHostPort(t, authority, start)
	if !ok || !fits || a.host == "" || a.host == flow.Gap {
		return address{}, false
	}
	a.scheme = scheme
	if !strings.Contains(authority[strings.LastIndexByte(authority, ']')+1:], ":") {
		a.port = standard
	}
	return a, true
}

// parseHostPort reads "host:port", which stands at start in the text. The host
// is flow.Gap where only the running program knows it, and the port 0.
func parseHostPort(t flow.Text, text string, start int) (address, bool) {
	var a address
	host, port := text, ""
	if i := strings.LastIndexByte(text, ':'); i >= 0 && i > strings.LastIndexByte(text, ']') {
		host, port = text[:i], text[i+1:]
	}
	a.host = strings.Trim(host, "[]")
	switch {
	case a.host == "", a.host == flow.Gap:
	case !hostText.MatchString(a.host):
		return address{}, false
	}
	if port != "" && !strings.Contains(port, flow.Gap) {
		n, err := strconv.Atoi(port)
		if err != nil || n < 0 || n > 65535 {
			return address{}, false
		}
		a.port = n
	}
	if host != "" {
		a.variable = t.VariableAt(start)
	}
	if port != "" {
		a.portVariable = t.VariableAt(start + len(text) - len(port))
	}
	a.variable = cmp.Or(a.variable, a.portVariable)
	return a, true
}

// own reports whether only a resolver or network of one's own can tell what
// the host is: it is no public name.
func own(host string) bool {
	lower := strings.ToLower(host)
	switch {
	case !strings.Contains(lower, "."), strings.Contains(lower, ":"):
		return true
	case strings.HasSuffix(lower, ".local"), strings.HasSuffix(lower, ".internal"), strings.HasSuffix(lower, ".localhost"),
		strings.HasSuffix(lower, ".svc"), strings.Contains(lower, ".svc."), strings.HasSuffix(lower, ".lan"), strings.HasSuffix(lower, ".test"):
		return true
	}
	return strings.Trim(lower, "0123456789.") == "" // an IPv4 address
}

// reserved reports whether the host is one that documentation uses (RFC 2606,
// section 3), or names a vocabulary and not a server.
func reserved(host string) bool {
	lower := strings.ToLower(host)
	for _, domain := range []string{"example.com", "example.org", "example.net", "www.w3.org", "json-schema.org", "schema.org", "schemas.microsoft.com", "schemas.xmlsoap.org", "schemas.openxmlformats.org"} {
		if lower == domain || strings.HasSuffix(lower, "."+domain) {
			return true
		}
	}
	return false
}
