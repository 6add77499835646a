package image

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed data/bringers.txt
var bringersText string

// bringers are the packages that bring a program which few bring.
type bringers struct {
	depends, recommends map[string]bool
	like                []string
	many                bool // those that recommend it are not listed
}

// rare are the programs of which is known which packages of Debian bring them,
// of all that there are.
var rare = sync.OnceValue(func() map[string]*bringers {
	all := map[string]*bringers{}
	for _, r := range records(bringersText) {
		b := &bringers{depends: set(r.fields["depends"]), recommends: set(r.fields["recommends"]), like: r.fields["like"]}
		b.many = b.recommends["*"]
		for _, program := range r.head {
			all[program] = b
		}
	}
	return all
})

func set(names []string) map[string]bool {
	all := make(map[string]bool, len(names))
	for _, name := range names {
		all[name] = true
	}
	return all
}

// may reports whether a package may bring the program, which a nil list says of
// all. recommend says that what it recommends is installed, too.
func (b *bringers) may(name string, recommend bool) bool {
	if b == nil {
		return true
	}
	if b.depends[name] || recommend && (b.many || b.recommends[name]) {
		return true
	}
	return slices.ContainsFunc(b.like, func(word string) bool { return strings.Contains(name, word) })
}
