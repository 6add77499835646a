package manifest

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
)

//go:embed images.txt
var imagesText string

// knownImage is a line of images.txt.
type knownImage struct {
	language Ecosystem
	pattern  *regexp.Regexp
	dotted   bool // the version has no point: 39 is 3.9
}

// knownImages reads images.txt. LIBRARY stands for who publishes the images of
// Docker's library, VERSION for the beginning of a version.
var knownImages = sync.OnceValue(func() []knownImage {
	words := strings.NewReplacer(
		"LIBRARY", `(?:(?:docker\.io/|mirror\.gcr\.io/|public\.ecr\.aws/docker/)?(?:library/)?|docker\.io/|cimg/|circleci/|bitnami/|(?:[\w.-]+/)+library/)`,
		"VERSION", `\d+(?:\.\d+){0,2}(?:\.x)?)(?:[-_@+uU]|$|\.\d)(?:`)
	var all []knownImage
	for line := range strings.Lines(imagesText) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 3 || strings.HasPrefix(line, "#") {
			continue
		}
		all = append(all, knownImage{Ecosystem(fields[0]), regexp.MustCompile(words.Replace(fields[1])), strings.HasPrefix(fields[2], "dotted")})
	}
	return all
})

// ImageRuntime returns the runtime that an image brings and the beginning of its
// version; false where the image's name does not tell.
func ImageRuntime(image string) (Runtime, bool) {
	if strings.Contains(image, "$") || len(image) > maxRange {
		return Runtime{}, false
	}
	name, _, _ := strings.Cut(image, "@")
	for _, known := range knownImages() {
		m := known.pattern.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		v := m[1]
		switch {
		case known.language == Node && codenames[v] != "":
			v = codenames[v]
		case known.dotted && len(v) > 1:
			v = v[:1] + "." + v[1:]
		default:
			v = Version(known.language, v)
		}
		if known.language == Java {
			v = strings.TrimPrefix(v, "1.")
		}
		return Runtime{Language: known.language, Range: v, Text: image}, v != ""
	}
	return Runtime{}, false
}

// Floats returns the language of an image of Docker's library whose tag names no
// version at all: its runtime is whatever the newest one is.
func Floats(image string) (Ecosystem, bool) {
	name, tag, tagged := strings.Cut(image, ":")
	if strings.ContainsAny(image, "$@") || strings.Contains(name, "/") && !strings.HasPrefix(name, "library/") && !strings.HasPrefix(name, "docker.io/library/") {
		return "", false
	}
	e := runtimeImages[name[strings.LastIndexByte(name, '/')+1:]]
	first, _, _ := strings.Cut(tag, "-")
	switch first {
	case "latest", "current", "alpine", "slim", "bookworm", "bullseye", "trixie", "buster", "stretch", "fpm", "apache", "cli":
	default:
		if tagged {
			return "", false
		}
	}
	return e, e != ""
}

// nodeSource is how scripts of NodeSource are called, and what they install
// (https://github.com/nodesource/distributions).
var nodeSource = regexp.MustCompile(`deb\.nodesource\.com/(?:setup_|node_)(\d+)\.x|rpm\.nodesource\.com/setup_(\d+)\.x`)

// StepRuntime returns the runtime that a step of an image installs, where it says
// its version.
func StepRuntime(command string) (Runtime, bool) {
	m := nodeSource.FindStringSubmatch(command)
	if m == nil {
		return Runtime{}, false
	}
	return Runtime{Language: Node, Range: m[1] + m[2], Text: m[0]}, true
}
