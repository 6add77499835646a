// Package ruby reads Ruby, and the Ruby in YAML files of a config folder.
package ruby

import (
	"context"
	_ "embed"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/lang"
	"rehearse/internal/source"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

var (
	//go:embed flow.scm
	flowText string
	//go:embed needs.scm
	needsText string
	//go:embed machine.scm
	machineText string
)

// reader reads Ruby itself, and what is Ruby in a template.
type reader struct{ *pattern.Reader }

var ruby = &pattern.Reader{
	Name:  "ruby",
	Files: []string{".rb", ".ru", ".rake"},
	Texts: []string{
		"ENV[", "ENV.", "Dotenv", "dotenv/load", "Figaro",
		"\"http://", "'http://", "\"ws://", "postgres://", "postgresql://", "mysql2://", "redis://", "amqp://", "mongodb://", "tcp://",
		"sinatra", "Sinatra", "routes.draw", "threads ", "bind \"", "bind '", "listen ", "TCPServer", "WEBrick::HTTPServer", "Rack::Handler", "Rackup::Handler", "Rack::Server", "Rackup::Server",
		"Redis.new", "PG.connect", "PG::Connection", "Mysql2::Client", "Bunny", "Dalli::Client", "Mongo::Client", "Net::SMTP", "Net::HTTP", "TCPSocket", "Socket.tcp", "smtp_settings",
		"File.read", "File.open(", "File.write", "File.new(", "File.binwrite", "IO.read", "IO.binread", "load_file", "CSV.", "FileUtils.", "Dir.mkdir", "SQLite3::Database", "CarrierWave", "active_storage.service", "has_one_attached", "has_many_attached",
		"system(", "system \"", "system '", "spawn(", "Open3.", "popen", "= `", "%x", "MiniMagick", "RTesseract", "FFMPEG::", "GraphViz", "MiniExiftool", "PdfForms",
		"memory_store", "Rack::Session::Pool", "MemoryStore", "ufus", "Concurrent::TimerTask",
		"sidekiq_options", "queue_as", "@queue = ", "set(queue:", "_in_queue(", ".queues = ", "deliver_later", "load_defaults", "queue_adapter",
		"sqlite3", "adapter: async", "queues:",
	},
	Grammar:  func(string) *syntax.Language { return syntax.Ruby },
	Flow:     syntax.NewQuery(flowText),
	Needs:    syntax.NewQuery(needsText + machineText),
	Indirect: regexp.MustCompile(`\bENV(\[|\.\w+\??[( ])\s*[a-z_]`),
	Tool:     tool,
	Wraps:    wraps,
	Own:      map[string]func(*pattern.Reading, *syntax.Match){"root": root},
}

// New returns the reader of Ruby.
func New() lang.Follower { return reader{ruby} }

var _ lang.Namer = reader{}

// Names reports whether a file whose ending does not tell it is read: a
// Rakefile, or YAML in a config folder, which Rails and its gems fill in by ERB.
// Translations are none of it, nor what lies among the resources of Java.
func (reader) Names(file string) bool {
	return path.Base(file) == "Rakefile" || template(file) && strings.Contains("/"+file, "/config/") && !strings.Contains(file, "/locales/") && !strings.Contains(file, "src/main/resources/")
}

func template(file string) bool {
	bare := strings.TrimSuffix(file, ".erb")
	return strings.HasSuffix(bare, ".yml") || strings.HasSuffix(bare, ".yaml")
}

// Read returns the needs of the code in the file.
func (r reader) Read(ctx context.Context, file source.File) ([]fact.Need, error) {
	return r.ReadWith(ctx, file, nil)
}

// ReadWith returns the needs of the code in the file, with calls of the
// accessors taken for reads of variables.
func (r reader) ReadWith(ctx context.Context, file source.File, accessors []fact.Accessor) ([]fact.Need, error) {
	if !template(file.Path) {
		return r.Reader.ReadWith(ctx, file, accessors)
	}
	if len(file.Data) > syntax.MaxSize {
		return nil, nil // data, not a configuration
	}
	said := configured(file)
	code, ok := tags(file.Data)
	if !ok {
		return said, nil
	}
	file.Data = code
	needs, err := r.Reader.ReadWith(ctx, file, accessors)
	if name, _, _ := strings.Cut(path.Base(file.Path), "."); !slices.Contains(central, name) {
		for i := range needs {
			if n := &needs[i]; n.Kind == fact.Variable && n.Necessity == fact.Required && !n.Fatal {
				n.Necessity = fact.Guarded
			}
		}
	}
	return append(needs, said...), err
}

// central are the configurations whose every value for production is used. In
// others a value that is empty most often belongs to a service that is not
// chosen: storage.yml lists all that there could be
// (https://guides.rubyonrails.org/active_storage_overview.html#setup).
var central = []string{"database", "secrets", "cable", "redis", "mongoid"}

// Accessors returns the methods in the file that read a variable which their
// caller names.
func (r reader) Accessors(ctx context.Context, file source.File) ([]fact.Accessor, error) {
	if template(file.Path) {
		return nil, nil
	}
	return r.Reader.Accessors(ctx, file)
}

// tool tells the files whose code does not run where the component is deployed:
// Rails reads one file of config/environments, that of its environment
// (https://guides.rubyonrails.org/configuring.html#creating-rails-environments);
// Capistrano, Spring, Guard and rake tasks run beside it.
func tool(file string) (builds, tests bool) {
	dir, base := path.Split(file)
	switch {
	case strings.HasSuffix("/"+dir, "/config/environments/"):
		return false, base != "production.rb"
	case strings.HasSuffix("/"+dir, "/config/deploy/"), strings.HasSuffix("/"+dir, "/config/") && (base == "deploy.rb" || base == "spring.rb"):
		return false, true
	case base == "Rakefile", path.Ext(base) == ".rake":
		return false, true
	}
	return false, false
}

// root takes in the path that Rails serves for the root.
func root(g *pattern.Reading, m *syntax.Match) {
	node := m.Node("root")
	text, _, _ := strings.Cut(node.Text(), "\n")
	g.Add(fact.Need{Kind: fact.Path, Name: "/", Method: "GET", At: node.Span(), Text: strings.ToValidUTF8(strings.TrimSpace(text[:min(len(text), 100)]), "")})
}
