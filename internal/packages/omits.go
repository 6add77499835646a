package packages

import (
	"path"
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/link"
	"rehearse/internal/manifest"
	"rehearse/internal/source"
)

// Omission is a command after which the packages of development are not, or not
// any more, in an image.
type Omission struct {
	Install image.Install // the zero Install where something else than an install leaves them out
	At      source.Span
	Text    string
}

// moduleState is what is known of the packages of Node.js in a stage.
type moduleState struct {
	known    bool // there are some
	whole    bool // with those of development
	dir      string
	omission Omission
}

// Bare is a step of an image that runs where the packages of development are
// left out.
type Bare struct {
	Step     fact.Step
	Omission Omission
}

// Omits returns the command that leaves the packages of development out of the
// image that starts; false where it has them, or where that is not known.
func (ps *Packages) Omits(b *ledger.Build) (Omission, bool) {
	states, _ := ps.modulesOf(b)
	if len(states) == 0 {
		return Omission{}, false
	}
	last := states[len(states)-1]
	return last.omission, last.known && !last.whole
}

// Bare returns the steps of an image that run without the packages of
// development.
func (ps *Packages) Bare(b *ledger.Build) []Bare {
	_, bare := ps.modulesOf(b)
	return bare
}

// modulesOf follows the packages of Node.js through the stages of an image, to
// the one that it ends in.
func (ps *Packages) modulesOf(b *ledger.Build) (states []moduleState, bare []Bare) {
	i := b.Image()
	if i == nil {
		return nil, nil
	}
	installs := map[int][]image.Install{} // by line
	for _, in := range i.Installs() {
		installs[in.At.Line] = append(installs[in.At.Line], in)
	}
	own := i.Definition()
	for n, s := range b.Stages() {
		state, steps := ps.modules(b, n, states, installs)
		states, bare = append(states, state), append(bare, steps...)
		if s.At == own.At {
			break
		}
	}
	return states, bare
}

// The commands that leave packages of development out besides installs
// (https://docs.npmjs.com/cli/commands/npm-prune, https://yarnpkg.com/cli/workspaces/focus,
// https://pnpm.io/cli/deploy).
var (
	pruned  = regexp.MustCompile(`\b(?:npm|pnpm)\s+prune\b[^&;|]*(?:--production|--prod\b|--omit[= ]dev)|\byarn\s+workspaces\s+focus\b[^&;|]*--production|\bpnpm\b[^&;|]*--prod\b[^&;|]*\bdeploy\b|\bpnpm\b[^&;|]*\bdeploy\b[^&;|]*--prod\b|\bnpm\s+prune\s+--production\b`)
	focused = regexp.MustCompile(`\byarn\s+workspaces\s+focus\b`)
)

func (ps *Packages) modules(b *ledger.Build, n int, states []moduleState, installs map[int][]image.Install) (now moduleState, bare []Bare) {
	s := b.Stages()[n]
	if from, ok := link.StageBefore(b.Stages(), s.Base, n); ok {
		now = states[from]
	}
	for _, step := range s.Steps {
		switch {
		case step.Kind == "run":
			text := strings.Join(step.Command, " ")
			several := false
			for _, in := range installs[step.At.Line] {
				if ecosystems[in.Manager] != manifest.Node || in.Global {
					continue
				}
				production := in.Production && !(in.Manager == "yarn" && !strings.Contains(in.Command, "--prod") && ps.berry(b, in))
				if in.Maybe {
					production = false
				}
				if len(in.Packages) > 0 && now.known {
					continue // it adds to what is there
				}
				several = several || !production
				now = moduleState{known: true, whole: !production, dir: in.Dir, omission: Omission{in, in.At, in.Command}}
			}
			if m := pruned.FindString(text); m != "" {
				now = moduleState{known: true, dir: now.dir, omission: Omission{At: step.At, Text: m}}
			} else if focused.MatchString(text) {
				now = moduleState{known: true, whole: true, dir: step.WorkDir}
			} else if now.known && !now.whole && !several {
				bare = append(bare, Bare{step, now.omission})
			}
		case step.From != "":
			from, ok := link.StageBefore(b.Stages(), step.From, n)
			if !ok || !states[from].known {
				continue
			}
			for _, src := range step.Sources {
				if source.Under(path.Clean("/"+src), path.Join("/", states[from].dir, "node_modules")) || strings.Contains(src, "node_modules") {
					now = states[from]
				}
			}
		}
	}
	return now, bare
}

// berry reports whether an install of yarn is one of yarn 2 or later, which does
// not ask NODE_ENV.
func (ps *Packages) berry(b *ledger.Build, in image.Install) bool {
	if in.Lockfile.From == "" {
		return false
	}
	l := ps.Lock(b.Source(in.Lockfile.From))
	return l != nil && l.Format == "berry"
}

// Images returns the images that have the code of a component.
func (ps *Packages) Images(c *ledger.Component) []*ledger.Build {
	var found []*ledger.Build
	for _, b := range ps.ledger.Builds {
		if !b.ForTests() && (b.Owner == c || b.Takes(c)) {
			found = append(found, b)
		}
	}
	return found
}

// programPackages are the packages that bring programs of other names than
// their own (their package.json files).
var programPackages = map[string]string{
	"tsc": "typescript", "nest": "@nestjs/cli", "tsnd": "ts-node-dev", "dotenv": "dotenv-cli", "sequelize": "sequelize-cli", "vue-cli-service": "@vue/cli-service", "ng": "@angular/cli",
	"babel-node": "@babel/node", "babel": "@babel/cli", "run-p": "npm-run-all", "run-s": "npm-run-all", "remix-serve": "@remix-run/serve", "graphql-codegen": "@graphql-codegen/cli", "ts-node-esm": "ts-node",
	"swc": "@swc/cli", "remix": "@remix-run/dev", "medusa": "@medusajs/cli", "strapi": "@strapi/strapi", "nuxi": "nuxt", "dotenvx": "@dotenvx/dotenvx",
}

// ProgramPackage returns the package that brings a program of node_modules.
func ProgramPackage(program string) string {
	if pkg := programPackages[program]; pkg != "" {
		return pkg
	}
	return program
}

// assignment is a variable that is set before a command.
var assignment = regexp.MustCompile(`^[A-Za-z_]\w*=`)

// assigned is a variable that takes what a command says, and nothing else.
var assigned = regexp.MustCompile(`(^|&&|;)\s*[A-Za-z_]\w*=\$\([^()]*\)\s*(?:&&|;)`)

// Programs returns the packages of npm whose programs a script runs, and those
// that it has node load, as far as it says so plainly. A part that goes on where
// a program is missing is left out.
func Programs(script string) []string {
	script = assigned.ReplaceAllString(script, "$1")
	if strings.Contains(script, "||") || strings.Contains(script, "if ") || strings.Contains(script, "$(") || strings.Contains(script, "[ ") {
		return nil
	}
	var all []string
	for _, part := range strings.FieldsFunc(script, func(r rune) bool { return r == '&' || r == ';' || r == '|' }) {
		words := strings.Fields(part)
		for len(words) > 0 && (assignment.MatchString(words[0]) || words[0] == "exec") {
			words = words[1:]
		}
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "cross-env", "cross-env-shell", "env-cmd", "dotenv":
			all = append(all, ProgramPackage(words[0]))
			for words = words[1:]; len(words) > 0 && (assignment.MatchString(words[0]) || strings.HasPrefix(words[0], "-")); words = words[1:] {
			}
			if len(words) == 0 {
				continue
			}
		}
		if words[0] != "node" {
			if !strings.ContainsAny(words[0], "/$\"'") {
				all = append(all, ProgramPackage(words[0]))
			}
			continue
		}
		for i, w := range words[1:] {
			option, value, given := strings.Cut(w, "=")
			if !given && i+2 < len(words) {
				value = words[i+2]
			}
			switch option {
			case "-r", "--require", "--import", "--loader", "--experimental-loader":
				if pkg := packageOf(value); pkg != "" {
					all = append(all, pkg)
				}
			}
		}
	}
	return all
}
