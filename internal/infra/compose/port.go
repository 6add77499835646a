package compose

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// The bounds on ranges of ports: on one, and on all of a file. A longer one is
// told by its first port.
const (
	maxRange  = 256
	maxSpread = 1 << 14
)

// ports returns the ports that a service publishes, in the short and in the
// long form.
func (r *reader) ports(n *yaml.Node) []fact.Port {
	var all []fact.Port
	for _, item := range n.Items() {
		if !item.IsMap() {
			published, target := split(r.text(item))
			all = append(all, r.span(published, target, item.At)...)
			continue
		}
		ports := r.span(r.text(item.Get("published")), r.text(item.Get("target")), item.At)
		for i := range ports {
			ports[i].Name = r.text(item.Get("name"))
			ports[i].TargetAt = first(item.Get("target").Place(), item.At)
		}
		all = append(all, ports...)
	}
	return all
}

func (r *reader) exposed(n *yaml.Node) []fact.Port {
	var all []fact.Port
	for _, item := range n.Items() {
		all = append(all, r.span("", strings.Split(r.text(item), "/")[0], item.At)...)
	}
	return all
}

// split takes [[ADDRESS:]PUBLISHED:]TARGET[/PROTOCOL] apart.
func split(text string) (published, target string) {
	text, _, _ = strings.Cut(text, "/")
	i := lastColon(text)
	if i < 0 {
		return "", text
	}
	published, target = text[:i], text[i+1:]
	return published[lastColon(published)+1:], target
}

// lastColon returns the index of the last colon that stands in no ${…}.
func lastColon(text string) int {
	depth := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case '}':
			depth++
		case '{':
			depth--
		case ':':
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// span returns the ports of a range, or the one. What is no number (a variable
// without a default) is told as 0.
func (r *reader) span(published, target string, at source.Span) []fact.Port {
	low, high := ends(target)
	from, to := ends(published)
	if high-low >= maxRange || r.spread > maxSpread {
		r.unread(at, "a range of ports of which only the first is read")
		high = low
	}
	if from != 0 && to-from != high-low {
		high = low // one port of the machine, or any, for several of the container
	}
	r.spread += high - low
	var all []fact.Port
	for i := range high - low + 1 {
		port := fact.Port{Number: low + i, Target: low + i, At: at, TargetAt: at}
		if from != 0 {
			port.Published = from + i
		}
		if low == 0 {
			port.TargetRef = target
		}
		all = append(all, port)
	}
	return all
}

func ends(text string) (low, high int) {
	a, b, ranged := strings.Cut(text, "-")
	low, ok := yaml.Number(a)
	if !ok || low < 1 || low > 65535 {
		return 0, 0
	}
	if !ranged {
		return low, low
	}
	high, ok = yaml.Number(b)
	if !ok || high < low || high > 65535 {
		return low, low
	}
	return low, high
}
