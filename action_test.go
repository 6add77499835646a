package rehearse_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
	"go.yaml.in/yaml/v3"
)

// action is what action.yml says, as far as the tests look at it.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Steps []struct {
			ID, Uses, Shell, Run string
			Env                  map[string]string
		}
	}
}

func readAction(t *testing.T) action {
	t.Helper()
	data, err := os.ReadFile("action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// lint returns what actionlint says of a workflow of this repository.
func lint(t *testing.T, workflow string) []string {
	t.Helper()
	project, err := actionlint.NewProject(".")
	if err != nil {
		t.Fatal(err)
	}
	l, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := l.Lint("workflow.yml", []byte(workflow), project)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, e := range found {
		said = append(said, e.Message)
	}
	return said
}

const workflow = `on: pull_request
permissions: {contents: read}
jobs:
  rehearse:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - id: rehearse
        uses: ./
        with:
          dir: examples/shop
          environment: prod
          fail-on: error
          baseline: before.json
          format: sarif
          output: rehearse.sarif
      - if: always() && steps.rehearse.outputs.status == 1
        run: echo findings
`

func TestActionInAWorkflow(t *testing.T) {
	if said := lint(t, workflow); len(said) > 0 {
		t.Errorf("%q", said)
	}
	for _, change := range [][2]string{
		{"dir:", "directory:"}, {"outputs.status", "outputs.state"},
	} {
		if said := lint(t, strings.Replace(workflow, change[0], change[1], 1)); len(said) == 0 {
			t.Errorf("%s passes as %s", change[0], change[1])
		}
	}
}

var expression = regexp.MustCompile(`\$\{\{\s*(\S+?)\s*\}\}`)

// What an action is given is never text of a script, and every input is used.
func TestActionInputs(t *testing.T) {
	a, used := readAction(t), map[string]bool{}
	for _, step := range a.Runs.Steps {
		if expression.MatchString(step.Run) {
			t.Errorf("%s: an expression in a script", step.ID)
		}
		if step.Uses != "" && !regexp.MustCompile(`@[0-9a-f]{40}$`).MatchString(step.Uses) {
			t.Errorf("%s is not pinned", step.Uses)
		}
		for _, value := range step.Env {
			for _, found := range expression.FindAllStringSubmatch(value, -1) {
				used[strings.TrimPrefix(found[1], "inputs.")] = true
			}
		}
	}
	for name := range a.Inputs {
		if !used[name] {
			t.Errorf("the input %s is not used", name)
		}
	}
}

// The scripts of the action do what they are to do: they are run here as the
// runner runs them.
func TestActionRuns(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("needs bash")
	}
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	run := func(inputs map[string]string) (string, int) {
		a, out := readAction(t), bytes.Buffer{}
		for _, step := range a.Runs.Steps {
			if step.Run == "" {
				continue
			}
			cmd := exec.Command(bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", step.Run)
			cmd.Dir, cmd.Stdout, cmd.Stderr = root, &out, &out
			cmd.Env = append(os.Environ(), "RUNNER_TEMP="+temp, "GITHUB_OUTPUT="+filepath.Join(temp, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(temp, "summary"))
			for name, value := range step.Env {
				cmd.Env = append(cmd.Env, name+"="+expression.ReplaceAllStringFunc(value, func(e string) string {
					name := strings.TrimPrefix(expression.FindStringSubmatch(e)[1], "inputs.")
					if name == "github.action_path" {
						return root
					}
					if value, ok := inputs[name]; ok {
						return value
					}
					return a.Inputs[name].Default
				}))
			}
			var exit *exec.ExitError
			if err := cmd.Run(); errors.As(err, &exit) {
				return out.String(), exit.ExitCode()
			} else if err != nil {
				t.Fatal(err)
			}
		}
		return out.String(), 0
	}
	said, status := run(map[string]string{"dir": "examples/shop"})
	if status != 1 || !strings.Contains(said, "::error file=examples/shop/api/main.go,line=") {
		t.Errorf("status %d:\n%s", status, said)
	}
	for file, want := range map[string]string{"output": "status=1\n", "summary": "| ❌ | `DATABASE_URL`"} {
		if data, err := os.ReadFile(filepath.Join(temp, file)); err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%s does not hold %q: %v", file, want, err)
		}
	}
	sarif := filepath.Join(temp, "rehearse.sarif")
	said, status = run(map[string]string{"dir": "examples/shop", "format": "sarif", "output": sarif, "environment": "prod", "fail-on": "error"})
	if data, err := os.ReadFile(sarif); err != nil || status != 1 || !bytes.HasPrefix(data, []byte("{\n  \"$schema\"")) || strings.Contains(said, "schema") {
		t.Errorf("status %d, %v: %s", status, err, said)
	}
	if said, status = run(map[string]string{"dir": `"; exit 7; "`}); status != 3 {
		t.Errorf("a hostile folder: status %d: %s", status, said)
	}
}

// The keys of a hook, by the manifest's schema (pre-commit.com, "Creating new
// hooks"): those that must be there, and those that may.
func TestPreCommitHook(t *testing.T) {
	data, err := os.ReadFile(".pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []map[string]any
	if err := yaml.Unmarshal(data, &hooks); err != nil {
		t.Fatal(err)
	}
	required := []string{"id", "name", "entry", "language"}
	optional := []string{
		"description", "files", "exclude", "types", "types_or", "exclude_types", "always_run", "fail_fast", "verbose", "pass_filenames",
		"require_serial", "language_version", "minimum_pre_commit_version", "args", "stages", "log_file", "additional_dependencies", "alias",
	}
	for _, hook := range hooks {
		for _, key := range required {
			if text, ok := hook[key].(string); !ok || text == "" {
				t.Errorf("%v: no %s", hook["id"], key)
			}
		}
		for key := range hook {
			if !slices.Contains(required, key) && !slices.Contains(optional, key) {
				t.Errorf("%v: %s is no key", hook["id"], key)
			}
		}
	}
	if len(hooks) != 1 || hooks[0]["entry"] != "rehearse check" || hooks[0]["pass_filenames"] != false {
		t.Errorf("%v", hooks)
	}
}
