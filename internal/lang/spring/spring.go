// Package spring reads the files of settings of Spring Boot, Quarkus and
// Micronaut: application.properties, application.yml and those of profiles.
package spring

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/lang"
	"rehearse/internal/source"
	"rehearse/internal/syntax"
	"rehearse/internal/yaml"
)

// Reader reads files of settings.
type Reader struct{}

// New returns the reader of files of settings.
func New() lang.Reader { return Reader{} }

var _ lang.Namer = Reader{}

// Language implements lang.Reader.
func (Reader) Language() string { return "spring" }

// Extensions implements lang.Reader: many files end as these do.
func (Reader) Extensions() []string { return nil }

// Triggers implements lang.Reader.
func (Reader) Triggers() []string { return []string{"=", ":"} }

// settingsName is what a file of settings is called, with its profile
// (https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.files.profile-specific).
var settingsName = regexp.MustCompile(`^(application|bootstrap|microprofile-config)(?:-([A-Za-z0-9_.-]+))?\.(properties|yml|yaml)$`)

// Names implements lang.Namer: settings are among the resources of a program,
// also in a folder of the name of config.
func (Reader) Names(file string) bool {
	dir, base := path.Split(file)
	return settingsName.MatchString(base) && slices.Contains(strings.Split(strings.ToLower(dir), "/"), "resources")
}

// entry is a property and its value.
type entry struct {
	name, value string
	null        bool
	at          source.Span
}

// document is a part of a file that counts as a whole.
type document struct {
	profile string // "" for always
	entries []entry
}

func (d *document) get(names ...string) (entry, bool) {
	for _, e := range slices.Backward(d.entries) {
		if slices.Contains(names, e.name) {
			return e, true
		}
	}
	return entry{}, false
}

// Read implements lang.Reader.
func (Reader) Read(_ context.Context, file source.File) ([]fact.Need, error) {
	name := settingsName.FindStringSubmatch(path.Base(file.Path))
	if name == nil || len(file.Data) > syntax.MaxSize {
		return nil, nil
	}
	var documents []document
	if name[3] == "properties" {
		documents = properties(file)
	} else {
		parsed, err := yaml.Parse(source.File{Path: file.Path, Data: unfiltered(file.Data)})
		if err != nil {
			return nil, err
		}
		for _, doc := range parsed {
			var d document
			d.flatten("", doc.Root)
			documents = append(documents, d)
		}
	}
	var needs []fact.Need
	for i := range documents {
		d := &documents[i]
		d.profile = name[2]
		// spring.profiles is that of Spring Boot before 2.4
		if e, ok := d.get("spring.config.activate.on-profile", "spring.config.activate.onProfile", "spring.profiles"); ok {
			d.profile = e.value
		} else if e, ok := d.get("spring.config.activate.on-cloud-platform"); ok {
			d.profile = "on " + e.value
		}
		needs = append(needs, d.needs()...)
	}
	return needs, nil
}

// filtered is what Maven fills in when it copies resources, @project.version@:
// no YAML begins with it (https://docs.spring.io/spring-boot/maven-plugin/using.html).
var filtered = regexp.MustCompile(`@[A-Za-z][\w.-]*@`)

func unfiltered(data []byte) []byte {
	return filtered.ReplaceAllFunc(data, func(all []byte) []byte { return bytes.Repeat([]byte("_"), len(all)) })
}

// maxDeep bounds how deep settings nest.
const maxDeep = 40

// flatten adds the scalars below a node under their paths.
func (d *document) flatten(name string, n *yaml.Node) {
	if strings.Count(name, ".") > maxDeep || len(name) > 1000 {
		return
	}
	switch {
	case n.IsMap():
		for _, pair := range n.Pairs() {
			below := strings.Trim(pair.Name(), `"'`)
			if name != "" && !strings.HasPrefix(below, "[") {
				below = "." + below
			}
			if pair.Value.IsNull() {
				d.entries = append(d.entries, entry{name: name + below, null: true, at: pair.Key.At})
				continue
			}
			if pair.Value.IsScalar() {
				d.entries = append(d.entries, entry{name: name + below, value: pair.Value.Text(), at: pair.Key.At})
				continue
			}
			d.flatten(name+below, pair.Value)
		}
	case n.IsList():
		var all []string
		for i, item := range n.Items() {
			if item.IsScalar() {
				all = append(all, item.Text())
			} else if i < 100 {
				d.flatten(name+"["+itoa(i)+"]", item)
			}
		}
		if len(all) > 0 {
			d.entries = append(d.entries, entry{name: name, value: strings.Join(all, ","), at: n.Place()})
		}
	}
}
