package link

import (
	"strings"
)

// roles are what a component is called by what it is, rather than by its name.
var roles = []string{"-service", "-server", "-api", "-app", "-backend"}

// sameName compares the name of a component with that of an image or workload,
// which may carry the project's name before it or a role behind it.
func sameName(component, name string) bool {
	component, name = strings.ToLower(component), strings.ToLower(name)
	if component == name {
		return true
	}
	// Of every workload each component is asked: most are done with here.
	if len(component) < 3 || !strings.Contains(name, component) {
		return false
	}
	for _, separator := range []string{"-", "_"} {
		for _, role := range []string{"", separator + "service", separator + "server", separator + "app", separator + "deployment"} {
			if name == component+role || strings.HasSuffix(name, separator+component+role) {
				return true
			}
		}
	}
	return false
}

// kin reports whether two names are one but for the role: auth-service and
// shop-auth-api.
func kin(component, name string) bool {
	component, name = bareName(component), bareName(name)
	return len(component) > 3 && (name == component || strings.HasSuffix(name, "-"+component))
}

func bareName(name string) string {
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	for _, role := range roles {
		if short, ok := strings.CutSuffix(name, role); ok {
			return short
		}
	}
	return name
}

// Repository returns an image's name without its tag and digest.
func Repository(image string) string {
	image, _, _ = strings.Cut(image, "@")
	if colon := strings.LastIndexByte(image, ':'); colon > strings.LastIndexByte(image, '/') {
		image = image[:colon]
	}
	return strings.TrimSuffix(image, "/")
}

// Mentions reports whether text speaks of the path word, standing by itself.
func Mentions(text, word string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(word)
		before := start == 0 || strings.ContainsRune(" \t\n\"'=/", rune(text[start-1]))
		after := end == len(text) || strings.ContainsRune(" \t\n\"'/;&", rune(text[end]))
		if before && after {
			return true
		}
		at = end
	}
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
