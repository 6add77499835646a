package actions

import (
	"strings"

	"github.com/rhysd/actionlint"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// objects are the contexts, and parts of them, that hold properties and are no
// texts, with one that was likely meant; * stands for any name
// (https://docs.github.com/en/actions/reference/workflows-and-actions/contexts).
var objects = map[string]string{
	"github.event": "github.event_name", "github.event.inputs": "github.event.inputs.NAME", "inputs": "inputs.NAME", "matrix": "matrix.NAME", "env": "env.NAME",
	"needs.*": "needs.JOB.result", "needs.*.outputs": "needs.JOB.outputs.NAME", "steps.*": "steps.ID.outcome", "steps.*.outputs": "steps.ID.outputs.NAME",
}

// isText reports whether an operand is a text that says something.
func isText(n actionlint.ExprNode) bool {
	s, ok := n.(*actionlint.StringNode)
	return ok && s.Value != ""
}

// compared takes note of a whole object that is compared with a text: it is never
// equal to one.
func (r *reader) compared(path []string, at source.Span, in *names) {
	form := strings.Join(path, ".")
	if len(path) > 1 && (path[0] == "needs" || path[0] == "steps") {
		form = strings.Join(append([]string{path[0], "*"}, path[2:]...), ".")
	}
	meant, ok := objects[form]
	name := strings.Join(path, ".")
	if !ok || in == nil || !in.once("compared "+name) {
		return
	}
	r.def.Flaws = append(r.def.Flaws, fact.Flaw{
		Kind: fact.Undefined, Name: name, At: at, Workload: in.job, Doubt: true,
		What: "it is an object, which is never equal to a text: what is compared is a property of it, as " + meant,
	})
}
