package buildtimeenv

import (
	"fmt"
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// hollow returns the argument by which alone a stage has a variable, where it has
// no default and no build gives it: the variable is declared, and empty.
func (b build) hollow(stage *fact.Stage, name string) (fact.Supply, bool) {
	if !slices.ContainsFunc(b.Uses, func(u ledger.Use) bool { return u.Environment.IsProduction() && u.Workload.Build != nil }) {
		return fact.Supply{}, false // whoever builds it may give everything
	}
	arg := name
	if i := slices.IndexFunc(stage.Env, func(s fact.Supply) bool { return s.Name == name }); i >= 0 {
		// ENV NAME=$arg, whose default is for when the argument is not given.
		v := stage.Env[i].Value
		switch {
		case v.Origin != fact.Template:
			return fact.Supply{}, false
		case len(v.Vars) == 1 && v.Reveal() == "${"+v.Vars[0].Name+"}":
			arg = v.Vars[0].Name
		}
	}
	i := slices.IndexFunc(stage.Args, func(s fact.Supply) bool { return s.Name == arg })
	if i < 0 || stage.Args[i].Value.Origin != fact.PassThrough {
		return fact.Supply{}, false
	}
	for _, other := range b.ledger.Builds {
		if other.Dockerfile == b.Dockerfile && slices.ContainsFunc(other.Args, func(s fact.Supply) bool { return s.Name == arg }) {
			return fact.Supply{}, false
		}
	}
	return stage.Args[i], true
}

// ungiven tells of a variable of the bundle that a stage declares and no build
// gives: where the run supplies it, or the build is given others of its kind.
func (b build) ungiven(n fact.Need, arg fact.Supply) []finding.Finding {
	var findings []finding.Finding
	seen := map[string]bool{}
	for _, u := range b.Uses {
		if !u.Environment.IsProduction() || u.Run == nil || u.Workload.Init || u.Workload.Build == nil || seen[u.Environment.Name] {
			continue
		}
		f := doc.Finding(finding.Warning, b.Owner.Name, u.Environment.Name, n.Name)
		var other fact.Supply
		if i := slices.IndexFunc(u.Run.Explicit(), func(s fact.Supply) bool { return s.Name == n.Name }); i >= 0 {
			other = u.Run.Explicit()[i]
			f.Message = fmt.Sprintf("%s is written into the bundle when the image is built, and %s supplies it only when it runs: the build is not given it", n.Name, u.Environment.Name)
		} else if i := slices.IndexFunc(b.Args, func(s fact.Supply) bool { return prefix(s.Name) == prefix(arg.Name) }); i >= 0 && n.Necessity == fact.Required {
			other = b.Args[i]
			f.Message = fmt.Sprintf("%s is written into the bundle when the image is built, and the build is given %s, but not this one", n.Name, other.Name)
		} else {
			continue
		}
		seen[u.Environment.Name] = true
		f.Consequence = "the bundle holds no value, whatever the container is given"
		f.Remedy = fmt.Sprintf("give %s to the build at %s:%d", arg.Name, u.Workload.Build.At.File, u.Workload.Build.At.Line)
		f.Evidence = []finding.Evidence{
			{Role: finding.Need, At: n.At, Text: n.Text},
			{Role: finding.Absent, At: arg.At, Text: arg.Name},
			{Role: finding.Conflict, At: other.At, Text: ledger.Shown(other), Environment: u.Environment.Name},
		}
		findings = append(findings, f)
	}
	return findings
}
