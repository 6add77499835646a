package packages

import (
	"bytes"
	"path"
	"slices"

	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
	"rehearse/internal/source"
)

// Buildpack returns where a component says that a platform builds it by itself, as
// Heroku does: the line of its Procfile that serves. Beside an image, the platform
// has to be told of in another file, too.
func (ps *Packages) Buildpack(c *ledger.Component) (at Omission, ok bool) {
	if at, ok = ps.procfile(c); !ok {
		return at, false
	}
	// https://devcenter.heroku.com/articles/nodejs-support#skip-pruning
	for _, name := range []string{"app.json", ".npmrc", ".yarnrc", "package.json"} {
		if ps.speaks(c, name, "NPM_CONFIG_PRODUCTION", "YARN_PRODUCTION", "PNPM_SKIP_PRUNING", "NPM_CONFIG_OMIT", "production=false", "production false") {
			return at, false
		}
	}
	return at, true
}

func (ps *Packages) procfile(c *ledger.Component) (at Omission, ok bool) {
	for _, p := range c.Processes {
		if p.Name == "web" && path.Base(p.Command.At.File) == "Procfile" {
			at, ok = Omission{At: p.Command.At, Text: p.Command.Text}, true
		}
	}
	return at, ok && (len(ps.Images(c)) == 0 || ps.speaks(c, "app.json", "heroku", "buildpack", "scripts"))
}

// speaks reports whether a file in the folder of a component holds one of some
// texts.
func (ps *Packages) speaks(c *ledger.Component, name string, texts ...string) bool {
	f := ps.project.File(path.Join(c.Dir, name))
	if f == nil {
		return false
	}
	data, err := ps.project.Read(f)
	if err != nil {
		return true // it may say anything
	}
	for _, t := range texts {
		if bytes.Contains(data.Data, []byte(t)) {
			return true
		}
	}
	return false
}

// Listed returns what a platform installs of a component of Python: the file of
// requirements in its folder, and those that it names
// (https://devcenter.heroku.com/articles/python-pip); false where that is not
// known.
func (ps *Packages) Listed(c *ledger.Component) (files []*manifest.Manifest, ok bool) {
	for _, name := range []string{"Pipfile", "poetry.lock", "uv.lock"} {
		if ps.project.File(path.Join(c.Dir, name)) != nil {
			return nil, false
		}
	}
	return files, ps.requirements(path.Join(c.Dir, "requirements.txt"), &files, 0)
}

// within reports whether a package is built for browsers in the folder of a component
// that a platform builds.
func (ps *Packages) within(c *ledger.Component) bool {
	if !slices.ContainsFunc(ps.In(c.Dir, manifest.Node), func(m *manifest.Manifest) bool {
		return slices.ContainsFunc(m.Scripts, func(s manifest.Script) bool { return s.Name == "build" }) && ps.Bundled(c, m)
	}) {
		return false
	}
	return slices.ContainsFunc(ps.ledger.Components, func(o *ledger.Component) bool {
		_, built := ps.procfile(o)
		return built && !o.Library && source.Under(o.Dir, path.Join(c.Dir, "x"))
	})
}
