package demand

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/image"
)

// use is what a program takes its arguments for.
type use struct {
	values  string   // the options whose value is the next word
	stop    string   // with one of these options, no operand is a file
	first   bool     // the first operand is a file that it runs
	all     bool     // all operands are files
	most    bool     // all operands but the last are files
	behind  bool     // all operands but the first are files
	folder  bool     // what is asked for is a folder
	options string   // the options whose value is a file; those that end in = have it in the same word
	endings []string // what may stand behind the name of the file
	what    string
}

// uses is by the programs' manuals: the Node.js documentation ("Command-line
// API", "Modules"), docs.python.org ("Command line and environment"), the
// manual pages of the others.
var uses = map[string]use{
	"cd": {first: true, folder: true, what: "the shell changes into it"}, "pushd": {first: true, folder: true, what: "the shell changes into it"},
	".": {first: true, what: "the shell reads it"}, "source": {first: true, what: "the shell reads it"}, "<": {all: true, what: "it is read"},
	"sh": shells, "bash": shells, "ash": shells, "dash": shells, "zsh": shells,

	"node": nodes, "nodejs": nodes,
	"nodemon": {values: "--exec -x -e --ext --ignore -i --watch -w --delay -d --signal", stop: "--exec -x", first: true, endings: modules, what: "nodemon runs it"},
	"ts-node": typed, "ts-node-dev": typed, "tsx": typed,
	"pm2-runtime": {values: "-i --name -n --max-memory-restart --env --node-args", first: true, endings: []string{""}, what: "pm2 runs it"},
	"python":      {values: "-W -X", stop: "-c -m -V --version -", first: true, endings: []string{"", "/__main__.py"}, what: "python runs it"},
	"ruby":        {values: "-r -I -C -E", stop: "-e -v --version -S", first: true, what: "ruby runs it"},
	"perl":        {values: "-I", stop: "-e -E -v -n -p", first: true, what: "perl runs it"},
	"php":         {values: "-d -c -t -S", stop: "-r -v -m -i --version -S -a", first: true, what: "php runs it"},
	"java":        {values: "-cp -classpath --class-path -p --module-path -m --add-opens --add-exports --add-modules", stop: "-cp -classpath --class-path -m -version --version", options: "-jar", what: "java runs it"},
	"dotnet":      {first: true, what: "dotnet runs it"},
	"deno":        {}, "uwsgi": {options: "--ini --yaml --json --xml --ini= --yaml=", what: "uwsgi reads it"},

	"nginx": {options: "-c", what: "nginx reads it"}, "supervisord": {options: "-c --configuration --configuration=", what: "supervisord reads it"},
	"gunicorn": {options: "-c --config --config=", what: "gunicorn reads it"}, "haproxy": {options: "-f", what: "haproxy reads it"},
	"caddy": {options: "--config --config=", what: "caddy reads it"}, "envoy": {options: "-c --config-path --config-path=", what: "envoy reads it"},
	"alembic": {options: "-c --config", what: "alembic reads it"}, "crontab": {values: "-u", stop: "-l -r -e -", first: true, what: "crontab reads it"},

	"cat": {all: true, what: "cat reads it"}, "chmod": {stop: "-f --quiet --silent --reference", behind: true, what: "chmod changes it"},
	"dos2unix": {all: true, what: "dos2unix changes it"}, "cp": {stop: "-t --target-directory --parents", most: true, what: "it is copied"},
	"mv": {stop: "-t --target-directory", most: true, what: "it is moved"}, "psql": {options: "-f --file --file=", what: "psql runs it"},
	"pip": {options: "-r --requirement --requirement= -c --constraint", what: "pip reads it"},
	"apk": {}, "tar": {},
}

var modules = []string{"", ".js", ".json", ".node", "/index.js", "/index.json", "/package.json"}

var (
	shells = use{values: "-o +o -O -eo -euo -exo -euxo -exuo -xeo -xeuo -ueo -uxo -xuo -uo -xo -lo -leo", stop: "-c -s", first: true, what: "the shell runs it"}
	nodes  = use{
		values: "-r --require -C --conditions --import --loader --experimental-loader --inspect-port --title --icu-data-dir --openssl-config --disable-warning",
		stop:   "-e --eval -p --print -v --version --run -i --interactive - -h --help --test",
		first:  true, endings: append([]string{".mjs", ".cjs"}, modules...), options: "--env-file=", what: "node runs it",
	}
	typed = use{
		values: "-P --project -r --require -O --compiler-options -C --compiler --ignore -I -D --tsconfig --import --loader", stop: "-e --eval -p --print -v --version - watch",
		first: true, endings: append([]string{".ts", ".tsx", ".mts", "/index.ts"}, modules...), what: "it is run",
	}
)

// of returns what a call of the program asks for.
func (u use) of(c image.Call) []Demand {
	var operands, files []image.Arg
	stopped := false
	args := c.Args[1:]
	for i := 0; i < len(args); i++ {
		text := args[i].Text
		option, value, given := strings.Cut(text, "=")
		switch {
		case text == "--":
			operands = append(operands, args[i+1:]...)
			i = len(args)
		case has(u.stop, text) || given && has(u.stop, option) || short(u.stop, text):
			stopped = true
		case given && has(u.options, option+"="):
			files = append(files, image.Arg{Text: value, Whole: args[i].Whole})
		case has(u.options, text):
			if i++; i < len(args) {
				files = append(files, args[i])
			}
		case has(u.values, text):
			i++
		case strings.HasPrefix(text, "-") && len(text) > 1, strings.HasPrefix(text, "+") && len(text) > 1:
			if !args[i].Whole && strings.HasPrefix(text, "-") {
				stopped = true // what is not known may be an option and its value
			}
		case !args[i].Whole && text == "":
			// A variable may be any number of words.
			if u.first && len(operands) == 0 {
				stopped = true
			}
			operands = append(operands, args[i])
		default:
			operands = append(operands, args[i])
		}
	}
	if !stopped && len(operands) > 0 {
		switch {
		case u.first:
			files = append(files, operands[0])
		case u.all:
			files = append(files, operands...)
		case u.most:
			files = append(files, operands[:len(operands)-1]...)
		case u.behind:
			files = append(files, operands[1:]...)
		}
	}
	var all []Demand
	for _, f := range files {
		if d, ok := u.demand(c, f); ok {
			all = append(all, d)
		}
	}
	return all
}

func (u use) demand(c image.Call, f image.Arg) (Demand, bool) {
	p, ok := absolute(c, f.Text)
	if !f.Whole || !ok || p == "/" || strings.HasPrefix(p, "/dev/") || strings.HasPrefix(p, "/proc/") || strings.Contains(f.Text, "://") {
		return Demand{}, false
	}
	name := path.Base(c.Args[0].Text)
	if u.first && !u.folder {
		if name == "dotnet" && path.Ext(p) != ".dll" || (name == "." || name == "source") && !strings.Contains(f.Text, "/") {
			return Demand{}, false
		}
		if path.Base(p) == "." || f.Text == "." {
			return Demand{}, false
		}
	}
	d := Demand{Call: c, Name: f.Text, Folder: u.folder, What: u.what}
	endings := u.endings
	if endings == nil || path.Ext(p) != "" && slices.Contains([]string{".js", ".mjs", ".cjs", ".ts", ".py"}, path.Ext(p)) {
		endings = []string{""}
	}
	for _, e := range endings {
		d.Paths = append(d.Paths, p+e)
	}
	return d, true
}

func has(options, text string) bool {
	return text != "" && strings.Contains(" "+options+" ", " "+text+" ")
}

// short reports whether an option of one letter stands among others: -ec.
func short(options, text string) bool {
	if len(text) < 3 || text[0] != '-' || text[1] == '-' || strings.Contains(text, "=") {
		return false
	}
	last := "-" + text[len(text)-1:]
	return has(options, last) && strings.Trim(text[1:], "abcdefghijklmnopqrstuvwxyz") == ""
}
