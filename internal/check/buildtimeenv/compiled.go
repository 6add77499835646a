package buildtimeenv

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// compiles is a command that compiles the code of a component of Rust.
var compiles = regexp.MustCompile(`\bcargo\s+(\+\S+\s+)?(build|install)\b`)

// compiled finds variables that the compiler reads, env!("NAME"), and that the
// stage in which the image is compiled does not have. A build script or Cargo's own
// configuration may set them
// (https://doc.rust-lang.org/cargo/reference/environment-variables.html#environment-variables-cargo-sets-for-crates).
func (b build) compiled() []finding.Finding {
	if b.Owner.Language != "rust" {
		return nil
	}
	var needs []fact.Need
	for _, n := range b.Owner.Needs {
		if n.Kind == fact.Variable && n.Phase == fact.Build && n.Necessity == fact.Required && strings.HasPrefix(n.Text, "env!(") && !ledger.Ambient(n.Name) {
			needs = append(needs, n)
		}
	}
	if len(needs) == 0 {
		return nil
	}
	step, stage := b.compiling()
	if step == nil {
		return nil
	}
	for _, file := range b.Files() {
		base := path.Base(file)
		if base != "build.rs" && (path.Base(path.Dir(file)) != ".cargo" || base != "config.toml" && base != "config") {
			continue
		}
		data, ok := b.Read(file)
		if !ok || base == "build.rs" && bytes.Contains(data, []byte("rustc-env")) {
			return nil
		}
		needs = slices.DeleteFunc(needs, func(n fact.Need) bool { return bytes.Contains(data, []byte(n.Name)) })
	}
	var findings []finding.Finding
	told := map[string]bool{}
	for _, n := range needs {
		if told[n.Name] || b.given(stage, step, n.Name) {
			continue
		}
		told[n.Name] = true
		f := doc.Finding(finding.Warning, b.Owner.Name, b.Environment(), n.Name)
		f.Message = fmt.Sprintf("the compiler reads %s when the image is built, and nothing gives it to the build", n.Name)
		f.Consequence = "the code does not compile: the image cannot be built"
		f.Remedy = fmt.Sprintf("declare ARG %s before %s:%d, and give it to the build", n.Name, step.At.File, step.At.Line)
		f.Evidence = []finding.Evidence{
			{Role: finding.Need, At: n.At, Text: n.Text},
			{Role: finding.Absent, At: step.At, Environment: b.Environment()},
		}
		findings = append(findings, f)
	}
	return findings
}

// compiling returns the step that compiles, and its stage: it is known which
// variables that has where its base is the compiler's own image.
func (b build) compiling() (*fact.Step, *fact.Stage) {
	for i := range b.image.Stages {
		stage := &b.image.Stages[i]
		for j := range stage.Steps {
			step := &stage.Steps[j]
			if step.Kind != "run" || !compiles.MatchString(strings.Join(step.Command, " ")) {
				continue
			}
			base := stage
			for b.named(base) != nil {
				base = b.named(base)
			}
			name, _, _ := strings.Cut(base.Base, ":")
			if name != "rust" && name != "lukemathwalker/cargo-chef" && name != "messense/rust-musl-cross" {
				return nil, nil
			}
			return step, stage
		}
	}
	return nil, nil
}
