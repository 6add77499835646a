package missingfile

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
)

// lying takes the code that lies in an image file by file: something loads it,
// or it would not have been copied. Of TypeScript that is so only where what
// runs can load it.
func (w *walk) lying() {
	b, img := w.occasion.Build, w.occasion.Build.Image()
	name, _ := tool(w.call)
	if name != "node" && name != "nodejs" && name != "tsx" && name != "ts-node" || takesAll(img) {
		return
	}
	typed := name != "node" && name != "nodejs" || slices.ContainsFunc(img.Env(), func(s fact.Supply) bool {
		return s.Name == "NODE_OPTIONS" && s.Value.Origin == fact.Literal && strings.Contains(s.Value.Reveal(), "strip-types")
	})
	n := 0
	for _, file := range b.Files() {
		switch path.Ext(file) {
		case ".js", ".mjs", ".cjs":
		case ".ts", ".mts", ".cts":
			if !typed {
				continue
			}
		default:
			continue
		}
		if aside := strings.ToLower("/" + file); strings.HasSuffix(file, ".d.ts") || strings.Contains(aside, ".config.") || untold.MatchString(aside) {
			continue
		}
		if n++; n > maxUnits {
			return
		}
		if places := img.Landings(file); len(places) == 1 {
			w.visit(unit{file, places[0].Path, true, false})
		}
	}
}

// untold are files that images have and nothing loads.
var untold = regexp.MustCompile(`/(tests?|__tests__|specs?|e2e|stories|__mocks__|mocks|fixtures|examples?|docs?|bench|public|static|assets|dist|build|client|frontend|web|www)/|[._-](test|spec|stories|bench)\.[cm]?[jt]s$|eslint|prettier|jest|vitest|karma|gulpfile|gruntfile`)

// bundling are the tools that take all code of the folder that they are called
// in: those that compile each file of it, and those that begin with an entry.
var (
	compiling = []string{"tsc", "vue-tsc", "nest"}
	bundling  = []string{"next", "vite", "react-scripts", "vue-cli-service", "nuxt", "nuxi", "astro", "ng", "webpack", "rollup", "gatsby", "remix", "rsbuild", "craco", "gulp"}
)

// aside are the files that no build takes.
func spared(file string) bool {
	return strings.HasSuffix(file, ".d.ts") || slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(file), func(r rune) bool {
		return r == '/' || r == '.' || r == '-' || r == '_'
	}), func(part string) bool {
		switch part {
		case "test", "tests", "spec", "specs", "e2e", "stories", "story", "storybook", "cypress", "playwright", "mock", "mocks", "fixtures", "fixture", "jest", "vitest",
			"testcontainers", "testutil", "testutils", "testing", "example", "examples", "docs", "scripts", "script", "bin", "tools", "node", "modules", "node_modules", "vendor", "dist", "build", "coverage", "bench", "eslint", "eslintrc", "karma", "protractor", "dev", "seed", "seeds":
			return true
		}
		return false
	})
}

// tools takes the code that compilers and bundlers take, and the configuration
// that programs which run in the image load.
func (w *walk) tools() {
	name, args := tool(w.call)
	verb := work{name: name, args: args}
	b := w.occasion.Build
	if w.occasion.Moment == ledger.Starting {
		if slices.Contains(bundling, name) || name == "knex" || name == "sequelize" || name == "prisma" || name == "drizzle-kit" {
			for _, config := range []string{name + ".config", "knexfile"} {
				for _, ending := range []string{".js", ".mjs", ".cjs", ".ts", ".mts"} {
					p := path.Join(w.call.Dir, config+ending)
					w.begin(w.call.Looks(p), []string{p})
				}
			}
		}
		return
	}
	switch {
	case slices.Contains(compiling, name):
		w.compiled = !verb.flag("-p", "--project", "-b", "--build") && (name != "nest" || verb.verb("build"))
		if name != "nest" && len(args) > 0 && !w.compiled || verb.flag("--version", "-v", "--init", "--help") {
			return
		}
	case slices.Contains(bundling, name) && (verb.verb("build", "generate") || name == "webpack" || name == "rollup" || name == "gulp"):
	default:
		return
	}
	dir, ok := w.call.Image().Origin(w.call.Dir)
	if !ok {
		return
	}
	prefix := path.Clean(dir) + "/"
	if prefix == "./" {
		prefix = ""
	}
	files := b.Files()
	n := 0
	for i, _ := slices.BinarySearch(files, prefix); i < len(files) && strings.HasPrefix(files[i], prefix); i++ {
		inside := files[i][len(prefix):]
		switch path.Ext(inside) {
		case ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".mts", ".vue", ".svelte":
		default:
			continue
		}
		if n++; n > maxUnits {
			break
		}
		config := !strings.Contains(inside, "/") && strings.HasPrefix(inside, name+".config")
		if !config && (!strings.Contains(inside, "/") || spared(inside)) {
			continue // at the root stand the configurations of tools
		}
		p := path.Join(w.call.Dir, inside)
		if a := w.call.Looks(p); a.State == image.Present && a.From == files[i] {
			w.visit(unit{files[i], p, true, config})
		}
	}
}
