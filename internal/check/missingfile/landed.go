package missingfile

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// landed finds the steps that copy to a place that is not the one that is meant:
// several files to a name that is not said to be a folder, and a relative path
// above the WORKDIR.
func (s *session) landed(b *ledger.Build, img *image.Image) {
	for _, n := range img.Stages() {
		stage := img.Stage(fmt.Sprint(n)).Definition()
		for i, step := range stage.Steps {
			if step.Kind == "run" || step.Partial || strings.Contains(step.Target, "$") {
				continue
			}
			s.unended(b, img, step)
			if step.Astray {
				s.astray(b, stage.Steps[i+1:], step)
			}
		}
	}
	s.rooted(b, img)
}

// shared are folders that applications look for where they work.
var shared = []string{"public", "static", "assets", "dist", "build", "templates", "views", "migrations", "locales", "translations", "i18n", "prisma", "node_modules"}

// rooted finds the folders of an application that the last stage copies out of
// the folder in which another one works, and puts beside the one of that name in
// which it works itself.
func (s *session) rooted(b *ledger.Build, img *image.Image) {
	stage, dir := img.Definition(), img.WorkDir()
	for _, step := range stage.Steps {
		from := img.Stage(step.From)
		if step.Kind != "copy" || step.From == "" || len(step.Sources) != 1 || dir == "" || dir == "/" || from == nil || from.WorkDir() != dir {
			continue
		}
		src, target := path.Clean(step.Sources[0]), path.Clean(step.Target)
		name := path.Base(src)
		if path.Dir(src) != dir || target != "/"+name || !slices.Contains(shared, name) || named(img, target) || slices.ContainsFunc(b.Uses, func(u ledger.Use) bool { return mounted(b, target) }) {
			continue
		}
		s.add(gap{
			severity: finding.Warning, build: b, environment: deployed(b), subject: target,
			message:     fmt.Sprintf("the step copies %s to %s, and both stages work in %s: the application looks for it in %s", src, target, dir, path.Join(dir, name)),
			consequence: "what is in it is not found there", remedy: fmt.Sprintf("copy it to ./%s", name), need: step.At, text: target,
		})
	}
}

// named reports whether the image itself speaks of a path: in what it starts, in
// its variables, or in a step that runs something.
func named(img *image.Image, p string) bool {
	stage := img.Definition()
	texts := append(slices.Clone(stage.Entrypoint), stage.Cmd...)
	for _, e := range img.Env() {
		if e.Value.Origin != fact.Reference {
			texts = append(texts, e.Value.Reveal())
		}
	}
	for _, step := range stage.Steps {
		texts = append(texts, step.Command...)
	}
	word := regexp.MustCompile(`(^|[\s"'=:;,])` + regexp.QuoteMeta(p) + `([/\s"';:,]|$)`)
	return slices.ContainsFunc(texts, word.MatchString)
}

// unended is of several files that are copied to a path without a slash at its
// end: the classic builder, podman and kaniko stop there, and where no folder is
// there BuildKit writes one file over the other
// (https://docs.docker.com/reference/dockerfile/#copy, "Destination").
func (s *session) unended(b *ledger.Build, img *image.Image, step fact.Step) {
	if len(step.Sources) < 2 || strings.HasSuffix(step.Target, "/") || step.From != "" {
		return
	}
	for _, from := range step.Sources {
		if strings.HasPrefix(from, "<<") {
			return
		}
	}
	before := img.Before(step.At)
	if before == nil {
		return
	}
	severity, effect := finding.Info, "the classic builder, podman and kaniko stop there: with more than one source the destination must end with a slash"
	switch a := before.Path(path.Clean(step.Target)); {
	case path.Clean(step.Target) == path.Clean(step.WorkDir): // it is made for the step
	case a.State == image.Absent:
		severity, effect = finding.Warning, "one file is written over the other, or the build of the image stops there"
	case a.State == image.Unknown:
		return
	}
	s.add(gap{
		severity: severity, build: b, environment: deployed(b), subject: step.Target,
		message:     fmt.Sprintf("the step copies %s to %s, which does not end with a slash", strings.Join(step.Sources, " and "), step.Target),
		consequence: effect, remedy: fmt.Sprintf("write %s/", step.Target), need: step.At, text: step.Target,
	})
}

// astray is of what is copied to a relative path while only the base image says
// where the stage works, and which is then not in the folder that the stage works
// in.
func (s *session) astray(b *ledger.Build, later []fact.Step, step fact.Step) {
	first, _, _ := strings.Cut(strings.TrimPrefix(step.Target, "/"), "/")
	if system[first] || first == "" {
		return // etc/nginx: it is meant from the root
	}
	for _, next := range later {
		if next.WorkDir == "" || next.WorkDir == "/" || source.Under(path.Clean(step.Target), next.WorkDir) {
			continue
		}
		s.add(gap{
			severity: finding.Info, build: b, environment: deployed(b), subject: strings.TrimSuffix(strings.TrimPrefix(step.Target, "/"), "/"),
			message:     fmt.Sprintf("the step copies to a relative path before WORKDIR is said, and the steps behind it work in %s", next.WorkDir),
			consequence: "what is copied lies where the base image works, and not where it is looked for", remedy: "write the path in full, or WORKDIR above the step",
			need: step.At, text: step.Target, related: []source.Span{next.At},
		})
		return
	}
}

// system are the folders of the root.
var system = map[string]bool{"bin": true, "boot": true, "dev": true, "etc": true, "home": true, "lib": true, "lib64": true, "media": true, "mnt": true, "opt": true, "root": true,
	"run": true, "sbin": true, "srv": true, "tmp": true, "usr": true, "var": true}
