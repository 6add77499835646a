package json

import (
	"strings"
	"testing"

	"rehearse/internal/report/reporttest"
)

func TestContract(t *testing.T) {
	for name, d := range reporttest.Documents() {
		if name == "hostile" {
			continue // its severity and verdict are none
		}
		if err := reporttest.Conforms(render(t, d)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The test above is worth something: what departs from the contract fails it.
func TestContractIsStrict(t *testing.T) {
	good := render(t, reporttest.Shop())
	for _, change := range [][2]string{
		{`"schema": "rehearse/report/v1"`, `"schema": "rehearse/report/v2"`},
		{`"trace": null`, `"trace": []`},
		{`"races": null,`, ``},
		{`"unread": []`, `"unread": null`},
		{`"line": 31`, `"line": "31"`},
		{`"line": 31`, `"line": 31.5`},
		{`"severity": "error"`, `"severity": "fatal"`},
		{`"check": "loopback-url"`, `"rule": "loopback-url"`},
		{`"name": "rehearse",`, `"name": "rehearse", "extra": 1,`},
		{`"error": 2`, `"warning": 1, "error": 2`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Errorf("%s is not in the document", change[0])
		} else if reporttest.Conforms(bad) == nil {
			t.Errorf("%s passes as %s", change[0], change[1])
		}
	}
}
