package ledger

import (
	"regexp"
	"strings"
)

var shellName = regexp.MustCompile(`(^|/)(ba|da|a|k|z)?sh$`)

// ShellText returns the text that a command gives to a shell.
func ShellText(argv []string) (text string, rest []string, ok bool) {
	for i, a := range argv {
		if !shellName.MatchString(a) {
			continue
		}
		for j := i + 1; j+1 < len(argv) && strings.HasPrefix(argv[j], "-"); j++ {
			if !strings.HasPrefix(argv[j], "--") && strings.HasSuffix(argv[j], "c") {
				return argv[j+1], argv[j+2:], true
			}
		}
	}
	return "", nil, false
}

// Shell reports whether a program is a shell.
func Shell(program string) bool { return shellName.MatchString(program) }
