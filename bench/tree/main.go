// Command tree writes a large tree to measure on:
//
//	go run ./bench/tree [-files N] [-megabytes N] [-seed N] DIR
//
// DIR is made where it is missing, and is to be empty.
package main

import (
	"flag"
	"fmt"
	"os"

	"rehearse/bench/grow"
)

func main() {
	size := grow.Large
	flag.IntVar(&size.Files, "files", size.Files, "about how many files")
	megabytes := flag.Int64("megabytes", size.Bytes>>20, "about how many megabytes")
	flag.Uint64Var(&size.Seed, "seed", size.Seed, "what the tree follows from")
	flag.Parse()
	if flag.NArg() != 1 || size.Files < 1 || *megabytes < 0 {
		fmt.Fprintln(os.Stderr, "usage: tree [-files N] [-megabytes N] [-seed N] DIR")
		os.Exit(2)
	}
	size.Bytes = *megabytes << 20
	files, bytes, err := grow.Tree(flag.Arg(0), size)
	if err != nil {
		fmt.Fprintln(os.Stderr, "tree:", err)
		os.Exit(1)
	}
	fmt.Printf("%d files, %.1f MB\n", files, float64(bytes)/(1<<20))
}
