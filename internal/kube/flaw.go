package kube

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// flawed takes note of what cannot arrive of the variables of a container, and
// of keys that its author took for those of variables.
func (r *reader) flawed(w fact.Workload, c *yaml.Node) {
	first := map[string]*yaml.Node{}
	for _, e := range c.Get("env").Items() {
		name := e.Get("name")
		if name.Text() == "" {
			continue
		}
		r.misplaced(w, name, e)
		flaw := fact.Flaw{Name: name.Text(), At: name.At, Workload: w.Name}
		if v := e.Get("value"); v.IsMap() || v.IsList() || v.IsScalar() && !text(v) {
			flaw.Kind, flaw.Fatal, flaw.What = fact.Refused, true, "its value is a number or a boolean, and Kubernetes takes texts alone"
			if !v.IsScalar() {
				flaw.What = "its value is no text, and Kubernetes takes texts alone"
			}
			r.flaw(flaw)
		} else if what, ok := r.unexpanded(name.Text(), v.Text(), c.Get("env")); ok && !strings.Contains(w.Image, "${") {
			flaw.Kind, flaw.What = fact.Unexpanded, what
			r.flaw(flaw)
		}
		if before := first[name.Text()]; before != nil && !sameValue(before, e) {
			r.flaw(fact.Flaw{
				Kind: fact.Overwritten, Name: name.Text(), At: name.At, Workload: w.Name, Other: before.Get("name").At,
				What: "it is given twice with two values, of which the later counts",
			})
		}
		first[name.Text()] = e
	}
	r.wholes(w, c.Get("envFrom"))
	for _, pair := range c.Pairs() {
		if right, ok := misspelt[strings.ToLower(pair.Name())]; ok && pair.Name() != right && (pair.Value.IsList() || pair.Value.IsMap()) {
			r.flaw(fact.Flaw{
				Kind: fact.Strange, Name: pair.Name(), At: pair.Key.At, Workload: w.Name, Fatal: true,
				What: "a container has no such key; that of its variables is " + right,
			})
		}
	}
}

// astray takes note of variables that stand beside the containers of a pod and
// not in one of them.
func (r *reader) astray(w fact.Workload, pod *yaml.Node) {
	for _, n := range []struct {
		what string
		node *yaml.Node
	}{{"the pod's template", pod}, {"its metadata", pod.Get("metadata")}, {"the pod", pod.Get("spec")}} {
		for _, key := range []string{"env", "envFrom"} {
			if list := n.node.Get(key); list.IsList() && len(list.Items()) > 0 {
				r.flaw(fact.Flaw{
					Kind: fact.Strange, Name: key, At: n.node.KeyAt(key), Workload: w.Name, Fatal: true,
					What: "it stands in " + n.what + ", where Kubernetes knows no such key: variables belong to a container",
				})
			}
		}
	}
}

// misspelt are keys that are taken for those of a container's variables, in
// lower case (Kubernetes API reference, Container).
var misspelt = map[string]string{
	"environment": "env", "enviroment": "env", "environments": "env", "envs": "env", "envvars": "env", "env_vars": "env", "envvar": "env", "variables": "env",
	"envfrom": "envFrom", "env_from": "envFrom", "envfroms": "envFrom", "env-from": "envFrom",
}

func sameValue(a, b *yaml.Node) bool {
	if a.Get("valueFrom").IsNull() != b.Get("valueFrom").IsNull() {
		return false
	}
	if !a.Get("valueFrom").IsNull() {
		return slices.EqualFunc(refs(a), refs(b), func(x, y fact.Ref) bool { return x == y })
	}
	return a.Get("value").Text() == b.Get("value").Text()
}

func refs(e *yaml.Node) []fact.Ref {
	v := value(e)
	return []fact.Ref{v.Ref, {Name: v.Why}}
}

// braces are a variable in braces, with what stands before them.
var braces = regexp.MustCompile(`(\$?)\{([A-Z][A-Z0-9_]{2,})\}`)

// placeholders are the beginnings of variables that stand for settings in which
// frameworks fill in ${NAME} by themselves
// (https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.files.property-placeholders).
var placeholders = regexp.MustCompile(`^(SPRING|QUARKUS|MICRONAUT|SERVER|MANAGEMENT|EUREKA)_`)

// unexpanded tells of a value (of a manifest whose image is told, so that nothing
// fills it in before it is used) that names another variable of the same container
// in a way that Kubernetes does not fill in: it knows $(NAME) alone
// (https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/).
func (r *reader) unexpanded(own, text string, env *yaml.Node) (string, bool) {
	if placeholders.MatchString(own) || strings.HasPrefix(text, "jdbc:") {
		return "", false // the framework fills them in itself
	}
	for _, m := range braces.FindAllStringSubmatch(text, 4) {
		if _, given := r.filled[m[2]]; (given || r.filled != nil && m[2] == own) && m[1] == "$" {
			continue
		}
		named := slices.ContainsFunc(env.Items(), func(e *yaml.Node) bool { return e.Get("name").Text() == m[2] })
		if named {
			return "it names the variable " + m[2] + " as " + m[1] + "{" + m[2] + "}, which Kubernetes passes on as it stands: it fills in $(" + m[2] + ")", true
		}
	}
	return "", false
}

// setFlaws takes note of what cannot arrive of a ConfigMap's or a Secret's
// texts.
func (r *reader) setFlaws(kind string, n *yaml.Node) {
	for _, pair := range n.Pairs() {
		v := pair.Value
		if v.IsNull() {
			continue
		}
		flaw := fact.Flaw{Name: pair.Name(), At: pair.Key.At}
		switch {
		case v.IsMap() || v.IsList() || !text(v):
			flaw.Kind, flaw.Fatal, flaw.What = fact.Refused, true, "its value is no text, and a "+kind+" takes texts alone"
		case strings.HasSuffix(v.Text(), "\r") || strings.HasSuffix(v.Text(), "\r\n"):
			flaw.Kind, flaw.What = fact.Garbled, "its value ends in a carriage return"
		case variable.MatchString(pair.Name()) && strings.HasSuffix(v.Text(), "\n") && strings.Count(v.Text(), "\n") == 1:
			flaw.Kind, flaw.What = fact.Garbled, "its value ends in a line break, which the block adds"
		case variable.MatchString(pair.Name()) && v.Text() != strings.TrimRight(v.Text(), " \t"):
			flaw.Kind, flaw.What = fact.Garbled, "its value ends in a space"
		case unparted(pair.Name(), v.Text()):
			flaw.Kind, flaw.What = fact.Malformed, "a comma is missing between two of its members, so that nothing can read it"
		case malformed(pair.Name(), v.Text()):
			flaw.Kind, flaw.What = fact.Malformed, "its value is no valid JSON"
		default:
			continue
		}
		r.flaw(flaw)
	}
}

// variable is the form of names that are given to a process, and not to a file.
var variable = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// secretFlaws takes note of data that is not in base64, or that took the line
// break of the command by which it was made (echo, where printf was meant).
func (r *reader) secretFlaws(n *yaml.Node) {
	for _, pair := range n.Pairs() {
		written := strings.Join(strings.Fields(pair.Value.Text()), "")
		if written == "" || stand.MatchString(written) {
			continue
		}
		plain, err := base64.StdEncoding.DecodeString(written)
		flaw := fact.Flaw{Name: pair.Name(), At: pair.Key.At}
		switch {
		case err != nil:
			flaw.Kind, flaw.Fatal, flaw.What = fact.Refused, true, "it is not in base64, and the data of a Secret is: stringData takes plain texts"
		case variable.MatchString(pair.Name()) && len(plain) > 1 && strings.HasSuffix(string(plain), "\n") && strings.Count(string(plain), "\n") == 1:
			flaw.Kind, flaw.What = fact.Garbled, "what is encoded ends in a line break, as by echo without -n"
		default:
			continue
		}
		r.flaw(flaw)
	}
}

// stand is what stands for a value that is filled in before the file is used.
var stand = regexp.MustCompile(`(?i)[<>{}$@%\[\]]|__|made-up|base64|your|change|replace|placeholder|todo|xxx|example|redacted|\.\.\.|secret-?here|insert|encoded`)

func (r *reader) flaw(f fact.Flaw) { r.def.Flaws = append(r.def.Flaws, f) }
