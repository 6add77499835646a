package environment

import (
	"testing"

	"rehearse/internal/fact"
)

// TestOf holds paths, as projects have them, to the environment that they name.
func TestOf(t *testing.T) {
	for file, want := range map[string]string{
		"compose.prod.yaml":                    Production,
		"docker-compose.override.yml":          Local,
		"docker-compose-ci.yml":                Test,
		"k8s/overlays/staging/kustomization.y": "staging",
		"deploy/prd/api.yaml":                  Production,
		"prod/dev/values.yaml":                 Local, // the word nearest to the file
		"test/values.yaml":                     "",    // folders named test hold tests
		"compose.yaml":                         "",
		"product/compose.yaml":                 "",
		"Dockerfile.dev":                       Local,
		"":                                     "",
	} {
		if got := Of(file); got != want {
			t.Errorf("Of(%q) = %q, not %q", file, got, want)
		}
	}
}

func TestForDevelopers(t *testing.T) {
	for file, want := range map[string]bool{"Dockerfile.dev": true, "Dockerfile.test": true, ".devcontainer/Dockerfile": true, "Dockerfile": false, "Dockerfile.prod": false} {
		if got := ForDevelopers(file); got != want {
			t.Errorf("ForDevelopers(%q) = %v", file, got)
		}
	}
}

// TestApplication holds definitions to the folder whose application they are of.
func TestApplication(t *testing.T) {
	for file, want := range map[string]string{
		"compose.yaml":                       ".",
		"deploy/prod/compose.yaml":           ".",
		"services/api/k8s/deployment.yaml":   "services/api",
		"services/api/terraform/envs/x.tf":   "services/api",
		"services/api/compose.yaml":          "services/api",
		"infra/services/api/deployment.yaml": "infra/services/api",
	} {
		if got := application(file); got != want {
			t.Errorf("application(%q) = %q, not %q", file, got, want)
		}
	}
}

func TestHostedName(t *testing.T) {
	for _, c := range []struct {
		d    fact.Definition
		want string
	}{
		{fact.Definition{File: "fly.toml"}, ""},
		{fact.Definition{File: "fly.staging.toml"}, "staging"},
		{fact.Definition{File: "infra/dev/main.tf"}, "dev"}, // it runs on the platform all the same
		{fact.Definition{File: "test/main.tf"}, ""},
		{fact.Definition{File: "app.test.yaml"}, "test"},
		{fact.Definition{File: "main.tf", Environment: "EU-West"}, "eu-west"},
		{fact.Definition{File: "main.tf", Environment: "prd"}, Production},
	} {
		if got := hostedName(c.d); got != c.want {
			t.Errorf("%s %s: %q, not %q", c.d.File, c.d.Environment, got, c.want)
		}
	}
}
