package ledger

import "rehearse/internal/environment"

// Running is where an image runs in production.
type Running struct {
	Environment string
	Use         *Use // nil where only the image is known
}

// Running returns where containers of the image run in production. An image that
// no definition there uses is taken for one of production if it starts something
// and is not for developers.
func (b *Build) Running() []Running {
	img := b.Image()
	if img == nil {
		return nil
	}
	var all []Running
	for i := range b.Uses {
		if u := &b.Uses[i]; u.Environment.IsProduction() && !u.Workload.Init {
			all = append(all, Running{u.Environment.Name, u})
		}
	}
	if len(all) == 0 && !environment.ForDevelopers(b.Dockerfile) {
		if argv, _, _ := img.Start(); len(argv) > 0 {
			all = append(all, Running{Environment: "production"})
		}
	}
	return all
}
