package ledger

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"rehearse/internal/fact"
)

// hold gives what is written to a folder that the code has under a name the path
// which some other place of the component gives that name. What several places
// give differently, or none, is dropped: nothing is known of it.
func (c *Component) hold() {
	folders := map[string][]fact.Need{}
	for _, n := range c.Needs {
		if n.Kind == fact.Folder {
			folders[n.Held] = append(folders[n.Held], n)
		}
	}
	kept := c.Needs[:0]
	for _, n := range c.Needs {
		if n.Kind == fact.Folder {
			continue
		}
		if n.Held == "" || within(&n, folders[n.Held]) {
			kept = append(kept, n)
		}
	}
	c.Needs = kept
}

// maxFolders bounds the folders of one name that are compared. So many are not
// alike.
const maxFolders = 64

// within completes a need whose path begins in one of the folders.
func within(n *fact.Need, folders []fact.Need) bool {
	if len(folders) > maxFolders {
		return false
	}
	// Those of the same folder of code come first: they are of its package.
	near := slices.DeleteFunc(slices.Clone(folders), func(f fact.Need) bool { return path.Dir(f.At.File) != path.Dir(n.At.File) })
	if len(near) > 0 {
		folders = near
	}
	if len(folders) == 0 {
		return false
	}
	in := folders[0]
	for _, f := range folders[1:] {
		if f.Name != in.Name || f.Variable != in.Variable || f.Beside != in.Beside || f.Beside && path.Dir(f.At.File) != path.Dir(in.At.File) {
			return false
		}
	}
	name := in.Name
	if in.Beside {
		relative, err := filepath.Rel(path.Dir(n.At.File), path.Join(path.Dir(in.At.File), name))
		if err != nil {
			return false
		}
		name = "./" + filepath.ToSlash(relative)
	}
	if name != "" && n.Name != "" {
		if name = path.Join(name, n.Name); strings.HasSuffix(n.Name, "/") {
			name += "/"
		}
	}
	n.Name, n.Variable, n.Beside, n.Held = name, in.Variable, in.Beside, ""
	if in.Sort == "temporary" || in.Sort == "log" || n.Sort == "" {
		n.Sort = in.Sort
	}
	return true
}
