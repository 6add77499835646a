package kube

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

func (r *reader) service(o *yaml.Node) {
	spec := o.Get("spec")
	s := fact.Service{
		Name: metaName(o), Namespace: metaNamespace(o), Kind: spec.Get("type").Text(), At: o.At,
		Selector: texts(spec.Get("selector")), Headless: spec.Get("clusterIP").Text() == "None",
		Sticky: spec.Get("sessionAffinity").Text() == "ClientIP",
	}
	if s.Kind == "" {
		s.Kind = "ClusterIP"
	}
	if s.Kind == "ExternalName" {
		s.External = spec.Get("externalName").Text()
	}
	for _, p := range spec.Get("ports").Items() {
		number, _ := p.Get("port").Int()
		published, _ := p.Get("nodePort").Int()
		port := fact.Port{Name: p.Get("name").Text(), Number: number, Published: published, At: first(p.Get("port").Place(), p.At)}
		port.Target, port.TargetAt = number, port.At
		if target := p.Get("targetPort"); target != nil {
			port.Target, port.TargetRef = portOf(target)
			port.TargetAt = target.At
		}
		s.Ports = append(s.Ports, port)
	}
	r.def.Services = append(r.def.Services, s)
}

// classAnnotation is how an Ingress named its class before there was a field
// for it; routes tell both in this way.
const classAnnotation = "kubernetes.io/ingress.class"

// ingress reads an Ingress of networking.k8s.io/v1, and of the versions before
// it, whose backends were written otherwise.
func (r *reader) ingress(o *yaml.Node) {
	spec := o.Get("spec")
	route := fact.Route{Name: metaName(o), Namespace: metaNamespace(o), At: o.At, Annotation: texts(o.Get("metadata", "annotations"))}
	if class := spec.Get("ingressClassName").Text(); class != "" {
		if route.Annotation == nil {
			route.Annotation = map[string]string{}
		}
		route.Annotation[classAnnotation] = class
	}
	for _, key := range []string{"defaultBackend", "backend"} {
		if backend := spec.Get(key); backend != nil {
			all := route
			all.TLS = encrypted(spec.Get("tls"), "")
			r.route(all, backend, spec.KeyAt(key))
		}
	}
	for _, rule := range spec.Get("rules").Items() {
		host := rule.Get("host").Text()
		for _, p := range rule.Get("http", "paths").Items() {
			route := route
			route.Host, route.Path, route.PathType = host, p.Get("path").Text(), p.Get("pathType").Text()
			if route.PathType == "" {
				route.PathType = "ImplementationSpecific"
			}
			route.TLS = encrypted(spec.Get("tls"), host)
			route.At = first(p.Get("path").Place(), p.At)
			r.route(route, p.Get("backend"), p.At)
		}
	}
}

func (r *reader) route(route fact.Route, backend *yaml.Node, at source.Span) {
	service, port := backend.Get("service", "name"), backend.Get("service", "port", "number")
	if port == nil {
		port = backend.Get("service", "port", "name")
	}
	if old := backend.Get("serviceName"); old != nil {
		service, port = old, backend.Get("servicePort")
	}
	if service.Text() == "" {
		r.unread(first(backend.Place(), at), "a backend that is no service")
		return
	}
	route.Service, route.BackendAt = service.Text(), service.At
	route.Port, route.PortRef = portOf(port)
	r.def.Routes = append(r.def.Routes, route)
}

// encrypted reports whether TLS ends at the ingress for a host. An entry
// without hosts is for every one.
func encrypted(tls *yaml.Node, host string) bool {
	for _, entry := range tls.Items() {
		hosts := entry.Get("hosts").Texts()
		if len(hosts) == 0 {
			return true
		}
		for _, h := range hosts {
			_, parent, _ := strings.Cut(host, ".")
			if h == host || strings.HasPrefix(h, "*.") && h[2:] == parent {
				return true
			}
		}
	}
	return false
}
