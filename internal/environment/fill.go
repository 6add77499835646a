package environment

import (
	"path"
	"strings"

	"rehearse/internal/fact"
)

// fill gives the names of images and Dockerfiles in compose files the values
// that the .env file beside them has, as compose does when it starts
// (Docker documentation, "Interpolation"). What has no value there stays as it
// is written: it is not known.
func fill(definitions []fact.Definition) {
	beside := map[string]map[string]string{} // by folder
	for _, d := range definitions {
		if d.Format != Dotenv || path.Base(d.File) != ".env" {
			continue
		}
		values := map[string]string{}
		for _, set := range d.Sets {
			for _, s := range set.Supplies {
				values[s.Name] = s.Value.Reveal()
			}
		}
		beside[path.Dir(d.File)] = values
	}
	for _, d := range definitions {
		if d.Format != Compose {
			continue
		}
		values := beside[path.Dir(d.File)]
		for i := range d.Workloads {
			w := &d.Workloads[i]
			w.Image = expand(w.Image, values)
			if w.Build == nil || !strings.Contains(w.Build.Dockerfile+w.Build.Context+w.Build.Target, "$") {
				continue
			}
			b := *w.Build
			b.Context = path.Clean(expand(b.Context, values))
			b.Dockerfile = path.Clean(expand(b.Dockerfile, values))
			b.Target = expand(b.Target, values)
			w.Build = &b
		}
	}
}

// expand fills in $NAME, ${NAME}, ${NAME:-default} and ${NAME-default}
// (Compose specification, "Interpolation"). What it cannot fill in it leaves.
func expand(text string, values map[string]string) string {
	var b strings.Builder
	for {
		at := strings.IndexByte(text, '$')
		if at < 0 || at+1 == len(text) {
			return b.String() + text
		}
		b.WriteString(text[:at])
		name, rest, fallback, braced := text[at+1:], "", "", text[at+1] == '{'
		if braced {
			end := strings.IndexByte(name, '}')
			if end < 0 {
				return b.String() + text[at:]
			}
			name, rest = name[1:end], name[end+1:]
		}
		end := strings.IndexFunc(name, func(r rune) bool {
			return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		})
		tail := ""
		if end >= 0 {
			name, tail = name[:end], name[end:]
		}
		if braced {
			fallback = strings.TrimPrefix(strings.TrimPrefix(tail, ":"), "-")
		} else {
			rest = tail
		}
		value, ok := values[name]
		switch {
		case ok && value != "":
			b.WriteString(value)
		case braced && strings.HasPrefix(strings.TrimPrefix(tail, ":"), "-") && !strings.Contains(fallback, "$"):
			b.WriteString(fallback)
		case name == "":
			b.WriteByte('$')
		default:
			b.WriteString(text[at : len(text)-len(rest)])
		}
		text = rest
		if name == "" && !braced {
			text = tail
		}
	}
}
