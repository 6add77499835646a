package link

import (
	"path"
	"slices"
	"strings"
)

// public reports whether an image is one that everybody knows: of Docker's
// official library (Docker documentation, "Docker Official Images"), or of the
// same name by another owner. One that a definition here builds was linked
// before.
func public(name string) bool {
	base := path.Base(name)
	_, serves := imagePorts[base]
	if slices.ContainsFunc(vendors, func(v string) bool { return strings.HasPrefix(strings.TrimPrefix(name, "docker.io/"), v) }) {
		return true
	}
	return serves || slices.Contains(officialImages, base) || sidecar(name)
}

var officialImages = []string{
	"adminer", "alpine", "busybox", "caddy", "cassandra", "clickhouse", "consul", "couchdb", "debian", "docker",
	"elasticsearch", "golang", "grafana", "haproxy", "httpd", "influxdb", "kibana", "kong", "logstash", "mariadb",
	"memcached", "mongo", "mongo-express", "mysql", "nats", "neo4j", "nginx", "node", "openjdk", "php", "phpmyadmin",
	"postgres", "prometheus", "python", "rabbitmq", "redis", "registry", "ruby", "solr", "sonarqube", "telegraf",
	"traefik", "ubuntu", "valkey", "vault", "wordpress", "zookeeper",
	"oauth2-proxy", "oauth2_proxy", "cloudsql-proxy", "gce-proxy", "cloud-sql-proxy", "fluent-bit", "fluentd", "statsd-exporter", "envoy", "pgbouncer", "pgbouncer-exporter",
	"proxyv2", "vault-agent", "datadog-agent", "k8s-sidecar", "nginx-unprivileged", "kubectl", "minio", "mailhog", "mailpit", "git-sync", "cadvisor",
	"node-exporter", "postgres-exporter", "redis-exporter", "redis_exporter", "nginx-prometheus-exporter", "blackbox-exporter", "alertmanager", "loki", "promtail", "tempo",
	"curl", "aws-cli", "git", "k8s-wait-for", "wait-for", "wait4x", "jq", "yq", "helm",
	"all-in-one", "jaeger", "opentelemetry-collector", "opentelemetry-collector-contrib", "pgadmin4", "keycloak", "localstack",
}

// vendors are the beginnings of the names of images that everybody uses and no
// project has of its own: registries and owners (their pages, 2026).
var vendors = []string{
	"mcr.microsoft.com/", "docker.elastic.co/", "registry.k8s.io/", "k8s.gcr.io/", "gcr.io/distroless/", "gcr.io/cloudsql-docker/", "gcr.io/cloud-sql-connectors/",
	"registry.access.redhat.com/", "registry.redhat.io/", "public.ecr.aws/docker/", "bitnami/", "bitnamilegacy/", "clickhouse/", "confluentinc/", "otel/", "prom/", "minio/",
	"nvidia/", "nvcr.io/nvidia/", "amazon/", "datadog/", "quay.io/prometheus/", "quay.io/jetstack/", "jaegertracing/", "curlimages/", "alpine/", "fluent/", "dpage/",
	"selenium/", "localstack/", "certbot/", "nginxproxy/", "jwilder/", "axllent/", "mailhog/", "wiremock/", "swaggerapi/", "redocly/", "postgis/", "pgvector/", "opensearchproject/",
}

// sidecars are images that run beside an application for the sake of the
// platform, by owner and name.
var sidecars = []string{
	"datadog/agent", "aws-observability/aws-otel-collector", "amazon/aws-otel-collector", "amazon/aws-for-fluent-bit", "aws-observability/aws-for-fluent-bit",
	"amazon/aws-xray-daemon", "xray/aws-xray-daemon", "amazon/cloudwatch-agent", "fluent/fluent-bit", "newrelic/newrelic-fluentbit-output",
	"newrelic/nri-ecs", "cloud-sql-connectors/cloud-sql-proxy", "cloudsql-docker/gce-proxy", "envoyproxy/envoy", "newrelic/k8s-events-forwarder",
}

// sidecar reports whether an image runs beside an application.
func sidecar(name string) bool {
	return slices.ContainsFunc(sidecars, func(s string) bool { return name == s || strings.HasSuffix(name, "/"+s) })
}

// imagePorts are the ports that public images listen on where nothing says
// otherwise (the documentation of each image).
var imagePorts = map[string]int{
	"postgres": 5432, "pgvector": 5432, "postgis": 5432, "timescaledb": 5432, "mysql": 3306, "mariadb": 3306, "redis": 6379, "valkey": 6379,
	"mongo": 27017, "rabbitmq": 5672, "memcached": 11211, "elasticsearch": 9200, "opensearch": 9200, "nats": 4222, "kafka": 9092,
	"minio": 9000, "meilisearch": 7700, "clickhouse-server": 8123, "mailhog": 1025, "mailpit": 1025, "vault": 8200, "etcd": 2379,
}

// Port returns the port that a public image listens on, by the last part of its
// name; 0 where none is known.
func Port(image string) int { return imagePorts[image] }
