package ruby

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/syntax"
	"rehearse/internal/yaml"
)

// configured returns what a configuration in YAML says of production: the file
// of a database, a pub/sub of one process, the queues that a worker takes from.
// One that is no YAML, its tags filled in, says nothing.
func configured(file source.File) []fact.Need {
	name, _, _ := strings.Cut(path.Base(file.Path), ".")
	read := map[string]func(*yaml.Node) []fact.Need{"database": database, "cable": cable, "sidekiq": sidekiq}[name]
	if read == nil || len(file.Data) > syntax.MaxSize {
		return nil
	}
	file.Data = filled(file.Data)
	docs, err := yaml.Parse(file)
	if err != nil {
		return nil
	}
	var needs []fact.Need
	for _, d := range docs {
		needs = append(needs, read(d.Root)...)
	}
	return needs
}

var tag = regexp.MustCompile(`<%[^=]?(?:[^%]|%[^>])*%>`)

// filled puts a word in the place of each tag, and nothing in that of one that
// gives no text.
func filled(data []byte) []byte {
	return tag.ReplaceAllFunc(data, func(t []byte) []byte {
		out := bytes.Repeat([]byte(" "), len(t))
		for i, c := range t {
			if c == '\n' {
				out[i] = c
			}
		}
		if bytes.HasPrefix(t, []byte("<%=")) {
			out[0] = unknown
		}
		return out
	})
}

// unknown is the word for what a tag gives.
const unknown = '_'

// database tells the file of SQLite
// (https://guides.rubyonrails.org/configuring.html#configuring-a-database).
func database(root *yaml.Node) []fact.Need {
	var needs []fact.Need
	section := root.Get("production")
	all := []*yaml.Node{section}
	for _, p := range section.Pairs() {
		all = append(all, p.Value) // several databases
	}
	for _, n := range all {
		file := n.Get("database")
		if text := file.Text(); n.Get("adapter").Text() == "sqlite3" && text != "" && !strings.ContainsRune(text, unknown) && text != ":memory:" {
			needs = append(needs, fact.Need{
				Kind: fact.Writing, Name: path.Clean(text), At: file.At, Sort: "database", Library: "sqlite", Text: "database: " + path.Clean(text),
			})
		}
	}
	return needs
}

// cable tells the adapter that keeps to one process
// (https://guides.rubyonrails.org/action_cable_overview.html#async-adapter).
func cable(root *yaml.Node) []fact.Need {
	adapter := root.Get("production", "adapter")
	if adapter.Text() != "async" {
		return nil
	}
	return []fact.Need{{Kind: fact.State, Name: "async", At: adapter.At, Sort: "socket", Library: "action_cable", Text: "adapter: async"}}
}

// sidekiq tells the queues that are taken from
// (https://github.com/sidekiq/sidekiq/wiki/Advanced-Options#the-sidekiq-configuration-file).
func sidekiq(root *yaml.Node) []fact.Need {
	var needs []fact.Need
	for _, p := range root.Pairs() {
		// https://github.com/sidekiq/sidekiq/wiki/Advanced-Options#capsules
		if p.Name() == ":capsules" || p.Name() == "capsules" {
			for _, capsule := range p.Value.Pairs() {
				if capsule.Value.Get("capsules").IsNull() && capsule.Value.Get(":capsules").IsNull() {
					needs = append(needs, sidekiq(capsule.Value)...)
				}
			}
		}
		if p.Name() != ":queues" && p.Name() != "queues" {
			continue
		}
		for _, item := range p.Value.Items() {
			if item.IsList() && len(item.Items()) > 0 {
				item = item.Items()[0] // with its weight
			}
			if text := item.Text(); text != "" {
				needs = append(needs, fact.Need{Kind: fact.Queue, Name: text, At: item.At, Sort: "take", Library: "sidekiq", Text: "- " + text})
			}
		}
	}
	return needs
}
