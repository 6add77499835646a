package kubernetes

import (
	"path"
	"regexp"
	"slices"

	"rehearse/internal/fact"
)

// isTemplate reports whether the file is filled in before it is a manifest: by
// sed or envsubst in a pipeline, most often. It is read where it is YAML already.
func isTemplate(name string) bool { return path.Ext(name) == ".tmpl" }

// logic is what templates hold that are YAML only when they are filled in: those
// of Go, Jinja and ERB.
var logic = regexp.MustCompile(`\{\{|\{%|<%`)

// action is what a template of Go holds; the ${{ of one of OpenShift is none.
var action = regexp.MustCompile(`(?:^|[^$])\{\{`)

// blank is what a value stands for that is filled in: __IMAGE_TAG__, ${TAG} or
// @TAG@. In a value with a $(NAME), that stands as ${NAME}, and a dollar as two.
var (
	blank      = regexp.MustCompile(`__[A-Za-z][A-Za-z0-9_]*__|\$\{[A-Za-z_][^}]*\}|@[A-Z][A-Z0-9_]*@`)
	blankAmong = regexp.MustCompile(`__[A-Za-z][A-Za-z0-9_]*__|\$\$\{[A-Za-z_][^}]*\}|@[A-Z][A-Z0-9_]*@`)
)

// filled marks the values of a template that nobody knows before it is filled in.
func filled(def *fact.Definition) {
	def.Flaws = slices.DeleteFunc(def.Flaws, func(f fact.Flaw) bool { return f.Kind == fact.Unexpanded })
	for i := range def.Sets {
		hide(def.Sets[i].Supplies)
	}
	for i := range def.Workloads {
		hide(def.Workloads[i].Supplies)
	}
}

func hide(supplies []fact.Supply) {
	for i := range supplies {
		v, known := &supplies[i].Value, blank
		if v.Origin == fact.Template {
			known = blankAmong
		}
		if known.MatchString(v.Reveal()) {
			*v = fact.Unknowable("it is filled in before the file is used")
		}
	}
}
