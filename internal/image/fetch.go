package image

import (
	"net/url"
	"path"
	"strings"
)

// urlName returns the name of the file that is fetched from a URL.
func urlName(w word) (string, bool) {
	if !w.whole {
		return "", false
	}
	u, err := url.Parse(w.text)
	if err != nil || strings.Trim(u.Path, "/") == "" {
		return "", false
	}
	name := path.Base(u.Path)
	return name, name != "." && name != "/"
}

func curl(sh *shell, args []word) {
	const values = "-o --output -H --header -d --data -X --request -u --user -A --user-agent -e --referer -x --proxy -m --max-time -w --write-out " +
		"-b --cookie -c --cookie-jar -F --form -T --upload-file -E --cert --key --cacert --retry --retry-delay --retry-max-time --connect-timeout " +
		"--output-dir --url --data-binary --data-raw --range -r --resolve --proto --ciphers -K --config -z"
	dir := ""
	if w, ok := option(args, 0, "output-dir"); ok {
		p, whole := sh.path(w)
		if !whole {
			sh.open(p, every, "fetches into it")
			return
		}
		dir = p + "/"
	}
	found := false
	for i := 1; i < len(args); i++ {
		text := args[i].text
		short := len(text) > 1 && text[0] == '-' && text[1] != '-'
		var w word
		switch {
		case text == "--output" && i+1 < len(args), short && strings.HasSuffix(text, "o") && i+1 < len(args):
			w = args[i+1]
		case strings.HasPrefix(text, "--output="):
			w = word{text: text[len("--output="):], whole: args[i].whole}
		case short && text[1] == 'o':
			w = word{text: text[2:], whole: args[i].whole}
		default:
			continue
		}
		found = true
		if dir != "" && !path.IsAbs(w.text) {
			w.text = dir + w.text
		}
		if w.text != "-" {
			sh.write(w, File, "it is fetched")
		}
	}
	if found || !flagged(args, "OJ", "remote-name", "remote-name-all", "remote-header-name") {
		return
	}
	for _, w := range operands(args, values) {
		name, ok := urlName(w)
		if !ok || flagged(args, "J", "remote-header-name") {
			p, _ := sh.path(plainWord(dir + "."))
			sh.open(p, every, "fetches a file whose name is known only when the image is built")
			continue
		}
		sh.write(plainWord(dir+name), File, "it is fetched")
	}
}

func wget(sh *shell, args []word) {
	if w, ok := option(args, 'O', "output-document"); ok {
		if w.text != "-" {
			sh.write(w, File, "it is fetched")
		}
		return
	}
	dir := "."
	if w, ok := option(args, 'P', "directory-prefix"); ok {
		if !w.whole {
			p, _ := sh.path(w)
			sh.open(p, every, "fetches into it")
			return
		}
		dir = w.text
	}
	if flagged(args, "", "spider", "version") {
		return
	}
	for _, w := range operands(args, "-o -a -t -T -w -U -P --header --tries --timeout --user-agent --user --password --output-file") {
		name, ok := urlName(w)
		if !ok || flagged(args, "rmi", "recursive", "mirror", "input-file", "content-disposition") {
			p, _ := sh.path(plainWord(dir))
			sh.open(p, every, "fetches a file whose name is known only when the image is built")
			continue
		}
		sh.write(plainWord(dir+"/"+name), File, "it is fetched")
	}
}

// unpack is tar.
func unpack(sh *shell, args []word) {
	mode := ""
	if len(args) > 1 {
		mode = strings.TrimLeft(args[1].text, "-")
	}
	extracts := flagged(args, "x", "extract", "get") || !strings.HasPrefix(args[min(1, len(args)-1)].text, "-") && strings.Contains(mode, "x")
	if !extracts {
		if w, ok := option(args, 'f', "file"); ok && w.text != "-" {
			sh.write(w, File, "it is packed")
		} else if w, ok := secondOf(args); ok && w.text != "-" && strings.Contains(mode, "f") {
			sh.write(w, File, "it is packed")
		}
		return
	}
	dir, ok := option(args, 'C', "directory")
	if !ok {
		if dir, ok = option(args, 0, "one-top-level"); !ok {
			dir = plainWord(".")
		}
	}
	p, _ := sh.path(dir)
	sh.open(p, every, "unpacks an archive into it, which is not read")
	if flagged(args, "P", "absolute-names") {
		sh.anything("tar with absolute names")
	}
}

func secondOf(args []word) (word, bool) {
	if len(args) > 2 {
		return args[2], true
	}
	return word{}, false
}

func unzip(sh *shell, args []word) {
	if flagged(args, "lptvZ") {
		return
	}
	dir, ok := option(args, 'd', "")
	if !ok {
		dir = plainWord(".")
	}
	p, _ := sh.path(dir)
	sh.open(p, every, "unpacks an archive into it, which is not read")
}

func git(sh *shell, args []word) {
	rest := args
	for len(rest) > 1 && strings.HasPrefix(rest[1].text, "-") {
		skip := 1
		if rest[1].text == "-C" || rest[1].text == "-c" {
			skip = 2
		}
		if rest[1].text == "-C" && len(rest) > 2 {
			sub := sh.sub()
			if p, whole := sh.path(rest[2]); whole {
				sub.cwd = p
			} else {
				sub.cwd = ""
			}
			sh = sub
		}
		rest = append([]word{rest[0]}, rest[min(1+skip, len(rest)):]...)
	}
	if len(rest) < 2 {
		return
	}
	switch rest[1].text {
	case "clone":
		words := operands(rest[1:], "-b -o -u -c -j --branch --origin --depth --reference --separate-git-dir --config --filter --jobs --template --shallow-since")
		switch {
		case len(words) >= 2:
			sh.write(words[1], Folder, "a repository is cloned into it")
			p, _ := sh.path(words[1])
			sh.open(p, every, "clones a repository into it")
		case len(words) == 1 && words[0].whole:
			name := strings.TrimSuffix(path.Base(strings.TrimSuffix(words[0].text, "/")), ".git")
			if i := strings.LastIndex(name, ":"); i >= 0 {
				name = name[i+1:]
			}
			sh.write(plainWord(name), Folder, "a repository is cloned into it")
			p, _ := sh.path(plainWord(name))
			sh.open(p, every, "clones a repository into it")
		default:
			p, _ := sh.path(plainWord("."))
			sh.open(p, every, "clones a repository")
		}
	case "config", "log", "rev-parse", "describe", "status", "diff", "show", "ls-files", "ls-remote", "remote", "fetch", "tag", "branch", "gc", "--version", "rev-list", "add", "commit":
	default:
		p, _ := sh.path(plainWord("."))
		sh.open(p, every, "runs git, which may change what is in it")
		sh.add(dropped{p, "git may change it"})
	}
}
