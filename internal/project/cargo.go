package project

import (
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// cargo takes in what a Cargo.toml says of a package besides its name: the
// packages that it depends on, which may be of the same tree, and the programs
// that it builds beside src/main.rs
// (https://doc.rust-lang.org/cargo/reference/manifest.html).
func (d *discovery) cargo(c *Component, data []byte) {
	var manifest struct {
		Dependencies map[string]any `toml:"dependencies"`
		Bin          []struct{ Path string }
	}
	if toml.Unmarshal(data, &manifest) != nil {
		return // what is wrong with it has been said
	}
	for name, how := range manifest.Dependencies {
		if table, ok := how.(map[string]any); ok {
			if renamed, ok := table["package"].(string); ok {
				name = renamed
			}
		}
		c.depends = append(c.depends, name)
	}
	slices.Sort(c.depends)
	dir := dirOf(c.Manifest)
	for _, bin := range manifest.Bin {
		if file := d.exists(path.Join(dir, bin.Path)); file != "" && bin.Path != "" && !slices.Contains(c.Entry, file) {
			c.Entry = append(c.Entry, file)
		}
	}
	for _, f := range d.Files {
		in, ok := strings.CutPrefix(f.Path, join(dir, "src/bin/"))
		if ok && f.Code() && path.Ext(in) == ".rs" && (!strings.Contains(in, "/") || strings.HasSuffix(in, "/main.rs")) {
			c.Entry = append(c.Entry, f.Path)
		}
	}
}
