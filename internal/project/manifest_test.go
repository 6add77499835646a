package project

import (
	"slices"
	"strings"
	"testing"

	"rehearse/internal/source"
)

func TestCommand(t *testing.T) {
	for text, want := range map[string]string{
		"node server.js":                 `[node server.js]`,
		"node 'a b.js' \"c\"":            `[node a b.js c]`,
		"A=1 B=$C node x":                `[] A=1 B=…`,
		"cross-env A=1 node x=2":         `[cross-env A=1 node x=2] A=1 x=2`,
		"node x && node y":               `[]`,
		"node x > log":                   `[]`,
		"node *.js":                      `[]`,
		"node $FILE":                     `[]`,
		"node --env-file=.env x":         `[node --env-file=.env x] (dir/.env)`,
		"dotenv -e ../.env -- node x":    `[dotenv -e ../.env -- node x] (.env)`,
		"dotenv -e ../../.env -- node x": `[dotenv -e ../../.env -- node x]`,
		"env-cmd -f a.env node x":        `[env-cmd -f a.env node x] (dir/a.env)`,
		"node 'unclosed":                 `[]`,
		strings.Repeat("x ", maxCommand): `[]`,
	} {
		c := newCommand(text, "dir", source.Span{})
		got := "[" + strings.Join(c.Argv, " ") + "]"
		for _, s := range c.Env {
			value := s.Value.Reveal()
			if value == "" {
				value = s.Value.String()
			}
			got += " " + s.Name + "=" + value
		}
		if len(c.EnvFiles) > 0 {
			got += " (" + strings.Join(c.EnvFiles, " ") + ")"
		}
		if got != want {
			t.Errorf("%.60s: got %s, want %s", text, got, want)
		}
	}
}

func TestDotenvOf(t *testing.T) {
	for name, want := range map[string]struct {
		purpose Purpose
		mode    string
		rank    int
	}{
		".env":                    {ForLocal, "", rankPlain},
		".env.local":              {ForLocal, "", rankLocal},
		".env.development":        {ForLocal, "development", rankMode},
		".env.development.local":  {ForLocal, "development", rankModeLocal},
		".env.production":         {ForProduction, "production", rankMode},
		".env.prod.local":         {ForProduction, "prod", rankModeLocal},
		".env.test":               {ForTest, "test", rankMode},
		".env.example":            {ForReaders, "example", rankMode},
		".env.production.example": {ForReaders, "production.example", rankMode},
		".env-sample":             {ForReaders, "sample", rankMode},
		".env.staging":            {ForOther, "staging", rankMode},
		".flaskenv":               {ForLocal, "", rankPlain},
		".dev.vars":               {ForLocal, "", rankPlain},
		".dev.vars.example":       {ForReaders, "example", rankMode},
	} {
		d := dotenvOf(&File{Path: "api/" + name})
		if !isDotenv(name) || d.Purpose != want.purpose || d.Mode != want.mode || d.Rank != want.rank {
			t.Errorf("%s: %v, %s, %q, %d", name, isDotenv(name), d.Purpose, d.Mode, d.Rank)
		}
	}
	for _, name := range []string{".envrc", ".environment", "env", "my.env"} {
		if isDotenv(name) {
			t.Errorf("%s is taken for a .env file", name)
		}
	}
}

func FuzzPackage(f *testing.F) {
	f.Add([]byte(`{"name": "a", "scripts": {"dev": "npm run x -- y", "x": "A=1 node x.js"}, "main": "x"}`))
	f.Add([]byte("{\"scripts\":\n{\"a\":1,\n\"a\":\"b\"}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pkg, err := parsePackage(data)
		if err != nil {
			at := jsonErrorAt("package.json", data, err)
			if lines := strings.Count(string(data), "\n") + 1; at.Line < 0 || at.Line > lines {
				t.Errorf("line %d of %d", at.Line, lines)
			}
			return
		}
		p := &Project{byPath: map[string]*File{}}
		d := &discovery{Project: p, runs: map[*Component]bool{}}
		c := d.script(pkg, "package.json")
		d.entries(pkg, c.Text, "")
		for name := range pkg.Scripts {
			if pkg.lines[name] == 0 && len(pkg.lines) > 0 && !slices.Contains(data, '\\') {
				t.Errorf("script %q has no line", name)
			}
		}
	})
}
