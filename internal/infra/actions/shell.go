package actions

import (
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/spelling"
	"rehearse/internal/yaml"
)

// What the scripts of steps take of their environment
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell).

// posix and powershell are the families of shells; "" stands for others, and for
// one that is not known.
const (
	posix      = "posix"
	powershell = "powershell"
)

// shellOf returns the family of the shell that runs the script of a step.
func shellOf(root, job, step *yaml.Node) string {
	said := or(step.Get("shell").Text(), or(job.Get("defaults", "run", "shell").Text(), root.Get("defaults", "run", "shell").Text()))
	program, _, _ := strings.Cut(said, " ")
	switch program {
	case "bash", "sh":
		return posix
	case "pwsh", "powershell":
		return powershell
	case "":
	default:
		return ""
	}
	runner := strings.ToLower(strings.Join(texts(job.Get("runs-on")), " "))
	switch {
	case strings.Contains(runner, "${{"):
		return ""
	case strings.Contains(runner, "windows"):
		return powershell
	case strings.Contains(runner, "ubuntu") || strings.Contains(runner, "macos"):
		return posix
	}
	return ""
}

// script looks at the script of one step.
func (r *reader) script(job, step *yaml.Node, in *names) {
	run := step.Get("run")
	text := run.Text()
	if text == "" || len(text) > maxText {
		return
	}
	env := slices.Concat(step.Get("env").Pairs(), job.Get("env").Pairs(), r.root.Get("env").Pairs())
	switch shellOf(r.root, job, step) {
	case powershell:
		r.powershell(run, env, in)
	case posix:
		r.unset(run, step, env, in)
		r.client(run, step, env, in)
	}
}

// dollar is a variable in a script, with what stands before it.
var dollar = regexp.MustCompile(`(^|[^\\$\w])\$\{?([A-Z][A-Z0-9_]{2,})\b(:?[-+=?])?`)

// powershell tells of variables of the environment that a script of PowerShell
// takes as its own: those it has under $env:
// (https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_environment_variables).
func (r *reader) powershell(run *yaml.Node, env []yaml.Pair, in *names) {
	eachDollar(run, func(name string, at source.Span, _ bool) {
		given, ok := pair(env, name)
		if !ok || assigns(`(?im)\$`+regexp.QuoteMeta(name)+`\s*=[^=]|\(\s*\$`+regexp.QuoteMeta(name)+`\s+in\s`, run.Text()) || !in.once("$"+name) {
			return
		}
		r.def.Flaws = append(r.def.Flaws, fact.Flaw{
			Kind: fact.Undefined, Name: "$" + name, At: at, Workload: in.job, Near: "$env:" + name, Other: given.Key.At,
			What: "PowerShell has the variables of the environment under $env: alone, so that this is empty",
		})
	})
}

// unset tells of variables that a script takes, that nothing sets and of which the
// step has one under a longer name, or one that is spelled otherwise.
func (r *reader) unset(run, step *yaml.Node, env []yaml.Pair, in *names) {
	text := run.Text()
	eachDollar(run, func(name string, at source.Span, guarded bool) {
		if _, ok := pair(env, name); ok || guarded || surrounding.MatchString(name) || in.env.earlier(step) {
			return
		}
		var near []yaml.Pair
		for _, p := range env {
			if (spelling.Near(p.Name(), name) || longer(p.Name(), name)) && !slices.ContainsFunc(near, func(o yaml.Pair) bool { return o.Name() == p.Name() }) {
				near = append(near, p)
			}
		}
		if len(near) != 1 || strings.Contains(text, "$"+near[0].Name()) || strings.Contains(text, "${"+near[0].Name()) {
			return
		}
		if _, named := in.env.before(name, step.At, true); named || assigns(setting(name), text) || !in.once("$"+name) {
			return
		}
		r.def.Flaws = append(r.def.Flaws, fact.Flaw{
			Kind: fact.Undefined, Name: "$" + name, At: at, Workload: in.job, Near: "$" + near[0].Name(), Other: near[0].Key.At, Doubt: true,
			What: "neither the step nor its job nor the workflow sets that variable, so that this is empty",
		})
	})
}

// setting is the pattern by which a script of a shell sets a variable.
func setting(name string) string {
	return `(?m)\b` + regexp.QuoteMeta(name) + `\+?=|\b(read|for|export|local|declare|typeset|readonly|mapfile|readarray|getopts|printf\s+-v)\b[^\n;]*\b` + regexp.QuoteMeta(name) + `\b`
}

// longer reports whether a name is another with a word before or behind it.
func longer(long, short string) bool {
	a, b := spelling.Words(long), spelling.Words(short)
	return len(a) == len(b)+1 && (slices.Equal(a[1:], b) || slices.Equal(a[:len(b)], b))
}

// github's client, as scripts start it, and the variables that it takes its token
// from (https://cli.github.com/manual/gh_help_environment).
var (
	client = regexp.MustCompile(`(?m)(?:^|[;&|({\x60]|\$\()\s*(?:[A-Z_]+=\S*\s+)*(gh)\s+(?:pr|release|issue|api|workflow|run|repo|label|cache|variable|secret)\s`)
	tokens = []string{"GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"}
)

// client tells of a script that starts GitHub's client without a token for it: it
// gives up.
func (r *reader) client(run, step *yaml.Node, env []yaml.Pair, in *names) {
	place := client.FindStringSubmatchIndex(run.Text())
	if place == nil || strings.Contains(run.Text(), "gh auth ") || strings.Contains(run.Text(), "GH_CONFIG_DIR") {
		return
	}
	for _, token := range tokens {
		_, given := pair(env, token)
		if _, named := in.env.before(token, step.At, true); given || named || strings.Contains(run.Text(), token) {
			return
		}
	}
	if in.env.earlier(step) || slices.ContainsFunc(in.scripts, func(s string) bool { return strings.Contains(s, "gh auth ") }) || !in.once("GH_TOKEN") {
		return
	}
	r.def.Flaws = append(r.def.Flaws, fact.Flaw{
		Kind: fact.Undefined, Name: "GH_TOKEN", At: below(run, place[2]), Workload: in.job, Doubt: true,
		What: "the script starts gh, which gives up in a job without GH_TOKEN or GITHUB_TOKEN in its environment, and nothing sets one",
	})
}

// maxTaken is how many variables of one script are looked at: for each of them it
// is read again.
const maxTaken = 200

// eachDollar calls do for each variable that a script takes, other than in single
// quotes and in comments, where it is taken first.
func eachDollar(run *yaml.Node, do func(name string, at source.Span, guarded bool)) {
	text := run.Text()
	if !strings.Contains(text, "$") {
		return
	}
	offset, seen := 0, map[string]bool{}
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			for _, m := range dollar.FindAllStringSubmatchIndex(line, 64) {
				name := line[m[4]:m[5]]
				if m[6] >= 0 {
					name += ":-" // what takes it so may be given none, and another may not
				}
				if strings.Count(line[:m[4]], "'")%2 == 0 && !seen[name] && len(seen) < maxTaken {
					seen[name] = true
					do(line[m[4]:m[5]], below(run, offset+m[4]), m[6] >= 0)
				}
			}
		}
		offset += len(line)
	}
}

// below returns the place of an offset of a text, as far as it is known.
func below(n *yaml.Node, offset int) source.Span {
	if !n.Literal() {
		return n.At
	}
	return source.Span{File: n.At.File, Line: n.At.Line + 1 + strings.Count(n.Text()[:offset], "\n")}
}

// assigns reports whether a script gives a variable a value.
func assigns(pattern, script string) bool {
	re, err := regexp.Compile(pattern)
	return err == nil && re.MatchString(script)
}

// stray is an expression that lacks one of its braces or its dollar. A brace of its
// own stands in templates of other things.
var stray = regexp.MustCompile(`(\$\{ ?(?:secrets|github|inputs|needs|steps|matrix|vars|env)\.[\w.-]+ ?\})|(?:^|[^$\\{])(\{\{ ?(?:secrets|inputs|needs|steps|matrix|github)\.[\w.-]+ ?\}\})`)

// strayed tells of an expression that stays as it is written.
func (r *reader) strayed(key string, n *yaml.Node, in *names) {
	text := n.Text()
	if key == "script" || key == "if" || !strings.Contains(text, "{") || in == nil {
		return
	}
	m := stray.FindStringSubmatchIndex(text)
	if m == nil || text[m[1]-1] == '}' && m[1] < len(text) && text[m[1]] == '}' {
		return
	}
	begin := max(m[2], m[4])
	name := strings.Trim(text[begin:m[1]], "${} ")
	if !in.once("stray " + name) {
		return
	}
	at := n.At
	if n.Literal() {
		at = below(n, begin)
	}
	r.def.Flaws = append(r.def.Flaws, fact.Flaw{
		Kind: fact.Undefined, Name: name, At: at, Workload: in.job,
		What: "it is no expression as it is written, and arrives so: an expression begins with a dollar and two braces",
	})
}
