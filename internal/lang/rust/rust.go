// Package rust reads Rust.
package rust

import (
	_ "embed"
	"path"
	"regexp"
	"strings"

	"rehearse/internal/lang"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

var (
	//go:embed flow.scm
	flowText string
	//go:embed needs.scm
	needsText string
)

var reader = &pattern.Reader{
	Name:  "rust",
	Files: []string{".rs"},
	Texts: []string{
		"env::var", "env::{", "env!(", "dotenv", "envy::", "Env::prefixed", "env =", "env,", "env)", "env=",
		"Listener::bind", "Server::bind", "HttpServer::new", "warp::serve",
		"\"http://", "\"postgres://", "\"postgresql://", "\"mysql://", "\"redis://", "\"amqp://", "\"mongodb://",
		"reqwest::get", "::connect(", "::establish(",
		"Command::new", "fs::", "File::", "MemoryStore", "tokio_cron_scheduler", "axum::serve",
	},
	Grammar:  func(string) *syntax.Language { return syntax.Rust },
	Flow:     syntax.NewQuery(flowText),
	Needs:    syntax.NewQuery(needsText),
	Indirect: regexp.MustCompile(`\bvar(_os)?\(\s*&?[a-z_]`),
	Tool:     tool,
	Keep:     keep,
	Own: map[string]func(*pattern.Reading, *syntax.Match){
		"argument": argument, "settings": settings, "bound": bound, "attribute": attribute, "route": route,
	},
}

// New returns the reader of Rust.
func New() lang.Follower { return reader }

// tool tells build scripts, which Cargo runs before it compiles
// (https://doc.rust-lang.org/cargo/reference/build-scripts.html), and the tests
// and measurements of a package.
func tool(file string) (builds, tests bool) {
	dir, base := path.Split("/" + file)
	return base == "build.rs", strings.Contains(dir, "/tests/") || strings.Contains(dir, "/benches/") || base == "tests.rs" || strings.HasPrefix(file, "xtask/")
}

// keep leaves out what Cargo sets when it builds and runs, and what the
// language's own libraries read
// (https://doc.rust-lang.org/cargo/reference/environment-variables.html).
func keep(name string, _ map[string]string) bool {
	return !strings.HasPrefix(name, "CARGO") && !strings.HasPrefix(name, "RUST_") && !strings.HasPrefix(name, "VERGEN_") && name != "OUT_DIR" && name != "TARGET" && name != "PROFILE"
}
