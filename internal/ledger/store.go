package ledger

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/link"
	"rehearse/internal/source"
)

// Store is what keeps data in a well-known image.
type Store struct {
	Path     string // the folder that it keeps them in
	Database bool   // it is of no use without them; others can begin anew
	Variable string // that names another folder
	Volume   string // where a volume is to be mounted, where that is not Path
}

// Stores are the folders in which well-known images keep their data, by the
// name of the image, as their documentation on Docker Hub has it (2026).
var Stores = map[string]Store{
	"postgres":          {Path: "/var/lib/postgresql/data", Database: true, Variable: "PGDATA"},
	"postgis":           {Path: "/var/lib/postgresql/data", Database: true, Variable: "PGDATA"},
	"pgvector":          {Path: "/var/lib/postgresql/data", Database: true, Variable: "PGDATA"},
	"timescaledb":       {Path: "/var/lib/postgresql/data", Database: true, Variable: "PGDATA"},
	"mysql":             {Path: "/var/lib/mysql", Database: true},
	"mariadb":           {Path: "/var/lib/mysql", Database: true},
	"percona":           {Path: "/var/lib/mysql", Database: true},
	"mongo":             {Path: "/data/db", Database: true},
	"redis":             {Path: "/data"},
	"valkey":            {Path: "/data"},
	"rabbitmq":          {Path: "/var/lib/rabbitmq"},
	"elasticsearch":     {Path: "/usr/share/elasticsearch/data"},
	"opensearch":        {Path: "/usr/share/opensearch/data"},
	"influxdb":          {Path: "/var/lib/influxdb"},
	"neo4j":             {Path: "/data", Database: true},
	"couchdb":           {Path: "/opt/couchdb/data", Database: true},
	"cassandra":         {Path: "/var/lib/cassandra", Database: true},
	"grafana":           {Path: "/var/lib/grafana"},
	"prometheus":        {Path: "/prometheus"},
	"clickhouse-server": {Path: "/var/lib/clickhouse", Database: true},
}

// Bases returns the images that the workloads of an environment run, or that
// those are made of, which the project builds.
func (l *Ledger) Bases(e *fact.Environment) map[*fact.Workload]string {
	bases := map[*fact.Workload]string{}
	for i := range e.Workloads {
		bases[&e.Workloads[i]] = e.Workloads[i].Image
	}
	for _, b := range l.Builds {
		for _, u := range b.Uses {
			if i := b.Image(); i != nil && u.Environment == e {
				bases[u.Workload] = i.Definition().Base
			}
		}
	}
	return bases
}

// StoreOf returns what keeps data in an image that a workload runs. It is refused
// where the workload says itself where that is, or where the version of the
// image has it elsewhere.
func StoreOf(w *fact.Workload, image string) (Store, bool) {
	name := link.Repository(image)
	s, ok := Stores[path.Base(name)]
	if !ok || strings.Contains(name, "bitnami") {
		return Store{}, false
	}
	for _, v := range w.Supplies {
		if v.Name == s.Variable && s.Variable != "" {
			if v.Value.Origin != fact.Literal || !path.IsAbs(v.Value.Reveal()) {
				return Store{}, false
			}
			s.Path = path.Clean(v.Value.Reveal())
		}
	}
	for _, arg := range append(append([]string{}, w.Command...), w.Args...) {
		if strings.Contains(arg, "datadir") || strings.Contains(arg, "dbpath") || strings.Contains(arg, "data-dir") || strings.Contains(arg, "storage.") {
			return Store{}, false
		}
	}
	if s.Path == "/var/lib/postgresql/data" {
		s = s.versioned(image)
	}
	return s, true
}

// Place is where a volume is to be mounted.
func (s Store) Place() string {
	if s.Volume != "" {
		return s.Volume
	}
	return s.Path
}

// Holds reports whether a volume at a path holds the data.
func (s Store) Holds(p string) bool {
	p = path.Clean(p)
	return source.Under(p, s.Path) || source.Under(s.Path, p)
}

// versioned is where the version of PostgreSQL in an image keeps its data: from
// 18 on in a folder of the version, and the volume is to be mounted above it
// (https://hub.docker.com/_/postgres, "PGDATA").
func (s Store) versioned(image string) Store {
	const above = "/var/lib/postgresql"
	major := majorOf(image)
	switch {
	case major == 0:
		s.Path, s.Volume = above, above // either
	case major >= 18:
		s.Path, s.Volume = fmt.Sprintf("%s/%d/docker", above, major), above
	}
	return s
}

var (
	postgresTag = regexp.MustCompile(`pg(\d+)`)
	leading     = regexp.MustCompile(`^(\d+)`)
)

// majorOf returns the version of PostgreSQL that an image's tag tells: 16.2,
// pg16, 2.11-pg16; 0 where it tells none.
func majorOf(image string) int {
	image, _, _ = strings.Cut(image, "@")
	i := strings.LastIndexByte(image, ':')
	if i < 0 || strings.Contains(image[i:], "/") {
		return 0
	}
	m := postgresTag.FindStringSubmatch(image[i:])
	if m == nil && (strings.HasSuffix(image[:i], "postgres") || strings.HasSuffix(image[:i], "postgis")) {
		m = leading.FindStringSubmatch(image[i+1:])
	}
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return n
}
