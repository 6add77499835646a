package helm

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/infra"
	"rehearse/internal/yaml"
)

// command is what something in the tree installs a chart with.
type command struct {
	files []string
	given []given
}

// scripts are the names of the files of YAML in which people install charts, and
// named the beginnings of those of others without an ending that tells.
var (
	scripts = regexp.MustCompile(`(^|/)(Taskfile\.ya?ml|skaffold\.ya?ml|helmfile[^/]*\.ya?ml|azure-pipelines[^/]*\.ya?ml|\.gitlab-ci[^/]*\.yml|cloudbuild\.ya?ml)$|^\.github/(workflows|actions)/.*\.ya?ml$|^\.circleci/config\.yml$|(^|/)\.gitlab/.*\.yml$`)
	named   = []string{"Makefile", "GNUmakefile", "Jenkinsfile", "justfile", "Justfile", "Tiltfile"}
)

// gitops are the folders in which the definitions of releases lie, and
// maxReleases how many of their files are looked at.
var gitops = regexp.MustCompile(`(?i)(argo|flux|gitops|release|(^|/)apps?/|cluster|helm|deploy|environment)`)

const maxReleases = 1000

// releases are the files of YAML that may say how a chart is installed.
var releases = []string{"kind: Application", "kind: HelmRelease", "valueFiles"}

// teller is a file that may say how charts are installed, or with what.
type teller struct {
	name     string
	text     []byte
	installs [][]string // the words of the commands in a script that install some chart
	releases bool       // it may define a release
}

// tellers is the key under which those of a project are known.
type tellers struct{}

// speaking returns the files of the project that may say how charts are installed.
func speaking(tree infra.Tree) []teller {
	return tree.Once(tellers{}, func() any {
		var all []teller
		for _, name := range tree.Under(".") {
			if !speaks(name) {
				continue
			}
			if len(all) == maxReleases {
				break
			}
			// One that is too large was not written for it.
			if file, err := tree.Read(name); err == nil && len(file.Data) <= maxText {
				all = append(all, tellerOf(name, file.Data))
			}
		}
		return all
	}).([]teller)
}

// speaks reports whether a file of that name may set values of a chart.
func speaks(name string) bool {
	switch path.Ext(name) {
	case ".tf", ".gotmpl", ".md", ".sh", ".bash", ".mk":
		return true
	case ".yaml", ".yml":
		return scripts.MatchString(name) || gitops.MatchString(name) && !strings.Contains(name, "/templates/")
	}
	base := path.Base(name)
	return slices.ContainsFunc(named, func(s string) bool { return strings.HasPrefix(base, s) })
}

// tellerOf takes in what does not depend on the chart, of which there may be
// many.
func tellerOf(name string, text []byte) teller {
	t := teller{name: name, text: text}
	ext := path.Ext(name)
	isYAML := ext == ".yaml" || ext == ".yml"
	switch {
	case ext == ".md" || ext == ".tf":
	case isYAML && !scripts.MatchString(name):
		t.releases = slices.ContainsFunc(releases, func(s string) bool { return bytes.Contains(text, []byte(s)) })
	case bytes.Contains(text, []byte("helm")):
		t.installs = installs(text)
	}
	return t
}

// commands returns what scripts, pipelines and definitions of releases install
// the chart with, as far as it stands there literally.
func (l *loader) commands(c *chart) []command {
	var all []command
	for _, t := range speaking(l.tree) {
		all = append(all, l.script(c, t.name, t.installs)...)
		if t.releases && !strings.HasPrefix(t.name, c.dir+"/") && bytes.Contains(t.text, []byte(path.Base(c.dir))) {
			all = append(all, l.release(c, t.name)...)
		}
	}
	return all
}

// continued is a line that goes on in the next.
var continued = regexp.MustCompile(`\\\r?\n\s*`)

// separators part the commands of a script.
var separators = regexp.MustCompile(`\n|;|&&|\|\||\|`)

// installs returns the words of the commands helm install, upgrade and template.
func installs(data []byte) [][]string {
	var all [][]string
	for _, line := range separators.Split(continued.ReplaceAllString(string(data), " "), -1) {
		at := strings.Index(line, "helm")
		if at < 0 {
			continue
		}
		words := strings.Fields(line[at:])
		if slices.ContainsFunc(words, func(w string) bool { return w == "upgrade" || w == "install" || w == "template" }) {
			all = append(all, words)
		}
	}
	return all
}

// script returns those of the commands of a script that are of a chart.
func (l *loader) script(c *chart, name string, installs [][]string) []command {
	var all []command
	for _, words := range installs {
		if !slices.ContainsFunc(words, func(w string) bool { return l.isChart(c, name, strings.Trim(w, `"'`)) }) {
			continue
		}
		var found command
		for i := 0; i < len(words); i++ {
			flag, value, joined := strings.Cut(words[i], "=")
			switch flag {
			case "-f", "--values", "--set", "--set-string":
			default:
				continue
			}
			if !joined && i+1 < len(words) {
				i++
				value = words[i]
			}
			value = strings.Trim(value, `"'`)
			if strings.HasPrefix(flag, "--set") {
				found.given = append(found.given, settings(value)...)
			} else if file := l.resolve(c, name, value); file != "" {
				found.files = append(found.files, file)
			}
		}
		all = append(all, found)
	}
	return all
}

// isChart reports whether a word of a script names the chart's folder.
func (l *loader) isChart(c *chart, script, word string) bool {
	if word == "" || strings.HasPrefix(word, "-") {
		return false
	}
	word = strings.TrimSuffix(word, "/")
	if path.Clean(word) == c.dir || path.Join(path.Dir(script), word) == c.dir {
		return true
	}
	// A folder that a variable or a cd leads to.
	tail := strings.TrimLeft(strings.TrimPrefix(word[strings.LastIndexAny(word, "})")+1:], "."), "/")
	return tail != "" && (c.dir == tail || strings.HasSuffix(c.dir, "/"+tail)) && strings.ContainsAny(word, "$./")
}

// resolve returns the file that a word of a script names, "" where it is none
// of the tree.
func (l *loader) resolve(c *chart, script, word string) string {
	if strings.Contains(word, "://") {
		return ""
	}
	for _, name := range []string{path.Join(path.Dir(script), word), path.Clean(word), path.Join(c.dir, word)} {
		if l.tree.Has(name) && (path.Ext(name) == ".yaml" || path.Ext(name) == ".yml") && name != path.Join(c.dir, "values.yaml") {
			return name
		}
	}
	return ""
}

// settings reads what follows --set: a.b=c,d=e
// (https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set).
func settings(text string) []given {
	var all []given
	for part := range strings.SplitSeq(text, ",") {
		name, value, ok := strings.Cut(part, "=")
		if name, _, _ = strings.Cut(name, "["); !ok || name == "" || strings.ContainsAny(name, "${}") {
			continue
		}
		g := given{keys: strings.Split(name, "."), value: value}
		if strings.ContainsAny(value, "$`{") || value == "" {
			g.value, g.guess = madeUp, true
		} else if v := decode(value); v != nil {
			g.value = v
		}
		all = append(all, g)
	}
	return all
}

// release reads an Application of Argo CD
// (https://argo-cd.readthedocs.io/en/stable/user-guide/helm/) or a HelmRelease
// of Flux (https://fluxcd.io/flux/components/helm/helmreleases/) that installs
// the chart.
func (l *loader) release(c *chart, name string) []command {
	file, err := l.tree.Read(name)
	if err != nil {
		return nil
	}
	docs, _, err := infra.YAML(file)
	if err != nil {
		return nil
	}
	var all []command
	for _, doc := range docs {
		spec := doc.Root.Get("spec")
		for _, source := range append(spec.Get("sources").Items(), spec.Get("source"), spec.Get("template", "spec", "source")) {
			if where := source.Get("path").Text(); where == "" || path.Clean(where) != c.dir {
				continue
			}
			var found command
			for _, word := range source.Get("helm", "valueFiles").Texts() {
				if file := l.resolve(c, path.Join(c.dir, "Chart.yaml"), word); file != "" {
					found.files = append(found.files, file)
				}
			}
			for _, p := range source.Get("helm", "parameters").Items() {
				found.given = append(found.given, settings(p.Get("name").Text()+"="+p.Get("value").Text())...)
			}
			found.given = append(found.given, flat(source.Get("helm", "valuesObject"), nil)...)
			if text := source.Get("helm", "values").Text(); text != "" && len(text) < maxText {
				found.given = append(found.given, flatOf(decode(text), nil)...)
			}
			all = append(all, found)
		}
		if spec.Get("chart", "spec", "chart").Text() != "" && l.isChart(c, name, spec.Get("chart", "spec", "chart").Text()) {
			all = append(all, command{given: flat(spec.Get("values"), nil)})
		}
	}
	return all
}

func flat(n *yaml.Node, keys []string) []given {
	if n.IsNull() || n.Size() > maxWeight {
		return nil
	}
	return flatOf(plain(n), keys)
}

// flatOf returns the values of a mapping, each by its path.
func flatOf(v any, keys []string) []given {
	m, ok := v.(map[string]any)
	if !ok {
		if len(keys) == 0 {
			return nil
		}
		return []given{{keys: keys, value: v}}
	}
	var all []given
	for key, value := range m {
		all = append(all, flatOf(value, append(slices.Clone(keys), key))...)
	}
	slices.SortFunc(all, func(a, b given) int { return slices.Compare(a.keys, b.keys) })
	return all
}
