package image

import (
	"slices"
	"strings"
)

// Brings reports whether a package of that name, of any of the distributions
// that the tables know, brings a program for certain. Homebrew calls most of
// its packages alike.
func Brings(name, program string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"apt", "apk", "dnf"}, func(manager string) bool {
		return tables[manager]()[name].programs[program] == yes
	})
}
