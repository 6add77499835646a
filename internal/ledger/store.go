package ledger

import (
	"path"
	"strconv"
	"strings"

	"rehearse/internal/fact"
)

// Store is what keeps data in a well-known image.
type Store struct {
	Path     string // the folder that it keeps them in
	Database bool   // it is of no use without them; others can begin anew
	Variable string // that names another folder
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

// StoreOf returns what keeps data in the image of a workload. It is refused
// where the workload says itself where that is, or where the version of the
// image has it elsewhere.
func StoreOf(w *fact.Workload) (Store, bool) {
	name := repository(w.Image)
	s, ok := Stores[path.Base(name)]
	if !ok || strings.Contains(name, "bitnami") || w.Build != nil {
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
	// From version 18 on the data are in a folder of the version
	// (https://hub.docker.com/_/postgres, PGDATA).
	if s.Path == "/var/lib/postgresql/data" {
		if major, known := majorOf(w.Image); !known && path.Base(name) == "postgres" {
			s.Path = "/var/lib/postgresql"
		} else if known && major >= 18 {
			s.Path = "/var/lib/postgresql"
		}
	}
	return s, true
}

// Holds reports whether a volume at a path holds the data.
func (s Store) Holds(p string) bool {
	p = path.Clean(p)
	return under(p, s.Path) || under(s.Path, p)
}

// majorOf returns the first number of an image's tag.
func majorOf(image string) (int, bool) {
	image, _, _ = strings.Cut(image, "@")
	i := strings.LastIndexByte(image, ':')
	if i < 0 || strings.Contains(image[i:], "/") {
		return 0, false
	}
	tag := image[i+1:]
	end := 0
	for end < len(tag) && tag[end] >= '0' && tag[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(tag[:end])
	return n, err == nil
}
