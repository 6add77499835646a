package runtimeversion

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
)

// last reports whether a stage is the one that the image ends in, or what that
// begins with.
func last(b *ledger.Build, one base) bool {
	stages := b.Image().Stages()
	own := b.Image().Definition()
	if len(stages) == 0 || one.At == own.At {
		return true
	}
	return one.stage != "" && strings.EqualFold(one.stage, own.Base)
}

// release compares the release of Java that a build is for with an image: a
// compiler knows none that is later than itself, and a virtual machine refuses
// classes of a later one
// (https://docs.oracle.com/javase/specs/jvms/se21/html/jvms-4.html#jvms-4.1).
func (r *run) release(b *ledger.Build, one base, component, dir string) bool {
	var d manifest.Runtime
	for _, m := range r.packages.Above(dir, manifest.Java) {
		if i := slices.IndexFunc(m.Runtimes, func(d manifest.Runtime) bool { return d.Demand }); i >= 0 {
			d = m.Runtimes[i]
			break
		}
	}
	if ok, known := manifest.Allows(manifest.Java, d.Range, one.Range); d.Range == "" || ok || !known {
		return false
	}
	f := r.differ(finding.Error, component, b.Environment(), one.Runtime, d)
	f.Message = fmt.Sprintf("%s builds for Java %s, and the image has %s", d.At.File, strings.TrimPrefix(d.Range, ">="), one.Range)
	f.Consequence = "the process ends at start with UnsupportedClassVersionError"
	if !last(b, one) {
		f.Consequence = "the build of the image fails: the compiler does not know the release"
		if strings.Contains(d.At.File, "gradle") {
			f.Severity = finding.Warning // a toolchain may be downloaded
		}
	}
	r.add(f)
	return true
}

// named are the names of projects and assemblies in commands of .NET.
var named = regexp.MustCompile(`([\w.-]+)\.(?:dll|csproj|fsproj|vbproj)\b`)

// sdk reports whether an image of .NET is one to build with.
func sdk(one base) bool {
	return strings.Contains(one.Text, "sdk") || strings.Contains(one.Text, "aspnetcore-build")
}

// framework compares what a project of .NET is built for with an image: an SDK
// knows no framework that is later than itself (NETSDK1045), and an application
// starts with the framework's own major version alone
// (https://learn.microsoft.com/en-us/dotnet/core/versions/selection).
func (r *run) framework(b *ledger.Build, one base, component, dir string) bool {
	sdk := sdk(one)
	own := b.Image().Definition()
	if !sdk && (!last(b, one) || strings.Contains(one.Text, "runtime-deps")) {
		return false
	}
	var texts []string
	texts = append(texts, own.Entrypoint...)
	texts = append(texts, own.Cmd...)
	contained := false
	for _, n := range b.Image().Stages() {
		if s := b.Image().Stage(strconv.Itoa(n)); s != nil {
			for _, step := range s.Definition().Steps {
				text := strings.Join(step.Command, " ")
				contained = contained || strings.Contains(text, "self-contained") || strings.Contains(text, "SelfContained")
				if strings.Contains(text, "dotnet ") && len(texts) < 200 {
					texts = append(texts, step.Command...)
				}
			}
		}
	}
	for _, d := range r.projects(strings.Join(texts, " "), dir, path.Dir(b.Dockerfile)) {
		if sdk && !above(d.Range, one.Range) || !sdk && (contained || runs(d.Range, one.Range)) {
			continue
		}
		f := r.differ(finding.Error, component, b.Environment(), one.Runtime, d)
		f.Message = fmt.Sprintf("%s is built for .NET %s, and the image has %s", d.At.File, d.Range, one.Range)
		f.Consequence = "the process ends at start: the framework was not found"
		if sdk {
			f.Consequence = "the build of the image fails: the SDK does not know the framework (NETSDK1045)"
		}
		r.add(f)
		return true
	}
	return false
}

// projects returns what the project is built for that the commands of an image
// name; where they name none, the only one in the folder.
func (r *run) projects(text string, dirs ...string) []manifest.Runtime {
	called := map[string]bool{}
	for _, m := range named.FindAllStringSubmatch(text, 64) {
		called[m[1]] = true
	}
	var found []*manifest.Manifest
	for _, m := range r.packages.Manifests {
		base := path.Base(m.File)
		name := strings.TrimSuffix(base, path.Ext(base))
		if m.Ecosystem == manifest.DotNet && strings.HasSuffix(base, "proj") && (called[name] || m.Name != "" && called[m.Name]) {
			found = append(found, m)
		}
	}
	for _, dir := range dirs {
		if len(found) == 0 {
			for _, m := range r.packages.In(dir, manifest.DotNet) {
				if strings.HasSuffix(m.File, "proj") {
					found = append(found, m)
				}
			}
		}
	}
	if len(found) != 1 {
		return nil
	}
	m := found[0]
	if m.Dynamic {
		return nil
	}
	if len(m.Runtimes) > 0 {
		return m.Runtimes
	}
	for _, above := range r.packages.Above(m.Dir(), manifest.DotNet) {
		if path.Base(above.File) == "Directory.Build.props" {
			if above.Dynamic {
				return nil
			}
			return above.Runtimes
		}
	}
	return nil
}

// above reports whether all of the frameworks are later than an SDK.
func above(frameworks, sdk string) bool {
	for one := range strings.SplitSeq(frameworks, " || ") {
		if !later(one, sdk) {
			return false
		}
	}
	return true
}

// later compares two versions as far as both are said.
func later(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y), 2) {
		m, err := strconv.Atoi(x[i])
		n, wrong := strconv.Atoi(y[i])
		if err != nil || wrong != nil || m != n {
			return err == nil && wrong == nil && m > n
		}
	}
	return false
}

// runs reports whether a runtime starts what is built for one of the frameworks.
func runs(frameworks, runtime string) bool {
	for one := range strings.SplitSeq(frameworks, " || ") {
		major, _, _ := strings.Cut(one, ".")
		has, _, _ := strings.Cut(runtime, ".")
		if major == has && !later(one, runtime) {
			return true
		}
	}
	return false
}
