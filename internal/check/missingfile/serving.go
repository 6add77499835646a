package missingfile

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

const unserved = "what is asked for of it is answered with 404"

// startConventions are what tools read when a container starts, by the
// documentation of each.
var startConventions = []convention{
	{tools: []string{"next"}, verbs: []string{"start"}, files: []string{"public"}, severity: finding.Warning, effect: unserved},
	{tools: []string{"next"}, verbs: []string{"start"}, files: endings("next.config"), severity: finding.Warning, effect: "the server runs with other settings than it was built with"},
	{tools: []string{"nuxt"}, verbs: []string{"start"}, files: endings("nuxt.config"), severity: finding.Warning, effect: "the server runs with other settings than it was built with"},
	{tools: []string{"prisma"}, verbs: []string{"migrate", "db"}, unless: []string{"--config"}, files: endings("prisma.config"), severity: finding.Error, effect: "prisma does not find the schema"},
	{tools: []string{"drizzle-kit"}, unless: []string{"--config"}, files: endings("drizzle.config"), severity: finding.Error, effect: "the migrations are not run"},
	{tools: []string{"knex"}, unless: []string{"--knexfile"}, files: endings("knexfile"), severity: finding.Error, effect: "the migrations are not run"},
	{tools: []string{"sequelize", "sequelize-cli"}, files: []string{".sequelizerc"}, severity: finding.Error, effect: "the migrations are not run"},
	{tools: []string{"alembic"}, unless: []string{"-c", "--config"}, variable: "ALEMBIC_CONFIG", files: []string{"alembic.ini"}, severity: finding.Error, effect: "the migrations are not run"},
	{tools: []string{"ts-node", "ts-node-dev"}, unless: []string{"-P", "--project", "--skip-project"}, files: []string{"tsconfig.json"}, severity: finding.Warning,
		effect: "the code is compiled with other settings than on a developer's machine, and may not be taken"},
	{tools: []string{"flask"}, verbs: []string{"db"}, unless: []string{"-d", "--directory"}, files: []string{"migrations"}, severity: finding.Error, effect: "the command stops there"},
	{tools: []string{"sequelize", "sequelize-cli"}, verbs: []string{"db:migrate"}, unless: []string{"--migrations-path", "--options-path"}, files: []string{"migrations"}, severity: finding.Warning, effect: "nothing is migrated"},
	{tools: []string{"node-pg-migrate"}, unless: []string{"-m", "--migrations-dir", "--config-file", "-f"}, files: []string{"migrations"}, severity: finding.Error, effect: "the command stops there"},
	{tools: []string{"rails", "rake"}, files: []string{"Rakefile"}, severity: finding.Error, effect: "the command stops there"},
	{tools: []string{"rackup", "puma"}, unless: []string{"-C", "--config"}, files: []string{"config.ru"}, severity: finding.Error, effect: "the server does not start"},
}

// started finds what the tools that a start command calls read by convention,
// and the files that node is told to load first.
func (s *session) started(o *ledger.Occasion) {
	if o.Use == nil && !fed(o.Build.Image()) {
		return
	}
	for _, c := range o.Calls {
		if c.Guarded || len(c.Args) == 0 || !c.Args[0].Whole {
			continue
		}
		name, args := tool(c)
		w := work{session: s, occasion: o, name: name, args: args, label: label(c)}
		var ok bool
		if w.place, ok = placed(o.Build, c); !ok {
			continue
		}
		for _, convention := range startConventions {
			if slices.Contains(convention.tools, name) && convention.runs(args) {
				w.convention(convention)
			}
		}
		switch name {
		case "prisma":
			if w.verb("migrate", "db") {
				w.schema()
			}
		case "node", "nodejs", "tsx":
			w.preloaded()
		}
	}
}

// preload is an option that has node load a file before all others
// (https://nodejs.org/api/cli.html#--importmodule).
var preload = regexp.MustCompile(`(?:^|\s|['"])(?:--import|--require|-r|--loader|--experimental-loader)(?:=|\s+)(\.{0,2}/[\w./-]+)`)

func (w *work) preloaded() {
	var words []string
	for _, a := range w.args {
		words = append(words, a.Text)
	}
	text := strings.Join(words, " ")
	// NODE_OPTIONS stands before the call, in the script that has it.
	if data, ok := w.read("package.json"); ok && path.Base(w.call.In) == "package.json" && len(words) > 0 {
		var m struct{ Scripts map[string]string }
		if json.Unmarshal(data, &m) == nil {
			for _, name := range sorted(m.Scripts) {
				if script := m.Scripts[name]; strings.Contains(script, "NODE_OPTIONS=") && strings.Contains(script, words[len(words)-1]) && !strings.HasPrefix(name, "dev") {
					text += " " + script
				}
			}
		}
	}
	for _, m := range preload.FindAllStringSubmatch(text, -1) {
		if !path.IsAbs(m[1]) && w.has(m[1]) {
			w.lacks(path.Clean(m[1]), finding.Error, "", "the container exits: the module is not found")
		}
	}
}

// served finds what servers of the image serve or read, where the steps have
// been told to copy all but that.
func (s *session) served(b *ledger.Build, img *image.Image) {
	if environment.ForDevelopers(b.Dockerfile) {
		return
	}
	s.standalone(b, img)
	s.included(b, img)
	s.binaries(b, img)
}

// standalone is the output of Next.js that has neither the static files nor
// those of public in it
// (https://nextjs.org/docs/app/api-reference/config/next-config-js/output#automatically-copying-traced-files).
func (s *session) standalone(b *ledger.Build, img *image.Image) {
	var at source.Span
	var stage, app string
	public, static := false, false
	for _, step := range img.Definition().Steps {
		for _, from := range step.Sources {
			clean := path.Clean("/" + from)
			if dir, ok := strings.CutSuffix(clean, "/.next/standalone"); ok && step.From != "" {
				at, stage, app = step.At, step.From, dir
			}
			public = public || path.Base(clean) == "public" || strings.Contains(clean, "/public/") || clean == app
			static = static || strings.HasSuffix(clean, ".next/static") || path.Base(clean) == ".next" || clean == app
		}
		if step.Kind == "run" && (step.Partial || strings.Contains(strings.Join(step.Command, " "), "public") || strings.Contains(strings.Join(step.Command, " "), "static")) {
			return
		}
	}
	if at.IsZero() || app == "" {
		return
	}
	from := img.Stage(stage)
	if from == nil {
		return
	}
	dir, ok := from.Origin(app)
	if !ok || static && public {
		return
	}
	if data, ok := b.Read(path.Join(dir, "package.json")); ok && regexp.MustCompile(`standalone|cp -r`).Match(data) {
		return // a script puts them there
	}
	if there := (place{build: b, dir: dir}); !public && there.has("public") {
		s.add(gap{
			severity: finding.Warning, build: b, environment: deployed(b), subject: path.Join(dir, "public"),
			message:     fmt.Sprintf("the step copies the standalone output of Next.js, which does not have what is in %s, and no step copies that", b.Source(path.Join(dir, "public"))),
			consequence: unserved, remedy: "copy public beside server.js", need: at, text: ".next/standalone", absent: at,
			related: []source.Span{{File: b.Source(path.Join(dir, "public")), Line: 1}},
		})
	}
	if !static {
		s.add(gap{
			severity: finding.Error, build: b, environment: deployed(b), subject: path.Join(dir, ".next/static"),
			message:     "the step copies the standalone output of Next.js, which does not have .next/static, and no step copies that",
			consequence: "the scripts and styles of all pages are answered with 404", remedy: "copy .next/static to .next/static beside server.js", need: at, text: ".next/standalone", absent: at,
		})
	}
}

// include is a file that a configuration of nginx takes in
// (https://nginx.org/en/docs/ngx_core_module.html#include).
var include = regexp.MustCompile(`(?m)^\s*include\s+["']?([\w./-]+)["']?\s*;`)

// packaged are the files that the package of nginx and its image put into
// /etc/nginx (https://hub.docker.com/_/nginx, nginx.org/packages).
var packaged = []string{
	"nginx.conf", "mime.types", "fastcgi_params", "fastcgi.conf", "scgi_params", "uwsgi_params", "koi-utf", "koi-win", "win-utf", "proxy_params",
	"conf.d/default.conf", "snippets/fastcgi-php.conf", "snippets/snakeoil.conf",
}

// included finds the files that configurations of nginx take in.
func (s *session) included(b *ledger.Build, img *image.Image) {
	for _, step := range img.Definition().Steps {
		if step.Kind == "run" || step.From != "" || !strings.HasPrefix(step.Target, "/etc/nginx") {
			continue
		}
		for _, from := range step.Sources {
			from = strings.TrimPrefix(path.Clean("/"+from), "/")
			data, ok := b.Read(from)
			if !ok {
				continue
			}
			for _, m := range include.FindAllSubmatchIndex(data, -1) {
				name := string(data[m[2]:m[3]])
				p := name
				if !path.IsAbs(p) {
					p = path.Join("/etc/nginx", p)
				}
				if img.Path(p).State == image.Present || slices.Contains(packaged, strings.TrimPrefix(p, "/etc/nginx/")) {
					continue
				}
				environment, bare := bare(b, p)
				if !bare {
					continue
				}
				for _, f := range b.Files() {
					if path.Base(f) != path.Base(p) || path.Dir(f) != path.Dir(from) && alike(f, p) < 2 {
						continue
					}
					if a := img.Holds(f); a.State == image.Absent && !takes(img, f) {
						line := 1 + strings.Count(string(data[:m[0]]), "\n")
						s.add(gap{
							severity: finding.Error, build: b, environment: environment, subject: f,
							message:     fmt.Sprintf("nginx takes in %s, and the image does not have it: %s; the tree has %s", p, a.Why, b.Source(f)),
							consequence: "nginx does not start", remedy: fmt.Sprintf("copy %s to %s", b.Source(f), p),
							need: source.Span{File: b.Source(from), Line: line}, text: name, absent: step.At, related: []source.Span{{File: b.Source(f), Line: 1}},
						})
					}
				}
			}
		}
	}
}

// takes reports whether a step of the image names a file, wherever it puts it.
func takes(img *image.Image, file string) bool {
	return slices.ContainsFunc(img.Definition().Steps, func(step fact.Step) bool {
		return step.Kind != "run" && slices.ContainsFunc(step.Sources, func(from string) bool { return path.Clean("/"+from) == "/"+file })
	})
}

// bare returns an environment that runs the image with nothing else at a path;
// false where all that run it have something there.
func bare(b *ledger.Build, p string) (string, bool) {
	for _, u := range b.Uses {
		if !slices.ContainsFunc(u.Workload.Mounts, func(m fact.Mount) bool {
			dir := path.Clean(m.Path)
			return m.Path == "" || p == dir || strings.HasPrefix(p, dir+"/")
		}) {
			return u.Environment.Name, true
		}
	}
	return deployed(b), len(b.Uses) == 0
}

// Names of what a crate builds
// (https://doc.rust-lang.org/cargo/reference/cargo-targets.html#binaries).
var (
	crateName = regexp.MustCompile(`(?m)^\s*name\s*=\s*"([^"]+)"`)
	released  = regexp.MustCompile(`/target/(?:[\w-]+/)?release/([\w-]+)$`)
)

// binaries finds what steps copy of the output of cargo, where no crate of the
// tree builds a program of that name.
func (s *session) binaries(b *ledger.Build, img *image.Image) {
	var known map[string]bool
	for _, n := range img.Stages() {
		stage := img.Stage(fmt.Sprint(n))
		for _, step := range stage.Definition().Steps {
			if step.Kind == "run" || step.From == "" {
				continue
			}
			for _, from := range step.Sources {
				m := released.FindStringSubmatch(from)
				if m == nil {
					continue
				}
				if known == nil {
					known = crates(b)
				}
				if from := img.Stage(step.From); len(known) == 0 || known[m[1]] || from == nil || slices.ContainsFunc(from.Definition().Steps, func(run fact.Step) bool {
					return run.Kind == "run" && strings.Contains(strings.Join(run.Command, " "), m[1]) && !strings.Contains(strings.Join(run.Command, " "), "--bin")
				}) {
					continue
				}
				s.add(gap{
					severity: finding.Error, build: b, environment: deployed(b), subject: m[1],
					message:     fmt.Sprintf("the step copies %s from %s, and no crate of the tree builds a program called %s", from, step.From, m[1]),
					consequence: "the build of the image stops there", remedy: "name the program as Cargo.toml calls it", need: step.At, text: from,
				})
			}
		}
	}
}

// crates returns the names of the programs that the crates of the tree build;
// none where that is not known of all of them.
func crates(b *ledger.Build) map[string]bool {
	all := map[string]bool{}
	for _, f := range b.Files() {
		switch {
		case path.Base(f) == "Cargo.toml":
			data, ok := b.Read(f)
			if !ok {
				return nil
			}
			for _, m := range crateName.FindAllSubmatch(data, -1) {
				all[string(m[1])] = true
			}
		case strings.Contains("/"+f, "/src/bin/") && path.Ext(f) == ".rs":
			name := strings.TrimSuffix(path.Base(f), ".rs")
			if name == "main" {
				name = path.Base(path.Dir(f))
			}
			all[name] = true
		}
	}
	return all
}
