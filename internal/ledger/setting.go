package ledger

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// settle joins what files of settings beside the code of a component say with
// what reaches its runs. A value there is the default of the variable that
// stands for it; one of a profile counts only in the runs in which that profile
// is active.
func (c *Component) settle(p *project.Project) {
	for _, d := range dialects {
		s := d.settings(c)
		if s == nil {
			continue
		}
		for _, r := range c.everyRun() {
			s.run(c, r, func(name string) []source.File { return c.scripts(p, name) })
		}
		s.needs(c)
	}
}

// scripts returns the shell scripts of the component of a name.
func (c *Component) scripts(p *project.Project, name string) []source.File {
	if !strings.HasSuffix(name, ".sh") {
		return nil
	}
	var found []source.File
	for _, f := range c.Files {
		if path.Base(f.Path) != name {
			continue
		}
		if script, err := p.Read(f); err == nil { // one that cannot be read has been told of
			found = append(found, script)
		}
	}
	return found
}

// settings is what is known of the settings of a component.
type settings struct {
	*dialect
	names  map[string]string    // by key: as they are called here
	all    []fact.Need          // the settings themselves
	base   map[string]fact.Need // those that always count, by name
	wholes map[settingAt]bool   // where each stands
	used   map[source.Span]bool // the places of those of a profile that counts in a production
	before []string             // what the names of variables may begin with: by it they are told from others
}

// settingAt is a setting at a place.
type settingAt struct {
	name string
	at   source.Span
}

// settings returns nil where the component has none, and reads none.
func (d *dialect) settings(c *Component) *settings {
	s := &settings{dialect: d, names: map[string]string{}, base: map[string]fact.Need{}, wholes: map[settingAt]bool{}, used: map[source.Span]bool{}}
	s.name(c.Needs)
	if len(s.names) == 0 {
		return nil
	}
	for _, name := range d.profiles {
		s.names[d.key(name)] = name
	}
	c.Needs = slices.Clone(c.Needs)
	for i := range c.Needs {
		n := &c.Needs[i]
		if n.Library != d.library {
			continue
		}
		if n.Kind == fact.Variable || n.Kind == fact.Setting {
			n.Name = s.called(n.Name)
		}
		n.Variable = s.called(n.Variable)
		n.Instead = slices.Clone(n.Instead)
		for j := range n.Instead {
			n.Instead[j] = s.called(n.Instead[j])
		}
		if n.Kind != fact.Setting {
			continue
		}
		if n.Name == "" && len(n.Also) > 0 {
			s.before = append(s.before, n.Also...)
			continue
		}
		s.all = append(s.all, *n)
		s.wholes[settingAt{n.Name, n.At}] = true
		if n.Name != "" && n.Profile == "" {
			s.base[n.Name] = *n
		}
	}
	return s
}

// name gives each setting one name for all of its spellings: the one by which
// the code or a placeholder asks for it comes first.
func (s *settings) name(needs []fact.Need) {
	for _, n := range needs {
		if n.Library == s.library && n.Kind == fact.Variable {
			if _, ok := s.names[s.key(n.Name)]; !ok && len(n.Also) == 0 {
				s.names[s.key(n.Name)] = n.Name
			}
		}
	}
	for _, n := range needs {
		if n.Library != s.library || n.Kind != fact.Variable && n.Kind != fact.Setting || n.Name == "" {
			continue
		}
		one := n.Name
		for _, spelling := range append([]string{n.Name}, n.Also...) {
			if name, ok := s.names[s.key(spelling)]; ok {
				one = name
				break
			}
		}
		for _, spelling := range append([]string{n.Name}, n.Also...) {
			if _, ok := s.names[s.key(spelling)]; !ok {
				s.names[s.key(spelling)] = one
			}
		}
	}
}

// called returns the one name of all spellings.
func (s *settings) called(name string) string {
	if one, ok := s.names[s.key(name)]; ok {
		return one
	}
	return name
}

// inRun is what the settings of a component are in one of its runs.
type inRun struct {
	*settings
	run    *Run
	active map[string]bool // the profiles
	known  bool            // whether these are all
	laid   map[string]bool // given by the settings of an active profile
	doubt  map[string]bool // given by those of a profile that may be active
	hidden bool            // others may be given by what is not read
	below  bool            // the same, where nothing that is read says anything
}

// run lays the settings of the active profiles under what a run is given, and
// notes of which names nothing can be said there.
func (s *settings) run(c *Component, r *Run, scripts func(name string) []source.File) {
	layers := make([]layer, 0, len(r.layers)+2)
	for _, l := range r.layers {
		l.supplies = s.respelt(l.supplies)
		layers = append(layers, l)
	}
	if given := s.given(r, scripts); len(given) > 0 {
		layers = append(layers, layer{supplies: s.respelt(given)})
	}
	r.layers, r.settings = layers, append(r.settings, s)
	in := inRun{settings: s, run: r, hidden: s.brought(r), laid: map[string]bool{}, doubt: map[string]bool{}}
	in.active, in.known = s.active(r, s.base)
	overlay := in.overlay()
	if r.settled == nil {
		r.settled = map[string]bool{}
	}
	live := map[string]bool{}
	for _, n := range c.Needs {
		if n.Kind == fact.Variable && in.counts(n) {
			live[n.Name] = true
		}
	}
	for _, n := range c.Needs {
		if n.Kind == fact.Variable && n.Library == s.library && (!live[n.Name] || in.doubt[n.Name]) {
			r.settled[n.Name] = true
		}
	}
	if len(overlay) > 0 {
		r.layers = append([]layer{{supplies: overlay, at: overlay[0].At, image: true}}, r.layers...)
	}
}

// overlay returns what the settings of active profiles give.
func (in *inRun) overlay() []fact.Supply {
	var overlay []fact.Supply
	sources := slices.Clone(in.all)
	slices.SortStableFunc(sources, func(a, b fact.Need) int { return cmp.Compare(min(len(a.Name), 1), min(len(b.Name), 1)) })
	for _, n := range sources {
		if n.Profile == "" && n.Name != "" {
			continue
		}
		state := in.dialect.counts(n.Profile, in.active, in.known)
		if state == Supplied && in.run.Environment.IsProduction() {
			in.used[n.At] = true
		}
		switch {
		case state == Absent:
		case n.Name == "":
			in.below = true
			in.hidden = in.hidden || n.Necessity != fact.Defaulted
		case state == Unknown, in.hidden:
			in.doubt[n.Name] = true // hidden ones are laid over it
		default:
			value := fact.Unknowable("a setting")
			if n.Default != nil {
				value = fact.Text(*n.Default)
			}
			in.laid[n.Name] = true
			overlay = append(overlay, fact.Supply{Kind: fact.Variable, Name: n.Name, At: n.At, Value: value})
		}
	}
	return overlay
}

// counts reports whether a read of a variable matters in the run: it is of a
// profile that is active, what it is a part of is not given otherwise, and what
// is not read does not give it.
func (in *inRun) counts(n fact.Need) bool {
	if n.Library != in.library {
		return true
	}
	_, based := in.base[n.Name]
	switch {
	case in.dialect.counts(n.Profile, in.active, in.known) != Supplied:
		return false
	case in.hidden && !in.bootstrap(n):
		return false
	case in.below && n.Necessity == fact.Required && !based && !in.bootstrap(n):
		return false
	}
	return !slices.ContainsFunc(n.Instead, func(name string) bool {
		if n.Profile == "" && (in.laid[name] || in.doubt[name]) {
			return true
		}
		_, _, state := in.run.Variable(name)
		return state == Supplied
	})
}

// bootstrap reports whether a variable is a part of where further settings are.
func (s *settings) bootstrap(n fact.Need) bool {
	return slices.ContainsFunc(append([]string{n.Name}, n.Instead...), func(name string) bool {
		return hasPrefix(name, s.own)
	})
}

// respelt gives the supplies of settings the names that they have here.
func (s *settings) respelt(supplies []fact.Supply) []fact.Supply {
	all := slices.Clone(supplies)
	for i := range all {
		if all[i].Kind != fact.Variable {
			continue
		}
		name := all[i].Name
		for _, prefix := range s.before {
			if bare, ok := strings.CutPrefix(name, prefix); ok {
				if one, known := s.names[s.key(bare)]; known {
					name = one
				}
			}
		}
		all[i].Name = s.called(name)
	}
	return all
}

// needs makes settings the defaults of what the code reads, and drops what is
// said only for profiles that no production has.
func (s *settings) needs(c *Component) {
	read := map[string]bool{}
	var kept []fact.Need
	for _, n := range c.Needs {
		if n.Library != s.library || n.Kind == fact.Setting {
			kept = append(kept, n)
			continue
		}
		holder := n.Name
		if n.Kind == fact.Call || n.Kind == fact.Listen {
			holder = n.Variable
		}
		whole := s.wholes[settingAt{holder, n.At}]
		if n.Profile != "" && (whole && n.Kind != fact.Listen || !s.used[n.At]) {
			continue // the setting itself is laid under the run
		}
		// What the variable for the setting as a whole does, each run knows by now.
		if n.Kind == fact.Variable {
			n.Instead = slices.DeleteFunc(n.Instead, func(name string) bool { return s.wholes[settingAt{name, n.At}] })
		}
		base, has := s.base[holder]
		switch {
		case n.Kind == fact.Variable && has && n.Profile == "" && (base.At != n.At || base.Default != nil):
			n.Necessity, n.Fatal, n.Default = fact.Defaulted, false, base.Default
		case n.Kind == fact.Call && has && base.At != n.At && n.Profile == "":
			continue // the setting says another address than the code
		case n.Kind == fact.Call && s.foreign(c, n):
			continue
		case n.Kind == fact.Path:
			n.Name = s.root() + n.Name
		}
		read[n.Name] = read[n.Name] || n.Kind == fact.Variable
		kept = append(kept, n)
	}
	for _, n := range s.all {
		if n.Profile != "" && n.Name != "" && s.used[n.At] && !read[n.Name] {
			read[n.Name] = true
			n.Kind, n.Necessity, n.Default = fact.Variable, fact.Guarded, nil
			kept = append(kept, n)
		}
	}
	c.Needs = kept
}

// foreign reports whether an address stands in a setting that neither the code
// of the component asks for nor the framework: it may belong to a part of a
// library that is never used.
func (s *settings) foreign(c *Component, call fact.Need) bool {
	if len(s.framework) == 0 {
		return false
	}
	for _, n := range s.all {
		if n.At != call.At || n.Name == "" {
			continue
		}
		return !hasPrefix(n.Name, s.framework) && !slices.ContainsFunc(c.Needs, func(read fact.Need) bool {
			return read.Kind == fact.Variable && read.At != call.At && read.Library == s.library && (read.Name == n.Name || strings.HasPrefix(n.Name, read.Name+"_"))
		})
	}
	return false
}

// roots are the settings that say what stands before every path
// (https://docs.spring.io/spring-boot/appendix/application-properties/index.html, https://quarkus.io/guides/all-config).
var roots = []string{"SERVER_SERVLET_CONTEXTPATH", "SPRING_MVC_SERVLET_PATH", "SPRING_WEBFLUX_BASEPATH", "QUARKUS_HTTP_ROOTPATH", "MICRONAUT_SERVER_CONTEXTPATH"}

func (s *settings) root() string {
	prefix := ""
	for _, name := range roots {
		if base, ok := s.base[name]; ok && base.Default != nil {
			if before := strings.Trim(*base.Default, "/"); before != "" {
				prefix += "/" + before
			}
		}
	}
	return prefix
}
