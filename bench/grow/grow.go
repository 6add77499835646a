// Package grow writes large trees that look like a company's repository: many
// services in several languages with their manifests and definitions. What it
// writes follows from a seed alone.
package grow

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// Size is how large a tree is to be.
type Size struct {
	Files int   // about as many files
	Bytes int64 // about as many bytes
	Seed  uint64
}

// Large is the tree that the project's limits are given for.
var Large = Size{Files: 20_000, Bytes: 200 << 20, Seed: 1}

// ErrNotEmpty is the error for a folder that holds something already.
var ErrNotEmpty = errors.New("the folder is not empty")

// services are the languages that services are written in.
var services = func() []*language {
	var all []*language
	for i := range languages {
		if languages[i].manifest != "" {
			all = append(all, &languages[i])
		}
	}
	return all
}()

// grower writes one tree.
type grower struct {
	dir     string
	rand    *rand.Rand
	chunks  map[string][]string // by ending: pieces of code
	files   int
	bytes   int64
	average int64
}

// Tree writes a tree into dir, which is made where it is missing and is to be
// empty. It returns the number of files and of bytes that it wrote.
func Tree(dir string, size Size) (files int, bytes int64, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, 0, err
	}
	if entries, err := os.ReadDir(dir); err != nil {
		return 0, 0, err
	} else if len(entries) > 0 {
		return 0, 0, fmt.Errorf("%s: %w", dir, ErrNotEmpty)
	}
	g := &grower{
		dir: dir, rand: rand.New(rand.NewPCG(size.Seed, 0)), chunks: map[string][]string{},
		average: size.Bytes / int64(max(size.Files, 1)),
	}
	for i := range languages {
		g.chunks[languages[i].ending] = g.pieces(&languages[i])
	}
	if err := g.root(); err != nil {
		return g.files, g.bytes, err
	}
	const perService = 400 // files
	count := max(1, size.Files/perService)
	for i := range count {
		left := size.Files - g.files
		if err := g.service(i, left/(count-i)); err != nil {
			return g.files, g.bytes, err
		}
	}
	return g.files, g.bytes, nil
}

func (g *grower) write(name, text string) error {
	file := filepath.Join(g.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	g.files++
	g.bytes += int64(len(text))
	return os.WriteFile(file, []byte(text), 0o644)
}

// root writes what lies at the top.
func (g *grower) root() error {
	for _, f := range [][2]string{
		{".git/HEAD", "ref: refs/heads/main\n"}, // ripgrep respects .gitignore in a repository only
		{".gitignore", ignored},
		{".env.example", "DATABASE_URL=\nREDIS_URL=\nSESSION_SECRET=\n"},
		{"README.md", "# Everything\n"},
		{".github/workflows/test.yml", workflow},
		{".github/workflows/deploy.yml", workflow},
	} {
		if err := g.write(f[0], f[1]); err != nil {
			return err
		}
	}
	return nil
}

// service writes one service with about n files.
func (g *grower) service(i, n int) error {
	l := services[i%len(services)]
	name := fmt.Sprintf("%s-%s-%d", g.word(), l.name, i)
	dir := "services/" + name
	fill := strings.NewReplacer("NAME", name, "PORT", fmt.Sprint(3000+i), "STARTFILE", l.entry)
	fixed := [][2]string{
		{dir + "/" + fill.Replace(l.manifest), fill.Replace(l.manifestText)},
		{dir + "/Dockerfile", fill.Replace(l.dockerfile)},
		{dir + "/.env.example", "DATABASE_URL=\nPORT=3000\n"},
		{dir + "/compose.yaml", fill.Replace(compose)},
		{"deploy/base/" + name + ".yaml", fill.Replace(kubernetes)},
		{"deploy/overlays/production/" + name + ".yaml", fill.Replace(overlay)},
		{"deploy/overlays/production/" + name + "/kustomization.yaml", fill.Replace(kustomization)},
		{"deploy/charts/" + name + "/Chart.yaml", fill.Replace(chart)},
		{"deploy/charts/" + name + "/values.yaml", fill.Replace(values)},
		{"deploy/charts/" + name + "/templates/deployment.yaml", fill.Replace(template)},
		{"deploy/terraform/" + name + ".tf", fill.Replace(terraform)},
		{dir + "/" + l.entry, fill.Replace(l.start)},
	}
	for _, f := range fixed {
		if err := g.write(f[0], f[1]); err != nil {
			return err
		}
	}
	for j := range max(0, n-len(fixed)) {
		of := l
		if g.rand.IntN(5) == 0 { // what lies beside code: styles, data, prose, another language
			of = &languages[g.rand.IntN(len(languages))]
		}
		const perFolder = 12
		k := j / perFolder
		folder := fmt.Sprintf("%s/%s/%s%d", dir, sections[k%len(sections)], words[(7*i+k)%len(words)], k)
		test := ""
		if g.rand.IntN(6) == 0 {
			test = of.test
		}
		file := fmt.Sprintf("%s/%s%d%s%s", folder, g.word(), j, test, of.ending)
		if of.name == "go" && test != "" {
			file = strings.TrimSuffix(file, ".go") + "_test.go"
		}
		text := fill.Replace(of.head) + g.body(of, g.length()) + of.tail
		if err := g.write(file, text); err != nil {
			return err
		}
	}
	return nil
}

// length draws the size of a file: most are small, a few are long.
func (g *grower) length() int64 {
	const mean = 1.65 // of exp of a normal variable with deviation 1
	return int64(float64(g.average) * expNormal(g.rand) / mean)
}

// body returns code of about n bytes. Of a few percent of the files it reads
// the environment, calls or listens.
func (g *grower) body(l *language, n int64) string {
	var out strings.Builder
	chunks := g.chunks[l.ending]
	if len(l.triggers) > 0 && g.rand.IntN(100) < 4 {
		for range 1 + g.rand.IntN(3) {
			out.WriteString(g.fill(l.triggers[g.rand.IntN(len(l.triggers))]))
			out.WriteByte('\n')
		}
	}
	for int64(out.Len()) < n {
		out.WriteString(chunks[g.rand.IntN(len(chunks))])
	}
	return out.String()
}

// pieces makes functions of a language to choose from.
func (g *grower) pieces(l *language) []string {
	all := make([]string, 300)
	for i := range all {
		var out strings.Builder
		out.WriteString(g.fill(l.open))
		for range 3 + g.rand.IntN(12) {
			out.WriteString(g.fill(l.lines[g.rand.IntN(len(l.lines))]))
			out.WriteByte('\n')
		}
		out.WriteString(l.end)
		all[i] = out.String()
	}
	return all
}

// fill puts words for A and B, a name for F and a number for N.
func (g *grower) fill(text string) string {
	for _, hole := range []string{"«A»", "«B»", "«C»"} {
		if strings.Contains(text, hole) {
			text = strings.ReplaceAll(text, hole, g.word())
		}
	}
	return strings.ReplaceAll(text, "«N»", fmt.Sprint(g.rand.IntN(1000)))
}

func (g *grower) word() string {
	return words[g.rand.IntN(len(words))]
}
