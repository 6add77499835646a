package spelling

import "testing"

func TestNear(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"imagePullPolicy", "imagePullPolcy", true},
		{"className", "classname", true},
		{"db-secret", "db_secrets", true},
		{"settings", "settings", false},
		{"db1-secret", "db2-secret", false},
		{"host", "port", false},
		{"api-secret", "web-secret", false},
		{"recieve", "receive", true},
		{"deployment", "deplyomnet", true},
		{"QUAY_TOKEN", "FURY_TOKEN", false},
		{"DEPLOYMNET_TOKEN", "DEPLOYMENT_TOKEN", true},
		{"", "", false},
	} {
		if got := Near(c.a, c.b); got != c.want {
			t.Errorf("Near(%q, %q) = %v", c.a, c.b, got)
		}
		if got := Near(c.b, c.a); got != c.want {
			t.Errorf("Near(%q, %q) = %v", c.b, c.a, got)
		}
	}
}

func TestShortened(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"gcp-live-big-shop-documents-account-key", "gcp-live-shop-documents-account-key", true},
		{"shop-db-admin-secret", "shop-db-secret", false},
		{"a-b-c-d-e", "a-b-c-d-e", false},
		{"a-b-c-d-x-e", "a-b-c-d-e", false},
		{"gcp-live-big-shop-documents-account-key", "gcp-live-shop-documents-account-id", false},
	} {
		if got := Shortened(c.a, c.b); got != c.want {
			t.Errorf("Shortened(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

func TestKin(t *testing.T) {
	if !Kin("envFromSecret", "envSecretName") || Kin("envFromSecret", "envName") || !Same("waitForMigration", "waitForMigrations") || Same("a", "a") {
		t.Error("words of a camel are not told apart")
	}
}

func TestLacks(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"DynamicsBaseUri", "DynamicsApiBaseUri", true},
		{"DynamicsBaseUri", "DynamicsBaseUriPath", false},
		{"BaseUri", "ApiBaseUri", false},
		{"DynamicsBaseUri", "DynamicsBaseUri", false},
		{"", "", false},
	} {
		if Lacks(c.a, c.b) != c.want || Lacks(c.b, c.a) != c.want {
			t.Errorf("Lacks(%q, %q) is not %v", c.a, c.b, c.want)
		}
	}
}
