// Package casemismatch finds paths whose capitals only some file systems
// overlook.
package casemismatch

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/check"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/machine"
	"rehearse/internal/packages"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "case-mismatch",
	Category: finding.Environment,
	Summary:  "An import, or a source that is copied into an image, has other capitals than the file that it means.",
	Why: "The file systems of macOS and Windows take Button.js and button.js for one file; that of Linux, where pipelines and images are built, does not. " +
		"The import works on the machine of its author and nowhere else.",
	Fix:    "Write the path as the file is called, or rename the file with git mv.",
	Silent: "A path that some file has exactly as it is written, and one that no file has in any capitals: it may be made by the build; bundles, which name their modules themselves.",
	Sources: []string{
		"https://www.typescriptlang.org/tsconfig/#forceConsistentCasingInFileNames",
		"https://git-scm.com/docs/git-config#Documentation/git-config.txt-coreignoreCase",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, m := range l.Miscased {
		findings = append(findings, miscased(l.Owning(m.At.File), m, "the module is not found where the file system tells capitals apart, as on Linux"))
	}
	ps := packages.Of(l)
	for _, c := range l.Components {
		for _, a := range ps.Astray(c) {
			if a.File != "" {
				findings = append(findings, miscased(c.Name, machine.Miscased{At: a.At, Text: a.Name, File: a.File}, "the module is not found where the file system tells capitals apart, as on Linux"))
			}
		}
	}
	for _, b := range l.Builds {
		if b.Guessed {
			continue
		}
		files, img := b.Files(), b.Image()
		if img == nil {
			continue
		}
		for _, step := range img.Definition().Steps {
			if step.Kind == "run" || step.From != "" {
				continue
			}
			for _, from := range step.Sources {
				if other, ok := otherwise(files, from); ok {
					m := machine.Miscased{At: step.At, Text: from, File: other}
					findings = append(findings, miscased(owner(b), m, "the image cannot be built where the file system tells capitals apart, as on Linux"))
				}
			}
		}
	}
	return findings
}

func owner(b *ledger.Build) string {
	if b.Owner == nil {
		return ""
	}
	return b.Owner.Name
}

// otherwise returns the file or folder of a context that a source of a COPY
// means, where none is called so.
func otherwise(files []string, from string) (string, bool) {
	from = strings.TrimPrefix(path.Clean(from), "/")
	if from == "." || strings.ContainsAny(from, "*?[$") || strings.Contains(from, "://") {
		return "", false
	}
	within := func(file, dir string) bool { return file == dir || strings.HasPrefix(file, dir+"/") }
	if slices.ContainsFunc(files, func(f string) bool { return within(f, from) }) {
		return "", false
	}
	lower := strings.ToLower(from)
	i := slices.IndexFunc(files, func(f string) bool { return within(strings.ToLower(f), lower) })
	if i < 0 {
		return "", false
	}
	// Letters may take more bytes in the one than in the other: what is as deep.
	deep := strings.Count(from, "/") + 1
	return strings.Join(strings.Split(files[i], "/")[:deep], "/"), true
}

func miscased(component string, m machine.Miscased, consequence string) finding.Finding {
	f := doc.Finding(finding.Error, component, "production", m.Text)
	f.Message = fmt.Sprintf("%s is meant to be %s, which is written otherwise", m.Text, m.File)
	f.Consequence = consequence
	f.Remedy = fmt.Sprintf("write it as %s is called at %s:%d", path.Base(m.File), m.At.File, m.At.Line)
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: m.At, Text: m.Text},
	}
	return f
}
