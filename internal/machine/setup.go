package machine

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/project"
	"rehearse/internal/source"
)

// Setup is what a script that makes a developer's machine ready puts there: a
// variable that it exports, or a package that it installs.
type Setup struct {
	Variable string // "" of a package
	Package  string // "" of a variable
	At       source.Span
}

// setupNames are the names, without their endings, of scripts that make a
// machine ready, and setupFolders the folders in which those stand
// (https://github.com/github/scripts-to-rule-them-all; `bin/setup` of Rails).
var (
	setupNames   = []string{"setup", "bootstrap", "dev-setup", "setup-dev", "setup_dev", "dev_setup", "install-deps", "install_deps", "install-dependencies", "setup-local", "local-setup", "init-dev", "dev-env", "postcreate", "post-create"}
	setupFolders = []string{"scripts", "script", "bin", "dev", "tools", ".devcontainer", "hack", "."}
)

// isSetup reports whether a file is such a script; .envrc is direnv's, which a
// developer's shell runs (https://direnv.net/man/direnv-stdlib.1.html).
func isSetup(file string) bool {
	base := path.Base(file)
	if base == ".envrc" {
		return true
	}
	ending := path.Ext(base)
	return (ending == "" || ending == ".sh" || ending == ".bash") && slices.Contains(setupNames, strings.ToLower(strings.TrimSuffix(base, ending))) &&
		slices.Contains(setupFolders, path.Base(path.Dir(file)))
}

// maxSetup is the largest script of that kind that is read, in bytes.
const maxSetup = 256 << 10

// Setups reads the scripts that make a developer's machine ready. What is no
// shell's code says nothing.
func Setups(p *project.Project) []Setup {
	var all []Setup
	for _, f := range p.Files {
		const elsewhere = project.Example | project.Docs | project.Vendored | project.Ignored
		if f.Link != "" || f.Flags&elsewhere != 0 || f.Size > maxSetup || !isSetup(f.Path) {
			continue
		}
		data, err := p.Read(f)
		if err != nil || bytes.HasPrefix(data.Data, []byte("#!")) && !bytes.Contains(firstLine(data.Data), []byte("sh")) {
			continue
		}
		all = append(all, setup(data)...)
	}
	return all
}

func firstLine(data []byte) []byte {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	return line
}

// setup reads one script.
func setup(file source.File) []Setup {
	parsed, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(bytes.NewReader(file.Data), file.Path)
	if err != nil {
		return nil
	}
	var all []Setup
	at := func(pos syntax.Pos) source.Span {
		return source.Span{File: file.Path, Line: int(pos.Line()), Column: int(pos.Col())}
	}
	syntax.Walk(parsed, func(node syntax.Node) bool {
		switch n := node.(type) {
		case *syntax.DeclClause:
			if n.Variant == nil || n.Variant.Value != "export" {
				return true
			}
			for _, a := range n.Args {
				if a.Name != nil && a.Value != nil {
					all = append(all, Setup{Variable: a.Name.Value, At: at(a.Pos())})
				}
			}
		case *syntax.CallExpr:
			for _, w := range installed(n) {
				all = append(all, Setup{Package: w.Lit(), At: at(w.Pos())})
			}
		}
		return true
	})
	return all
}

// managers are the programs that install packages of a system, with the word
// that says so.
var managers = map[string]string{"brew": "install", "apt-get": "install", "apt": "install", "apk": "add", "dnf": "install", "yum": "install"}

// installed returns the packages that a call installs.
func installed(call *syntax.CallExpr) []*syntax.Word {
	args := call.Args
	if len(args) > 0 && args[0].Lit() == "sudo" {
		args = args[1:]
	}
	if len(args) < 3 {
		return nil
	}
	verb, known := managers[path.Base(args[0].Lit())]
	i := slices.IndexFunc(args, func(w *syntax.Word) bool { return w.Lit() == verb })
	if !known || i < 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(args[i+1:]), func(w *syntax.Word) bool { return w.Lit() == "" || strings.HasPrefix(w.Lit(), "-") })
}
