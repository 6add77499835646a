// Command docs writes the pages of the documentation that are made from the
// program itself: one for each check, from what the check says of itself and
// from its examples. With -picture it draws what a terminal shows, read from
// standard input, for the README:
//
//	rehearse --color always examples/shop | go run ./internal/cli/docs -picture 48 >docs/shop.svg
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"rehearse/internal/cli"
)

//go:generate go run . -root ../../..

// folder is where the pages of the checks stand, below the root of the project.
const folder = "docs/checks"

func main() {
	root := flag.String("root", ".", "the root of the project, where docs is")
	picture := flag.Int("picture", 0, "draw the first N lines of standard input, and the last")
	flag.Parse()
	if err := run(*root, *picture, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

func run(root string, picture int, in io.Reader, out io.Writer) error {
	if picture > 0 {
		text, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		_, err = io.WriteString(out, draw(string(text), picture))
		return err
	}
	all, err := pages(cli.Checks())
	if err != nil {
		return err
	}
	for name, text := range all {
		if err := os.WriteFile(filepath.Join(root, folder, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
