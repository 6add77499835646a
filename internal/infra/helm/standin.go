package helm

import (
	"embed"
	"path"
	"strings"

	"rehearse/internal/infra"
	"rehearse/internal/source"
)

// standIns holds what stands for charts that whole houses deploy their
// applications with, of which a tree has the values alone: as much of their
// templates as says what runs and what it is given.
//
//go:embed all:standin
var standIns embed.FS

// houses are the charts that there is a stand-in for, by their names and what
// their repositories are called by
// (https://github.com/ministryofjustice/hmpps-helm-charts/blob/main/charts/generic-service/README.md,
// https://github.com/hmcts/chart-library/blob/master/README.md,
// https://github.com/DEFRA/ffc-helm-library/blob/main/README.md).
var houses = []struct{ chart, repository, file string }{
	{"generic-service", "hmpps-helm-charts", "generic-service.yaml"},
	{"java", "hmcts", "hmcts.yaml"},
	{"nodejs", "hmcts", "hmcts.yaml"},
	{"base", "hmcts", "hmcts.yaml"},
	{"ffc-helm-library", "ffc-helm", "_ffc-helm-library.tpl"},
}

// standIn returns what stands for a chart that c depends on and that is not in
// the tree; nil where nothing does.
func (l *loader) standIn(c *chart, name, repository string) *chart {
	for _, h := range houses {
		if h.chart != name || !strings.Contains(strings.ToLower(repository), h.repository) {
			continue
		}
		text, err := standIns.ReadFile(path.Join("standin", h.file))
		if err != nil {
			return nil // a test sees to it that it is there
		}
		docs, _, err := infra.YAML(source.File{Path: c.rootAt.File, Data: []byte("name: " + name + "\n")})
		if err != nil || len(docs) == 0 {
			return nil
		}
		// What it makes stands where its values are given.
		at := source.Span{File: c.rootAt.File}
		if len(c.layers) > 0 {
			at = source.Span{File: c.layers[0].file}
			if key := c.layers[0].root.KeyAt(name); !key.IsZero() {
				at = key
			}
		}
		return &chart{
			tree: c.tree, name: name, dir: c.dir, root: docs[0].Root, rootAt: c.rootAt, stands: at,
			templates: []source.File{{Path: path.Join(c.dir, h.file), Data: text}},
		}
	}
	return nil
}
