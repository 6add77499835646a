package compose

import (
	"path"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// mounts returns what is put into the filesystem of a service: volumes, tmpfs,
// configs and secrets.
func (r *reader) mounts(s *yaml.Node) []fact.Mount {
	var all []fact.Mount
	for _, item := range s.Get("volumes").Items() {
		if item.IsMap() {
			all = append(all, r.long(item))
		} else {
			all = append(all, r.short(r.text(item), item.At))
		}
	}
	tmpfs := s.Get("tmpfs")
	items := tmpfs.Items()
	if tmpfs.IsScalar() {
		items = []*yaml.Node{tmpfs}
	}
	for _, item := range items {
		target, _, _ := strings.Cut(r.text(item), ":")
		all = append(all, fact.Mount{Path: target, Kind: "tmpfs", At: item.At})
	}
	for i := range all {
		if path.IsAbs(all[i].Path) {
			all[i].Path = path.Clean(all[i].Path)
		}
	}
	for _, granted := range []struct{ key, dir string }{{"secrets", "/run/secrets/"}, {"configs", "/"}} {
		for _, item := range s.Get(granted.key).Items() {
			all = append(all, r.granted(item, granted.key, granted.dir))
		}
	}
	return all
}

// short reads [SOURCE:]TARGET[:MODE].
func (r *reader) short(text string, at source.Span) fact.Mount {
	m := fact.Mount{At: at, Kind: "volume"}
	parts := fields(text)
	if len(parts) == 1 {
		m.Path = parts[0]
		return m // a volume without a name: another container does not find it again
	}
	m.Source, m.Path, m.Persistent = parts[0], parts[1], true
	if len(parts) > 2 {
		for _, option := range strings.Split(parts[2], ",") {
			m.ReadOnly = m.ReadOnly || option == "ro"
		}
	}
	if strings.IndexAny(m.Source, "./~") == 0 || strings.HasPrefix(m.Source, "${") || strings.Contains(m.Source, "\\") {
		m.Kind, m.Source = "bind", r.path(m.Source)
	}
	return m
}

// fields splits at the colons that stand neither in ${…} nor behind a single
// letter, which compose takes for a drive.
func fields(text string) []string {
	var parts []string
	depth, begin := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ':':
			drive := i == begin+1 && (text[begin]|0x20 >= 'a' && text[begin]|0x20 <= 'z')
			if depth == 0 && !drive {
				parts = append(parts, text[begin:i])
				begin = i + 1
			}
		}
	}
	return append(parts, text[begin:])
}

func (r *reader) long(n *yaml.Node) fact.Mount {
	m := fact.Mount{
		Kind: r.text(n.Get("type")), Source: r.text(n.Get("source")), Path: r.text(n.Get("target")),
		ReadOnly: n.Get("read_only").True(), At: n.At,
	}
	switch m.Kind {
	case "bind":
		m.Source, m.Persistent = r.path(m.Source), true
	case "volume", "":
		m.Kind, m.Persistent = "volume", m.Source != ""
	case "tmpfs":
	default:
		m.Kind, m.Persistent = "other", true
	}
	return m
}

// granted reads an entry of secrets or configs, whose source stands at the top
// of the file.
func (r *reader) granted(n *yaml.Node, key, dir string) fact.Mount {
	name, target := r.text(n), ""
	if n.IsMap() {
		name, target = r.text(n.Get("source")), r.text(n.Get("target"))
	}
	if target == "" {
		target = name
	}
	if !strings.HasPrefix(target, "/") {
		target = dir + target
	}
	m := fact.Mount{Path: target, Source: name, Kind: "set", ReadOnly: true, At: n.At}
	if file := r.root.Get(key, name, "file"); file.IsScalar() {
		m.Source, m.Kind = r.path(r.text(file)), "bind"
	}
	return m
}
