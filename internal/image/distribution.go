package image

import (
	"path"
	"strings"
)

// named returns the names among words, without versions, and whether there are
// others that are not known.
func named(all []word, version string) (names []string, more bool) {
	for _, w := range all {
		if !w.whole {
			more = true
			continue
		}
		name := w.text
		if i := strings.IndexAny(name, version); i > 0 {
			name = name[:i]
		}
		if name != "" {
			names = append(names, name)
		}
	}
	return names, more
}

// apt is apt-get and apt (https://manpages.debian.org/apt-get.8).
func apt(sh *shell, args []word) {
	words := operands(args, "-o -t -c --option --target-release --config-file --default-release")
	if len(words) == 0 {
		return
	}
	names, more := named(words[1:], "=")
	recommend := !flagged(args, "", "no-install-recommends")
	for _, a := range args {
		if value, ok := strings.CutPrefix(a.text, "APT::Install-Recommends="); ok {
			recommend = value != "0" && !strings.EqualFold(value, "false") && !strings.EqualFold(value, "no")
		}
	}
	switch words[0].text {
	case "install", "reinstall", "satisfy":
		kept := names[:0]
		for _, n := range names {
			switch {
			case strings.HasPrefix(n, "./") || strings.HasPrefix(n, "/") || strings.HasSuffix(n, ".deb"):
				more = true
			case strings.HasSuffix(n, "-") && len(n) > 1:
			default:
				n, _, _ = strings.Cut(n, "/")
				n, _, _ = strings.Cut(n, ":")
				kept = append(kept, n)
			}
		}
		sh.stage.install(sh, installed{manager: "apt", names: kept, more: more, recommend: recommend})
	case "remove", "purge", "autoremove", "auto-remove", "autopurge":
		if more {
			names = nil
		}
		if len(names) > 0 || more || strings.HasPrefix(words[0].text, "auto") {
			sh.stage.uninstall(sh, "apt", names, false)
		}
	case "upgrade", "update", "clean", "autoclean", "show", "list", "policy", "search", "download", "source", "changelog", "moo", "check", "full-upgrade", "dist-upgrade":
	default:
		sh.stage.install(sh, installed{manager: "apt", more: true})
	}
}

// apk is Alpine's (https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper).
func apk(sh *shell, args []word) {
	const values = "-t --virtual -X --repository -p --root --arch --wait --keys-dir --repositories-file --cache-dir --cache-max-age"
	words := operands(args, values)
	if len(words) == 0 {
		return
	}
	names, more := named(words[1:], "=<>~")
	kept := names[:0]
	for _, n := range names {
		switch {
		case strings.HasPrefix(n, "/") || strings.HasSuffix(n, ".apk"):
			more = true
		case strings.HasPrefix(n, "!"):
		default:
			n, _, _ = strings.Cut(n, "@")
			kept = append(kept, n)
		}
	}
	names = kept
	switch words[0].text {
	case "add":
		e := installed{manager: "apk", names: names, more: more}
		if w, ok := option(args, 't', "virtual"); ok {
			if e.group = w.text; !w.whole {
				e.group = "?"
			}
		}
		sh.stage.install(sh, e)
	case "del":
		if more || len(names) == 0 {
			names = nil
		}
		sh.stage.uninstall(sh, "apk", names, true)
	}
}

// dnf is dnf, yum and microdnf (https://dnf.readthedocs.io).
func dnf(sh *shell, args []word) {
	words := operands(args, "-c --config -d -e -x --exclude --enablerepo --disablerepo --releasever --setopt --installroot")
	if len(words) == 0 {
		return
	}
	names, more := named(words[1:], "")
	switch words[0].text {
	case "install", "reinstall", "localinstall", "groupinstall", "group", "module", "swap", "builddep":
		if words[0].text != "install" && words[0].text != "reinstall" {
			more = true
		}
		for _, n := range names {
			more = more || strings.ContainsAny(n, "/@") || strings.HasSuffix(n, ".rpm")
		}
		if flagged(args, "", "installroot") {
			sh.anything("dnf for another root")
			return
		}
		sh.stage.install(sh, installed{manager: "dnf", names: names, more: more})
	case "remove", "erase", "autoremove":
		if more {
			names = nil
		}
		sh.stage.uninstall(sh, "dnf", names, false)
	case "config-manager":
		sh.stage.foreign = true
	}
}

// localPackages is dpkg or rpm: what is in a file of a package is not known.
func localPackages(sh *shell, args []word) {
	manager := map[string]string{"dpkg": "apt", "rpm": "dnf"}[path.Base(args[0].text)]
	if flagged(args, "iUF", "install", "unpack", "upgrade") {
		sh.stage.install(sh, installed{manager: manager, more: true})
	} else if flagged(args, "rPe", "remove", "purge", "erase") {
		sh.stage.uninstall(sh, manager, nil, false)
	}
}

// sources gives the package manager another source.
func sources(sh *shell, _ []word) { sh.stage.foreign = true }

// unknownPackages is a package manager that the tables do not know.
func unknownPackages(sh *shell, args []word) {
	sh.stage.install(sh, installed{manager: path.Base(args[0].text), more: true})
	sh.open("/", every, "runs "+path.Base(args[0].text)+", whose packages are not known")
}
