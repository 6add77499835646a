package scene

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
	"rehearse/internal/project"
)

// Service is a backing service that the tool starts for a rehearsal.
type Service struct {
	Name     string
	Kind     string // postgres, redis
	Port     int    // the port that it has by convention
	Init     []string
	Supplies map[string]string // variable to template
	At       string            // for a person: what tells of it
	User     string
	Password string
	Database string

	locals []int // ports of the developer's machine on which it answers
	hosts  []string
}

// kindRow is a kind of service, with the schemes of its URLs, the names of its
// images and the port that IANA or convention gives it.
type kindRow struct {
	kind    string
	schemes []string
	images  []string
	port    int
}

var kinds = []kindRow{
	{"postgres", []string{"postgres", "postgresql"}, []string{"postgres", "postgis", "pgvector", "timescaledb", "postgresql"}, 5432},
	{"redis", []string{"redis", "rediss"}, []string{"redis", "valkey", "redis-stack", "redis-stack-server", "redismod", "keydb"}, 6379},
}

// speaks reports whether a URL of that scheme is of the kind.
func (k *kindRow) speaks(scheme string) bool {
	scheme, _, _ = strings.Cut(scheme, "+") // SQLAlchemy's postgresql+psycopg2
	return slices.Contains(k.schemes, scheme)
}

// speaks reports whether a URL of that scheme is of the service's kind.
func (v *Service) speaks(scheme string) bool {
	return slices.ContainsFunc(kinds, func(k kindRow) bool { return k.kind == v.Kind && k.speaks(scheme) })
}

// credentials returns what a URL says of the user, the password and the name
// of the database.
func credentials(value string) (user, password, database string) {
	u, err := url.Parse(value)
	if err != nil {
		return "", "", ""
	}
	password, _ = u.User.Password()
	return u.User.Username(), password, strings.TrimPrefix(u.Path, "/")
}

// stageUser is who a process on the stage is to itself.
const stageUser = "root"

// findServices collects what rehearse.yaml declares and, where it declares
// nothing of a kind, what the local variables name.
func (s *Scene) findServices() {
	for _, c := range s.project.Config.Services {
		k := slices.IndexFunc(kinds, func(k kindRow) bool { return k.kind == c.Kind })
		if k < 0 {
			s.Notes = append(s.Notes, fmt.Sprintf("service %s is a %s, which is not staged", c.Name, c.Kind))
			continue
		}
		service := &Service{
			Name: c.Name, Kind: c.Kind, Port: kinds[k].port, Init: c.Init, Supplies: map[string]string{}, At: project.ConfigFile,
			User: "rehearse", Database: "rehearse",
		}
		for _, t := range c.Supplies {
			service.Supplies[t.Name] = t.Text
		}
		s.Services = append(s.Services, service)
	}
	for _, r := range s.Roles {
		local := r.Component.Local()
		for _, name := range local.Names() {
			if supply, _, state := local.Variable(name); state == ledger.Supplied && supply.Value.Origin == fact.Literal {
				s.serviceIn(name, supply)
			}
		}
	}
	s.servicesBeside()
	for _, service := range s.Services {
		service.hosts = s.hostsOf(service)
		if service.Kind == "postgres" {
			// What an address leaves out: who the process is, and a database of that
			// name (PostgreSQL documentation, "Database Connection Control Functions").
			service.User = cmp.Or(service.User, stageUser)
			service.Database = cmp.Or(service.Database, service.User)
		}
		if len(service.Init) == 0 && service.Kind == "postgres" {
			service.Init = s.schema()
		}
	}
}

// servicesBeside adopts those of the environments whose image says what they
// are, where nothing else told of one of the kind, and notes those that are not
// staged: what needs them will fail on the stage.
func (s *Scene) servicesBeside() {
	if len(s.Roles) == 0 {
		return
	}
	for _, e := range s.ledger.Environments {
		if e.Name != s.Environment && !e.IsLocal() {
			continue
		}
		for i := range e.Workloads {
			w := &e.Workloads[i]
			if name := imageName(w.Image); slices.Contains(unstaged, name) {
				s.note(fmt.Sprintf("%s is a %s, which is not staged: what needs it cannot be rehearsed", w.Name, name))
			}
			kind := kindOfImage(w.Image)
			k := slices.IndexFunc(kinds, func(k kindRow) bool { return k.kind == kind })
			if k < 0 || slices.ContainsFunc(s.Services, func(v *Service) bool { return v.Kind == kind }) {
				continue
			}
			service := &Service{Name: w.Name, Kind: kind, Port: kinds[k].port, At: w.At.File, Supplies: map[string]string{}}
			told := map[string]string{}
			for _, supply := range w.Supplies {
				if supply.Value.Origin == fact.Literal {
					told[supply.Name] = supply.Value.Reveal()
				}
			}
			// The defaults are those of the official image (its documentation on Docker Hub).
			service.User = cmp.Or(told["POSTGRES_USER"], "postgres")
			service.Password = told["POSTGRES_PASSWORD"]
			service.Database = cmp.Or(told["POSTGRES_DB"], service.User)
			s.Services = append(s.Services, service)
		}
	}
}

func (s *Scene) note(text string) {
	if !slices.Contains(s.Notes, text) {
		s.Notes = append(s.Notes, text)
	}
}

// unstaged are images of services that applications cannot do without and that
// are not staged.
var unstaged = []string{
	"mysql", "mariadb", "mongo", "mssql", "rabbitmq", "kafka", "elasticsearch", "opensearch", "memcached",
	"cassandra", "clickhouse-server", "nats", "minio", "etcd", "neo4j", "couchdb", "influxdb", "solr",
}

// serviceIn adopts the service that a local value names.
func (s *Scene) serviceIn(name string, supply fact.Supply) {
	value := supply.Value.Reveal()
	scheme, _, isURL := strings.Cut(value, "://")
	if !isURL {
		return
	}
	k := slices.IndexFunc(kinds, func(k kindRow) bool { return k.speaks(scheme) })
	if k < 0 {
		return
	}
	var found *Service
	for _, service := range s.Services {
		if service.Kind == kinds[k].kind && (found == nil || service.Supplies[name] != "") {
			found = service
		}
	}
	if found == nil {
		found = &Service{Name: kinds[k].kind, Kind: kinds[k].kind, Port: kinds[k].port, At: supply.At.File, Supplies: map[string]string{}}
		s.Services = append(s.Services, found)
	}
	if user, password, database := credentials(value); database != "" || user != "" {
		found.User, found.Password, found.Database = cmp.Or(user, found.User), cmp.Or(password, found.Password), cmp.Or(database, found.Database)
	}
	if port := ledger.PortOf(value); port != 0 && !slices.Contains(found.locals, port) {
		found.locals = append(found.locals, port)
	}
	if host := ledger.HostOf(value); host != "" && !ledger.Loopback(host) && !slices.Contains(found.hosts, host) {
		found.hosts = append(found.hosts, host)
	}
}

// hostsOf returns the names that production and the developer's compose file
// have for what the service stands in for.
func (s *Scene) hostsOf(service *Service) []string {
	hosts := service.hosts
	for _, e := range s.ledger.Environments {
		if e.Name != s.Environment && !e.IsLocal() {
			continue
		}
		for i := range e.Workloads {
			w := &e.Workloads[i]
			if kindOfImage(w.Image) != service.Kind || !s.meant(service, w) {
				continue
			}
			if e.Kind != "kubernetes" {
				hosts = append(append(hosts, w.Name), w.Aliases...)
			}
			for _, svc := range e.Services {
				if ledger.Selects(&svc, w) {
					hosts = append(hosts, svc.Name)
				}
			}
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// meant reports whether a workload is what the service stands in for: where
// there are several of a kind, the one of its name.
func (s *Scene) meant(service *Service, w *fact.Workload) bool {
	same := 0
	for _, other := range s.Services {
		if other.Kind == service.Kind {
			same++
		}
	}
	return same < 2 || w.Name == service.Name
}

// imageName is the last part of an image's name: "postgres".
func imageName(image string) string {
	name, _, _ := strings.Cut(image, "@")
	name, _, _ = strings.Cut(path.Base(name), ":")
	return name
}

func kindOfImage(image string) string {
	name := imageName(image)
	for _, k := range kinds {
		if slices.Contains(k.images, name) {
			return k.kind
		}
	}
	return ""
}

// host returns the name by which production reaches the service.
func (v *Service) host() string {
	if len(v.hosts) > 0 {
		return v.hosts[0]
	}
	return v.Name
}

// expand fills a template of rehearse.yaml; "{{url}}" where it says nothing.
func (v *Service) expand(template, host string, port int) string {
	u := fmt.Sprintf("redis://%s:%d", host, port)
	if v.Kind == "postgres" {
		u = fmt.Sprintf("postgres://%s:%s@%s:%d/%s", v.User, v.Password, host, port, v.Database)
	}
	return strings.NewReplacer(
		"{{url}}", u, "{{host}}", host, "{{port}}", strconv.Itoa(port),
		"{{user}}", v.User, "{{password}}", v.Password, "{{database}}", v.Database,
	).Replace(template)
}

// schema returns the SQL files of the project that make the schema and fill
// it: those that the compose file of the developer has the database run at its
// first start, else those whose names say so.
func (s *Scene) schema() []string {
	var files []string
	for _, w := range s.ledger.Environments[0].Workloads {
		if kindOfImage(w.Image) != "postgres" {
			continue
		}
		var mounts []fact.Mount
		for _, m := range w.Mounts {
			if strings.HasPrefix(m.Path, "/docker-entrypoint-initdb.d") {
				mounts = append(mounts, m)
			}
		}
		slices.SortFunc(mounts, func(a, b fact.Mount) int { return cmp.Compare(a.Path, b.Path) })
		for _, m := range mounts {
			for _, f := range s.project.Files {
				if strings.HasSuffix(f.Path, ".sql") && (f.Path == m.Source || path.Dir(f.Path) == path.Clean(m.Source)) {
					files = append(files, f.Path)
				}
			}
		}
	}
	if len(files) > 0 {
		return files
	}
	for _, name := range []string{"schema.sql", "init.sql", "structure.sql", "seed.sql", "seeds.sql", "data.sql"} {
		for _, f := range s.project.Files {
			if path.Base(f.Path) == name && f.Link == "" && len(files) < 2 {
				files = append(files, f.Path)
			}
		}
	}
	return files
}
