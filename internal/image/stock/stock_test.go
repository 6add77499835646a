package stock

import "testing"

func TestOf(t *testing.T) {
	for _, c := range []struct {
		reference string
		known     bool
	}{
		{"postgres", true},
		{"postgres:latest", true},
		{"docker.io/library/postgres:16-alpine", true},
		{"registry.example.com/postgres:16", false},
		{"postgres:12.1", false},
		{"postgres:12.2-alpine", true},
		{"postgres:12", true},
		{"postgres:9.6", true},
		{"postgres:9.6.2", false},
		{"postgres:9.3", false},
		{"postgres:9", true},
		{"postgres:alpine@sha256:00", true},
		{"quay.io/keycloak/keycloak:15.0.2", false},
		{"quay.io/keycloak/keycloak:26.0", true},
		{"localhost:5000/shop", false},
	} {
		if got := Of(c.reference) != nil; got != c.known {
			t.Errorf("Of(%q) is known: %v", c.reference, got)
		}
	}
}

func TestTable(t *testing.T) {
	if len(images()) < 10 {
		t.Fatal("the table is not read")
	}
	for name, i := range images() {
		if len(i.Sources) == 0 || len(i.Reads)+len(i.Needs)+len(i.Old) == 0 {
			t.Errorf("%s has no source or says nothing", name)
		}
	}
}

func TestStarts(t *testing.T) {
	i := Of("postgres:16")
	for _, c := range []struct {
		command []string
		want    bool
	}{
		{nil, true}, {[]string{"postgres", "-c", "x=1"}, true}, {[]string{"-c", "x=1"}, true}, {[]string{"pg_dump"}, false},
	} {
		if got := i.Starts(c.command); got != c.want {
			t.Errorf("Starts(%q) = %v", c.command, got)
		}
	}
}

func FuzzOf(f *testing.F) {
	for _, seed := range []string{"postgres:12.2-alpine", "docker.io/library/mysql@sha256:00", "postgres:99999999999999999999", ":::", "a/b/c:v1..2", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, reference string) {
		if i := Of(reference); i != nil && len(i.Sources) == 0 {
			t.Errorf("%q is known without a source", reference)
		}
	})
}
