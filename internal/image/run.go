package image

import (
	"path"
	"strings"
)

// script is a shell: of a file, of -c, or of what it reads.
func script(sh *shell, args []word) {
	for i := 1; i < len(args); i++ {
		a := args[i]
		switch {
		case !a.whole:
			sh.anything("a script that is known only when the image is built")
			return
		case strings.HasPrefix(a.text, "-") && !strings.HasPrefix(a.text, "--") && strings.HasSuffix(a.text, "c") && i+1 < len(args):
			if !args[i+1].whole {
				sh.anything("a command that is known only when the image is built")
				return
			}
			sub := sh.sub()
			sub.nested(func() { sub.text(args[i+1].text) })
			return
		case len(a.text) < 6 && (strings.HasPrefix(a.text, "-") && !strings.HasPrefix(a.text, "--") || a.text == "+o") && strings.HasSuffix(a.text, "o"):
			i++
		case strings.HasPrefix(a.text, "-") || strings.HasPrefix(a.text, "+"):
		default:
			if !sh.script(a, args[i:]) {
				sh.anything("the script " + path.Base(a.text))
			}
			return
		}
	}
	sh.anything("a shell, which reads what it is to do")
}

// script reads a script of the project where it stands in the image
// unchanged, and reports whether it could.
func (sh *shell) script(file word, args []word) bool {
	p, whole := sh.path(file)
	if !whole {
		return false
	}
	data, from, ok := sh.stage.now().source(p)
	if !ok {
		return false
	}
	first, _, _ := strings.Cut(string(data[:min(len(data), 200)]), "\n")
	if strings.HasPrefix(first, "#!") && !strings.Contains(first, "sh") {
		return false
	}
	sub := sh.sub()
	sub.label, sub.in, sub.bins, sub.still = "the script "+path.Base(p), from, false, false
	for n, a := range args {
		if a.whole && n < 10 {
			sub.env[string(rune('0'+n))] = &a.text
		}
	}
	sub.nested(func() { sub.text(string(data)) })
	return true
}

// nested reads code in code, down to a bound.
func (sh *shell) nested(read func()) {
	if sh.depth >= maxScripts {
		sh.anything("scripts in scripts")
		return
	}
	sh.depth++
	read()
	sh.depth--
}

// project returns the folder of the project that the shell is in: the highest
// that is not one of the system's.
func (sh *shell) project() string {
	if sh.cwd == "" {
		return "/"
	}
	parts := strings.Split(strings.TrimPrefix(sh.cwd, "/"), "/")
	p := ""
	for _, part := range parts {
		p += "/" + part
		if !shelf(p) {
			return p
		}
	}
	return sh.cwd
}

// shelf reports whether a folder is one that projects are put into.
func shelf(p string) bool {
	switch p {
	case "/", "/usr", "/usr/src", "/usr/local", "/usr/local/src", "/usr/share", "/usr/share/nginx", "/home", "/opt", "/srv", "/var", "/var/www", "/var/lib",
		"/root", "/mnt", "/tmp", "/go", "/go/src", "/go/src/github.com":
		return true
	}
	return path.Dir(p) == "/home" || path.Dir(p) == "/go/src/github.com"
}
