package image

import (
	"path"
	"strings"
)

// account is a user that a step adds or removes.
type account struct {
	name  string // "" where it is not known
	home  string // the folder that is made for it; "" where none is
	gone  bool
	maybe bool // it may be that no user is added
	why   string
}

func (e account) see(_ view, p string) verdict {
	if e.home == "" {
		return verdict{}
	}
	kind, ok := exists(e.home, p, Folder)
	if !ok {
		if under(e.home, p) && len(rest(e.home, p)) > 0 && rest(e.home, p)[0] == '.' {
			return verdict{says: adds, why: "it may be copied from /etc/skel"}
		}
		return verdict{}
	}
	return verdict{says: has, kind: kind, why: "it is the home of " + e.name}
}

// user answers of a user by name.
func (v view) user(name string) Answer {
	var maybe *Answer
	n := v.upto
	for s := v.stage; s != nil; s = s.parent {
		if s != v.stage {
			n = len(s.layers)
		}
		for i := min(n, len(s.layers)) - 1; i >= 0; i-- {
			l := &s.layers[i]
			u, ok := l.effect.(account)
			if w, open := l.effect.(opened); open && under(w.dir, "/etc/passwd") && strings.HasPrefix("/etc/passwd", w.begins) {
				u, ok = account{maybe: true, why: w.why}, true
			}
			if !ok || u.name != "" && u.name != name {
				continue
			}
			a := Answer{Why: u.why, At: l.at}
			switch {
			case u.maybe || l.maybe || u.name == "":
				if maybe == nil {
					maybe = &a
				}
				continue
			case maybe != nil:
				return *maybe
			case u.gone:
				a.State = Absent
			default:
				a.State = Present
			}
			return a
		}
	}
	root := v.stage.root()
	a := root.base.user(name, root.At)
	if a.State != Absent {
		return a
	}
	if maybe != nil {
		return *maybe
	}
	if passwd := v.find("/etc/passwd"); passwd.At != root.At {
		return Answer{Why: "/etc/passwd is replaced", At: passwd.At}
	}
	return a
}

func addUser(sh *shell, args []word) {
	name := path.Base(args[0].text)
	values := "-u -g -G -d -s -c -b -e -f -h -k -K -p -P -R -Z -m- --uid --gid --groups --home --home-dir --shell --comment --gecos --ingroup --base-dir --password --firstuid --lastuid"
	words := operands(args, values)
	if len(words) == 0 {
		return
	}
	w := words[0]
	if name == "useradd" {
		w = words[len(words)-1]
	}
	if !w.whole {
		sh.add(account{maybe: true, why: "a user whose name is known only when the image is built is added"})
		sh.open("/home", none, "adds a user")
		return
	}
	if name == "adduser" && len(words) > 1 && words[0].whole && sh.stage.now().user(words[0].text).State == Present {
		return // adduser USER GROUP
	}
	e := account{name: w.text, why: "it is added"}
	home, given := option(args, 'd', "home-dir")
	if name == "adduser" {
		if home, given = option(args, 'h', "home"); !given {
			home, given = option(args, 0, "home")
		}
	}
	makes := name == "useradd" && flagged(args, "m", "create-home") || name == "adduser" && !flagged(args, "H", "no-create-home")
	if flagged(args, "M", "no-create-home") {
		makes = false
	}
	if name == "useradd" && given && !flagged(args, "m", "create-home") {
		makes = false
	}
	if makes {
		e.home = "/home/" + w.text
		if given {
			p, whole := sh.path(home)
			if e.home = p; !whole {
				e.home = ""
				sh.open(p, none, "adds a user whose home is known only when the image is built")
			}
		} else if name == "adduser" && flagged(args, "S", "system") {
			e.home = ""
			sh.open("/home/"+w.text, none, "adds a user who may get a home")
		}
	}
	sh.add(e)
}

func dropUser(sh *shell, args []word) {
	for _, w := range operands(args, "--group") {
		if w.whole {
			sh.add(account{name: w.text, gone: true, why: "it is removed"})
		}
	}
	if flagged(args, "r", "remove", "remove-home", "remove-all-files") {
		sh.add(dropped{"/home", "a home may be removed"})
	}
}
