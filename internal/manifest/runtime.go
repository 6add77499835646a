package manifest

import (
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/source"
)

// Runtime is a version of a language's runtime that a file asks for or chooses.
type Runtime struct {
	Language Ecosystem
	Range    string      // the versions: a range of the language's manager, or the beginning of a version ("20", "3.11.4")
	Text     string      // as it is written
	At       source.Span // where
	Demand   bool        // others are refused; else it is what is used there
	From     string      // the file beside the manifest that has the version, where the manifest takes it from one
	Kind     string      // for a person: "engines", ".nvmrc", "the base image", "actions/setup-node"
}

// versionFiles are the files that hold nothing but a version
// (https://github.com/nvm-sh/nvm#nvmrc, pyenv, rbenv, asdf, rustup).
var versionFiles = map[string]Ecosystem{
	".nvmrc": Node, ".node-version": Node, ".python-version": Python, ".ruby-version": Ruby, ".php-version": PHP, ".go-version": Go,
}

// toolNames are the names of runtimes in a .tool-versions file
// (https://asdf-vm.com/manage/configuration.html).
var toolNames = map[string]Ecosystem{
	"nodejs": Node, "node": Node, "python": Python, "ruby": Ruby, "php": PHP, "golang": Go, "go": Go, "rust": Rust, "java": Java, "dotnet": DotNet, "dotnet-core": DotNet,
}

// NamesRuntime reports whether a file of that path is read by ReadRuntimes.
func NamesRuntime(name string) bool {
	switch base := path.Base(name); base {
	case ".tool-versions", "mise.toml", ".mise.toml", "runtime.txt", "rust-toolchain", "rust-toolchain.toml", "global.json":
		return true
	default:
		return versionFiles[base] != ""
	}
}

// begins is the beginning of a version: numbers with dots between them.
var begins = regexp.MustCompile(`^v?(\d+(?:\.\d+){0,2})\b`)

// ReadRuntimes reads a file that chooses versions of runtimes.
func ReadRuntimes(file source.File) []Runtime {
	base := path.Base(file.Path)
	var all []Runtime
	add := func(e Ecosystem, text string, line int) {
		text = strings.TrimSpace(text)
		if v := Version(e, text); v != "" {
			all = append(all, Runtime{Language: e, Range: v, Text: text, At: source.Span{File: file.Path, Line: line}, Kind: base})
		}
	}
	switch base {
	case "rust-toolchain.toml":
		var t struct{ Toolchain struct{ Channel string } }
		if tomlOf(file, &t) == nil {
			add(Rust, t.Toolchain.Channel, lineWith(file.Data, "channel"))
		}
		return all
	case "mise.toml", ".mise.toml":
		// https://mise.jdx.dev/configuration.html#tools-dev-tools
		var m struct{ Tools map[string]any }
		if tomlOf(file, &m) == nil {
			for _, name := range slices.Sorted(maps.Keys(m.Tools)) {
				if e := toolNames[name]; e != "" {
					add(e, miseVersion(m.Tools[name]), lineOfKey(file.Data, "tools", name))
				}
			}
		}
		return all
	case "global.json":
		// https://learn.microsoft.com/en-us/dotnet/core/tools/global-json#rollforward
		var g struct {
			Sdk struct{ Version, RollForward string }
		}
		if json.Unmarshal(relaxed(file.Data), &g) == nil && !strings.HasSuffix(strings.ToLower(g.Sdk.RollForward), "major") {
			add(DotNet, g.Sdk.Version, lineWith(file.Data, `"version"`))
		}
		return all
	}
	for i, line := range strings.Split(string(file.Data), "\n") {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		switch words := strings.Fields(line); {
		case base == ".tool-versions" && len(words) > 1 && toolNames[words[0]] != "":
			add(toolNames[words[0]], words[1], i+1)
		case base == ".tool-versions":
		case base == "runtime.txt": // https://devcenter.heroku.com/articles/python-runtimes
			if name, version, ok := strings.Cut(line, "-"); ok && toolNames[name] != "" {
				add(toolNames[name], version, i+1)
			}
			return all
		case base == "rust-toolchain":
			add(Rust, line, i+1)
			return all
		default:
			add(versionFiles[base], strings.TrimPrefix(line, string(versionFiles[base])+"-"), i+1)
			return all
		}
	}
	return all
}

// miseVersion returns the version of a tool, which stands alone, under the key
// version, or first in a list.
func miseVersion(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case map[string]any:
		return miseVersion(v["version"])
	case []any:
		if len(v) > 0 {
			return miseVersion(v[0])
		}
	}
	return ""
}

// lineOfKey returns the line of a key in a table of TOML, or that of the table
// of its own that it is.
func lineOfKey(data []byte, table, key string) int {
	inside, own := false, "["+table+"."+key+"]"
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == own {
			return i + 1
		}
		if strings.HasPrefix(line, "[") {
			inside = line == "["+table+"]"
		}
		name, _, found := strings.Cut(line, "=")
		if inside && found && strings.Trim(strings.TrimSpace(name), `"'`) == key {
			return i + 1
		}
	}
	return 1
}

// codenames are those of the long-term releases of Node.js
// (https://github.com/nodejs/Release/blob/main/CODENAMES.md).
var codenames = map[string]string{
	"argon": "4", "boron": "6", "carbon": "8", "dubnium": "10", "erbium": "12", "fermium": "14", "gallium": "16", "hydrogen": "18", "iron": "20", "jod": "22", "krypton": "24",
}

// Version returns the beginning of a version that a text chooses: "20" of
// "v20", "18" of "lts/hydrogen"; "" where it chooses none that is known.
func Version(e Ecosystem, text string) string {
	if m := begins.FindStringSubmatch(text); m != nil {
		if rest := text[len(m[0]):]; strings.HasPrefix(rest, ".x") || strings.HasPrefix(rest, ".*") || rest == "" || rest[0] == '-' || rest[0] == '@' || rest[0] == ' ' {
			return m[1]
		}
		return ""
	}
	if e == Node {
		for _, prefix := range []string{"lts/", "lts-"} {
			if name, ok := strings.CutPrefix(strings.ToLower(text), prefix); ok {
				name, _, _ = strings.Cut(name, "-")
				return codenames[name]
			}
		}
	}
	return ""
}

// runtimeImages are the images of Docker's library that are there for a runtime
// (https://hub.docker.com/u/library); those of .NET are Microsoft's.
var runtimeImages = map[string]Ecosystem{
	"node": Node, "python": Python, "ruby": Ruby, "php": PHP, "golang": Go, "rust": Rust,
}

// owners are who else publishes these images under the same names and versions.
var owners = map[string]bool{"library": true, "docker.io": true, "cimg": true, "circleci": true, "bitnami": true}

// numbers returns the parts of the beginning of a version.
func numbers(v string) []int {
	var all []int
	for _, part := range strings.Split(v, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return all
		}
		all = append(all, n)
	}
	return all
}

// minor are the languages of which versions with the same first number are
// different ones.
var minor = map[Ecosystem]bool{Python: true, Ruby: true, PHP: true, Go: true, Rust: true}

// Differ reports whether two beginnings of versions are certain to be those of
// releases that are told apart: by the first number, or for languages that
// change in the second, by that.
func Differ(e Ecosystem, a, b string) bool {
	x, y := numbers(a), numbers(b)
	n := 1
	if minor[e] {
		n = 2
	}
	for i := range n {
		if i >= len(x) || i >= len(y) {
			return false
		}
		if x[i] != y[i] {
			return true
		}
	}
	return false
}

// Allows reports whether some version that begins so may be one that the range
// asks for; known is false where the range is not understood.
func Allows(e Ecosystem, asked, begin string) (ok, known bool) {
	parts := numbers(begin)
	if len(parts) == 0 {
		return false, false
	}
	for _, v := range samples(asked, parts) {
		allowed, understood := allowsExactly(e, asked, v)
		if !understood {
			return false, false
		}
		if allowed {
			return true, true
		}
	}
	return false, true
}

// samples returns versions with a beginning: the least, the greatest, and those
// at and beside the bounds that the range names.
func samples(asked string, parts []int) []string {
	full := func(rest int) string {
		all := append([]int(nil), parts...)
		for len(all) < 3 {
			all = append(all, rest)
		}
		text := make([]string, 3)
		for i := range text {
			text[i] = strconv.Itoa(all[i])
		}
		return strings.Join(text, ".")
	}
	found := []string{full(0), full(999)}
	if len(parts) >= 3 {
		return found[:1]
	}
	for _, m := range boundary.FindAllString(asked, 32) {
		at := numbers(m)
		for i, p := range parts {
			if i >= len(at) || at[i] != p {
				at = nil
				break
			}
		}
		if at == nil {
			continue
		}
		for len(at) < 3 {
			at = append(at, 0)
		}
		for _, step := range []int{-1, 0, 1} {
			if at[2]+step >= 0 {
				found = append(found, strconv.Itoa(at[0])+"."+strconv.Itoa(at[1])+"."+strconv.Itoa(at[2]+step))
			}
		}
	}
	return found
}

var boundary = regexp.MustCompile(`\d+(?:\.\d+){0,2}`)

// allowsExactly compares one version of a runtime with what is asked of it.
func allowsExactly(e Ecosystem, asked, version string) (ok, known bool) {
	switch e {
	case Ruby: // https://guides.rubygems.org/patterns/#semantic-versioning
		return gemAllows(asked, version)
	case PHP:
		return phpAllows(asked, version)
	case Go:
		return satisfiesSemver(goRange(asked), version)
	case Java:
		return satisfiesSemver(asked, version)
	}
	return Satisfies(e, asked, version)
}

// goRange drops what the versions of Go have behind the numbers: 1.21rc1.
func goRange(asked string) string {
	if m := regexp.MustCompile(`^>=\d+(\.\d+){0,2}`).FindString(asked); m != "" {
		return m
	}
	return asked
}

// phpAllows compares as Composer does
// (https://getcomposer.org/doc/articles/versions.md#writing-version-constraints):
// one bar is "or" too, and ~ lets the last number grow.
func phpAllows(asked, version string) (ok, known bool) {
	asked = regexp.MustCompile(`\s*\|\|?\s*`).ReplaceAllString(asked, " || ")
	asked = regexp.MustCompile(`~\s*(\d+)\.(\d+)([\s,|]|$)`).ReplaceAllString(asked, ">=$1.$2 <"+"$1.999999$3")
	if strings.ContainsAny(asked, "@:") {
		return false, false
	}
	return satisfiesSemver(nodeRange(strings.ReplaceAll(asked, ",", " ")), version)
}

// gemAllows compares as RubyGems does; several requirements are parted by commas.
func gemAllows(asked, version string) (ok, known bool) {
	v := numbers(version)
	for _, one := range strings.Split(asked, ",") {
		one = strings.Trim(strings.TrimSpace(one), `"'`)
		operator := strings.TrimRight(one[:len(one)-len(strings.TrimLeft(one, "<>=~! "))], " ")
		text := strings.TrimLeft(one, "<>=~! ")
		if !boundary.MatchString(text) || strings.Trim(text, "0123456789.") != "" {
			return false, false
		}
		c := compare(v, numbers(text))
		fits := false
		switch operator {
		case "", "=":
			fits = c == 0
		case "~>":
			n := numbers(text)
			top := append([]int(nil), n[:max(1, len(n)-1)]...)
			top[len(top)-1]++
			fits = c >= 0 && compare(v, top) < 0
		case ">=":
			fits = c >= 0
		case ">":
			fits = c > 0
		case "<":
			fits = c < 0
		case "<=":
			fits = c <= 0
		case "!=":
			fits = c != 0
		default:
			return false, false
		}
		if !fits {
			return false, true
		}
	}
	return true, true
}

func compare(a, b []int) int {
	for i := range max(len(a), len(b)) {
		x, y := 0, 0
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return x - y
		}
	}
	return 0
}

// RuntimeImage reports whether an image is there for a runtime, whatever its
// version.
func RuntimeImage(image string) bool {
	name, _, _ := strings.Cut(image, "@")
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		name = name[:i]
	}
	dir := path.Dir(name)
	return runtimeImages[path.Base(name)] != "" && (dir == "." || owners[path.Base(dir)])
}
