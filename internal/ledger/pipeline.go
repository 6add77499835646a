package ledger

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
)

// pipelines are the formats whose definitions run jobs and deploy nothing by
// themselves.
var pipelines = []string{formatActions, "gitlab-ci", "circleci"}

func pipeline(format string) bool { return slices.Contains(pipelines, format) }

// pipelineName returns the name of the environment of a pipeline: that of its
// file, or of its format where every project calls the file the same.
func pipelineName(d fact.Definition) string {
	if d.Format != formatActions {
		return "ci:" + strings.TrimSuffix(d.Format, "-ci")
	}
	return "ci:" + strings.TrimSuffix(path.Base(d.File), path.Ext(d.File))
}

// Pipeline returns the name of the environment that a file of a pipeline makes.
func (l *Ledger) Pipeline(file string) string {
	for _, e := range l.Environments {
		if slices.Contains(e.From, file) {
			return e.Name
		}
	}
	return "ci:" + strings.TrimSuffix(path.Base(file), path.Ext(file))
}
