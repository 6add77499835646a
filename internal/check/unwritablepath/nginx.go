package unwritablepath

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/link"
	"rehearse/internal/source"
)

// What the official image of nginx writes when it starts, by its own configuration:
// the number of its process, and folders for what it has to hold back
// (https://hub.docker.com/_/nginx, "Running nginx as a non-root user";
// https://nginx.org/en/docs/ngx_core_module.html#pid,
// https://nginx.org/en/docs/http/ngx_http_core_module.html#client_body_temp_path).
const (
	nginxPid   = "/run/nginx.pid"
	nginxCache = "/var/cache/nginx/client_temp"
	nginxConf  = "/etc/nginx/nginx.conf"
)

var (
	pidLine  = regexp.MustCompile(`(?m)^\s*pid\s+["']?([^\s"';]+)["']?\s*;`)
	bodyLine = regexp.MustCompile(`(?m)^\s*client_body_temp_path\s`)
)

// nginx finds a server of the official image that runs as a user who may not
// write where it does.
func (s *start) nginx() []denial {
	i := slices.IndexFunc(s.on.Calls, func(c image.Call) bool { return len(c.Args) > 0 && c.Args[0].Text == "nginx" && !c.Maybe })
	if len(s.on.Calls) == 1 && len(s.on.Calls[0].Args) == 1 && s.on.Calls[0].Args[0].Text == "/docker-entrypoint.sh" {
		i = 0 // what the base is to start
	}
	if i < 0 || s.image.Base().Repository != "nginx" {
		return nil
	}
	call := s.on.Calls[i]
	for _, a := range call.Args[1:] {
		if !a.Whole || a.Text == "-c" || strings.Contains(a.Text, "pid") {
			return nil
		}
	}
	config, known := s.config()
	if !known {
		return nil
	}
	pid := nginxPid
	if m := pidLine.FindStringSubmatch(config); m != nil {
		pid = path.Clean(strings.Replace(m[1], "/var/run/", "/run/", 1))
	}
	var all []denial
	add := func(p string, folders ...string) {
		for _, dir := range append(folders, path.Dir(p)) {
			if !call.Image().Kept(dir) || s.on.Covered(path.Join(dir, path.Base(p))) {
				return
			}
		}
		all = append(all, denial{
			Denial: image.Denial{Path: path.Dir(p), At: s.image.Definition().At}, path: p, text: fmt.Sprintf("nginx writes %s when it starts", p), shown: p, need: call.At, severity: finding.Error,
		})
	}
	if path.Dir(pid) == "/run" {
		add(pid, "/var/run")
	}
	if !bodyLine.MatchString(config) {
		add(nginxCache, "/var/cache")
	}
	return all
}

// config returns what the image has as the configuration of nginx; "" is that of
// the base. It is not known where a step may have changed it.
func (s *start) config() (string, bool) {
	text := ""
	for _, step := range s.image.Definition().Steps {
		if step.Kind == "run" && (strings.Contains(strings.Join(step.Command, " "), "/etc/nginx") || strings.Contains(strings.Join(step.Command, " "), "nginx.pid")) {
			return "", false
		}
	}
	for _, p := range []string{nginxConf, "/etc/nginx/conf.d/default.conf"} {
		a := s.image.Path(p)
		if a.State == image.Unknown {
			return "", false
		}
		if a.From != "" {
			data, ok := s.build.Read(a.From)
			if !ok {
				return "", false
			}
			text += string(data) + "\n"
		}
	}
	if s.on.Use != nil && slices.ContainsFunc(s.on.Use.Workload.Mounts, func(m fact.Mount) bool { return source.Under("/etc/nginx", path.Clean(m.Path)) }) {
		return "", false
	}
	return text, true
}

// spare are the folders that the images of nginx write to by their own
// configuration, each by one of its names
// (https://hub.docker.com/r/nginxinc/nginx-unprivileged).
var spare = map[string][][]string{
	"nginx":                       {{"/run", "/var/run"}, {"/var/cache/nginx"}},
	"nginxinc/nginx-unprivileged": {{"/tmp"}},
}

// sealed finds the servers of nginx whose root filesystem is read-only, without a
// volume where they write.
func sealed(l *ledger.Ledger, e *fact.Environment) []finding.Finding {
	var findings []finding.Finding
	bases := l.Bases(e)
	for i := range e.Workloads {
		w := &e.Workloads[i]
		repository := strings.TrimPrefix(link.Repository(bases[w]), "docker.io/")
		folders := spare[strings.TrimPrefix(repository, "library/")]
		if !w.ReadOnly || folders == nil || slices.ContainsFunc(slices.Concat(w.Command, w.Args), func(a string) bool { return a != "nginx" && a != "-g" && a != "daemon off;" }) {
			continue
		}
		if bases[w] != w.Image && configured(l, w) || slices.ContainsFunc(w.Mounts, func(m fact.Mount) bool {
			return path.Clean(m.Path) == "/etc/nginx" || path.Clean(m.Path) == nginxConf
		}) {
			continue // it may be told to write elsewhere
		}
		for _, names := range folders {
			if slices.ContainsFunc(names, func(dir string) bool { return writable(w, dir) }) {
				continue
			}
			f := doc.Finding(finding.Error, w.Name, e.Name, names[0])
			f.Message = fmt.Sprintf("nginx writes to %s when it starts, and the root filesystem of %s is read-only, with no volume there", names[0], w.Name)
			f.Consequence = "the container exits: read-only file system"
			f.Remedy = fmt.Sprintf("mount an emptyDir or tmpfs at %s", names[0])
			f.Evidence = []finding.Evidence{{Role: finding.Absent, At: w.At, Environment: e.Name}}
			findings = append(findings, f)
		}
	}
	return findings
}

// configured reports whether the image of a workload that is built here brings a
// configuration of its own.
func configured(l *ledger.Ledger, w *fact.Workload) bool {
	return slices.ContainsFunc(l.Builds, func(b *ledger.Build) bool {
		return b.Image() != nil && slices.ContainsFunc(b.Uses, func(u ledger.Use) bool { return u.Workload == w }) &&
			(b.Image().Path(nginxConf).From != "" || b.Image().Path(nginxConf).State != image.Present || !b.Image().Kept("/etc/nginx/nginx.conf"))
	})
}
