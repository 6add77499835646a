// Package heroku reads the manifests of applications on Heroku
// (https://devcenter.heroku.com/articles/app-json-schema).
package heroku

import (
	"bytes"
	"context"
	"path"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
)

// Reader reads app.json.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "heroku".
func (Reader) Format() string { return "heroku" }

// Names reports whether path is app.json. React Native calls a file so too.
func (Reader) Names(name string) bool { return path.Base(name) == "app.json" }

// maxSize bounds a manifest.
const maxSize = 1 << 20

// Read returns one Workload: what the application is given, whatever process
// of its Procfile is started.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "heroku"}
	if len(file.Data) > maxSize || !bytes.Contains(file.Data, []byte(`"env"`)) || bytes.Contains(file.Data, []byte(`"expo"`)) {
		return def, nil
	}
	docs, unread, err := infra.YAML(file)
	if err != nil {
		return def, err
	}
	if len(docs) == 0 || !docs[0].Root.Get("env").IsMap() {
		return def, nil
	}
	def.Unread = unread
	root := docs[0].Root
	w := fact.Workload{
		Name: root.Get("name").Text(), Kind: "app", Platform: "heroku", At: root.At, EnvAt: root.KeyAt("env"), Code: path.Dir(file.Path), Replicas: 1,
		// What heroku config:set says, and what add-ons set, is in no file.
		Imports: []fact.Import{{Ref: fact.Ref{Kind: "Secret", Name: "config vars of Heroku"}, At: root.At}},
	}
	if w.Name == "" {
		w.Name = "app"
	}
	for _, p := range root.Get("env").Pairs() {
		value := fact.Unknowable("it is asked for when the application is made")
		switch said := p.Value.Get("value"); {
		case p.Value.IsScalar():
			value = fact.Text(p.Value.Text())
		case said.IsScalar():
			value = fact.Text(said.Text())
		case p.Value.Get("required").Text() == "false":
			continue // it may be left out
		}
		w.Supplies = append(w.Supplies, fact.Supply{Kind: fact.Variable, Name: p.Name(), At: p.Key.At, Value: value})
	}
	def.Workloads = []fact.Workload{w}
	return def, nil
}
