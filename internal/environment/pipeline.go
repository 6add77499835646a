package environment

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
)

// pipelines are the formats whose definitions run jobs and deploy nothing by
// themselves.
var pipelines = []string{Actions, "gitlab-ci", "circleci"}

// Pipeline reports whether definitions of a format run jobs and deploy nothing by
// themselves.
func Pipeline(format string) bool { return slices.Contains(pipelines, format) }

// pipelineName returns the name of the environment of a pipeline: that of its
// file, or of its format where every project calls the file the same.
func pipelineName(d fact.Definition) string {
	if d.Format != Actions {
		return "ci:" + strings.TrimSuffix(d.Format, "-ci")
	}
	return "ci:" + strings.TrimSuffix(path.Base(d.File), path.Ext(d.File))
}
