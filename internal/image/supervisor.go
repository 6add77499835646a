package image

import (
	"bufio"
	"bytes"
	"path"
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// supervisorFiles are where supervisord looks for its configuration where it is
// told none (http://supervisord.org/configuration.html#configuration-file).
var supervisorFiles = []string{"supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf", "/etc/supervisor/supervisord.conf"}

// supervisorHolds is a value that supervisord fills in: %(ENV_PORT)s.
var supervisorHolds = regexp.MustCompile(`%\(\w+\)[sd]`)

// supervisord starts the programs of its configuration
// (http://supervisord.org/configuration.html#program-x-section-settings). A
// configuration of the base image is not read, and what it includes neither.
func supervisord(sh *shell, args []word) {
	if !sh.stage.running {
		sh.open("/", tools, "runs supervisord, which may write anywhere")
		return
	}
	files := supervisorFiles
	if w, ok := option(args, 'c', "configuration"); ok {
		if !w.whole {
			return
		}
		files = []string{w.text}
	}
	for _, name := range files {
		p, _ := sh.path(plainWord(name))
		if data, from, ok := sh.stage.now().source(p); ok {
			sh.supervised(data, from)
			return
		}
	}
}

// supervised reads the programs of a configuration of supervisord.
func (sh *shell) supervised(data []byte, from string) {
	type program struct {
		command, dir string
		line         int
		off          bool
	}
	var all []*program
	var last *program
	lines := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(text, "[") {
			if last = nil; strings.HasPrefix(text, "[program:") {
				last = &program{}
				all = append(all, last)
			}
			continue
		}
		key, value, ok := strings.Cut(text, "=")
		if !ok || last == nil || strings.HasPrefix(text, ";") || strings.HasPrefix(text, "#") {
			continue
		}
		value, _, _ = strings.Cut(value, " ;")
		switch value = strings.TrimSpace(value); strings.TrimSpace(key) {
		case "command":
			last.command, last.line = value, n
		case "directory":
			last.dir = value
		case "autostart":
			last.off = strings.EqualFold(value, "false")
		}
	}
	for _, p := range all {
		if p.off || p.command == "" || len(all) > maxPrograms {
			continue
		}
		sub := sh.sub()
		sub.label, sub.in, sub.line, sub.still, sub.bins, sub.shelled = "supervisord", from, p.line, true, false, false
		if p.dir != "" {
			if sub.cwd = path.Clean(p.dir); supervisorHolds.MatchString(p.dir) || !path.IsAbs(p.dir) {
				sub.cwd = ""
			}
		}
		sub.nested(func() { sub.single(supervisorHolds.ReplaceAllString(p.command, "$${supervised}")) })
	}
}

// maxPrograms is how many programs of one supervisord are read.
const maxPrograms = 100

// single reads one command that no shell reads.
func (sh *shell) single(code string) {
	file, err := syntax.NewParser().Parse(strings.NewReader(code), "")
	if err != nil || len(file.Stmts) != 1 {
		return
	}
	if sh.stage.model.spent--; sh.stage.model.spent < 0 {
		sh.anything("more commands than are read")
		return
	}
	if c := callOf(file.Stmts[0]); c != nil {
		sh.env["supervised"] = nil
		sh.call(sh.words(c.Args))
	}
}
