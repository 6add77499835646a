package helm

import (
	_ "embed"
	"text/template"
)

// library is what stands for a library chart that most charts lean on and few
// trees hold
// (https://github.com/bitnami/charts/blob/main/bitnami/common/README.md).
//
//go:embed library.tpl
var library string

// lean gives the templates of the library to a chart that depends on it, as far
// as the tree does not hold them.
func (e *engine) lean(c *chart) {
	if !c.leans {
		return
	}
	theirs, err := template.New("").Funcs(e.budget.functions()).Funcs(template.FuncMap{"include": e.include, "tpl": e.tpl}).Parse(library)
	if err != nil {
		return // a test sees to it that it can be parsed
	}
	for _, t := range theirs.Templates() {
		if t.Name() == "" || e.root.Lookup(t.Name()) != nil {
			continue
		}
		if added, err := e.root.AddParseTree(t.Name(), t.Tree); err == nil {
			e.marks.instrument(added, nil)
		}
	}
}
