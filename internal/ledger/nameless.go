package ledger

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
)

// unfilled are the parts of a name that whoever deploys fills in, with what
// parts them from the rest: the ${TAG} of api-${TAG}, the $(env) of $(env)-api.
var unfilled = regexp.MustCompile(`[-_.]?(?:\$\{\{?[^}]*\}\}?|\$\([^)]*\)|\$[A-Za-z_]\w*|<[^>]*>|\{\{[^}]*\}\})[-_.]?`)

// plainName returns a name without the parts that are filled in: a name of
// which they are the middle is none.
func plainName(name string) string {
	if !strings.ContainsAny(name, "$<{") {
		return name
	}
	parts := slices.DeleteFunc(unfilled.Split(name, -1), func(part string) bool { return part == "" })
	if len(parts) != 1 {
		return ""
	}
	return parts[0]
}

// services are the builds of the services of compose files by their names. A
// cluster often gives the same name to what runs the same code.
func services(definitions []fact.Definition, same func(a, b fact.BuildFrom, name string) bool) map[string]fact.BuildFrom {
	found, several := map[string]fact.BuildFrom{}, map[string]bool{}
	for _, d := range definitions {
		if d.Format != formatCompose {
			continue
		}
		for _, w := range d.Workloads {
			if w.Build == nil || strings.Contains(w.Build.Dockerfile+w.Build.Context, "$") {
				continue
			}
			if known, ok := found[w.Name]; ok && !same(known, *w.Build, w.Name) {
				several[w.Name] = true
			}
			found[w.Name] = *w.Build
		}
	}
	for name := range several {
		delete(found, name)
	}
	return found
}

// shortened returns the one component with a Dockerfile of which the name is the
// end: an image frontstage is of ras-frontstage.
func (l *linker) shortened(name string) *Component {
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	if len(name) < 4 || slices.Contains(roles, "-"+name) {
		return nil
	}
	var found *Component
	for _, c := range l.all {
		if c.Language == "" || len(c.Dockerfiles) == 0 || !strings.HasSuffix(strings.ReplaceAll(strings.ToLower(c.Name), "_", "-"), "-"+name) {
			continue
		}
		if found != nil {
			return nil
		}
		found = c
	}
	return found
}

// around returns the component in the folder of the context, where a Dockerfile
// in a folder without code puts all of the context into its image.
func (l *linker) around(c *Component, stage *fact.Stage, context, name string) *Component {
	if c.Language != "" || stage == nil || l.imageOf(stage) == nil || path.Clean(context) == path.Clean(c.Dir) {
		return nil
	}
	for _, s := range l.imageOf(stage).Stages {
		for _, step := range s.Steps {
			if step.Kind == "copy" && step.From == "" && slices.ContainsFunc(step.Sources, func(src string) bool { return path.Clean(src) == "." }) {
				return l.in(context, name)
			}
		}
	}
	return nil
}

// argued fills the arguments of a build into the text of its steps: cmd/${component}.
func argued(text string, args []fact.Supply) string {
	for _, a := range args {
		if a.Value.Origin == fact.Literal && a.Value.Reveal() != "" && len(a.Value.Reveal()) < 100 {
			text = strings.ReplaceAll(text, "${"+a.Name+"}", a.Value.Reveal())
			text = strings.ReplaceAll(text, "$"+a.Name+"\n", a.Value.Reveal()+"\n")
			text = strings.ReplaceAll(text, "$"+a.Name+" ", a.Value.Reveal()+" ")
			text = strings.ReplaceAll(text, "$"+a.Name+"/", a.Value.Reveal()+"/")
		}
	}
	return text
}
