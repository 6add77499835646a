package packages

import (
	"path"

	"rehearse/internal/manifest"
)

// rewriters are the files in which code changes what manifests ask for
// (https://pnpm.io/pnpmfile).
var rewriters = []string{".pnpmfile.cjs", ".pnpmfile.mjs", "pnpmfile.js"}

// Rewritten reports whether code may change what a manifest asks for before
// anything is locked.
func (ps *Packages) Rewritten(m *manifest.Manifest) bool {
	for _, above := range ps.Above(m.Dir(), m.Ecosystem) {
		for _, name := range rewriters {
			if ps.project.File(path.Join(above.Dir(), name)) != nil {
				return true
			}
		}
	}
	return false
}
