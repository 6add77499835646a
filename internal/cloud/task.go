package cloud

import (
	"fmt"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// Task returns a workload for each container of a task definition of Amazon ECS
// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html).
// The containers and the volumes are handed in: formats keep them in different
// places.
func Task(name string, at source.Span, containers, volumes *Node) []fact.Workload {
	var all []fact.Workload
	for _, c := range containers.Items() {
		if !c.IsMap() {
			continue
		}
		w := fact.Workload{
			Name: name, Kind: "task", Platform: "ecs", Container: c.Get("name").Text(), At: first(c.KeyAt("name"), c.At, at), Replicas: 1,
			Image: c.Get("image").Shown(), WorkDir: c.Get("workingDirectory").Text(), User: c.Get("user").Text(),
			Command: c.Get("entryPoint").Texts(), Args: c.Get("command").Texts(),
			StartAt: first(c.KeyAt("command"), c.KeyAt("entryPoint")),
		}
		if c.Get("essential").Text() == "false" {
			// It may end by itself: what it prepares is waited for by a neighbour.
			w.Init = awaited(containers, w.Container)
		}
		w.EnvAt = first(c.KeyAt("environment"), c.KeyAt("secrets"), w.At)
		if env := c.Get("environment"); env != nil && env.At.File != c.At.File && !env.At.IsZero() {
			w.EnvAt = env.At // it is handed to a module
		}
		w.Supplies, w.Imports = c.Get("environment").Named("name", "value")
		secrets, more := c.Get("secrets").Named("name", "valueFrom")
		for _, s := range secrets {
			if s.Value.Origin == fact.Literal {
				s.Value = fact.Unknowable("a secret of the account")
			}
			w.Supplies = append(w.Supplies, s)
		}
		w.Imports = append(w.Imports, more...)
		if files := c.Get("environmentFiles"); !files.IsNull() {
			w.Imports = append(w.Imports, files.Hidden("a file of variables in a bucket")...)
		}
		for _, key := range []string{"memory", "memoryReservation"} {
			if n := c.Get(key).Int(); n > 0 { // MiB
				w.Bounds = append(w.Bounds, fact.Bound{Resource: "memory", Limit: key == "memory", Text: fmt.Sprintf("%d MiB", n), Amount: int64(n) << 20, At: c.Get(key).At})
			}
		}
		if w.Image == "" {
			w.Image = "${image}" // it is filled in when it is deployed
		}
		for _, p := range c.Get("portMappings").Items() {
			if n := p.Get("containerPort").Int(); n != 0 {
				w.Ports = append(w.Ports, fact.Port{Name: p.Get("name").Text(), Number: n, At: p.Get("containerPort").At})
			}
		}
		for _, m := range c.Get("mountPoints").Items() {
			if path := m.Get("containerPath").Text(); path != "" {
				w.Mounts = append(w.Mounts, mount(m, path, volumes))
			}
		}
		if check := c.Get("healthCheck", "command").Texts(); len(check) > 1 {
			w.Probes = []fact.Probe{{Kind: "healthcheck", Command: command(check), At: c.KeyAt("healthCheck")}}
		}
		for _, d := range c.Get("dependsOn").Items() {
			w.DependsOn = append(w.DependsOn, d.Get("containerName").Text())
		}
		all = append(all, w)
	}
	return all
}

// awaited reports whether another container starts only when this one is done.
func awaited(containers *Node, name string) bool {
	for _, c := range containers.Items() {
		for _, d := range c.Get("dependsOn").Items() {
			condition := d.Get("condition").Text()
			if d.Get("containerName").Text() == name && (condition == "SUCCESS" || condition == "COMPLETE") {
				return true
			}
		}
	}
	return false
}

func mount(m *Node, path string, volumes *Node) fact.Mount {
	name := m.Get("sourceVolume").Text()
	found := fact.Mount{Path: path, Source: name, Kind: "volume", ReadOnly: m.Get("readOnly").Text() == "true", At: m.Get("containerPath").At}
	for _, v := range volumes.Items() {
		if v.Get("name").Text() != name {
			continue
		}
		// What the host or a file system keeps outlives the task; a volume without a
		// place of its own does not.
		for _, p := range v.Pairs() {
			key := strings.ToLower(strings.ReplaceAll(p.Key, "_", ""))
			found.Persistent = found.Persistent || strings.HasSuffix(key, "volumeconfiguration") || strings.HasPrefix(key, "host") && (p.Value.IsScalar() || !p.Value.Get("sourcePath").IsNull())
		}
	}
	return found
}

// command returns the command of a health check (CMD, CMD-SHELL).
func command(words []string) []string {
	switch words[0] {
	case "CMD-SHELL":
		return []string{"/bin/sh", "-c", strings.Join(words[1:], " ")}
	case "CMD":
		return words[1:]
	}
	return words
}

func first(spans ...source.Span) source.Span {
	for _, at := range spans {
		if !at.IsZero() {
			return at
		}
	}
	return source.Span{}
}
