package pattern

import (
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax/connection"
	"rehearse/internal/syntax/flow"
)

// Address returns the call of a server whose address stands, as a literal, under
// a name: a URL, also one of JDBC or R2DBC, a host and port, the first of several,
// or, where the name ends so, a host. It is false where the text is no address of
// one, its host is a public one of the web, or the name tells that it is only
// talked of.
func Address(name, text string) (fact.Need, bool) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > 2048 || talked.MatchString(name) || spoken.MatchString(name) {
		return fact.Need{}, false
	}
	told := connection.Told(text)
	text = connection.Address(text)
	text, _, _ = strings.Cut(text, ",")
	a, ok := address{}, false
	switch known := (flow.Text{{Literal: text, Known: true}}); {
	case strings.Contains(text, "://"):
		a, ok = parseURL(known)
	case hostAndPort.MatchString(text):
		a, ok = parseHostPort(known, text, 0)
	case (told || hostName.MatchString(name)) && hostText.MatchString(text):
		a, ok = address{host: text}, true
	}
	web := strings.HasPrefix(a.scheme, "http") || strings.HasPrefix(a.scheme, "ws")
	if !ok || reserved(a.host) || a.host == "0.0.0.0" || web && !own(a.host) {
		return fact.Need{}, false
	}
	return fact.Need{Kind: fact.Call, Name: a.host, Scheme: a.scheme, Host: a.host, Port: a.port}, true
}

var (
	hostAndPort = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*:[0-9]{2,5}$|^[0-9]+(?:\.[0-9]+){3}:[0-9]{2,5}$`)

	// spoken is what a setting is called whose address is that of a link.
	spoken = regexp.MustCompile(`(?i)front|^(app_|application_|server_|site_)?base_?ur[il]$|mail_base|public|external|swagger|openapi|_docs?_|self|link|contact|license|instance|home|site|webapp|^ui_|_ui_|client_?url|return|success|cancel|logo|pic(ture)?_?base|image|avatar|issuer|audience|server_address|bind|listen`)
)
