package environment

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/project"
	"rehearse/internal/source"
)

// An environment is named by what names it in the project: a folder of the
// path or a word of the file's name.
var environmentWords = map[string]string{
	"prod": Production, "prd": Production, "production": Production, "live": Production,
	"staging": "staging", "stage": "staging", "stg": "staging", "preprod": "staging", "preproduction": "staging",
	"qa": "qa", "uat": "uat", "sandbox": "sandbox", "demo": "demo", "canary": "canary",
	"dev": Local, "develop": Local, "development": Local, "local": Local, "debug": Local,
	"override": Local, "devcontainer": Local, "minikube": Local, "kind": Local,
	"test": Test, "tests": Test, "testing": Test, "ci": Test, "e2e": Test, "stress": Test, "loadtest": Test, "integration": Test,
}

// Names of environments that mean something.
const (
	Local      = "local" // the developer's machine
	Production = "production"
	Test       = "ci:test" // what only tests use is a pipeline's
)

// Of returns the name that a path gives to its environment, or "".
// The word nearest to the file's own name counts. A word that names a test is
// taken from the file's name alone: folders named test hold tests.
func Of(file string) string {
	parts := strings.Split(file, "/")
	slices.Reverse(parts)
	for i, part := range parts {
		words := strings.FieldsFunc(strings.ToLower(part), func(r rune) bool { return strings.ContainsRune("-_. ", r) })
		for _, w := range words {
			name, ok := environmentWords[w]
			if ok && (i == 0 || name != Test) {
				return name
			}
		}
	}
	return ""
}

// Word reports whether a word of a name tells of an environment.
func Word(word string) bool { return environmentWords[word] != "" }

// application returns the folder of the application that a definition of that
// path belongs to: the folder of the file, without the folders at its end that
// only hold definitions.
func application(file string) string {
	dir := path.Dir(file)
	for dir != "." {
		word := strings.ToLower(path.Base(dir))
		if _, isEnvironment := environmentWords[word]; !isEnvironment && !slices.Contains(Folders, word) {
			break
		}
		dir = path.Dir(dir)
	}
	return dir
}

// Folders are names of folders that hold definitions and no
// application.
var Folders = []string{
	"k8s", "kubernetes", "kube", "manifests", "manifest", "deploy", "deployment", "deployments",
	"docker", "compose", "infra", "infrastructure", "ops", "devops", "base", "overlays", "environments", "envs", "config",
	".docker", ".deploy", ".k8s", "helm", "helm_deploy", "chart", "charts", "openshift", "terraform", "tf", "fly",
}

// platformFiles are files by which a platform, or a tool that is not read here,
// deploys the application of their folder (the documentation of Fly, Render,
// Railway, Heroku, Vercel, Netlify, the Serverless framework, Cloudflare, Azure
// Developer CLI, CapRover). A compose file there is most likely the developer's.
var platformFiles = []string{
	"fly.toml", "render.yaml", "railway.toml", "railway.json", "Procfile", "vercel.json", "netlify.toml",
	"serverless.yml", "serverless.yaml", "wrangler.toml", "azure.yaml", "captain-definition",
}

// platform is a folder whose application something deploys that is not read.
type platform struct {
	dir  string
	tree bool // what lies above the folder is deployed by it too
}

func (p platform) deploys(dir string) bool {
	return source.Under(p.dir, dir) || p.tree && source.Under(dir, p.dir)
}

// platforms returns the folders that something deploys which is not read.
func platforms(p *project.Project) []platform {
	var all []platform
	for _, f := range p.Files {
		if f.Flags&(project.Test|project.Example|project.Docs|project.Vendored|project.Ignored) != 0 {
			continue
		}
		base, found := path.Base(f.Path), platform{dir: application(f.Path)}
		switch {
		case base == "Chart.yaml":
			found = platform{application(path.Dir(f.Path)), true} // a chart's folder has the chart's name
		case path.Ext(base) == ".tf", strings.HasPrefix(f.Path, "openshift/"):
			found.tree = true
		case strings.HasPrefix(base, "fly.") && path.Ext(base) == ".toml", slices.Contains(platformFiles, base):
		default:
			continue
		}
		if !slices.Contains(all, found) {
			all = append(all, found)
		}
	}
	return all
}

// ForDevelopers reports whether a file is named as what only the developer's
// machine or a test uses.
func ForDevelopers(file string) bool {
	name := Of(file)
	return name == Local || name == Test
}
