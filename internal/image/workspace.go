package image

import (
	"path"
	"strings"
)

// maxWorkspaces is how many package.json are looked through for a workspace.
const maxWorkspaces = 200

// workspace returns the folder of the one workspace that a command of npm,
// yarn or pnpm is for, and the command as it would be given there
// (https://classic.yarnpkg.com/en/docs/cli/workspace,
// https://docs.npmjs.com/cli/using-npm/workspaces, https://pnpm.io/filtering).
func (sh *shell) workspace(args, words []word) (dir string, command []word, ok bool) {
	name := ""
	command = []word{args[0]}
	if len(words) > 1 && words[0].text == "workspace" && words[0].whole {
		name, command = words[1].text, append(command, words[2:]...)
	} else {
		for i := 1; i < len(args); i++ {
			text := args[i].text
			option, value, given := strings.Cut(text, "=")
			switch {
			case option != "-w" && option != "--workspace" && option != "--filter" && option != "-F":
				command = append(command, args[i])
				continue
			case !given && i+1 < len(args):
				i++
				value = args[i].text
			}
			if name != "" || strings.ContainsAny(value, "*{}[]!^.") && !strings.Contains(value, "/") {
				return "", nil, false
			}
			name = value
		}
	}
	if name == "" || len(command) < 2 || sh.cwd == "" {
		return "", nil, false
	}
	_, root, found := sh.read("package.json")
	if !found {
		return "", nil, false
	}
	top, n := path.Dir(root), 0
	for _, f := range sh.stage.model.context.files {
		inside, below := strings.CutPrefix(f.Path, top+"/")
		if top == "." {
			inside, below = f.Path, true
		}
		if !below || path.Base(f.Path) != "package.json" || f.Path == root || strings.Contains(f.Path, "node_modules/") {
			continue
		}
		if n++; n > maxWorkspaces {
			break
		}
		data, ok := sh.stage.model.context.read(f.Path)
		if !ok {
			continue
		}
		if m, ok := parseManifest(data); !ok || m.Name != name && path.Dir(inside) != path.Clean(name) {
			continue
		}
		dir = path.Join(sh.cwd, path.Dir(inside))
		return dir, command, sh.look(path.Join(dir, "package.json")).State == Present
	}
	return "", nil, false
}
