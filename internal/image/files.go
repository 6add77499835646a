package image

import (
	"path"
	"strings"
)

// operands returns the arguments that are no options. values are the options
// that take the next word.
func operands(args []word, values string) []word {
	var all []word
	for i := 1; i < len(args); i++ {
		text := args[i].text
		switch {
		case text == "--":
			return append(all, args[i+1:]...)
		case strings.HasPrefix(text, "-") && len(text) > 1:
			if strings.Contains(" "+values+" ", " "+text+" ") {
				i++
			}
		default:
			all = append(all, args[i])
		}
	}
	return all
}

// option returns the value of an option: -o VALUE, -oVALUE, -xyo VALUE,
// --long VALUE, --long=VALUE.
func option(args []word, short byte, long string) (word, bool) {
	for i := 1; i < len(args); i++ {
		text := args[i].text
		if long != "" && text == "--"+long && i+1 < len(args) {
			return args[i+1], true
		}
		if value, ok := strings.CutPrefix(text, "--"+long+"="); ok && long != "" {
			return word{text: value, whole: args[i].whole}, true
		}
		if short == 0 || len(text) < 2 || text[0] != '-' || text[1] == '-' {
			continue
		}
		at := strings.IndexByte(text, short)
		switch {
		case at < 1:
		case at == len(text)-1 && i+1 < len(args):
			return args[i+1], true
		case at == 1:
			return word{text: text[2:], whole: args[i].whole}, true
		}
	}
	return word{}, false
}

// flagged reports whether one of the options is given, short ones also among
// others: -rf.
func flagged(args []word, short string, long ...string) bool {
	for _, a := range args[1:] {
		if a.text == "--" {
			return false
		}
		for _, l := range long {
			if a.text == "--"+l || strings.HasPrefix(a.text, "--"+l+"=") {
				return true
			}
		}
		if len(a.text) > 1 && a.text[0] == '-' && a.text[1] != '-' && short != "" && strings.ContainsAny(a.text[1:], short) {
			return true
		}
	}
	return false
}

func makeDir(sh *shell, args []word) {
	for _, w := range operands(args, "-m --mode") {
		sh.write(w, Folder, "it is made there")
	}
}

func touch(sh *shell, args []word) {
	for _, w := range operands(args, "-d -t -r -s --date --reference --size") {
		if p, whole := sh.path(w); whole {
			if a := sh.stage.now().find(p); a.State == Present && a.Kind != File {
				continue // it is there, whatever it is
			}
		}
		sh.write(w, File, "it is made there")
	}
}

func tee(sh *shell, args []word) {
	for _, w := range operands(args, "") {
		sh.write(w, File, "it is written there")
	}
}

func remove(sh *shell, args []word) {
	for _, w := range operands(args, "") {
		p, whole := sh.path(w)
		why := "it is removed"
		switch {
		case whole && p != "/":
			sh.remove(p, why)
		case w.glob:
			pattern := w.full
			if !path.IsAbs(pattern) {
				if sh.cwd == "" {
					sh.add(dropped{"/", "it may be removed"})
					continue
				}
				pattern = sh.cwd + "/" + pattern
			}
			sh.add(removed{path: path.Clean(pattern), glob: true, why: why})
		default:
			sh.add(dropped{p, "it may be removed"})
		}
	}
}

// realDir is real where whether it is certain does not matter.
func (sh *shell) realDir(p string) string {
	p, _ = sh.real(p)
	return p
}

// remove takes a path away, also where links lead to it.
func (sh *shell) remove(p, why string) {
	sh.add(removed{path: p, why: why})
	if dir, sure := sh.real(path.Dir(p)); dir != path.Dir(p) {
		sub := *sh
		sub.maybe = sh.maybe || !sure
		sub.add(removed{path: path.Join(dir, path.Base(p)), why: why})
	}
}

func find(sh *shell, args []word) {
	for i, a := range args {
		if a.text != "-delete" && a.text != "-exec" && a.text != "-execdir" && a.text != "-ok" && a.text != "-fprint" {
			continue
		}
		var roots []string
		for _, w := range args[1:] {
			if strings.HasPrefix(w.text, "-") || w.text == "!" || w.text == "(" {
				break
			}
			p, _ := sh.path(w)
			roots = append(roots, p)
		}
		if roots == nil {
			roots = []string{sh.cwd}
		}
		for _, root := range roots {
			if root == "" {
				root = "/"
			}
			name := ""
			if i+1 < len(args) {
				name = path.Base(args[i+1].text)
			}
			switch {
			case a.text == "-delete", name == "rm":
				sh.add(dropped{root, "find may remove it"})
			case reads(name):
				sh.handOver(name, roots)
			default:
				sh.add(dropped{root, "find may change it"})
				sh.anything("a program for what find finds")
			}
		}
	}
}

// unknownArgs is a program that gets what is not known here.
func unknownArgs(sh *shell, args []word) {
	for i := 1; i < len(args); i++ {
		name := path.Base(args[i].text)
		switch {
		case strings.HasPrefix(name, "-"):
		case name == "rm":
			sh.add(dropped{"/", "what xargs hands on may be removed"})
			return
		case reads(name):
			sh.handOver(name, []string{"/"})
			return
		case name == "apt-get" || name == "apt" || name == "apk":
			sh.call(append(append([]word{}, args[i:]...), word{}))
			return
		}
	}
	sh.anything("a program for what " + path.Base(args[0].text) + " finds")
}

func link(sh *shell, args []word) {
	words := operands(args, "-t -S --target-directory")
	if len(words) == 0 {
		return
	}
	to := words[0]
	at := word{text: ".", whole: true}
	switch dir, ok := option(args, 't', "target-directory"); {
	case ok:
		at = word{text: dir.text + "/", whole: dir.whole}
	case len(words) == 2:
		at = words[1]
	case len(words) > 2:
		sh.move(words[:len(words)-1], words[len(words)-1], true, false)
		return
	}
	p, whole := sh.path(at)
	if !whole {
		sh.open(p, every, "links to a path that is known only when the image is built")
		return
	}
	unsure := false
	if there := sh.stage.now().find(p); strings.HasSuffix(at.text, "/") || at.text == "." || there.State == Present && there.Kind == Folder && !flagged(args, "nT") {
		p = path.Join(p, path.Base(to.text))
	} else if (there.State == Unknown || there.State == Present && there.Kind == Any) && !programDir(path.Dir(p)) {
		sh.open(p, every, "links to what may be a folder")
		unsure = true
	}
	if !to.whole {
		sh.open(p, every, "links to a path that is known only when the image is built")
		sh.add(made{path: p, kind: Any, why: "it is linked there"})
		return
	}
	target := to.text
	switch {
	case path.IsAbs(target):
	case flagged(args, "s", "symbolic"):
		target = path.Join(path.Dir(p), target)
	default:
		target, _ = sh.path(to)
	}
	target = absolute(target)
	if under(p, target) || p == target {
		sh.add(made{path: p, kind: Any, why: "it is linked there"})
		return
	}
	sh.stage.layer(linked{path: p, to: target, why: "it is linked there"}, sh.at, sh.maybe || unsure)
}

// keys is ssh-keygen or openssl: what they write is named.
func keys(sh *shell, args []word) {
	if path.Base(args[0].text) == "ssh-keygen" {
		if w, ok := option(args, 'f', ""); ok && w.whole {
			sh.write(w, File, "a key is made there")
			sh.write(word{text: w.text + ".pub", whole: true}, File, "a key is made there")
			return
		}
		sh.open("/etc/ssh", none, "makes keys there")
		if home := sh.home(); home != "" {
			sh.open(home, none, "makes keys there")
		}
		return
	}
	for i, a := range args[1:] {
		if (a.text == "-out" || a.text == "-keyout") && i+2 < len(args) {
			sh.write(args[i+2], File, "openssl writes it there")
		}
	}
}

// inPlace is a program that packs or unpacks a file where it stands.
func inPlace(sh *shell, args []word) {
	if flagged(args, "ctl", "stdout", "test", "list") {
		return
	}
	for _, w := range operands(args, "-S -T") {
		p, whole := sh.path(w)
		if !whole || path.Ext(p) == "" {
			sh.open(path.Dir(p), every, "packs or unpacks what is in it")
			continue
		}
		sh.open(strings.TrimSuffix(p, path.Ext(p)), every, "unpacks it")
		sh.open(p+".gz", none, "packs it")
		if !flagged(args, "k", "keep") {
			sh.add(dropped{p, "it may be unpacked"})
		}
	}
}
