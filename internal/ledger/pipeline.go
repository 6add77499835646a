package ledger

import (
	"path"
	"slices"
	"strings"
)

// Pipeline returns the name of the environment that a file of a pipeline makes.
func (l *Ledger) Pipeline(file string) string {
	for _, e := range l.Environments {
		if slices.Contains(e.From, file) {
			return e.Name
		}
	}
	return "ci:" + strings.TrimSuffix(path.Base(file), path.Ext(file))
}
