package property

import (
	"slices"
	"strings"
	"testing"

	"rehearse/internal/fact"
)

func TestVariable(t *testing.T) {
	for name, want := range map[string]string{
		"spring.datasource.url":            "SPRING_DATASOURCE_URL",
		"spring.jpa.database-platform":     "SPRING_JPA_DATABASEPLATFORM SPRING_JPA_DATABASE_PLATFORM",
		"eureka.client.serviceUrl.default": "EUREKA_CLIENT_SERVICEURL_DEFAULT EUREKA_CLIENT_SERVICE_URL_DEFAULT",
		"my.service[0].other":              "MY_SERVICE_0_OTHER",
		"DATABASE_URL":                     "DATABASE_URL",
		"a b":                              "",
		"1x":                               "",
		"":                                 "",
	} {
		variable, others := Variable(name)
		if got := strings.TrimSpace(variable + " " + strings.Join(others, " ")); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
}

func TestNeeds(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                                "",
		"${A}":                                 "A!",
		"http://${HOST:localhost}:${PORT:80}/": "HOST=localhost PORT=80",
		"${a.b:${C:d}}":                        "A_B=d C=d",
		"${A:${B}}":                            "A! B!",
		"${A:}":                                "A=",
		"${A:http://x:80/}":                    "A=http://x:80/",
		"\\${A}":                               "",
		"${user.home}/x":                       "",
		"${A":                                  "",
		"${${A}.b}":                            "A!",
	} {
		needs, offsets := Needs(text)
		var got []string
		for i, n := range needs {
			s := n.Name
			if n.Necessity == fact.Required && n.Fatal {
				s += "!"
			}
			if n.Default != nil {
				s += "=" + *n.Default
			}
			got = append(got, s)
			if !strings.HasPrefix(text[offsets[i]:], "${") {
				t.Errorf("%s: nothing stands at %d", text, offsets[i])
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s needs %q, not %q", text, got, want)
		}
	}
	needs, _ := Needs("${A:${B}}")
	if len(needs) != 2 || !slices.Contains(needs[0].Instead, "B") || !slices.Contains(needs[1].Instead, "A") {
		t.Errorf("A and B do not stand in for each other: %+v", needs)
	}
}

func FuzzNeeds(f *testing.F) {
	for _, text := range []string{"${a:${b:c}}", "${${A}}", "\\${x}", "${", strings.Repeat("${a:", 50)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		needs, offsets := Needs(text)
		for i := range needs {
			if !strings.HasPrefix(text[offsets[i]:], "${") {
				t.Fatalf("%q: nothing stands at %d", text, offsets[i])
			}
		}
	})
}
