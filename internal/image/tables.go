package image

import (
	_ "embed"
	"strings"
	"sync"
)

// The tables. Each says in its first lines where it is from.
var (
	//go:embed data/systems.txt
	systemsText string
	//go:embed data/images.txt
	imagesText string
	//go:embed data/programs.txt
	programsText string
	//go:embed data/apt.txt
	aptText string
	//go:embed data/apk.txt
	apkText string
	//go:embed data/dnf.txt
	dnfText string
	//go:embed data/tools.txt
	toolsText string
)

// record is an entry of a table: a line, and the indented lines below it.
type record struct {
	head   []string
	fields map[string][]string // by the first word; of several lines of it, all words
}

// records reads a table. A line that begins with # is a comment.
func records(text string) []record {
	var all []record
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if line[0] != '\t' {
			all = append(all, record{head: words, fields: map[string][]string{}})
			continue
		}
		last := all[len(all)-1].fields
		last[words[0]] = append(last[words[0]], words[1:]...)
	}
	return all
}

// certainty is whether something brings a program.
type certainty int

const (
	no certainty = iota
	perhaps
	yes
)

// listed reads names, of which one that ends in ? is there perhaps.
func listed(names []string) map[string]certainty {
	all := make(map[string]certainty, len(names))
	for _, name := range names {
		if name, unsure := strings.CutSuffix(name, "?"); unsure {
			all[name] = perhaps
		} else {
			all[name] = yes
		}
	}
	return all
}

// watched are the programs that the tables of packages know: a package of such
// a table that is not said to bring one of them does not. The value is how else
// they may be installed.
var watched = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, r := range records(programsText) {
		for _, name := range r.head[1:] {
			all[name] = r.head[0]
		}
	}
	return all
})

// packaged reports whether a program comes from the distribution's packages
// and hardly from anywhere else.
func packaged(name string) bool { return watched()[name] == "system" }

// packages is a table of packages of a distribution: what each brings along,
// with what it depends on.
type packages map[string]contents

// contents is what a package brings.
type contents struct {
	programs  map[string]certainty
	recommend map[string]certainty // where what is recommended is installed, too
}

func readPackages(text string) packages {
	all := packages{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		line, recommended, _ := strings.Cut(line, "|")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		all[words[0]] = contents{listed(words[1:]), listed(strings.Fields(recommended))}
	}
	return all
}

var tables = map[string]func() packages{
	"apt": sync.OnceValue(func() packages { return readPackages(aptText) }),
	"apk": sync.OnceValue(func() packages { return readPackages(apkText) }),
	"dnf": sync.OnceValue(func() packages { return readPackages(dnfText) }),
}

// table returns the packages of a distribution; nil where they are not known.
func table(manager string) packages {
	if read := tables[manager]; read != nil {
		return read()
	}
	return nil
}

// toolBrings returns the programs that a package of a language's registry
// installs; nil where the table does not know it.
func toolBrings(registry, name string) []string { return toolTable()[registry+" "+name] }

var toolTable = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for _, r := range records(toolsText) {
		if len(r.head) > 2 {
			all[r.head[0]+" "+r.head[1]] = r.head[2:]
		}
	}
	return all
})
