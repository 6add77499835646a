package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// tool is a program that looks for what breaks.
type tool struct {
	name    string
	worst   int                               // the largest exit status that is no failure
	command func(dir string) ([]string, bool) // what to run in a tree; false where there is nothing for it
	read    func(dir string, output []byte) ([]hit, error)
}

// hit is something that a tool says, under the name that rehearse has for it.
type hit struct{ check, subject, at string }

// same reports whether two tools speak of the same thing.
func (h hit) same(other hit) bool {
	return h.check == other.check && (h.subject == other.subject || strings.HasSuffix(other.subject, "/"+h.subject))
}

// all returns the tools, rehearse first. Each is run as its documentation says
// for a pipeline, without the parts that speak of nothing that rehearse has a
// name for: shellcheck, unused code, hardening.
func all(binary string) []tool {
	always := func(argv ...string) func(string) ([]string, bool) {
		return func(string) ([]string, bool) { return argv, true }
	}
	return []tool{
		{name: "rehearse check", worst: 1, command: always(binary, "check", "--format", "json", "."), read: rehearse},
		{name: "knip", worst: 2, command: always("knip", "--no-progress", "--reporter", "json", "--include", "unlisted,unresolved"), read: knip}, // https://knip.dev/reference/cli
		{name: "varlock audit", worst: 1, command: always("varlock", "audit"), read: varlock},                                                    // https://varlock.dev/reference/cli-commands
		{name: "dotenv-diff", worst: 1, command: always("dotenv-diff", "--json", "--ci", "--no-secrets"), read: dotenvDiff},                      // https://github.com/Chrilleweb/dotenv-diff
		{name: "kube-score", worst: 1, command: manifests, read: kubeScore},                                                                      // https://github.com/zegl/kube-score
		{name: "actionlint", worst: 1, command: workflows, read: actionlint},                                                                     // https://github.com/rhysd/actionlint/blob/main/docs/usage.md
	}
}

func rehearse(_ string, output []byte) ([]hit, error) {
	var report struct {
		Findings []struct {
			Check, Subject, Severity string
			Evidence                 []struct {
				File string
				Line int
			}
		}
	}
	if err := json.Unmarshal(output, &report); err != nil {
		return nil, err
	}
	var hits []hit
	for _, f := range report.Findings {
		h := hit{check: f.Check, subject: f.Subject}
		if len(f.Evidence) > 0 {
			h.at = fmt.Sprintf("%s:%d", f.Evidence[0].File, f.Evidence[0].Line)
		}
		hits = append(hits, h)
	}
	return hits, nil
}

func knip(_ string, output []byte) ([]hit, error) {
	var report struct {
		Issues []struct {
			File                 string
			Unlisted, Unresolved []struct {
				Name string
				Line int
			}
		}
	}
	if err := json.Unmarshal(output, &report); err != nil {
		return nil, err
	}
	var hits []hit
	for _, i := range report.Issues {
		for _, n := range i.Unlisted {
			hits = append(hits, hit{"undeclared-dependency", n.Name, fmt.Sprintf("%s:%d", i.File, n.Line)})
		}
		for _, n := range i.Unresolved {
			hits = append(hits, hit{"missing-file", n.Name, fmt.Sprintf("%s:%d", i.File, n.Line)})
		}
	}
	return hits, nil
}

var seen = regexp.MustCompile(`(?m)^\s+- (\w+) \(seen at ([^,)]+)`)

func varlock(_ string, output []byte) ([]hit, error) {
	var hits []hit
	for _, m := range seen.FindAllSubmatch(output, -1) {
		hits = append(hits, hit{"missing-env", string(m[1]), string(m[2])})
	}
	return hits, nil
}

func dotenvDiff(_ string, output []byte) ([]hit, error) {
	var report struct {
		Missing []struct {
			Variable string
			Usages   []struct {
				File string
				Line int
			}
		}
	}
	if err := json.Unmarshal(output, &report); err != nil {
		return nil, err
	}
	var hits []hit
	for _, m := range report.Missing {
		h := hit{check: "missing-env", subject: m.Variable}
		if len(m.Usages) > 0 {
			h.at = fmt.Sprintf("%s:%d", m.Usages[0].File, m.Usages[0].Line)
		}
		hits = append(hits, h)
	}
	return hits, nil
}

// manifests are the files of the tree that kube-score can be given.
func manifests(dir string) ([]string, bool) {
	argv := []string{"kube-score", "score", "-o", "json"}
	n := len(argv)
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(name)) {
			return err
		}
		data, err := os.ReadFile(name)
		text := string(data)
		if err == nil && strings.Contains("\n"+text, "\nkind: ") && strings.Contains("\n"+text, "\napiVersion: ") && !strings.Contains(text, "{{") {
			argv = append(argv, name)
		}
		return err
	})
	return argv, err == nil && len(argv) > n
}

// The checks of kube-score that say what a check of ours says
// (https://github.com/zegl/kube-score/blob/master/README_CHECKS.md).
var scores = map[string]string{
	"service-targets-pod":                  "unselected-service",
	"ingress-targets-service":              "missing-backend",
	"networkpolicy-targets-pod":            "unselected-service",
	"environment-variable-key-duplication": "invalid-env",
	"statefulset-has-servicename":          "unresolved-host",
}

func kubeScore(dir string, output []byte) ([]hit, error) {
	var report []struct {
		Meta struct {
			Name string
		} `json:"object_meta"`
		File   string `json:"file_name"`
		Row    int    `json:"file_row"`
		Checks []struct {
			Check   struct{ ID string }
			Grade   int
			Skipped bool
		}
	}
	if err := json.Unmarshal(output, &report); err != nil {
		return nil, err
	}
	var hits []hit
	for _, o := range report {
		for _, c := range o.Checks {
			// 1 is critical, 5 a warning, 10 all right.
			if name := scores[c.Check.ID]; name != "" && c.Grade <= 5 && !c.Skipped {
				at, err := filepath.Rel(dir, o.File)
				if err != nil {
					return nil, err
				}
				hits = append(hits, hit{name, o.Meta.Name, fmt.Sprintf("%s:%d", at, o.Row)})
			}
		}
	}
	return hits, nil
}

func workflows(dir string) ([]string, bool) {
	found, err := filepath.Glob(filepath.Join(dir, ".github", "workflows", "*.y*ml"))
	return []string{"actionlint", "-shellcheck=", "-pyflakes=", "-format", "{{json .}}"}, err == nil && len(found) > 0
}

var undefined = regexp.MustCompile(`property "([^"]+)" is not defined`)

func actionlint(_ string, output []byte) ([]hit, error) {
	var report []struct {
		Message string
		Path    string `json:"filepath"`
		Line    int
		Kind    string
	}
	if err := json.Unmarshal(output, &report); err != nil {
		return nil, err
	}
	var hits []hit
	for _, e := range report {
		if m := undefined.FindStringSubmatch(e.Message); m != nil || e.Kind == "job-needs" {
			subject := e.Message
			if m != nil {
				subject = m[1]
			}
			hits = append(hits, hit{"undefined-value", subject, fmt.Sprintf("%s:%d", e.Path, e.Line)})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Compare(a.at, b.at) })
	return hits, nil
}
