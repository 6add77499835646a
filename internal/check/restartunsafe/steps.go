package restartunsafe

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/start"
)

// effect is what a step does to what is stored.
type effect int

const (
	destroys   effect = iota + 1 // it makes all anew
	loses                        // it may drop a part
	overwrites                   // it puts values over those that are there
	creates                      // it makes one thing, and fails where it is there
	seeds                        // it depends on the project's own seeds
	migrates                     // it knows what has been done, and takes no lock
)

// kind is a step that is known.
type kind struct {
	what string // the command as a report names it
	does effect
	tool *tool
}

// task is a command of a tool.
type task struct {
	name   string         // the word that tells it
	does   effect         // without an option below
	option *regexp.Regexp // it is meant only with, or, where unless is set, without an option like this
	unless bool
}

// tool is a program, or a script, that has tasks.
type tool struct {
	runs  *regexp.Regexp // the words up to the task: php artisan, python manage.py
	tasks []task
	files *regexp.Regexp // where the project's seeds are
}

func re(text string) *regexp.Regexp { return regexp.MustCompile(text) }

// tools, each with the page that says what its tasks do. A task that stands
// twice is judged by the first line that fits.
var tools = []*tool{
	// https://laravel.com/docs/migrations, https://laravel.com/docs/seeding
	{re(`(^|/)artisan$`), []task{
		{"migrate:fresh", destroys, nil, false},
		{"migrate:refresh", destroys, nil, false},
		{"migrate:reset", destroys, nil, false},
		{"db:wipe", destroys, nil, false},
		{"db:seed", seeds, nil, false},
		{"migrate", seeds, re(`^--seed(er(=.*)?)?$`), false},
		{"migrate", migrates, re(`^--isolated`), true},
	}, re(`(^|/)database/seed(er)?s/[^/]+\.php$`)},
	// https://symfony.com/bundles/DoctrineFixturesBundle/current/index.html: the database is purged first
	{re(`(^|/)bin/console$`), []task{
		{"doctrine:fixtures:load", destroys, re(`^--append$`), true},
		{"doctrine:fixtures:load", overwrites, nil, false},
		{"doctrine:database:drop", destroys, nil, false},
		{"doctrine:schema:drop", destroys, nil, false},
		{"hautelook:fixtures:load", destroys, re(`^--append$`), true},
	}, nil},
	// https://guides.rubyonrails.org/active_record_migrations.html#setup-the-database
	{re(`(^|/)(rails|rake)$`), []task{
		{"db:reset", destroys, nil, false},
		{"db:drop", destroys, nil, false},
		{"db:migrate:reset", destroys, nil, false},
		{"db:schema:load", destroys, nil, false},
		{"db:seed:replant", destroys, nil, false},
		{"db:truncate_all", destroys, nil, false},
		{"db:setup", seeds, nil, false},
		{"db:seed", seeds, nil, false},
		{"db:fixtures:load", overwrites, nil, false},
	}, re(`(^|/)db/seeds(\.rb|/.+\.rb)$`)},
	// https://docs.djangoproject.com/en/stable/ref/django-admin/
	{re(`(^|/)(manage\.py|django-admin)$`), []task{
		{"flush", destroys, nil, false},
		{"reset_db", destroys, nil, false},
		{"sqlflush", destroys, nil, false},
		{"loaddata", overwrites, nil, false},
		{"createsuperuser", creates, nil, false},
		{"migrate", migrates, re(`^--(check|plan)$`), true},
	}, nil},
	// https://www.prisma.io/docs/orm/reference/prisma-cli-reference
	{re(`(^|/)prisma$`), []task{
		{"reset", destroys, nil, false},
		{"push", destroys, re(`^--force-reset$`), false},
		{"push", loses, re(`^--accept-data-loss$`), false},
		{"seed", seeds, nil, false},
	}, re(`(^|/)prisma/seeds?(\.[jt]s|/.+\.[jt]s)$`)},
	// https://github.com/sequelize/cli: what was seeded is not kept unless asked for
	{re(`(^|/)sequelize(-cli)?$`), []task{
		{"db:drop", destroys, nil, false},
		{"db:migrate:undo:all", destroys, nil, false},
		{"db:seed:all", seeds, nil, false},
		{"db:seed", seeds, nil, false},
		{"db:migrate", migrates, nil, false},
	}, re(`(^|/)seed(er)?s/[^/]+\.[jt]s$`)},
	// https://knexjs.org/guide/migrations.html#seed-files
	{re(`(^|/)knex$`), []task{
		{"seed:run", seeds, nil, false},
	}, re(`(^|/)seeds/[^/]+\.[jt]s$`)},
	// https://typeorm.io/using-cli
	{re(`(^|/)typeorm(-ts-node-\w+)?$`), []task{
		{"schema:drop", destroys, nil, false},
		{"migration:run", migrates, nil, false},
	}, nil},
	// https://alembic.sqlalchemy.org/en/latest/cookbook.html: it takes no lock by itself
	{re(`(^|/)alembic$`), []task{
		{"upgrade", migrates, nil, false},
	}, nil},
	{re(`(^|/)flask$`), []task{
		{"seed", seeds, nil, false},
		{"db-seed", seeds, nil, false},
		{"seed-db", seeds, nil, false},
	}, re(`(^|/)seeds?\.py$`)},
	// https://www.mongodb.com/docs/database-tools/mongoimport/#std-option-mongoimport.--drop
	{nil, []task{
		{"mongoimport", destroys, re(`^--drop$`), false},
	}, nil},
	{nil, []task{
		{"mongorestore", destroys, re(`^--drop$`), false},
	}, nil},
}

// kindOf tells what kind of step a command is.
func kindOf(s start.Step) (kind, bool) {
	words := s.Words
	for len(words) > 1 && slices.Contains(prefixes, path.Base(words[0])) {
		words = words[1:]
	}
	for _, t := range tools {
		at := 0
		if t.runs != nil {
			at = slices.IndexFunc(words[:min(len(words), 6)], t.runs.MatchString)
			if at < 0 {
				continue
			}
			at++
		}
		rest := words[at:]
		for _, task := range t.tasks {
			i := slices.Index(rest, task.name)
			if t.runs == nil {
				i = -1
				if len(rest) > 0 && path.Base(rest[0]) == task.name {
					i = 0
				}
			}
			if i < 0 || i > 2 || strings.Contains(strings.Join(rest, " "), "--help") {
				continue
			}
			if task.option != nil && slices.ContainsFunc(rest, task.option.MatchString) == task.unless {
				continue
			}
			what := strings.Join(append(slices.Clone(words[:at]), rest[:i+1]...), " ")
			if task.option != nil && !task.unless {
				what += " " + rest[slices.IndexFunc(rest, task.option.MatchString)]
			}
			return kind{what, task.does, t}, true
		}
	}
	return script(words)
}

// prefixes are programs that start the one behind them.
var prefixes = []string{"exec", "sudo", "nohup", "time", "npx", "yarn", "pnpm", "bunx", "bundle", "poetry", "pipenv", "uv", "run", "doppler", "dotenv", "gosu", "su-exec"}

// interpreters run the script that is named behind them.
var interpreters = re(`^(node|ts-node|ts-node-esm|tsx|bun|deno|python[0-9.]*|ruby|php|go)$`)

// seeder is what scripts are called that seed.
var seeder = re(`(?i)(^|[/_.-])(db[_-]?)?seed(s|er|ers|ing)?([_-]?(db|data|database))?\.(js|mjs|cjs|ts|mts|py|rb|php)$`)

// script is a script of the project's own that seeds, by its name.
func script(words []string) (kind, bool) {
	if len(words) < 2 || !interpreters.MatchString(path.Base(words[0])) {
		return kind{}, false
	}
	for _, w := range words[1:min(len(words), 6)] {
		if seeder.MatchString(w) {
			return kind{path.Base(words[0]) + " " + w, seeds, &tool{files: re(regexp.QuoteMeta(strings.TrimPrefix(path.Clean(w), "/")) + "$")}}, true
		}
	}
	return kind{}, false
}
