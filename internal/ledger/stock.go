package ledger

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/image/stock"
	"rehearse/internal/link"
	"rehearse/internal/spelling"
)

// Stocked is a workload whose program is not the project's own: that of an image
// that everybody knows.
type Stocked struct {
	*Run
	Image *stock.Image
}

// Stocked returns the workloads that run an image that everybody knows, in every
// environment but pipelines, as they stand.
func (l *Ledger) Stocked() []Stocked {
	images := map[string]*fact.Image{}
	for i := range l.Definitions {
		for j := range l.Definitions[i].Images {
			images[l.Definitions[i].Images[j].Dockerfile] = &l.Definitions[i].Images[j]
		}
	}
	var all []Stocked
	for _, e := range l.Environments {
		if strings.HasPrefix(e.Name, "ci:") {
			continue
		}
		for i := range e.Workloads {
			w := &e.Workloads[i]
			if w.Kind == "DeploymentConfig" {
				continue // OpenShift puts another image in, of the stream that a trigger names
			}
			r := &Run{Environment: e, Workload: w}
			reference := w.Image
			if w.Build != nil {
				built := images[cmp.Or(w.Build.Dockerfile, path.Join(w.Build.Context, "Dockerfile"))]
				if built == nil {
					continue
				}
				if reference, r.Stage = ground(built, w.Build.Target); reference == "" {
					continue
				}
			}
			if before, _, found := strings.Cut(reference, ":$"); found {
				reference = before // the version is told elsewhere
			}
			known := stock.Of(reference)
			if known == nil {
				continue
			}
			if command, _ := r.Command(); !known.Starts(command) {
				continue
			}
			if len(known.Needs) > 0 && (w.Command != nil || r.Stage != nil && r.Stage.Entrypoint != nil) {
				continue // what asks for them is the entrypoint of the image, which is not started
			}
			r.layer()
			all = append(all, Stocked{r, known})
		}
	}
	return all
}

// ground returns the image that the final stage of a Dockerfile rests on, and
// that stage where it rests on it without another between.
func ground(image *fact.Image, target string) (string, *fact.Stage) {
	stage := link.FinalStage(image, target)
	if stage == nil {
		return "", nil
	}
	for i := range image.Stages {
		if &image.Stages[i] != stage && image.Stages[i].Name == stage.Base {
			return "", nil
		}
	}
	return stage.Base, stage
}

// Given reports whether a variable may have a value in the run.
func (s Stocked) Given(name string) bool {
	supply, _, state := s.Variable(name)
	return state == Unknown || state == Supplied && !supply.Value.Empty()
}

// Lacking returns the groups of variables of which the image needs one and is
// given none, and the variables that it is not given of those that go together.
func (s Stocked) Lacking() [][]string {
	if s.Stage != nil && slices.ContainsFunc(s.Stage.Steps, func(step fact.Step) bool { return step.Kind == "run" }) {
		return nil // its data, or its start, may have been made before
	}
	var groups [][]string
	for _, group := range s.Image.Needs {
		if !slices.ContainsFunc(group, s.Given) {
			groups = append(groups, group)
		}
	}
	if !slices.ContainsFunc(s.Image.Whole, s.Given) {
		return groups
	}
	for _, name := range s.Image.Whole {
		if !s.Given(name) && !s.Given(name+"_FILE") {
			groups = append(groups, []string{name})
		}
	}
	return groups
}

// Astray returns the pairs of a variable that the definition gives the image and
// that it does not read, and the one of nearly that name that it reads and is not
// given. Where scripts are put into the image nothing is said: they may read it.
func (s Stocked) Astray() []NearMiss {
	if slices.ContainsFunc(s.Workload.Mounts, func(m fact.Mount) bool { return strings.Contains(m.Path, "initdb") || strings.HasSuffix(m.Path, ".sh") }) {
		return nil
	}
	if s.Stage != nil && len(s.Stage.Steps) > 0 {
		return nil
	}
	var pairs []NearMiss
	for _, given := range s.Workload.Supplies {
		if given.Kind != fact.Variable || given.Phase != fact.Run || given.Value.Empty() || slices.Contains(s.Image.Reads, given.Name) || s.speaksOf(given.Name) {
			continue
		}
		best := NearMiss{}
		least, rivals := 3, 0
		for _, name := range s.Image.Reads {
			cost, how := spelling.Distance(name, given.Name)
			switch {
			case cost == 0 || cost > least || s.Given(name):
			case cost == least && best.Read != "":
				rivals++
			case cost < least:
				best, least, rivals = NearMiss{name, given, how}, cost, 0
			}
		}
		if best.Read != "" && rivals == 0 {
			pairs = append(pairs, best)
		}
	}
	return pairs
}

// Obsolete returns the variables of the run that its image read once under
// another name.
func (s Stocked) Obsolete() []NearMiss {
	var pairs []NearMiss
	for _, given := range s.Workload.Supplies {
		if name, ok := s.Image.Old[given.Name]; ok && given.Kind == fact.Variable && !s.Given(name) {
			pairs = append(pairs, NearMiss{name, given, "the name that it had once"})
		}
	}
	return pairs
}

// speaksOf reports whether the workload's own command or health check names a
// variable.
func (s Stocked) speaksOf(name string) bool {
	names := func(text string) bool { return strings.Contains(text, name) }
	if slices.ContainsFunc(s.Workload.Args, names) {
		return true
	}
	for _, p := range s.Workload.Probes {
		if slices.ContainsFunc(p.Command, names) {
			return true
		}
	}
	return slices.ContainsFunc(s.Workload.Supplies, func(o fact.Supply) bool {
		return o.Name != name && slices.ContainsFunc(o.Value.Vars, func(v fact.Var) bool { return v.Name == name })
	})
}
