// Package machine finds what ties a project to one developer's machine: paths of
// a person's home, imports that only a file system without regard to capitals
// follows, and what setup scripts put there.
package machine

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"rehearse/internal/project"
	"rehearse/internal/source"
)

// Miscased is a path in code that no file of the tree has, and that one has
// which differs in capitals alone.
type Miscased struct {
	At   source.Span
	Text string // as it is written
	File string // as it is in the tree
}

// Homely is a path in the home of one person's machine.
type Homely struct {
	At   source.Span
	Text string // no more of it than the home
	User string // the name of the home
}

// Scanner looks for a few texts in the bytes of files that are read anyway.
type Scanner struct {
	project *project.Project
	once    sync.Once
	files   map[string]bool   // every path of the tree, folders included
	lower   map[string]string // the same, by their names in lower case

	mu       sync.Mutex
	miscased []Miscased
	homely   []Homely
}

// NewScanner returns a scanner of the files of a project.
func NewScanner(p *project.Project) *Scanner { return &Scanner{project: p} }

// Scan looks through a file. It may be called side by side.
func (s *Scanner) Scan(file string, data []byte) {
	homely := homes(file, data)
	var miscased []Miscased
	if slices.Contains(importing, path.Ext(file)) {
		miscased = s.imports(file, data)
	}
	if len(homely)+len(miscased) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.homely = append(s.homely, homely...)
	s.miscased = append(s.miscased, miscased...)
}

// Found returns what was found, in the order of its places.
func (s *Scanner) Found() ([]Miscased, []Homely) {
	slices.SortFunc(s.miscased, func(a, b Miscased) int { return a.At.Compare(b.At) })
	slices.SortFunc(s.homely, func(a, b Homely) int { return a.At.Compare(b.At) })
	return slices.Compact(s.miscased), slices.Compact(s.homely) // a file of several formats is read once for each
}

// importing are the endings of files whose imports are relative paths in
// quotes, and endings those that an import may leave out, or say otherwise
// (https://www.typescriptlang.org/docs/handbook/modules/reference.html).
var (
	importing = []string{".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte"}
	suffixes  = []string{"", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".d.ts", ".vue", ".svelte", ".json", ".css", ".scss", ".node", "/index.ts", "/index.tsx", "/index.js", "/index.jsx", "/index.vue"}
)

// specifier is what stands before a relative path that is imported.
var specifier = regexp.MustCompile(`(?:\bfrom|\bimport|\bimport\(|\brequire\(|\brequire\.resolve\()\s*["']$`)

// The longest path of an import that is looked at, and how much of a kind is told
// of one file: files that people write stay far below it.
const (
	maxPath  = 300
	maxFound = 1_000
)

// imports returns the relative imports of a file that only a file system
// without regard to capitals follows.
func (s *Scanner) imports(file string, data []byte) []Miscased {
	var found []Miscased
	bundle := sync.OnceValue(func() map[string]bool { return bundled(data) })
	for at := 0; ; at++ {
		i := bytes.Index(data[at:], []byte("./"))
		if i < 0 || len(found) == maxFound {
			return found
		}
		at += i
		start := at
		if start > 0 && data[start-1] == '.' {
			start--
		}
		if start == 0 || data[start-1] != '"' && data[start-1] != '\'' {
			continue
		}
		end := bytes.IndexByte(data[start:min(len(data), start+maxPath)], data[start-1])
		if end < 0 || !specifier.Match(data[max(0, start-24):start]) {
			continue
		}
		text := string(data[start : start+end])
		at = start + end
		other, ok := s.otherwise(path.Dir(file), text)
		if !ok || bundle()[text] {
			continue
		}
		line := bytes.LastIndexByte(data[:start], '\n') + 1
		if head := bytes.TrimSpace(data[line:start]); bytes.HasPrefix(head, []byte("//")) || bytes.HasPrefix(head, []byte("*")) || bytes.HasPrefix(head, []byte("/*")) {
			continue
		}
		place := source.Span{File: file, Line: 1 + bytes.Count(data[:start], []byte("\n")), Column: start - line + 1}
		found = append(found, Miscased{place, text, other})
	}
}

// module is how a bundle of browserify names what is imported under a relative path
// (https://github.com/browserify/browser-pack).
var module = regexp.MustCompile(`["'](\.[^"'\n]{1,300})["']:`)

// bundled returns the paths under which a file has the modules that it imports
// itself. Most files are never asked for them.
func bundled(data []byte) map[string]bool {
	names := map[string]bool{}
	for _, m := range module.FindAllSubmatch(data, -1) {
		names[string(m[1])] = true
	}
	return names
}

// otherwise returns the file that an import means, where none has the name as
// it is written and one has it in other capitals.
func (s *Scanner) otherwise(dir, text string) (string, bool) {
	if i := strings.IndexAny(text, "?#"); i > 0 {
		text = text[:i]
	}
	if strings.ContainsAny(text, "*${}`\n!") {
		return "", false
	}
	s.once.Do(s.index)
	full := path.Join(dir, text)
	bare := strings.TrimSuffix(strings.TrimSuffix(full, ".js"), ".jsx")
	for _, p := range []string{full, bare} {
		for _, ending := range suffixes {
			if s.files[p+ending] {
				return "", false
			}
		}
	}
	for _, p := range []string{full, bare} {
		for _, ending := range suffixes {
			if other, ok := s.lower[strings.ToLower(p+ending)]; ok {
				return other, true
			}
		}
	}
	return "", false
}

func (s *Scanner) index() {
	s.files, s.lower = map[string]bool{}, map[string]string{}
	for _, f := range s.project.Files {
		for p := f.Path; p != "." && !s.files[p]; p = path.Dir(p) {
			s.files[p] = true
			if lower := strings.ToLower(p); s.lower[lower] == "" || s.lower[lower] > p {
				s.lower[lower] = p
			}
		}
	}
}

// home is a path within the home of a person: what stands before it is no part
// of a longer path, and what follows is what people have at home and images have
// not.
var home = regexp.MustCompile(`(/Users/|/home/|[A-Za-z]:\\{1,2}Users\\{1,2})([A-Za-z][A-Za-z0-9._-]*)[/\\]+(?:Documents|Desktop|Downloads|Library|Projects?|projects?|Code|code|dev|Dev|Development|development|[Ww]orkspaces?|repos?|git|github|Git[Hh]ub|Sites|Pictures|Movies|PycharmProjects|IdeaProjects|WebstormProjects|OneDrive|Dropbox|AppData|anaconda3|miniconda3|\.[a-z]+)[/\\]`)

// nobody are names of homes that images, pipelines and documentation have
// (docker-node, the cloud images of Ubuntu and Amazon, GitHub's and CircleCI's
// runners, Gitpod, devcontainers, Jupyter).
var nobody = []string{
	"node", "app", "appuser", "ubuntu", "debian", "user", "users", "vscode", "runner", "runneradmin", "circleci", "ec2-user", "git", "gitpod", "www-data", "nginx", "deploy", "deployer",
	"jovyan", "airflow", "coder", "pi", "docker", "jenkins", "vagrant", "root", "admin", "service", "linuxbrew", "shared", "public", "default", "containeruser", "containeradministrator",
	"username", "yourname", "your", "you", "me", "myuser", "someone", "foo", "name", "example", "build", "builder", "rails", "django", "python", "ruby", "postgres", "nobody", "developer", "dev", "worker", "web", "server", "test", "sbx_user1051", "site", "container", "hadoop", "spark", "steam", "opc", "centos", "azureuser", "codespace", "johndoe", "jdoe",
}

// homes returns the paths of one person's machine that stand in a file, outside
// of comments.
func homes(file string, data []byte) []Homely {
	var found []Homely
	for _, sign := range []string{"/Users/", "/home/", `:\Users\`, `:\\Users\\`} {
		for at := 0; ; {
			i := bytes.Index(data[at:], []byte(sign))
			if i < 0 || len(found) == maxFound {
				break
			}
			start := at + i
			at = start + len(sign)
			if sign[0] == ':' {
				start--
			}
			if start < 0 || start > 0 && !bytes.ContainsRune([]byte("\"'`=: \t(,["), rune(data[start-1])) && !bytes.HasSuffix(data[:start], []byte("file://")) {
				continue
			}
			m := home.FindSubmatchIndex(data[start:min(len(data), start+200)])
			if m == nil || m[0] != 0 {
				continue
			}
			user := string(data[start+m[4] : start+m[5]])
			line := bytes.LastIndexByte(data[:start], '\n') + 1
			if slices.Contains(nobody, strings.ToLower(user)) || commented(data[line:start]) {
				continue
			}
			place := source.Span{File: file, Line: 1 + bytes.Count(data[:start], []byte("\n")), Column: start - line + 1}
			found = append(found, Homely{place, string(data[start : start+m[5]]), user})
		}
	}
	return found
}

// commented reports whether what follows the text stands in a comment, in any of
// the usual notations.
func commented(head []byte) bool {
	trimmed := bytes.TrimSpace(head)
	for _, sign := range []string{"//", "#", "*", "/*", "--", ";", "<!--", "%", "\"\"\"", ">", "$"} {
		if bytes.HasPrefix(trimmed, []byte(sign)) {
			return true
		}
	}
	return bytes.Contains(head, []byte(" // ")) || bytes.Contains(head, []byte(" # ")) || bytes.Contains(head, []byte("\t// "))
}
