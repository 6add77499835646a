package scene

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/fact"
)

// Redact puts … in the place of every value that may be secret: those of the
// variables, and the passwords in them.
func (s *Scene) Redact(text string) string {
	for _, secret := range s.secrets() {
		text = strings.ReplaceAll(text, secret, "…")
	}
	return text
}

// shortest is the length of the shortest value that is taken for a secret: a
// shorter one ("8080", "true", "shop") hides nothing, and is part of many words.
const shortest = 6

// secrets returns the texts that must not be shown, the longest first.
func (s *Scene) secrets() []string {
	var all []string
	for _, r := range s.Roles {
		for _, env := range []map[string]Binding{r.localEnv, r.prodEnv} {
			for _, b := range env {
				all = secretsIn(all, b.value)
			}
		}
		for _, n := range r.Component.Of(fact.Variable) {
			if n.Default != nil {
				all = secretsIn(all, *n.Default)
			}
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	return slices.Compact(all)
}

// secretsIn adds what may be secret in a value: of an address everything but
// its host, which a person needs to see; of several lines each, since they may
// be printed one by one; and each as it is written in JSON.
func secretsIn(all []string, value string) []string {
	add := func(text string, least int) {
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if len(line) < least || slices.Contains(ordinary, line) {
				continue
			}
			all = append(all, line)
			if quoted := strconv.Quote(line); quoted != `"`+line+`"` {
				all = append(all, quoted[1:len(quoted)-1])
			}
		}
	}
	if strings.HasPrefix(value, "rehearse-stand-in") {
		return all
	}
	u, err := url.Parse(value)
	if err != nil || u.Host == "" {
		add(value, shortest)
		return all
	}
	add(u.User.String(), shortest)
	if password, ok := u.User.Password(); ok {
		add(password, 4)
	}
	add(u.RawQuery, shortest)
	add(u.Fragment, shortest)
	for _, part := range strings.Split(u.Path, "/") {
		add(part, secretPart)
	}
	return all
}

// ordinary are values that are no secret whatever has them, and that a person
// needs to see.
var ordinary = []string{"production", "development", "staging", "localhost", "127.0.0.1", "0.0.0.0", "postgres", "disable", "require"}

// secretPart is the length from which a part of an address's path may be a
// secret, as in the addresses of webhooks; shorter ones are names.
const secretPart = 12
