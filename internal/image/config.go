package image

import (
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// WorkDir returns the working directory; "" where the base image decides and
// is not known.
func (i *Image) WorkDir() string {
	for s := i.stage; s != nil; s = s.parent {
		if s.WorkDir != "" {
			return s.WorkDir
		}
	}
	b := i.stage.root().base
	switch dir := b.field("workdir"); {
	case dir != nil:
		return dir[0]
	case b.system != nil:
		return "/"
	}
	return ""
}

// RunsAs returns the user that the image starts as, and whether it is known;
// it is root where nothing sets it.
func (i *Image) RunsAs() (user string, known bool) {
	if i.stage.User != "" {
		return i.stage.User, !strings.Contains(i.stage.User, "$")
	}
	if user := i.stage.before(); i.stage.parent != nil && user != "" {
		return user, !strings.Contains(user, "$")
	}
	return i.stage.root().base.runsAs()
}

// runsAs returns the user that a container of the image starts as, and whether
// that is known.
func (b *base) runsAs() (user string, known bool) {
	switch user := b.field("user"); {
	case user != nil:
		return user[0], true
	case b.system != nil && b.system.name == "distroless":
		_, tag, _ := split(b.reference)
		if strings.Contains(tag, "nonroot") {
			return "nonroot", true
		}
		return "root", true
	case b.system != nil:
		return "root", b.field("more") == nil
	}
	return "", false
}

// Start returns what the image executes: its entrypoint and its command in
// one. known is false where the base image decides and is not known; then argv
// holds what the stage itself says.
func (i *Image) Start() (argv []string, at source.Span, known bool) {
	entrypoint, cmd := i.stage.Entrypoint, i.stage.Cmd
	b := i.stage.root().base
	known = entrypoint != nil || b.image != nil && (b.field("more") == nil || b.field("plain") != nil || b.field("entrypoint") != nil) || b.system != nil && b.system.name == "scratch"
	if entrypoint == nil {
		entrypoint = b.field("entrypoint")
		if cmd == nil {
			cmd = b.field("cmd")
			for n := range cmd {
				cmd = slices.Clone(cmd)
				cmd[n] = strings.ReplaceAll(cmd[n], "_", " ")
			}
		}
	}
	at = i.stage.StartAt
	if at.IsZero() {
		at = i.stage.At
	}
	return slices.Concat(entrypoint, cmd), at, known
}

// Entrypoint returns the entrypoint of the image; nil where it has none. known
// is false where the base image decides and is not known.
func (i *Image) Entrypoint() (argv []string, known bool) {
	if i.stage.Entrypoint != nil {
		return i.stage.Entrypoint, true
	}
	_, _, known = i.Start()
	return i.stage.root().base.field("entrypoint"), known
}

// Exposes returns the ports that the stage declares, and those of its base
// image as far as they are known.
func (i *Image) Exposes() []fact.Port {
	ports := slices.Clone(i.stage.Expose)
	for _, p := range i.stage.root().base.field("expose") {
		n := 0
		for _, digit := range p {
			n = n*10 + int(digit-'0')
		}
		ports = append(ports, fact.Port{Number: n, At: i.stage.root().At})
	}
	return ports
}

// Env returns what is set in the image, without that of the base image.
func (i *Image) Env() []fact.Supply { return i.stage.Env }

// Definition returns the stage as the Dockerfile has it.
func (i *Image) Definition() fact.Stage { return i.stage.Stage }

// paths returns the folders that programs are looked for in. One that is not
// known has a dollar in it.
func (i *Image) paths() []string {
	b := i.stage.root().base
	below := defaultPath
	if b.system != nil {
		below = append(slices.Clip(b.field("path")), b.system.path...)
	} else {
		below = append([]string{"$"}, below...)
	}
	for _, s := range slices.Backward(i.stage.Env) {
		if s.Name != "PATH" {
			continue
		}
		if s.Value.Origin != fact.Literal && s.Value.Origin != fact.Template {
			return append([]string{"$"}, below...)
		}
		var all []string
		for _, dir := range strings.Split(strings.ReplaceAll(s.Value.Reveal(), "$$", "$"), ":") {
			if dir == "${PATH}" || dir == "$PATH" {
				all = append(all, below...)
			} else if dir != "" {
				all = append(all, dir)
			}
		}
		return all
	}
	return below
}
