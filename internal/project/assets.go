package project

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// server is a start script of a package.json that runs a server, and bundler
// one that does not although it speaks of one.
var (
	server  = regexp.MustCompile(`\b(node|next|nuxt|nest|ts-node|tsx|bun|nodemon|pm2|strapi|medusa|remix|astro)\b`)
	bundler = regexp.MustCompile(`\bnode (-e|--eval)\b|node_modules/|webpack|\bmix\b|\bencore\b|\bvite\b|\bgulp\b|\bgrunt\b`)
)

// assets tells the package.json that only builds what a browser loads from one
// that starts: in the folder of an application in PHP it is a part of that.
func (d *discovery) assets() {
	for _, c := range d.found {
		if c.Language != "php" || len(c.Entry) == 0 {
			continue
		}
		for _, other := range d.in(rootless(c.Dir)) {
			if text := other.Start.Local.Text; other.Language == "javascript" && (!server.MatchString(text) || bundler.MatchString(text)) {
				other.Start.Local = Command{}
			}
		}
	}
}

// builders are commands by which a Dockerfile builds, or installs, what is
// written in some language.
var builders = map[string]*regexp.Regexp{
	"php":  regexp.MustCompile(`\bcomposer(\.phar)?\s+(install|update|create-project|dump-autoload)\b|\bphp artisan\b|php bin/console\b`),
	"rust": regexp.MustCompile(`\bcargo\s+(build|install|chef|auditable|zigbuild)\b`),
}

// built returns the one component that a Dockerfile without code beside it
// builds with the tool of its language. Where there are several, the one counts
// whose package it names where it says what is built or started.
func (d *discovery) built(file *dockerfile) *Component {
	if file.dir != "" && d.commonest(file.dir) != "" {
		return nil
	}
	for _, language := range []string{"php", "rust"} {
		if !builders[language].MatchString(file.text) {
			continue
		}
		var found, named []*Component
		lines := strings.Join(lastLines.FindAllString(file.text, -1), "\n")
		for _, c := range d.found {
			if c.Language != language || !d.runs[c] || len(c.Entry) == 0 {
				continue
			}
			found = append(found, c)
			if c.Package != "" && mentions(lines, c.Package) || c.Dir != "." && mentions(lines, path.Base(c.Dir)) {
				named = append(named, c)
			}
		}
		if len(named) > 0 {
			found = named
		}
		if root := slices.IndexFunc(found, func(c *Component) bool { return c.Dir == "." }); len(found) > 1 && root >= 0 {
			found = found[root : root+1]
		}
		if len(found) == 1 {
			return found[0]
		}
	}
	return nil
}
