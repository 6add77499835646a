package link

import (
	"testing"

	"rehearse/internal/fact"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// TestSameName holds names of images and workloads, as projects give them, to the
// component that they mean.
func TestSameName(t *testing.T) {
	for _, c := range []struct {
		component, name string
		same            bool
	}{
		{"api", "api", true},
		{"api", "API", true},
		{"api", "shop-api", true},
		{"api", "shop_api", true},
		{"api", "api-service", true},
		{"api", "shop-api-deployment", true},
		{"api", "shopapi", false},
		{"api", "api-gateway", false},
		{"api", "apis", false},
		{"db", "shop-db", false}, // too short to be told from an abbreviation
		{"web", "worker", false},
	} {
		if got := sameName(c.component, c.name); got != c.same {
			t.Errorf("sameName(%q, %q) = %v", c.component, c.name, got)
		}
	}
}

func TestKin(t *testing.T) {
	for _, c := range []struct {
		component, name string
		kin             bool
	}{
		{"auth-service", "shop-auth-api", true},
		{"orders_backend", "orders", true},
		{"auth-service", "author-service", false},
		{"web-app", "shop-web", false}, // three letters
		{"billing", "shop-orders", false},
	} {
		if got := kin(c.component, c.name); got != c.kin {
			t.Errorf("kin(%q, %q) = %v", c.component, c.name, got)
		}
	}
}

func TestRepository(t *testing.T) {
	for image, want := range map[string]string{
		"shop/api":                        "shop/api",
		"shop/api:1.2":                    "shop/api",
		"shop/api@sha256:0f":              "shop/api",
		"localhost:5000/shop/api":         "localhost:5000/shop/api",
		"localhost:5000/shop/api:1.2@sha": "localhost:5000/shop/api",
		"":                                "",
	} {
		if got := Repository(image); got != want {
			t.Errorf("Repository(%q) = %q, not %q", image, got, want)
		}
	}
}

func TestMentions(t *testing.T) {
	for _, c := range []struct {
		text, word string
		mentions   bool
	}{
		{"go build -o /bin/api ./cmd/api", "cmd/api", true},
		{"COPY services/api .", "services/api", true},
		{"COPY services/api/package.json .", "services/api", true},
		{"COPY services/api-gateway .", "services/api", false},
		{"COPY other-services/api .", "services/api", false},
		{"", "api", false},
	} {
		if got := Mentions(c.text, c.word); got != c.mentions {
			t.Errorf("Mentions(%q, %q) = %v", c.text, c.word, got)
		}
	}
}

func TestPlainName(t *testing.T) {
	for name, want := range map[string]string{
		"api":                    "api",
		"api-${TAG}":             "api",
		"$(env)-api":             "api",
		"{{ .Values.env }}-api":  "api",
		"<prefix>_api":           "api",
		"shop-${ENV}-api":        "",
		"${{ matrix.component}}": "",
	} {
		if got := plainName(name); got != want {
			t.Errorf("plainName(%q) = %q, not %q", name, got, want)
		}
	}
}

// TestOf holds what ties a workload to a component, from the surest sign to the
// weakest, and what ties it to none.
func TestOf(t *testing.T) {
	api := &project.Component{Name: "api", Dir: "services/api", Language: "go", Dockerfiles: []string{"services/api/Dockerfile"}}
	web := &project.Component{Name: "web", Dir: "web", Language: "javascript", Dockerfiles: []string{"web/Dockerfile"}}
	nightly := &project.Component{Name: "reports", Dir: "reports", Language: "python", Files: []*project.File{{Path: "reports/jobs/nightly.py"}}}
	build := fact.BuildFrom{Context: "web", Dockerfile: "web/Dockerfile"}
	l := New([]*project.Component{api, web, nightly}, []fact.Definition{
		{File: "compose.yaml", Format: "compose", Workloads: []fact.Workload{{Name: "frontend", Image: "acme/front:1", Build: &build, At: source.Span{File: "compose.yaml"}}}},
	})
	for _, c := range []struct {
		name string
		w    fact.Workload
		want *project.Component
		why  string
	}{
		{"its build", fact.Workload{Name: "x", Build: &build}, web, "build context"},
		{"an image that something builds", fact.Workload{Name: "x", Image: "acme/front:2"}, web, "image name, as in compose.yaml"},
		{"the name of the image", fact.Workload{Name: "x", Image: "acme/shop-api:2"}, api, "image name"},
		{"its own name", fact.Workload{Name: "shop-api", Image: "acme/something:2"}, api, "workload name"},
		{"the name of its container", fact.Workload{Name: "x", Container: "api", Image: "acme/something"}, api, "container name"},
		{"the service of that name", fact.Workload{Name: "frontend", Image: "acme/something"}, web, "workload name"},
		{"the module that it starts", fact.Workload{Name: "x", Image: "acme/something", Args: []string{"python", "-m", "jobs.nightly"}}, nightly, "what its command starts"},
		{"the folder of its code", fact.Workload{Name: "x", Code: "services/api"}, api, "folder of the code"},
		{"an image that everybody knows", fact.Workload{Name: "api", Image: "postgres:16"}, nil, ""},
		{"a container beside the application", fact.Workload{Name: "api", Image: "fluent/fluent-bit:3"}, nil, ""},
		{"a device plugin of a vendor", fact.Workload{Name: "api", Image: "nvidia/k8s-device-plugin:1"}, nil, ""},
		{"a name that nobody has", fact.Workload{Name: "x", Image: "acme/something"}, nil, ""},
		{"nothing", fact.Workload{Name: "api"}, nil, ""},
	} {
		tie, ok := l.Of(&c.w)
		if ok != (c.want != nil) || tie.Component != c.want || tie.Why != c.why {
			t.Errorf("%s: %+v", c.name, tie)
		}
	}
}

// TestCloser holds the only application to what lies beside its code: a page for
// maintenance, with a Dockerfile and manifests of its own, is another.
func TestCloser(t *testing.T) {
	shop := &project.Component{Name: "shop", Dir: ".", Language: "ruby", Dockerfiles: []string{"Dockerfile"}}
	for file, tied := range map[string]bool{"deploy/app.yaml": true, "maintenance/manifests/app.yaml": false} {
		w := fact.Workload{Name: "x", Image: "acme/y:1", At: source.Span{File: file}}
		l := New([]*project.Component{shop}, []fact.Definition{
			{File: "Dockerfile", Format: "dockerfile", Images: []fact.Image{{Dockerfile: "Dockerfile"}}},
			{File: "maintenance/Dockerfile", Format: "dockerfile", Images: []fact.Image{{Dockerfile: "maintenance/Dockerfile"}}},
			{File: file, Format: "kubernetes", Workloads: []fact.Workload{w}},
		})
		if _, ok := l.Of(&w); ok != tied {
			t.Errorf("%s is tied: %v", file, ok)
		}
	}
}

// FuzzOf holds the linker to an answer, whatever a workload is called: it ends,
// gives the same twice, and ties nothing to no component.
func FuzzOf(f *testing.F) {
	f.Add("shop-api", "acme/shop-api:${TAG}", "services/api", "python -m jobs.nightly")
	f.Add("", ":@", "..", "$")
	api := &project.Component{Name: "api", Dir: "services/api", Language: "go", Dockerfiles: []string{"services/api/Dockerfile"}}
	web := &project.Component{Name: "web", Dir: ".", Language: "python", Files: []*project.File{{Path: "jobs/nightly.py"}}}
	f.Fuzz(func(t *testing.T, name, image, dir, command string) {
		w := fact.Workload{Name: name, Image: image, Args: []string{command}}
		if image == "" {
			w.Code = dir
		} else if len(dir)%2 == 1 {
			w.Build = &fact.BuildFrom{Context: dir}
		}
		l := New([]*project.Component{api, web}, []fact.Definition{{File: "compose.yaml", Format: "compose", Workloads: []fact.Workload{w}}})
		tie, ok := l.Of(&w)
		if ok != (tie.Component != nil) {
			t.Errorf("%+v is tied: %v", tie, ok)
		}
		if again, _ := l.Of(&w); again != tie {
			t.Errorf("%+v, then %+v", tie, again)
		}
	})
}
