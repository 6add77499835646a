package project

import (
	"bytes"
	"path"
	"strings"
)

// Flags say what a file is besides code of a component.
type Flags uint8

// The flags.
const (
	Ignored   Flags = 1 << iota // git ignores it; only .env files are listed then
	Test                        // it tests code, or is made for tests
	Example                     // it shows how something is used
	Generated                   // a program wrote it
	Vendored                    // it is somebody else's
	Docs                        // it is there to be read by people
)

// dirFlags says what lies in folders of some name, at any depth below the
// project's root.
var dirFlags = map[string]Flags{
	"test": Test, "tests": Test, "Tests": Test, "__tests__": Test, "__test__": Test, "spec": Test, "specs": Test,
	"__e2e__": Test, "__integration__": Test, "__integration_tests__": Test,
	"__mocks__": Test, "__mock__": Test, "mocks": Test, "__fixtures__": Test, "fixtures": Test, "testdata": Test,
	"test-data": Test, "test_data": Test, "__snapshots__": Test, "testing": Test, "testutil": Test, "testutils": Test,
	"test-utils": Test, "test_utils": Test, "test-helpers": Test, "test_helpers": Test, "test-support": Test, "e2e": Test, "e2e-tests": Test, "cypress": Test, "playwright": Test,
	"integration-tests": Test, "integration_tests": Test, "integrationtest": Test, "functional-tests": Test,
	"unit-tests": Test, "load-tests": Test, "loadtest": Test, "aat": Test, "bench": Test, "benchmark": Test, "benchmarks": Test,

	"example": Example, "examples": Example, "sample": Example, "samples": Example, "demo": Example, "demos": Example,
	".example": Example, ".examples": Example, "_example": Example, "_examples": Example,
	"stories": Example, ".storybook": Example, "storybook": Example, "playground": Example, "playgrounds": Example,
	"quickstart": Example, "quickstarts": Example, "tutorial": Example, "tutorials": Example, "cookbook": Example,

	"doc": Docs, "docs": Docs, "documentation": Docs, "javadoc": Docs, "website-docs": Docs, "adr": Docs,

	"dist": Generated, "generated": Generated, "__generated__": Generated, "gen": Generated, ".generated": Generated,
	"storybook-static": Generated, "genproto": Generated, "autogen": Generated,

	"3rdparty": Vendored, "thirdparty": Vendored, "third-party": Vendored, "Godeps": Vendored,
}

// flagsOfDir returns what lies in a folder of that name. The source sets of Gradle
// for tests end in the word, functionalTest, and suites of tests have it among
// others: playwright_tests_new.
func flagsOfDir(name string) Flags {
	if flags, ok := dirFlags[name]; ok {
		return flags
	}
	if before, ok := strings.CutSuffix(name, "Test"); ok && before != "" && strings.ToLower(before[:1]) == before[:1] {
		return Test
	}
	for len(name) > len("tests") {
		var word string
		word, name, _ = strings.Cut(strings.ReplaceAll(name, "-", "_"), "_")
		if word == "tests" {
			return Test
		}
	}
	if name == "tests" {
		return Test
	}
	return 0
}

// A naming is what the name of a file says of it.
type naming struct {
	ends  string // "" where it may end in anything
	begin string // "" where it may begin with anything
	flags Flags
}

// namings is matched against the base names of files; all that match count.
var namings = []naming{
	// Tests, by the conventions of the runners: go test; pytest (python_files);
	// unittest; jest and vitest (testMatch); mocha and jasmine; JUnit through
	// surefire; PHPUnit; RSpec and minitest; xUnit and NUnit projects.
	{ends: "_test.go", flags: Test},
	{begin: "test_", ends: ".py", flags: Test},
	{ends: "_test.py", flags: Test},
	{begin: "conftest.py", ends: ".py", flags: Test},
	{begin: "locustfile", ends: ".py", flags: Test},
	{begin: "noxfile.py", ends: ".py", flags: Test},
	{ends: ".cy.js", flags: Test}, {ends: ".cy.ts", flags: Test}, {ends: ".cy.tsx", flags: Test},
	{ends: ".e2e.js", flags: Test}, {ends: ".e2e.ts", flags: Test}, {ends: "-spec.js", flags: Test}, {ends: "-test.js", flags: Test},
	{ends: ".snap", flags: Test},
	{begin: "jest.config.", flags: Test}, {begin: "jest.setup.", flags: Test}, {begin: "vitest.", flags: Test},
	{begin: "playwright.config.", flags: Test}, {begin: "cypress.config.", flags: Test},
	{begin: "karma.conf.", flags: Test}, {begin: "setupTests.", flags: Test}, {begin: "wdio.conf.", flags: Test},
	{ends: "Test.java", flags: Test}, {ends: "Tests.java", flags: Test}, {ends: "IT.java", flags: Test}, {ends: "Test.kt", flags: Test},
	{ends: "Test.php", flags: Test}, {ends: "_spec.rb", flags: Test}, {ends: "_test.rb", flags: Test},
	{ends: "Tests.cs", flags: Test}, {ends: "Test.cs", flags: Test}, {ends: ".Tests.csproj", flags: Test},

	// Examples: stories of Storybook.
	{ends: ".stories.js", flags: Example}, {ends: ".stories.jsx", flags: Example}, {ends: ".stories.ts", flags: Example},
	{ends: ".stories.tsx", flags: Example}, {ends: ".stories.mdx", flags: Example}, {ends: ".story.tsx", flags: Example},
	{begin: "example_", ends: ".go", flags: Example},

	// Generated: protoc and its plugins, go generate's customs, TypeScript's
	// declarations, bundlers and minifiers, source maps.
	{ends: ".pb.go", flags: Generated}, {ends: ".pb.gw.go", flags: Generated}, {ends: "_gen.go", flags: Generated},
	{ends: ".gen.go", flags: Generated}, {begin: "zz_generated", ends: ".go", flags: Generated}, {ends: "_generated.go", flags: Generated},
	{ends: "_pb2.py", flags: Generated}, {ends: "_pb2_grpc.py", flags: Generated},
	{ends: "_pb.js", flags: Generated}, {ends: "_pb.ts", flags: Generated}, {ends: "_pb.d.ts", flags: Generated}, {ends: "_grpc_pb.js", flags: Generated},
	{ends: ".generated.ts", flags: Generated}, {ends: ".generated.js", flags: Generated}, {ends: ".gen.ts", flags: Generated},
	{ends: ".min.js", flags: Generated}, {ends: ".min.mjs", flags: Generated}, {ends: ".bundle.js", flags: Generated},
	{ends: ".min.css", flags: Generated}, {ends: ".map", flags: Generated},
	{ends: ".d.ts", flags: Generated}, {ends: ".d.mts", flags: Generated}, {ends: ".d.cts", flags: Generated},
	{ends: ".g.cs", flags: Generated}, {ends: ".Designer.cs", flags: Generated}, {ends: ".designer.cs", flags: Generated},
	{begin: "mock_", ends: ".go", flags: Test}, {ends: "_mock.go", flags: Test},

	// Vendored: what is copied into trees as one file.
	{begin: "jquery", ends: ".js", flags: Vendored}, {begin: ".pnp.", flags: Vendored}, {begin: "mvnw", flags: Vendored}, {begin: "gradlew", flags: Vendored},

	// Documents.
	{ends: ".md", flags: Docs}, {ends: ".mdx", flags: Docs}, {ends: ".markdown", flags: Docs}, {ends: ".rst", flags: Docs}, {ends: ".adoc", flags: Docs},
	{begin: "README", flags: Docs}, {begin: "CHANGELOG", flags: Docs}, {begin: "LICENSE", flags: Docs},
}

// flagsOfName returns what the base name of a file says of it.
func flagsOfName(name string) Flags {
	var flags Flags
	for i := range namings {
		n := &namings[i]
		if strings.HasSuffix(name, n.ends) && strings.HasPrefix(name, n.begin) {
			flags |= n.flags
		}
	}
	if isSpec(name) {
		flags |= Test
	}
	return flags
}

// isSpec reports whether a file is a test by what jest, vitest and mocha are
// told to look for: a.test.ts, a.spec.mjs, and what projects make of it
// (a.servertest.ts, a.e2e-spec.ts).
func isSpec(name string) bool {
	if Language(name) != "javascript" {
		return false
	}
	kind := path.Ext(strings.TrimSuffix(name, path.Ext(name)))
	return strings.HasSuffix(kind, "test") || strings.HasSuffix(kind, "spec")
}

// generatedMark is where a mark of generated code must stand: it is written at
// the top of a file, and further down it may be what a generator writes.
const generatedMark = 2048

// IsGenerated reports whether the text of a file says that a program wrote it:
// by the line that go generate asks for (go.dev/s/generatedcode), or by
// @generated, which Meta's tools write and GitHub's linguist and others know.
func IsGenerated(data []byte) bool {
	head := data[:min(len(data), generatedMark)]
	if bytes.Contains(head, []byte("@generated")) {
		return true
	}
	_, after, found := bytes.Cut(head, []byte("Code generated "))
	if !found {
		_, after, found = bytes.Cut(head, []byte("Generated by the protocol buffer compiler."))
	}
	line, _, _ := bytes.Cut(after, []byte("\n"))
	return found && bytes.Contains(line, []byte("DO NOT EDIT"))
}

// languages names the language of the files with some ending. TypeScript is
// JavaScript here, as for the reader of both.
var languages = map[string]string{
	".js": "javascript", ".jsx": "javascript", ".mjs": "javascript", ".cjs": "javascript",
	".ts": "javascript", ".tsx": "javascript", ".mts": "javascript", ".cts": "javascript",
	".vue": "javascript", ".svelte": "javascript", ".astro": "javascript",
	".py": "python", ".go": "go", ".rb": "ruby", ".ru": "ruby", ".rake": "ruby", ".php": "php", ".rs": "rust", ".ex": "elixir", ".exs": "elixir",
	".java": "java", ".kt": "java", ".kts": "java", ".scala": "java", ".groovy": "java",
	".cs": "csharp", ".fs": "csharp", ".vb": "csharp",
}

// Language returns the language that the name of a file tells, or "".
func Language(file string) string { return languages[path.Ext(file)] }

// definitions are the beginnings and ends of the names of files that say what
// an environment is made of.
var definitions = []naming{
	{ends: ".yaml"}, {ends: ".yml"}, {begin: "Dockerfile"}, {ends: ".Dockerfile"}, {ends: ".dockerfile"}, {begin: "Containerfile"},
	{ends: ".tf"}, {begin: ".env"}, {ends: ".env"}, {begin: "Procfile"}, {begin: "Makefile"},
	{begin: "package.json"}, {begin: "go.mod"}, {begin: "pyproject.toml"}, {begin: "requirements", ends: ".txt"}, {begin: "manage.py"},
}

// matters reports whether the name of a file tells that something is missed
// where it is not read.
func matters(file string) bool {
	base := path.Base(file)
	for _, d := range definitions {
		if strings.HasPrefix(base, d.begin) && strings.HasSuffix(base, d.ends) {
			return true
		}
	}
	return Language(file) != ""
}
