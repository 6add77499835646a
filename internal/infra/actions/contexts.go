package actions

import (
	"regexp"
	"slices"
	"strings"

	"github.com/rhysd/actionlint"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/spelling"
	"rehearse/internal/yaml"
)

// inputs are what a workflow or an action is given when it is called.
type inputs struct {
	pairs    []yaml.Pair
	called   bool        // others call it, which have events of their own
	declared source.Span // where they are declared, or would be
}

// inputsOf returns the inputs of a workflow, which of its events declare, and
// those of an action
// (https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#inputs-context).
func inputsOf(root *yaml.Node) *inputs {
	if root.Get("runs").IsMap() {
		return &inputs{pairs: root.Get("inputs").Pairs(), called: true, declared: first(root.KeyAt("inputs"), root.At)}
	}
	on := root.Get("on")
	if on == nil {
		return nil
	}
	all := &inputs{declared: first(root.KeyAt("on"), root.At), called: !on.KeyAt("workflow_call").IsZero()}
	if on.IsScalar() || on.IsList() {
		all.called = slices.Contains(texts(on), "workflow_call")
		return all
	}
	for _, event := range []string{"workflow_call", "workflow_dispatch"} {
		if n := on.Get(event, "inputs"); !n.IsNull() {
			all.pairs = append(all.pairs, n.Pairs()...)
		}
	}
	return all
}

func pair(pairs []yaml.Pair, name string) (yaml.Pair, bool) {
	i := slices.IndexFunc(pairs, func(p yaml.Pair) bool { return strings.EqualFold(p.Name(), name) })
	if i < 0 {
		return yaml.Pair{}, false
	}
	return pairs[i], true
}

// input looks at inputs.NAME.
func (r *reader) input(path []string, name string, at source.Span, job string, loose bool) {
	if r.inputs == nil || len(r.inputs.pairs) == 0 && r.inputs.called {
		return
	}
	if _, ok := pair(r.inputs.pairs, name); ok {
		return
	}
	flaw := fact.Flaw{
		Name: strings.Join(path, "."), At: at, Workload: job, Other: r.inputs.declared, Doubt: loose,
		What: "it declares no input " + name + ", so that this is empty",
	}
	before := len(r.def.Flaws)
	r.dangle(flaw, r.inputs.pairs)
	if loose && r.def.Flaws[before].Near == "" {
		r.def.Flaws = r.def.Flaws[:before]
	}
}

// matrixKeys returns the names that matrix.NAME can be; open where an expression
// makes them.
//
// The combinations that are included may have keys that others lack.
func matrixKeys(n *yaml.Node) (pairs []yaml.Pair, included, open bool) {
	if n.IsScalar() {
		return nil, false, true
	}
	for _, p := range n.Pairs() {
		switch {
		case p.Name() != "include" && p.Name() != "exclude":
			pairs = append(pairs, p)
		case p.Name() == "include" && p.Value.IsScalar():
			return nil, true, true
		case p.Name() == "include":
			included = true
			for i, item := range p.Value.Items() {
				if item.IsScalar() || i == maxCombinations {
					return nil, true, true
				}
				for _, own := range item.Pairs() {
					if _, ok := pair(pairs, own.Name()); !ok {
						pairs = append(pairs, own)
					}
				}
			}
		}
	}
	return pairs, included, false
}

// variables are what env.NAME can be in a job.
type variables struct {
	pairs   []yaml.Pair
	written []writing // what its scripts write for the steps that follow
	steps   int       // the line of the first step
	handed  string    // what its actions are handed, which may be names of what they set
	others  int       // the line from which on something that is not read here may add to them; 0 where nothing does
}

// writing is a script that writes variables for the steps that follow.
type writing struct {
	line int // of the step
	text string
}

// before reports whether a script of a step before a place writes variables, and
// whether one speaks of the name. Outside of steps (an output of the job) it may be
// any of them.
func (v *variables) before(name string, at source.Span, step bool) (any, named bool) {
	for _, w := range v.written {
		if step && w.line > at.Line {
			continue
		}
		any = true
		named = named || speaks(w.text, name)
	}
	return any, named
}

// speaks reports whether a text has a name as a word.
func speaks(text, name string) bool {
	for {
		i := strings.Index(text, name)
		if i < 0 {
			return false
		}
		inside := i > 0 && wordly(text[i-1])
		text = text[i+len(name):]
		if !inside && (text == "" || !wordly(text[0])) {
			return true
		}
	}
}

func wordly(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// may reports whether something that stands before a place and is not read here
// may have set more.
func (v *variables) may(at source.Span) bool { return v.others > 0 && v.others <= at.Line }

// earlier is may, of what stands before a step.
func (v *variables) earlier(step *yaml.Node) bool { return v.others > 0 && v.others < step.At.Line }

func (v *variables) other(at source.Span) {
	if v.others == 0 || at.Line < v.others {
		v.others = max(at.Line, 1)
	}
}

// quiet are the beginnings of actions that set no variables for the steps that
// follow, other than with prefixes of their own.
var quiet = []string{"actions/", "docker/", "azure/", "helm/", "hadolint/", "google-github-actions/", "aws-actions/", "codecov/", "peter-evans/", "softprops/"}

func variablesOf(root, job *yaml.Node) variables {
	v := variables{pairs: slices.Concat(root.Get("env").Pairs(), job.Get("env").Pairs(), job.Get("container", "env").Pairs())}
	if root.Get("env").IsScalar() || job.Get("env").IsScalar() {
		v.other(source.Span{})
	}
	var with strings.Builder
	for _, step := range job.Get("steps").Items() {
		for _, p := range step.Get("with").Pairs() {
			if !strings.Contains(p.Value.Text(), "${{") {
				with.WriteString(p.Value.Text() + "\n")
			}
		}
		v.pairs = append(v.pairs, step.Get("env").Pairs()...)
		if v.steps == 0 {
			v.steps = step.At.Line
		}
		if uses := strings.ToLower(step.Get("uses").Text()); uses != "" && !slices.ContainsFunc(quiet, func(p string) bool { return strings.HasPrefix(uses, p) }) {
			v.other(step.At)
		}
		script := step.Get("run").Text() + step.Get("with", "script").Text()
		if strings.Contains(script, "GITHUB_ENV") || strings.Contains(script, "set-env") || strings.Contains(script, "exportVariable") {
			v.written = append(v.written, writing{step.At.Line, script})
		}
		if foreign.MatchString(script) {
			v.other(step.At)
		}
	}
	v.handed = with.String()
	return v
}

// foreign is a script that runs another, which may write what the next steps see.
var foreign = regexp.MustCompile(`(?m)(^|[\s;&|])(\.{0,2}/[\w./-]+|source\s|\.[ \t]+\S|bash\s|sh\s|python3?\s|node\s|make\b|npx?\s|yarn\s|pnpm\s|just\s|task\s|rake\s|pwsh\s|cat\s[^|]*>>\s*"?\$\{?GITHUB_ENV)`)

// surrounding are the beginnings of variables that runners and well-known actions
// set (https://docs.github.com/en/actions/reference/workflows-and-actions/variables).
var surrounding = regexp.MustCompile(`(?i)^(GITHUB_|RUNNER_|ACTIONS_|AWS_|AZURE_|ARM_|DOCKER_METADATA_|GOOGLE_|GCP_|GCLOUD_|CLOUDSDK_|JAVA_HOME|GOROOT|GOPATH|PYTHON|LD_|PATH$|HOME$|CI$|PWD$|USER$|SHELL$|RUSTFLAGS|CARGO|NODE_AUTH|NPM_CONFIG|pythonLocation|CONDA|VCPKG|ANDROID)`)

// github are variables of runners that no expression sees as such, and the
// properties that have the same.
var github = map[string]string{
	"GITHUB_REF": "github.ref", "GITHUB_REF_NAME": "github.ref_name", "GITHUB_SHA": "github.sha", "GITHUB_REPOSITORY": "github.repository",
	"GITHUB_ACTOR": "github.actor", "GITHUB_RUN_ID": "github.run_id", "GITHUB_RUN_NUMBER": "github.run_number", "GITHUB_HEAD_REF": "github.head_ref",
	"GITHUB_BASE_REF": "github.base_ref", "GITHUB_EVENT_NAME": "github.event_name", "GITHUB_REPOSITORY_OWNER": "github.repository_owner",
}

// variable looks at env.NAME: it tells where another is spelled nearly so, or
// there is an input of that name.
func (r *reader) variable(name string, at source.Span, in *names) {
	written, named := in.env.before(name, at, at.Line >= in.env.steps && in.env.steps > 0)
	if _, ok := pair(in.env.pairs, name); ok || in.composite || github[strings.ToUpper(name)] == "" && surrounding.MatchString(name) || named || strings.Contains(in.env.handed, name) {
		return
	}
	flaw := fact.Flaw{
		Kind: fact.Undefined, Name: "env." + name, At: at, Workload: in.job, Doubt: in.env.may(at),
		What: "neither the workflow nor the job sets that variable, so that this is empty",
	}
	if r.inputs != nil {
		if input, ok := pair(r.inputs.pairs, name); ok {
			flaw.Near, flaw.Other = "inputs."+input.Name(), input.Key.At
			r.def.Flaws = append(r.def.Flaws, flaw)
			return
		}
	}
	if property, ok := github[strings.ToUpper(name)]; ok {
		flaw.Near, flaw.Doubt = property, false
		flaw.What = "the context has what the workflow sets alone, and not what the runner does, so that this is empty"
		r.def.Flaws = append(r.def.Flaws, flaw)
		return
	}
	var near []yaml.Pair
	for _, p := range in.env.pairs {
		if (spelling.Near(p.Name(), name) || strings.HasSuffix(strings.ToLower(p.Name()), "_"+strings.ToLower(name))) &&
			!slices.ContainsFunc(near, func(o yaml.Pair) bool { return o.Name() == p.Name() }) {
			near = append(near, p)
		}
	}
	if len(near) == 1 {
		flaw.Near, flaw.Other = "env."+near[0].Name(), near[0].Key.At
	} else if in.env.may(at) || written {
		// Whether the repository has it under another context, other files tell.
		r.def.Mentions = append(r.def.Mentions, fact.Mention{Ref: fact.Ref{Kind: VariableKind, Name: name, Optional: true}, By: "the job " + in.job, Workload: in.job, At: at})
		return
	}
	r.def.Flaws = append(r.def.Flaws, flaw)
}

// written is how a script gives its step an output
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-output-parameter).
var written = regexp.MustCompile(`GITHUB_OUTPUT|::set-output|setOutput`)

// output looks at steps.ID.outputs.NAME: a script that stands there and writes
// outputs, none of which has the name, and actions whose outputs are known.
func (r *reader) output(path []string, at source.Span, in *names, loose, whole bool) {
	i := slices.IndexFunc(in.ids, func(p yaml.Pair) bool { return strings.EqualFold(p.Key.Text(), path[1]) })
	if i >= 0 && len(path) == 3 && path[2] == "outputs" && whole {
		r.def.Flaws = append(r.def.Flaws, fact.Flaw{
			Kind: fact.Undefined, Name: strings.Join(path, "."), At: at, Workload: in.job, Other: in.ids[i].Key.At,
			What: "it is all outputs of the step at once, and names none",
		})
		return
	}
	if i < 0 || len(path) < 4 || path[2] != "outputs" {
		return
	}
	step := in.ids[i].Value
	flaw := fact.Flaw{
		Kind: fact.Undefined, Name: strings.Join(path, "."), At: at, Workload: in.job, Other: in.ids[i].Key.At, Doubt: loose,
		What: "the step " + path[1] + " has no output " + path[3] + ", so that this is empty",
	}
	if script := step.Get("run").Text(); script != "" {
		if !written.MatchString(script) || foreign.MatchString(script) || strings.Contains(script, path[3]) || strings.Contains(script, "${{") && strings.Contains(script, "}}=") {
			return
		}
		names := outputNames(script)
		if len(names) == 0 || strings.Count(script, "GITHUB_OUTPUT")+strings.Count(script, "::set-output") > len(names) {
			return // some are not told
		}
		for _, name := range names {
			if spelling.Near(name, path[3]) {
				flaw.Near = "steps." + path[1] + ".outputs." + name
			}
		}
		r.def.Flaws = append(r.def.Flaws, flaw)
		return
	}
	uses := step.Get("uses").Text()
	meta, ok := actionlint.PopularActions[uses]
	if !ok || meta.SkipOutputs || strings.Contains(uses, "github-script") {
		return // its script may set any
	}
	if _, ok := meta.Outputs[strings.ToLower(path[3])]; ok || len(meta.Outputs) == 0 {
		return
	}
	for name := range meta.Outputs {
		if spelling.Near(name, path[3]) {
			flaw.Near = "steps." + path[1] + ".outputs." + name
		}
	}
	flaw.Doubt = true // a later version may have more
	r.def.Flaws = append(r.def.Flaws, flaw)
}

// outputLine is a line that gives one output a name.
var outputLine = regexp.MustCompile(`(?m)(?:echo|printf|print|Write-Output)?\s*(?:-[en]+\s+)?["']?(?:::set-output name=([\w-]+)::|([A-Za-z_][\w-]*)(?:=|<<))`)

// outputNames returns the names of outputs that a script writes.
func outputNames(script string) []string {
	var found []string
	for line := range strings.Lines(script) {
		if m := outputLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil && written.MatchString(line) {
			found = append(found, or(m[1], m[2]))
		}
	}
	return found
}
