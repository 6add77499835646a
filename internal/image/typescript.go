package image

import (
	"encoding/json"
	"path"
	"strings"

	"github.com/tidwall/jsonc"
)

// typescript is tsc: where its configuration says which folders it writes to, it
// writes nowhere else (https://www.typescriptlang.org/docs/handbook/compiler-options.html).
func typescript(sh *shell, args []word) {
	file, known := "tsconfig.json", true
	out := map[string]string{} // by option, from the folder that tsc runs in
	for i := 1; i < len(args); i++ {
		option, value, given := strings.Cut(strings.TrimLeft(args[i].text, "-"), "=")
		if !given && i+1 < len(args) && !strings.HasPrefix(args[i+1].text, "-") {
			value = args[i+1].text
		}
		switch {
		case !args[i].whole:
			known = false
		case !strings.HasPrefix(args[i].text, "-"):
			known = known && i > 1 && strings.HasPrefix(args[i-1].text, "-") // the value of an option, else a file
		case option == "p" || option == "project":
			file = value
		case option == "outDir" || option == "declarationDir" || option == "tsBuildInfoFile" || option == "outFile":
			out[option] = value
		case option == "b" || option == "build":
			known = false // it writes where each project that is referred to says
		}
	}
	if !known || sh.cwd == "" {
		tool(sh, args)
		return
	}
	if path.Ext(file) != ".json" {
		file = path.Join(file, "tsconfig.json")
	}
	left := maxConfigs
	config, ok := sh.emission(file, &left)
	if out["outDir"] == "" && config["outDir"] == "" && out["outFile"] == "" && config["outFile"] == "" && config["noEmit"] == "" || !ok {
		tool(sh, args)
		return
	}
	for option, dir := range config {
		if out[option] == "" && option != "noEmit" {
			out[option] = dir
		}
	}
	if config["noEmit"] != "" && out["outDir"] == "" {
		return
	}
	for _, to := range out {
		p, whole := sh.path(plainWord(to))
		if !whole || strings.Contains(to, "$") {
			tool(sh, args)
			return
		}
		sh.open(p, tools, "runs tsc, which writes there")
	}
	if config["tsBuildInfoFile"] == "" {
		// It lies in outDir, or beside the configuration.
		p, _ := sh.path(plainWord(strings.TrimSuffix(file, ".json") + ".tsbuildinfo"))
		sh.open(p, none, "runs tsc, which may write it")
	}
}

// maxConfigs is how many files one tsconfig.json may be laid over in all.
const maxConfigs = 20

// emission returns the options of a tsconfig.json that say where files are
// written to, from the folder that the shell is in. It is false where they are
// not known.
func (sh *shell) emission(file string, left *int) (map[string]string, bool) {
	if *left--; *left < 0 {
		return nil, false
	}
	data, _, ok := sh.read(file)
	var config struct {
		Extends         json.RawMessage
		CompilerOptions struct {
			OutDir, OutFile, DeclarationDir, TSBuildInfoFile string
			NoEmit                                           *bool
		}
	}
	if !ok || json.Unmarshal(jsonc.ToJSON(data), &config) != nil {
		return nil, false
	}
	all := map[string]string{}
	var one string
	var bases []string
	if json.Unmarshal(config.Extends, &one) == nil && one != "" {
		bases = []string{one}
	} else if config.Extends != nil && json.Unmarshal(config.Extends, &bases) != nil {
		return nil, false
	}
	for _, base := range bases {
		if !strings.HasPrefix(base, ".") {
			continue // a package knows nothing of the folders of this project
		}
		if path.Ext(base) != ".json" {
			base += ".json"
		}
		below, ok := sh.emission(path.Join(path.Dir(file), base), left)
		if !ok {
			return nil, false
		}
		for option, dir := range below {
			all[option] = dir
		}
	}
	o := config.CompilerOptions
	for option, dir := range map[string]string{"outDir": o.OutDir, "outFile": o.OutFile, "declarationDir": o.DeclarationDir, "tsBuildInfoFile": o.TSBuildInfoFile} {
		if dir != "" {
			all[option] = path.Join(path.Dir(file), dir)
		}
	}
	if o.NoEmit != nil {
		delete(all, "noEmit")
		if *o.NoEmit {
			all["noEmit"] = "true"
		}
	}
	return all, true
}
