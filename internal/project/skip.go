package project

// skip says that a folder of some name holds nothing that was written for this
// project, and why.
type skip struct {
	name   string
	reason string
	inside []string // only where one of these is in it
	beside []string // only where one of these is next to it
}

// skipped lists the folders that are not entered, wherever they stand. Folders
// that git ignores are not entered either, so build output is listed here only
// where projects are known to commit it.
var skipped = []skip{
	{name: ".git", reason: "the repository itself"},
	{name: ".hg", reason: "the repository itself"},
	{name: ".svn", reason: "the repository itself"},
	{name: ".jj", reason: "the repository itself"},
	{name: ".rehearse", reason: "what this tool wrote"},
	{name: "node_modules", reason: "installed packages"},
	{name: "bower_components", reason: "installed packages"},
	{name: "jspm_packages", reason: "installed packages"},
	{name: ".pnpm-store", reason: "installed packages"},
	{name: ".yarn", reason: "the package manager and its packages"},
	{name: "Pods", reason: "installed packages"},
	{name: "Carthage", reason: "installed packages"},
	{name: "third_party", reason: "somebody else's code"},
	{name: "vendor", reason: "somebody else's code", inside: []string{"modules.txt", "autoload.php", "composer", "bundle", "gems"}},
	{name: ".bundle", reason: "installed packages"},
	{name: ".venv", reason: "installed packages"},
	{name: "venv", reason: "installed packages"},
	{name: "env", reason: "installed packages", inside: []string{"pyvenv.cfg"}},
	{name: "site-packages", reason: "installed packages"},
	{name: ".tox", reason: "installed packages"},
	{name: ".nox", reason: "installed packages"},
	{name: ".eggs", reason: "installed packages"},
	{name: "__pypackages__", reason: "installed packages"},
	{name: "__pycache__", reason: "compiled code"},
	{name: ".mypy_cache", reason: "a cache"},
	{name: ".pytest_cache", reason: "a cache"},
	{name: ".ruff_cache", reason: "a cache"},
	{name: ".gradle", reason: "a cache"},
	{name: ".cache", reason: "a cache"},
	{name: ".parcel-cache", reason: "a cache"},
	{name: ".turbo", reason: "a cache"},
	{name: ".nx", reason: "a cache"},
	{name: ".terraform", reason: "installed providers and modules"},
	{name: ".terragrunt-cache", reason: "installed modules"},
	{name: ".next", reason: "build output"},
	{name: ".nuxt", reason: "build output"},
	{name: ".output", reason: "build output"},
	{name: ".svelte-kit", reason: "build output"},
	{name: ".vercel", reason: "build output"},
	{name: ".serverless", reason: "build output"},
	{name: ".aws-sam", reason: "build output"},
	{name: "cdk.out", reason: "build output"},
	{name: "target", reason: "build output", beside: []string{"Cargo.toml", "pom.xml", "build.sbt", "project.clj"}},
	{name: "obj", reason: "build output", inside: []string{"project.assets.json"}},
	{name: "coverage", reason: "a report of tests", inside: []string{"lcov.info", "lcov-report"}},
	{name: ".idea", reason: "an editor's settings"},
	{name: ".vscode", reason: "an editor's settings"},
	{name: ".devcontainer", reason: "an editor's container"},
}

var skippedByName = func() map[string]*skip {
	byName := make(map[string]*skip, len(skipped))
	for i := range skipped {
		byName[skipped[i].name] = &skipped[i]
	}
	return byName
}()
