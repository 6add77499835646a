package unlockedinstall

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// pulls finds the images of others that production takes whatever version they
// are of: a replica that is started tomorrow may be of another than those that
// run. Images that the project builds itself are given their tags when they are
// deployed, and are left out where the manifest does not ask for the latest.
func pulls(l *ledger.Ledger) []finding.Finding {
	built := map[string]bool{}
	for _, b := range l.Builds {
		for _, u := range b.Uses {
			built[u.Workload.Image] = true
		}
	}
	var findings []finding.Finding
	seen := map[string]bool{}
	for _, e := range l.Environments {
		if !e.IsProduction() {
			continue
		}
		for i := range e.Workloads {
			w := &e.Workloads[i]
			key := fmt.Sprint(w.At, w.Container, w.Image)
			if w.Build != nil || w.Kind == "DeploymentConfig" /* names a stream of images */ || seen[key] {
				continue
			}
			own := built[w.Image] || !published(w.Image)
			if own && (e.Kind == "compose" || !latest(w.Image)) {
				continue
			}
			seen[key] = true
			severity, consequence := finding.Info, "a replica that is started later runs another version than those beside it"
			if keeps[name(w.Image)] && slices.ContainsFunc(w.Mounts, func(m fact.Mount) bool { return m.Persistent }) {
				severity, consequence = finding.Warning, "the next major version refuses to start on the data of the one before"
			}
			if own {
				consequence = "replicas that start on different days run different versions, and to go back to the one before there is no name"
			}
			f := doc.Finding(severity, "", e.Name, w.Image)
			f.Message = fmt.Sprintf("%s %s runs %s: whatever version is the latest when it is started", w.Kind, w.Name, w.Image)
			f.Consequence = consequence
			f.Remedy = "give the image a tag with a version"
			f.Evidence = []finding.Evidence{{Role: finding.Need, At: w.At, Text: w.Image, Environment: e.Name}}
			findings = append(findings, f)
		}
	}
	return findings
}

// published reports whether an image without a fixed version is one that others
// publish: an official one (redis), or one of a known publisher's at the public
// registry (bitnami/redis). Of what has a registry of its own nobody can tell
// whose it is.
func published(image string) bool {
	if !floats(image) || strings.ContainsAny(image, "{}<>% ") {
		return false
	}
	path := strings.TrimPrefix(strings.TrimPrefix(image, "docker.io/"), "library/")
	return services[name(image)] && strings.Count(path, "/") <= 1 && !strings.Contains(path, ".")
}

// latest reports whether an image is told by the tag that moves with every
// build.
func latest(image string) bool {
	return strings.HasSuffix(image, ":latest") && !strings.ContainsAny(image, "$@{}<>% ")
}

// name is the last part of an image's, without its tag.
func name(image string) string {
	image, _, _ = strings.Cut(image[strings.LastIndexByte(image, '/')+1:], ":")
	return image
}

// keeps are those of them whose next major version does not read the files of
// the one before by itself (https://www.postgresql.org/docs/current/upgrading.html,
// https://www.mongodb.com/docs/manual/release-notes/).
var keeps = map[string]bool{"postgres": true, "postgresql": true, "mongo": true, "mongodb": true, "elasticsearch": true, "neo4j": true}

// services are programs that are run as others publish them: official images of
// Docker, and those of their makers.
var services = map[string]bool{
	"postgres": true, "postgresql": true, "mysql": true, "mariadb": true, "mongo": true, "mongodb": true, "redis": true, "valkey": true, "memcached": true,
	"rabbitmq": true, "nats": true, "kafka": true, "zookeeper": true, "elasticsearch": true, "opensearch": true, "kibana": true, "logstash": true,
	"cassandra": true, "couchdb": true, "influxdb": true, "neo4j": true, "clickhouse-server": true, "cockroach": true, "minio": true, "vault": true, "consul": true,
	"etcd": true, "traefik": true, "nginx": true, "caddy": true, "haproxy": true, "httpd": true, "prometheus": true, "grafana": true, "loki": true, "jaeger": true,
	"keycloak": true, "mailhog": true, "busybox": true, "alpine": true, "registry": true, "sonarqube": true, "jenkins": true, "nextcloud": true, "wordpress": true,
}

// fetched is a script of another's that a step takes from the network and runs.
// A pipe ends as its last command does (https://docs.docker.com/build/building/best-practices/#using-pipes):
// where the fetch fails, nothing is installed and the step passes.
var fetched = regexp.MustCompile(`\b(?:curl|wget)\b[^|;&\n]*\|\s*(?:sudo\s+)?(?:-E\s+)?(?:/bin/)?(bash|sh)\b`)

// scripts finds the installs of scripts that are fetched as they are that day.
func scripts(l *ledger.Ledger) []finding.Finding {
	built := map[string]*ledger.Build{} // by Dockerfile
	for _, b := range l.Builds {
		if !b.ForTests() && !environment.ForDevelopers(b.Dockerfile) && built[b.Dockerfile] == nil {
			built[b.Dockerfile] = b
		}
	}
	var findings []finding.Finding
	for _, d := range l.Definitions {
		for _, image := range d.Images {
			b := built[image.Dockerfile]
			if b == nil {
				continue
			}
			for _, stage := range image.Stages {
				for _, step := range stage.Steps {
					text := strings.Join(step.Command, " ")
					m := fetched.FindStringSubmatch(text)
					if step.Kind == "run" && m != nil && !strings.Contains(text, "pipefail") {
						findings = append(findings, script(l, b, step, m[1]))
					}
				}
			}
		}
	}
	return findings
}

func script(l *ledger.Ledger, b *ledger.Build, step fact.Step, shell string) finding.Finding {
	f := doc.Finding(finding.Info, l.Around(b.Dockerfile), b.Environment(), "| "+shell)
	f.Message = "a script is fetched and run as it is on the day of the build, and where the fetch fails the step passes all the same"
	f.Consequence = "the image is built without what the script was to install, or with another version"
	f.Remedy = "begin the step with set -o pipefail (in bash), and name a version in what is fetched"
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: step.At, Text: "| " + shell, Environment: b.Environment()}}
	return f
}
