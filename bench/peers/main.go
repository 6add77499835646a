// Command peers runs other tools beside rehearse on the same trees:
//
//	go run ./bench/peers -binary ./rehearse -tools DIR [-runs N] TREE...
//
// The tools are those of peers.go, installed as docs/comparison.md says: what
// npm installs in DIR/node_modules/.bin, what Go installs in DIR/bin. Each runs
// N times on a copy of each tree, in turn with the others. What is printed is
// markdown: the median of the times and the largest memory of each, and what
// the tools find of the checks that rehearse has a name for, beside what
// rehearse finds of the same.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rehearse/bench/cost"
)

func main() {
	binary := flag.String("binary", "./rehearse", "the program that is compared")
	tools := flag.String("tools", "", "the folder in which the other tools are installed")
	runs := flag.Int("runs", 5, "how often each is run")
	flag.Parse()
	if flag.NArg() == 0 || *tools == "" || *runs < 1 {
		fmt.Fprintln(os.Stderr, "usage: peers -binary FILE -tools DIR [-runs N] TREE...")
		os.Exit(2)
	}
	if err := compare(os.Stdout, *binary, *tools, *runs, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(3)
	}
}

// compare runs every tool on every tree.
func compare(out io.Writer, binary, tools string, runs int, trees []string) error {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	if tools, err = filepath.Abs(tools); err != nil {
		return err
	}
	// What npm installs starts with the node that is installed beside it.
	bin := filepath.Join(tools, "node_modules", ".bin")
	if err := os.Setenv("PATH", bin+string(filepath.ListSeparator)+filepath.Join(tools, "bin")+string(filepath.ListSeparator)+os.Getenv("PATH")); err != nil {
		return err
	}
	for _, tree := range trees {
		if err := one(out, binary, tree, runs); err != nil {
			return fmt.Errorf("%s: %w", tree, err)
		}
	}
	return nil
}

// trial is what a tool did on a tree.
type trial struct {
	tool
	times  []time.Duration
	memory int64
	hits   []hit
	failed string
}

// one runs every tool on a copy of a tree.
func one(out io.Writer, binary, tree string, runs int) error {
	scratch, err := os.MkdirTemp("", "peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	dir := filepath.Join(scratch, filepath.Base(tree))
	if err := os.CopyFS(dir, os.DirFS(tree)); err != nil {
		return err
	}
	files, err := prepare(dir)
	if err != nil {
		return err
	}
	var trials []*trial
	for _, t := range all(binary) {
		trials = append(trials, &trial{tool: t})
	}
	for i := range runs + 1 { // the first warms the cache
		for _, t := range trials {
			argv, ok := t.command(dir)
			if t.failed != "" || !ok {
				continue
			}
			c, err := cost.Run(dir, t.worst, argv...)
			if err != nil {
				t.failed, _, _ = strings.Cut(strings.TrimPrefix(err.Error(), argv[0]+": "), "\n")
				continue
			}
			if i == 0 {
				if t.hits, err = t.read(dir, c.Output); err != nil {
					t.failed = err.Error()
				}
				continue
			}
			t.times = append(t.times, c.Took)
			t.memory = max(t.memory, c.Memory)
		}
	}
	print(out, filepath.Base(tree), files, trials)
	return nil
}

// prepare makes of a tree what each of the tools asks for: actionlint a git
// repository, varlock a schema, which its own init would make of the example
// that the project has.
func prepare(dir string) (files int, err error) {
	if err := exec.Command("git", "-C", dir, "init", "-q").Run(); err != nil {
		return 0, err
	}
	schema := []byte("NONE=\n") // it refuses an empty one
	for _, name := range []string{".env.example", ".env.sample", ".env.template"} {
		if data, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
			schema = data
			break
		}
	}
	err = filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if d != nil && d.IsDir() && d.Name() == ".git" {
			return filepath.SkipDir
		}
		if err == nil && d.Type().IsRegular() {
			files++
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return files, os.WriteFile(filepath.Join(dir, ".env.schema"), schema, 0o644)
}

// print writes what the tools did on one tree.
func print(out io.Writer, name string, files int, trials []*trial) {
	fmt.Fprintf(out, "## %s (%d files)\n\n| tool | ms | MB | of our checks |\n|---|---:|---:|---:|\n", name, files)
	for _, t := range trials {
		switch {
		case t.failed != "":
			fmt.Fprintf(out, "| %s | – | – | %s |\n", t.name, t.failed)
		case len(t.times) == 0:
			fmt.Fprintf(out, "| %s | – | – | nothing here for it |\n", t.name)
		default:
			fmt.Fprintf(out, "| %s | %.0f | %.0f | %d |\n", t.name, cost.Milliseconds(cost.Median(t.times)), float64(t.memory)/(1<<20), len(t.hits))
		}
	}
	fmt.Fprintln(out)
	own := trials[0]
	for _, t := range trials[1:] {
		for _, h := range t.hits {
			also := "not rehearse"
			if slices.ContainsFunc(own.hits, h.same) {
				also = "rehearse too"
			}
			fmt.Fprintf(out, "- %s: `%s` %s (%s): %s\n", t.name, h.check, h.subject, h.at, also)
		}
	}
	fmt.Fprintln(out)
}
