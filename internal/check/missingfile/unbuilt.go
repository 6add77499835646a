package missingfile

import (
	"fmt"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// unbuilt finds the images that definitions have built of what the tree does not
// have: a Dockerfile that was moved, a folder, a stage that has another name.
func (s *session) unbuilt(l *ledger.Ledger) {
	all := l.Unbuilt()
	strange := map[string]int{} // by the file that says so: how much of what it builds is not here
	for _, u := range all {
		if !u.Stage && u.Elsewhere == "" {
			strange[u.From.At.File]++
		}
	}
	built := map[string]int{}
	for _, e := range l.Environments {
		for i := range e.Workloads {
			if from := e.Workloads[i].Build; from != nil {
				built[from.At.File]++
			}
		}
	}
	for _, u := range all {
		file, severity := u.From.Dockerfile, finding.Error
		what, remedy := fmt.Sprintf("the Dockerfile %s", file), "name the Dockerfile that is there"
		switch {
		case u.Stage:
			file, what, remedy = u.From.Target, fmt.Sprintf("the stage %s of %s", u.From.Target, file), "name a stage that the Dockerfile has"
		case u.Folder:
			file, what, remedy = u.From.Context, "what is in "+u.From.Context, "name the folder that is there"
			if severity = finding.Warning; u.Elsewhere == "" {
				severity = finding.Info // another repository may be cloned there
			}
		case u.Elsewhere == "" && !strings.HasPrefix(u.Environment.Name, "ci:"):
			severity = finding.Warning // it may be made before the build
		}
		pipeline := strings.HasPrefix(u.Environment.Name, "ci:")
		switch at := u.From.At.File; {
		case pipeline && u.Elsewhere == "" && !u.Stage, strange[at]*2 > built[at] && strange[at] > 1, environment.ForDevelopers(at) && u.Elsewhere == "" && !u.Stage:
			severity = finding.Info
		case pipeline && severity == finding.Error:
			severity = finding.Warning
		}
		g := gap{
			severity: severity, environment: u.Environment.Name, component: u.Workload.Name, subject: file, need: u.From.At, text: file,
			message:     fmt.Sprintf("the image of %s is to be built of %s, which the tree does not have", u.Workload.Name, what),
			consequence: "the build of the image stops there", remedy: remedy,
		}
		if u.Elsewhere != "" && !u.Stage {
			g.message += "; the tree has " + u.Elsewhere
			g.related = []source.Span{{File: u.Elsewhere, Line: 1}}
		}
		s.add(g)
	}
}
