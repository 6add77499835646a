package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What the tools print, shortened, and what it means.
func TestRead(t *testing.T) {
	tests := map[string]struct {
		read func(string, []byte) ([]hit, error)
		text string
		want []hit
	}{
		"rehearse": {rehearse, `{"findings": [{"check": "missing-env", "subject": "A", "evidence": [{"file": "a.js", "line": 3}]}]}`, []hit{{"missing-env", "A", "a.js:3"}}},
		"knip":     {knip, `{"issues": [{"file": "a.ts", "unlisted": [{"name": "x", "line": 2}], "unresolved": [{"name": "./y", "line": 4}]}]}`, []hit{{"undeclared-dependency", "x", "a.ts:2"}, {"missing-file", "./y", "a.ts:4"}}},
		"varlock":  {varlock, "Missing in schema (1):\n  - A_B (seen at a.go:3:8, b.go:1:1)\n\nUnused in schema (1):\n  - C\n", []hit{{"missing-env", "A_B", "a.go:3:8"}}},
		"diff":     {dotenvDiff, `{"missing": [{"variable": "A", "usages": [{"file": "a.js", "line": 1}, {"file": "b.js", "line": 2}]}]}`, []hit{{"missing-env", "A", "a.js:1"}}},
		"score": {kubeScore, `[{"object_meta": {"name": "web"}, "file_name": "/t/k8s/web.yaml", "file_row": 5, "checks": [
			{"check": {"id": "service-targets-pod"}, "grade": 1}, {"check": {"id": "ingress-targets-service"}, "grade": 10},
			{"check": {"id": "pod-networkpolicy"}, "grade": 1}, {"check": {"id": "networkpolicy-targets-pod"}, "grade": 1, "skipped": true}]}]`,
			[]hit{{"unselected-service", "web", "k8s/web.yaml:5"}}},
		"lint": {actionlint, `[{"message": "property \"x\" is not defined in object type {}", "filepath": "w.yml", "line": 7, "kind": "expression"}, {"message": "shellcheck", "filepath": "w.yml", "line": 1, "kind": "shellcheck"}]`,
			[]hit{{"undefined-value", "x", "w.yml:7"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := test.read("/t", []byte(test.text))
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("%v, %v, want %v", got, err, test.want)
			}
		})
	}
}

// Scripts stand for the tools: one of them says what rehearse says too, the
// others are not there.
func TestCompare(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		return file
	}
	binary := write("rehearse", "#!/bin/sh\necho '{\"findings\": [{\"check\": \"missing-env\", \"subject\": \"A\"}]}'\nexit 1\n")
	write("tools/node_modules/.bin/varlock", "#!/bin/sh\necho '  - A (seen at a.js:1:1)'\necho '  - B (seen at a.js:2:1)'\nexit 1\n")
	write("tree/a.js", "process.env.A\n")
	var out strings.Builder
	if err := compare(&out, binary, filepath.Join(dir, "tools"), 1, []string{filepath.Join(dir, "tree")}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"## tree (1 files)", "varlock audit: `missing-env` A (a.js:1:1): rehearse too", "varlock audit: `missing-env` B (a.js:2:1): not rehearse", "kube-score | – | – | nothing here for it"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, &out)
		}
	}
}
