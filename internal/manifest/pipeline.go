package manifest

import (
	"path"
	"regexp"
	"strings"

	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Pipeline is what a file of continuous integration says of packages: which
// versions of runtimes it takes, which commands it runs, what of others it uses.
type Pipeline struct {
	File     string
	System   string // github-actions, gitlab, circleci
	Runtimes []Runtime
	Commands []Script // Name is the folder they run in; "" where that is not known
	Uses     []Use
}

// Use is an action of somebody else's that a pipeline uses.
type Use struct {
	Name, Ref string
	At        source.Span
}

// NamesPipeline reports whether a file of that path is of a pipeline.
func NamesPipeline(name string) bool {
	ext := path.Ext(name)
	if ext != ".yml" && ext != ".yaml" {
		return false
	}
	dir, base := path.Dir(name), path.Base(name)
	return path.Base(dir) == "workflows" && strings.HasSuffix(path.Dir(dir), ".github") || base == ".gitlab-ci.yml" || name == ".circleci/config.yml"
}

// ReadPipeline reads a file of a pipeline.
func ReadPipeline(file source.File) (*Pipeline, error) {
	docs, err := yaml.Parse(file)
	if err != nil {
		return nil, &Broken{At: source.Span{File: file.Path}, Reason: "not YAML that can be read"}
	}
	p := &Pipeline{File: file.Path}
	for _, doc := range docs {
		switch base := path.Base(file.Path); {
		case base == ".gitlab-ci.yml":
			p.System = "gitlab"
			p.gitlab(doc.Root)
		case path.Base(path.Dir(file.Path)) == ".circleci":
			p.System = "circleci"
			p.circle(doc.Root)
		default:
			p.System = "github-actions"
			p.github(doc.Root)
		}
	}
	return p, nil
}

// setups are the actions that install a runtime, and the input that names the
// version (their README files).
var setups = map[string]struct {
	language Ecosystem
	input    string
}{
	"actions/setup-node": {Node, "node-version"}, "actions/setup-python": {Python, "python-version"}, "actions/setup-go": {Go, "go-version"},
	"actions/setup-java": {Java, "java-version"}, "actions/setup-dotnet": {DotNet, "dotnet-version"}, "ruby/setup-ruby": {Ruby, "ruby-version"},
	"shivammathur/setup-php": {PHP, "php-version"},
}

// github reads a workflow.
func (p *Pipeline) github(root *yaml.Node) {
	for _, job := range root.Get("jobs").Pairs() {
		matrix := job.Value.Get("strategy", "matrix")
		dir := first(job.Value.Get("defaults", "run", "working-directory").Text(), root.Get("defaults", "run", "working-directory").Text())
		if uses := job.Value.Get("uses"); uses.IsScalar() {
			p.use(uses)
		}
		for _, step := range job.Value.Get("steps").Items() {
			if uses := step.Get("uses"); uses.IsScalar() {
				name := p.use(uses)
				if setup, ok := setups[strings.ToLower(name)]; ok {
					p.versions(setup.language, step.Get("with", setup.input), matrix, name)
				}
			}
			p.script(step.Get("run"), first(step.Get("working-directory").Text(), dir), step.Get("shell").Text())
		}
	}
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func (p *Pipeline) use(n *yaml.Node) string {
	name, ref, _ := strings.Cut(n.Text(), "@")
	if !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "docker:") && ref != "" {
		p.Uses = append(p.Uses, Use{name, ref, n.At})
	}
	return name
}

// matrixName is a reference to a dimension of a matrix.
var matrixName = regexp.MustCompile(`^\$\{\{\s*matrix\.([\w.-]+)\s*\}\}$`)

func (p *Pipeline) versions(e Ecosystem, n, matrix *yaml.Node, kind string) {
	values := []*yaml.Node{n}
	if m := matrixName.FindStringSubmatch(n.Text()); m != nil {
		values = matrix.Get(m[1]).Items()
		for _, in := range matrix.Get("include").Items() {
			values = append(values, in.Get(m[1]))
		}
	} else if n.IsList() {
		values = n.Items()
	}
	for _, value := range values {
		for _, line := range strings.Fields(value.Text()) {
			if v := Version(e, line); v != "" {
				p.Runtimes = append(p.Runtimes, Runtime{Language: e, Range: v, Text: line, At: value.At, Kind: kind})
			}
		}
	}
}

// expression is a part of a script that the pipeline fills in.
var expression = regexp.MustCompile(`\$\{\{.*?\}\}`)

func (p *Pipeline) script(n *yaml.Node, dir, shell string) {
	if !n.IsScalar() || shell != "" && !strings.Contains(shell, "sh") || strings.Contains(shell, "pwsh") || strings.Contains(shell, "powershell") {
		return
	}
	at := n.At
	if n.Literal() {
		at.Line++
		at.Column = 0
	}
	if strings.ContainsAny(dir, "$") || path.IsAbs(dir) || strings.HasPrefix(path.Clean(dir), "..") {
		dir = ""
	} else {
		dir = path.Clean(dir)
	}
	text := expression.ReplaceAllStringFunc(n.Text(), func(s string) string { return "_" + strings.Repeat("x", max(0, len(s)-1)) })
	p.Commands = append(p.Commands, Script{Name: dir, Text: text, At: at})
}

// gitlab reads a .gitlab-ci.yml (https://docs.gitlab.com/ci/yaml/).
func (p *Pipeline) gitlab(root *yaml.Node) {
	image := func(n *yaml.Node) {
		if n.IsMap() {
			n = n.Get("name")
		}
		if r, ok := ImageRuntime(n.Text()); ok {
			r.At, r.Kind = n.At, "the pipeline's image"
			p.Runtimes = append(p.Runtimes, r)
		}
	}
	lines := func(n *yaml.Node) {
		if n.IsScalar() {
			p.script(n, ".", "")
		}
		dir := "."
		for _, line := range n.Items() {
			if words := strings.Fields(line.Text()); len(words) == 2 && words[0] == "cd" {
				dir = path.Join(dir, words[1]) // the lines of a job are of one shell
			}
			p.script(line, dir, "")
		}
	}
	image(root.Get("image"))
	lines(root.Get("before_script"))
	for _, job := range root.Pairs() {
		if !job.Value.IsMap() {
			continue
		}
		image(job.Value.Get("image"))
		for _, part := range []string{"before_script", "script", "after_script"} {
			lines(job.Value.Get(part))
		}
	}
}

// circle reads a configuration of CircleCI (https://circleci.com/docs/configuration-reference/).
func (p *Pipeline) circle(root *yaml.Node) {
	for _, job := range root.Get("jobs").Pairs() {
		dir := "." // ~/project is where the checkout is
		for _, container := range job.Value.Get("docker").Items() {
			if r, ok := ImageRuntime(container.Get("image").Text()); ok {
				r.At, r.Kind = container.Get("image").At, "the pipeline's image"
				p.Runtimes = append(p.Runtimes, r)
			}
		}
		for _, step := range job.Value.Get("steps").Items() {
			run := step.Get("run")
			if run.IsMap() {
				p.script(run.Get("command"), first(run.Get("working_directory").Text(), dir), run.Get("shell").Text())
			} else {
				p.script(run, dir, "")
			}
		}
	}
}
