package project

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// Purpose says which environment a .env file is for.
type Purpose string

// The purposes.
const (
	ForLocal      Purpose = "local"
	ForTest       Purpose = "test"
	ForProduction Purpose = "production"
	ForReaders    Purpose = "documentation" // .env.example: names, and values that are none
	ForOther      Purpose = "other"         // an environment with a name of its own: .env.staging
)

// Dotenv is a .env file.
type Dotenv struct {
	File    *File
	Purpose Purpose
	Mode    string // what stands behind ".env.", without ".local": "", development, staging, …
	Rank    int    // of two files of one folder that supply the same variable, the one of higher rank wins
}

// purposes is what the parts of the name of a .env file tell.
var purposes = map[string]Purpose{
	"": ForLocal, "local": ForLocal, "development": ForLocal, "dev": ForLocal, "develop": ForLocal,
	"test": ForTest, "testing": ForTest, "ci": ForTest, "e2e": ForTest, "cypress": ForTest, "playwright": ForTest,
	"production": ForProduction, "prod": ForProduction, "prd": ForProduction, "live": ForProduction,
	"example": ForReaders, "examples": ForReaders, "sample": ForReaders, "template": ForReaders, "tpl": ForReaders, "tmpl": ForReaders,
	"dist": ForReaders, "defaults": ForReaders, "default": ForReaders, "schema": ForReaders, "vault": ForReaders, "keys": ForReaders,
}

// The ranks of the files that a program loads where it is developed. Next.js,
// Create React App, dotenv-flow and Ruby's dotenv agree on them: .env, then
// .env.development, then .env.local, then .env.development.local
// (nextjs.org/docs/app/guides/environment-variables, "Environment Variable
// Load Order"). In Vite a mode's file wins over .env.local
// (vite.dev/guide/env-and-mode, "Env Loading Priorities").
const (
	rankPlain = iota + 1
	rankMode
	rankLocal
	rankViteMode
	rankModeLocal
)

// isDotenv reports whether a base name is that of a .env file: .env and what
// begins so, Flask's .flaskenv and Wrangler's .dev.vars. direnv's .envrc is a
// shell script and is none.
func isDotenv(name string) bool {
	return name == ".env" || strings.HasPrefix(name, ".env.") || strings.HasPrefix(name, ".env-") || strings.HasPrefix(name, ".env_") ||
		name == ".flaskenv" || strings.HasPrefix(name, ".dev.vars")
}

// dotenvOf tells what a .env file is for by its name.
func dotenvOf(f *File) Dotenv {
	d := Dotenv{File: f, Rank: rankPlain, Purpose: ForLocal}
	name := path.Base(f.Path)
	rest, ok := strings.CutPrefix(name, ".env")
	if !ok {
		rest = strings.TrimPrefix(name, ".dev.vars")
	}
	if rest == "" || name == ".flaskenv" {
		return d
	}
	parts := strings.FieldsFunc(rest, func(r rune) bool { return r == '.' || r == '-' || r == '_' })
	local := false
	var modes []string
	for _, part := range parts {
		part = strings.ToLower(part)
		if part == "local" {
			local = true
		} else {
			modes = append(modes, part)
		}
	}
	d.Mode = strings.Join(modes, ".")
	for _, mode := range modes {
		purpose, known := purposes[mode]
		if !known {
			purpose = ForOther
		}
		// .env.production.example is for readers, .env.test.ci for tests.
		if d.Purpose == ForLocal || purpose == ForReaders {
			d.Purpose = purpose
		}
	}
	switch {
	case local && d.Mode != "":
		d.Rank = rankModeLocal
	case local:
		d.Rank = rankLocal
	case d.Mode != "":
		d.Rank = rankMode
	}
	return d
}

// Dotenvs returns every .env file of the project that is not a test's or an
// example's, by path.
func (p *Project) Dotenvs() []Dotenv {
	var all []Dotenv
	for _, f := range p.Files {
		if isDotenv(path.Base(f.Path)) && f.Flags&(Test|Example|Vendored) == 0 {
			all = append(all, dotenvOf(f))
		}
	}
	return all
}

// LocalDotenvs returns the .env files that supply a component where it is
// developed, the weakest first: those that rehearse.yaml names for the local
// environment, else those at the project's root, those where its start command
// runs, and those in its own folder.
func (p *Project) LocalDotenvs(c *Component) []Dotenv {
	var found []Dotenv
	all := p.Dotenvs()
	for _, e := range p.Config.Environments {
		if e.Name != "local" || len(e.Dotenv) == 0 {
			continue
		}
		for _, file := range e.Dotenv {
			if f := p.File(path.Clean(file)); f != nil {
				found = append(found, Dotenv{File: f, Purpose: ForLocal})
			}
		}
		return found
	}
	folders := []string{"", rootless(c.Start.Local.Dir), rootless(c.Dir)}
	for i, folder := range folders {
		if slices.Contains(folders[:i], folder) {
			continue
		}
		from := len(found)
		for _, d := range all {
			if d.Purpose != ForLocal || dirOf(d.File.Path) != folder {
				continue
			}
			if d.Rank == rankMode && c.vite {
				d.Rank = rankViteMode
			}
			found = append(found, d)
		}
		slices.SortStableFunc(found[from:], func(a, b Dotenv) int { return cmp.Compare(a.Rank, b.Rank) })
	}
	return found
}
