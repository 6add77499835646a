package actions

import (
	pathpkg "path"
	"slices"
	"strings"

	"github.com/rhysd/actionlint"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/spelling"
	"rehearse/internal/yaml"
)

// names are what the expressions of one job can refer to.
type names struct {
	job   string
	needs map[string]bool
	steps []string // their ids, in order
	ids   []yaml.Pair

	env       variables
	matrix    []yaml.Pair
	included  bool // combinations may have keys that others lack
	anything  bool // the matrix is made by an expression
	composite bool // it is an action, which has the variables of its callers
	placed    bool // in an environment, which has secrets of its own
	told      map[string]bool
	scripts   []string // those before the one that is looked at
}

func (n *names) String() string {
	if n.composite {
		return "the action"
	}
	return "the job " + n.job
}

// maxLooked bounds the expressions of a workflow that are looked into.
const maxLooked = 5_000

// undefined takes down what the jobs of the workflow refer to and what is not
// there (https://docs.github.com/en/actions/reference/workflows-and-actions/contexts),
// and which secrets and variables of the repository it takes.
func (r *reader) undefined() {
	jobs := r.root.Get("jobs")
	r.inputs = inputsOf(r.root)
	r.look(r.root.Get("env"), nil)
	for _, pair := range jobs.Pairs() {
		n := &names{job: pair.Name(), needs: map[string]bool{}}
		j := pair.Value
		list := j.Get("needs").Items()
		if j.Get("needs").IsScalar() {
			list = []*yaml.Node{j.Get("needs")}
		}
		for _, need := range list {
			n.needs[need.Text()] = true
			there := slices.ContainsFunc(jobs.Pairs(), func(p yaml.Pair) bool { return strings.EqualFold(p.Name(), need.Text()) }) // as GitHub compares names
			if !there && need.Text() != "" && !strings.Contains(need.Text(), "${{") {
				r.dangle(fact.Flaw{
					Name: need.Text(), At: need.At, Workload: pair.Name(), Fatal: true,
					What: "the job " + pair.Name() + " needs a job of that name, and there is none",
				}, jobs.Pairs())
			}
		}
		for _, step := range j.Get("steps").Items() {
			if id := step.Get("id").Text(); id != "" {
				n.steps = append(n.steps, id)
			}
		}
		n.ids = r.ids(j.Get("steps"))
		n.placed = !j.Get("environment").IsNull()
		n.env = variablesOf(r.root, j)
		if n.matrix, n.included, n.anything = matrixKeys(j.Get("strategy", "matrix")); j.Get("strategy").IsScalar() {
			n.anything = true
		}
		r.calls(j, n.job)
		r.look(j, n)
		for _, step := range j.Get("steps").Items() {
			r.script(j, step, n)
			n.scripts = append(n.scripts, step.Get("run").Text())
		}
	}
}

// action takes down what an action of the project refers to and what is not
// there.
func (r *reader) action() {
	r.inputs = inputsOf(r.root)
	n := &names{job: "", composite: true, anything: true, needs: map[string]bool{}}
	n.ids = r.ids(r.root.Get("runs", "steps"))
	for _, id := range n.ids {
		n.steps = append(n.steps, id.Key.Text())
	}
	r.look(r.root.Get("runs"), n)
	r.look(r.root.Get("outputs"), n)
}

// once reports whether a flaw of that name is the first of a job.
func (n *names) once(name string) bool {
	if n.told == nil {
		n.told = map[string]bool{}
	}
	first := !n.told[name]
	n.told[name] = true
	return first
}

// dangle adds a flaw, with the one name among those there are that is nearly
// the same.
func (r *reader) dangle(f fact.Flaw, there []yaml.Pair) {
	f.Kind = fact.Undefined
	var near []yaml.Pair
	last := f.Name[strings.LastIndexByte(f.Name, '.')+1:]
	for _, pair := range there {
		if spelling.Near(pair.Name(), last) {
			near = append(near, pair)
		}
	}
	if len(near) == 1 {
		f.Near, f.Other = near[0].Name(), near[0].Key.At
	}
	r.def.Flaws = append(r.def.Flaws, f)
}

// look goes through the expressions of a part of the workflow.
func (r *reader) look(n *yaml.Node, in *names) { r.inside("", n, in) }

func (r *reader) inside(key string, n *yaml.Node, in *names) {
	for _, pair := range n.Pairs() {
		r.inside(pair.Name(), pair.Value, in)
	}
	for _, item := range n.Items() {
		r.inside(key, item, in)
	}
	if !n.IsScalar() || r.looked > maxLooked || len(n.Text()) > maxText {
		return
	}
	text := n.Text()
	r.strayed(key, n, in)
	if key == "if" && !strings.Contains(text, "${{") {
		r.expression(text+"}}", n, in, 0)
		return
	}
	for rest, base := text, 0; ; {
		begin := strings.Index(rest, "${{")
		if begin < 0 {
			return
		}
		end := strings.Index(rest[begin:], "}}")
		if end < 0 {
			return
		}
		lines := 0
		if n.Literal() {
			lines = 1 + strings.Count(text[:base+begin], "\n")
		}
		r.expression(rest[begin+3:begin+end+2], n, in, lines)
		base += begin + end + 2
		rest = rest[begin+end+2:]
	}
}

// expression looks at what one expression refers to. lines is how far below n
// it stands.
func (r *reader) expression(text string, n *yaml.Node, in *names, lines int) {
	if r.looked++; len(text) > maxExpression || r.looked > maxLooked {
		return
	}
	node, err := actionlint.NewExprParser().Parse(actionlint.NewExprLexer(text))
	if err != nil {
		return
	}
	at := n.At
	if lines > 0 {
		at = source.Span{File: n.At.File, Line: n.At.Line + lines}
	}
	actionlint.VisitExprNode(node, func(e, parent actionlint.ExprNode, entering bool) {
		if !entering {
			return
		}
		switch parent.(type) {
		case *actionlint.ObjectDerefNode, *actionlint.IndexAccessNode:
			return // only the whole of a path
		}
		or, loose := parent.(*actionlint.LogicalOpNode)
		if path := pathOf(e, text); len(path) > 0 {
			if c, compared := parent.(*actionlint.CompareOpNode); compared && (isText(c.Left) || isText(c.Right)) {
				r.compared(path, at, in)
			}
		}
		if path := pathOf(e, text); len(path) > 1 {
			r.refer(path, at, in, loose && or.Kind == actionlint.LogicalOpNodeKindOr, parent == nil)
		}
	})
}

// pathOf returns the names of a property, the context first; nil for all else.
func pathOf(e actionlint.ExprNode, text string) []string {
	var path []string
	for range maxPath + 1 {
		switch n := e.(type) {
		case *actionlint.ObjectDerefNode:
			e, path = n.Receiver, append(path, spelled(text, n.Property))
			continue
		case *actionlint.IndexAccessNode:
			index, ok := n.Index.(*actionlint.StringNode)
			if !ok {
				return nil
			}
			e, path = n.Operand, append(path, index.Value)
			continue
		case *actionlint.VariableNode:
			path = append(path, n.Name)
			slices.Reverse(path)
			return path
		}
		return nil
	}
	return nil
}

// refer looks at one path of names; loose tells that another value stands in
// where it is empty, whole that the expression is nothing else.
func (r *reader) refer(path []string, at source.Span, in *names, loose, whole bool) {
	switch context := path[0]; {
	case context == "secrets" || context == "vars":
		if path[1] != "GITHUB_TOKEN" && !strings.EqualFold(path[1], "github_token") {
			m := fact.Mention{Ref: fact.Ref{Kind: context, Name: path[1], Optional: true}, By: "the workflow", At: at}
			if in != nil && in.placed {
				m.Ref.Key = Placed
			}
			r.def.Mentions = append(r.def.Mentions, m)
		}
	case in == nil || !in.once(strings.Join(path, ".")):
	case context == "inputs":
		r.input(path, path[1], at, in.job, loose)
	case context == "github" && len(path) > 3 && path[1] == "event" && path[2] == "inputs":
		if r.inputs != nil && !r.inputs.called {
			r.input(path, path[3], at, in.job, loose)
		}
	case context == "env" && !loose:
		r.variable(path[1], at, in)
	case context == "matrix":
		known := func(p yaml.Pair) bool {
			return strings.EqualFold(p.Name(), path[1]) || spelling.Near(p.Name(), path[1])
		}
		if _, ok := pair(in.matrix, path[1]); !ok && !in.anything && !loose && (!in.included || slices.ContainsFunc(in.matrix, known)) {
			r.dangle(fact.Flaw{ // some combinations alone may have others
				Name: strings.Join(path, "."), At: at, Workload: in.job, Doubt: true,
				What: "the matrix of the job " + in.job + " has no " + path[1] + ", so that this is empty",
			}, in.matrix)
		}
	case context == "needs":
		r.need(path, at, in)
	case context == "steps":
		if !slices.ContainsFunc(in.steps, func(id string) bool { return strings.EqualFold(id, path[1]) }) {
			r.dangle(fact.Flaw{
				Name: strings.Join(path, "."), At: at, Workload: in.job,
				What: "no step of " + in.String() + " has the id " + path[1] + ", so that this is empty",
			}, in.ids)
		} else {
			r.output(path, at, in, loose, whole)
		}
	}
}

// ids returns the ids of steps.
func (r *reader) ids(steps *yaml.Node) []yaml.Pair {
	var all []yaml.Pair
	for _, step := range steps.Items() {
		if id := step.Get("id"); id.Text() != "" {
			all = append(all, yaml.Pair{Key: id, Value: step})
		}
	}
	return all
}

// need looks at needs.JOB and needs.JOB.outputs.NAME.
func (r *reader) need(path []string, at source.Span, in *names) {
	jobs := r.root.Get("jobs")
	find := func(n *yaml.Node, name string) (yaml.Pair, bool) {
		for _, pair := range n.Pairs() {
			if strings.EqualFold(pair.Name(), name) {
				return pair, true
			}
		}
		return yaml.Pair{}, false
	}
	job, ok := find(jobs, path[1])
	flaw := fact.Flaw{Name: strings.Join(path, "."), At: at, Workload: in.job}
	switch {
	case !ok && in.needs[path[1]]:
		return // it is told where the need is said
	case !ok:
		flaw.What = "there is no job " + path[1] + ", so that this is empty"
		flaw.Name = "needs." + path[1]
		r.dangle(flaw, jobs.Pairs())
	case !in.needs[job.Name()]:
		flaw.What = "the job " + in.job + " does not say that it needs " + job.Name() + ", so that this is empty"
		flaw.Other = job.Key.At
		flaw.Kind = fact.Undefined
		r.def.Flaws = append(r.def.Flaws, flaw)
	case len(path) > 3 && path[2] == "outputs" && strings.HasPrefix(job.Value.Get("uses").Text(), "./"):
		r.def.Mentions = append(r.def.Mentions, fact.Mention{
			Ref: fact.Ref{Kind: OutputKind, Name: pathpkg.Clean(job.Value.Get("uses").Text()), Key: path[3], Optional: true}, By: strings.Join(path, "."), Workload: in.job, At: at,
		})
	case len(path) > 3 && path[2] == "outputs" && job.Value.Get("uses") == nil:
		if _, ok := find(job.Value.Get("outputs"), path[3]); ok || job.Value.Get("outputs").IsScalar() {
			return
		}
		flaw.What = "the job " + job.Name() + " has no output " + path[3] + ", so that this is empty"
		r.dangle(flaw, job.Value.Get("outputs").Pairs())
	}
}
