package missingfile

import (
	"fmt"
	"path"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// copied finds the steps that copy what is not there.
func (s *session) copied(b *ledger.Build, img *image.Image) {
	problems := img.Problems()
	said := map[string]bool{}
	for _, p := range problems {
		if said[p.From+" "+p.Source] {
			continue // several steps copy it, and all fail for one reason
		}
		said[p.From+" "+p.Source] = true
		if !p.Fatal() || p.Kind == image.Broken || b.Guessed && p.From == "" && strangers(b, problems) {
			continue
		}
		g := gap{
			severity: finding.Error, build: b, environment: deployed(b), subject: clean(p.Source), need: p.At, text: clean(p.Source), absent: p.Line,
			consequence: "the build of the image stops there", remedy: "copy what is there",
		}
		switch {
		case p.From != "":
			g.message = fmt.Sprintf("the step copies %s from %s, which does not have it: %s", p.Source, p.From, p.Why)
			g.remedy = fmt.Sprintf("name the place where %s has it, or make it there", p.From)
		case p.Kind == image.Excluded:
			g.message = fmt.Sprintf("the step copies %s, and %s", p.Source, p.Why)
			g.remedy = fmt.Sprintf("take %s out of the .dockerignore (a line that begins with ! lets it through)", p.Source)
		default:
			g.message = fmt.Sprintf("the step copies %s, and %s (%s)", p.Source, p.Why, b.Context)
			text, at := lost(b, img, p.Source)
			if text != "" {
				g.message += text
				g.related = at[:1]
			}
			switch {
			case b.Guessed && text == "":
				g.severity = finding.Info // it may be made before the build
			case b.Guessed, text == "":
				g.severity = finding.Warning // what has no like in the tree may be made before the build
			}
		}
		s.add(g)
	}
}

// merged finds the steps that copy several folders into the working directory
// at once: of a folder what is in it is copied, and not the folder
// (https://docs.docker.com/reference/dockerfile/#copy).
func (s *session) merged(b *ledger.Build, img *image.Image) {
	there := place{build: b, dir: "."}
	for _, step := range img.Definition().Steps {
		if step.Kind == "run" || step.From != "" || len(step.Sources) < 3 || step.WorkDir == "" || path.Clean(step.Target) != path.Clean(step.WorkDir) || path.Clean(step.Target) == "/" {
			continue
		}
		var folders []string
		for _, from := range step.Sources {
			if from = clean(from); from != "." && !b.Has(from) && there.has(from) {
				folders = append(folders, from)
			}
		}
		if len(folders) < 2 || len(folders) == len(step.Sources) && len(folders) < 3 {
			continue
		}
		s.add(gap{
			severity: finding.Warning, build: b, environment: deployed(b), subject: folders[0],
			message:     fmt.Sprintf("the step copies what is in %s into %s, all into one folder: their own names are lost", strings.Join(folders, " and in "), step.Target),
			consequence: "what is looked for in these folders is not there", remedy: fmt.Sprintf("copy each by a step of its own: COPY %s ./%s", folders[0], path.Base(folders[0])),
			need: step.At, text: strings.Join(folders, " "),
		})
	}
}

// strangers reports whether so much of what is copied is missing that the image
// is likely built somewhere else.
func strangers(b *ledger.Build, problems []image.Problem) bool {
	missing := 0
	for _, p := range problems {
		if p.From == "" && p.Kind == image.Missing {
			missing++
		}
	}
	total := 0
	for _, n := range b.Image().Stages() {
		stage := b.Image().Stage(fmt.Sprint(n))
		if stage == nil {
			continue
		}
		for _, step := range stage.Definition().Steps {
			if step.Kind != "run" && step.From == "" {
				total += len(step.Sources)
			}
		}
	}
	return missing*2 > total || total < 2
}

func clean(p string) string { return strings.TrimPrefix(path.Clean(p), "./") }

// platform finds what the platform itself asks of the image: files that it
// serves.
func (s *session) platform(b *ledger.Build, img *image.Image) {
	for _, u := range b.Uses {
		for _, n := range u.Workload.Needs {
			p := path.Clean(n.Name)
			if !path.IsAbs(p) || strings.Contains(p, "$") {
				continue
			}
			a := img.Path(p)
			if a.State != image.Absent {
				continue
			}
			g := gap{
				severity: finding.Error, build: b, environment: u.Environment.Name, subject: p, need: n.At, text: n.Text, absent: a.At,
				message:     fmt.Sprintf("the platform serves %s, and the image does not have it: %s", p, a.Why),
				consequence: "requests for what is there are answered with 404, although the process runs",
				remedy:      "name the place where the image has it, or copy it there",
			}
			if dir := img.WorkDir(); dir != "" {
				g.related = []source.Span{workDir(img)}
				g.message += "; the image works in " + dir
			}
			s.add(g)
		}
	}
}

// workDir returns where the stage begins that says where the image works.
func workDir(img *image.Image) source.Span { return img.Definition().At }
