package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"rehearse/internal/report/reporttest"
	"rehearse/internal/stage"
)

func TestMain(m *testing.M) {
	stage.Enter() // in what a stage re-executes
	testscript.Main(m, map[string]func(){
		"rehearse": func() {
			c := Command{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
			os.Exit(c.Main(os.Args[1:]))
		},
		"status":   status,
		"contract": contract,
	})
}

// status runs a command and fails unless it ends with the status that is its
// first argument: "status 3 rehearse check x".
func status() {
	want, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fatal(err)
	}
	cmd := exec.Command(os.Args[2], os.Args[3:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); cmd.ProcessState == nil {
		fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		fatal(fmt.Errorf("exit status %d, want %d", got, want))
	}
}

// contract fails unless the file holds one document of the report's contract.
func contract() {
	data, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = reporttest.Conforms(string(data))
	}
	if err != nil {
		fatal(err)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "status:", err)
	os.Exit(99)
}

// TestScripts runs the scripts of testdata/script. Each has in $SHOP a copy of
// examples/shop.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("SHOP", filepath.Join(env.WorkDir, "shop"))
			return copyShop(filepath.Join(env.WorkDir, "shop"))
		},
	})
}

// copyShop copies the example as a clean clone has it.
func copyShop(to string) error {
	from, err := filepath.Abs("../../examples/shop")
	if err != nil {
		return err
	}
	return filepath.WalkDir(from, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if d.IsDir() {
			if d.Name() == "node_modules" || d.Name() == casesDir {
				return filepath.SkipDir
			}
			return os.MkdirAll(target, 0o755)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, info.Mode().Perm())
	})
}

// shop is a copy of the example in a folder of the test's own.
func shop(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	if err := copyShop(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// write makes files below dir.
func write(t *testing.T, dir string, files map[string]string) string {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
