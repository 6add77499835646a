package scene

import (
	"net/url"
	"slices"
	"strings"
)

// redact puts … in the place of every value that may be secret: those of the
// variables, and the passwords in them.
func (s *Scene) redact(text string) string {
	for _, secret := range s.secrets() {
		text = strings.ReplaceAll(text, secret, "…")
	}
	return text
}

// shortest is the length of the shortest value that is taken for a secret: a
// shorter one ("8080", "true", "shop") hides nothing, and is part of many words.
const shortest = 6

// secrets returns the values that must not be shown, the longest first.
func (s *Scene) secrets() []string {
	var all []string
	add := func(value string) {
		if len(value) >= shortest && !strings.HasPrefix(value, "rehearse-stand-in") {
			all = append(all, value)
		}
	}
	for _, r := range s.Roles {
		for _, env := range []map[string]Binding{r.localEnv, r.prodEnv} {
			for _, b := range env {
				u, err := url.Parse(b.value)
				if err != nil || u.Host == "" {
					add(b.value)
					continue
				}
				// Of an address, the host is what a person needs to see.
				if password, ok := u.User.Password(); ok {
					add(u.User.String())
					if len(password) > 3 {
						all = append(all, password)
					}
				}
				if u.RawQuery != "" {
					add(u.RawQuery)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(all)
}
