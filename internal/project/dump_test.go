package project

import (
	"fmt"
	"strings"
)

// dump writes what a test compares.
func dump(p *Project) string {
	var out strings.Builder
	for _, c := range p.Components {
		kind := ""
		if c.Library {
			kind = " (library)"
		}
		fmt.Fprintf(&out, "component %s%s\n", c.Name, kind)
		line := func(name string, values ...string) {
			if text := strings.Join(values, " "); text != "" {
				fmt.Fprintf(&out, "  %s: %s\n", name, text)
			}
		}
		line("dir", c.Dir)
		line("language", c.Language)
		line("package", c.Package)
		line("manifest", c.Manifest)
		line("entry", c.Entry...)
		line("dockerfiles", c.Dockerfiles...)
		line("local", command(c.Start.Local))
		line("production", command(c.Start.Production))
		for _, proc := range c.Processes {
			line("process "+proc.Name, command(proc.Command))
		}
		for _, d := range p.LocalDotenvs(c) {
			line("dotenv", d.File.Path)
		}
		var files []string
		for _, f := range c.Files {
			files = append(files, f.Path)
		}
		line("files", files...)
	}
	for _, u := range p.Unread {
		fmt.Fprintf(&out, "unread %s:%d: %s\n", u.At.File, u.At.Line, u.Reason)
	}
	return out.String()
}

func command(c Command) string {
	if c.IsZero() {
		return ""
	}
	text := fmt.Sprintf("%q in %s, said at %s:%d", c.Text, c.Dir, c.At.File, c.At.Line)
	if c.Argv == nil {
		text += ", by a shell"
	}
	for _, s := range c.Env {
		text += ", sets " + s.Name
	}
	if len(c.EnvFiles) > 0 {
		text += ", loads " + strings.Join(c.EnvFiles, " ")
	}
	return text
}
