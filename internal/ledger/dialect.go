package ledger

import (
	"path"
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// dialect is how the settings of a library and the variables that stand for
// them go together.
type dialect struct {
	library  string
	key      func(name string) string // alike for all spellings of one name
	profiles []string                 // the variables that say which profiles are active
	deployed string                   // the profile that is active where nothing says which
	local    string                   // the same where the code is developed
	folded   bool                     // capitals in the names of profiles are no matter
	option   *regexp.Regexp           // an argument, or a part of one, that gives a setting: name and value
	options  []string                 // variables that hold such arguments
	file     *regexp.Regexp           // a path at which a volume brings further settings
	sources  []string                 // variables by which there are settings elsewhere
	own      []string                 // the beginnings of settings that say where others are

	// The beginnings of settings that are known to be used; nil where all are
	// the code's own.
	framework []string
}

var dialects = []*dialect{spring, dotnet}

// spring is that of Spring Boot and its like
// (https://docs.spring.io/spring-boot/reference/features/external-config.html).
var spring = &dialect{
	library:  "spring",
	key:      capitalLine,
	profiles: []string{"SPRING_PROFILES_ACTIVE", "SPRING_PROFILES_INCLUDE", "MICRONAUT_ENVIRONMENTS"},
	option:   regexp.MustCompile(`(?:^|\s)(?:-D|--)([a-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_\[\]-]+)+)=(\S*)`),
	options:  []string{"JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JAVA_ARGS", "JAVA_OPTIONS", "JAVA_OPTS_APPEND", "CATALINA_OPTS", "JVM_OPTS"},
	file:     regexp.MustCompile(`(^|/)(application|bootstrap)[^/]*\.(ya?ml|properties)$|(^|/)config(/|$)`),
	sources:  []string{"SPRING_APPLICATION_JSON", "SPRING_CONFIG_LOCATION", "SPRING_CONFIG_ADDITIONALLOCATION", "SPRING_CONFIG_ADDITIONAL_LOCATION", "QUARKUS_CONFIG_LOCATIONS"},
	own:      []string{"SPRING_CONFIG_", "SPRING_CLOUD_CONFIG_", "SPRING_PROFILES_"},

	framework: []string{"SPRING_", "EUREKA_", "QUARKUS_", "KAFKA_", "MP_", "MICRONAUT_", "DATASOURCES_", "REDIS_", "RABBITMQ_", "MONGODB_"},
}

// dotnet is that of .NET
// (https://learn.microsoft.com/en-us/aspnet/core/fundamentals/configuration/).
var dotnet = &dialect{
	library:  "dotnet",
	key:      section,
	profiles: []string{"DOTNET_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT"},
	deployed: "Production",
	local:    "Development",
	folded:   true,
	option:   regexp.MustCompile(`(?:^|\s)(?:--|/)([A-Za-z][A-Za-z0-9_]*(?:(?::|__)[A-Za-z0-9_]+)*)[= ](\S+)`),
	file:     regexp.MustCompile(`(^|/)appsettings[^/]*\.json$`),
}

// capitalLine writes a name in capitals, with a line for all that is neither
// letter nor digit.
func capitalLine(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, name)
}

// connections begin the variables that Azure's App Service gives connection
// strings (https://learn.microsoft.com/en-us/aspnet/core/fundamentals/configuration/#connection-string-prefixes).
var connections = regexp.MustCompile(`^(SQL|SQLAZURE|MYSQL|POSTGRESQL|CUSTOM)CONNSTR_`)

// section is the name of a setting of .NET, which knows no capitals.
func section(name string) string {
	name = strings.ToUpper(strings.ReplaceAll(name, ":", "__"))
	return connections.ReplaceAllString(name, "CONNECTIONSTRINGS__")
}

// active returns the profiles that are active in a run; it is not known where
// something says which that cannot be seen into.
func (d *dialect) active(r *Run, base map[string]fact.Need) (profiles map[string]bool, known bool) {
	profiles, known = map[string]bool{}, true
	said, given := false, false
	for _, name := range d.profiles {
		text, is := "", true
		switch s, _, state := r.Variable(name); {
		case state == Supplied && s.Value.Origin == fact.Literal:
			text, given = s.Value.Reveal(), true
		case state != Absent:
			is = false
		default:
			setting, found := base[name]
			if !found {
				continue
			}
			if is = setting.Default != nil; is {
				text = *setting.Default
			}
		}
		known, said = known && is, true
		for _, p := range strings.Split(text, ",") {
			if p = strings.TrimSpace(p); p != "" {
				profiles[d.fold(p)] = true
			}
		}
	}
	if !said {
		if p := d.usual(r); p != "" {
			profiles[d.fold(p)] = true
		}
	}
	// An image that is not built by a file of the tree may say which.
	known = known && (given || r.Workload == nil || r.Stage != nil)
	for p := range profiles {
		if group, ok := base["SPRING_PROFILES_GROUP_"+capitalLine(p)]; ok && group.Default != nil {
			for _, member := range strings.Split(*group.Default, ",") {
				profiles[strings.TrimSpace(member)] = true
			}
		}
	}
	if len(profiles) == 0 {
		profiles["default"] = true
	}
	return profiles, known
}

func (d *dialect) usual(r *Run) string {
	if r.Environment.IsLocal() {
		return d.local
	}
	return d.deployed
}

func (d *dialect) fold(profile string) string {
	if d.folded {
		return strings.ToLower(profile)
	}
	return profile
}

// counts reports whether what is said for a profile counts where some are
// active: Supplied, or Absent where it does not, or Unknown.
func (d *dialect) counts(profile string, active map[string]bool, known bool) State {
	if profile == "" {
		return Supplied
	}
	if strings.ContainsAny(profile, "&( ") {
		return Unknown
	}
	for _, p := range strings.FieldsFunc(profile, func(r rune) bool { return r == ',' || r == '|' }) {
		not := strings.HasPrefix(p, "!")
		if active[d.fold(strings.TrimPrefix(p, "!"))] != not && (known || !not) {
			return Supplied
		}
	}
	if !known {
		return Unknown
	}
	return Absent
}

// given returns the settings that the start of a run says: in its command, in
// the scripts of the component that this runs, or in variables that hold
// arguments.
func (d *dialect) given(r *Run, scripts func(name string) []source.File) []fact.Supply {
	var all []fact.Supply
	take := func(text string, s fact.Supply) {
		for _, m := range d.option.FindAllStringSubmatch(text, -1) {
			s.Kind, s.Phase, s.Name, s.Value = fact.Variable, fact.Run, m[1], fact.Text(strings.Trim(m[2], `"'`))
			if strings.ContainsAny(m[2], "$`") {
				s.Value = fact.Unknowable("the shell")
			}
			all = append(all, s)
		}
	}
	for _, name := range d.options {
		if s, _, state := r.Variable(name); state == Supplied && (s.Value.Origin == fact.Literal || s.Value.Origin == fact.Template) {
			take(s.Value.Reveal(), fact.Supply{At: s.At})
		}
	}
	argv, at := r.Command()
	take(strings.Join(argv, " "), fact.Supply{At: at})
	for _, name := range argv {
		for _, script := range scripts(path.Base(name)) {
			for i, line := range strings.Split(string(script.Data), "\n") {
				take(line, fact.Supply{At: source.Span{File: script.Path, Line: i + 1, Column: 1}})
			}
		}
	}
	return all
}

// brought reports whether a run is given further settings that are not read: by
// a volume, or by a variable that says where they are.
func (d *dialect) brought(r *Run) bool {
	for _, name := range d.sources {
		if _, _, state := r.Variable(name); state == Supplied {
			return true
		}
	}
	if r.Workload == nil {
		return false
	}
	for _, m := range r.Workload.Mounts {
		if d.file.MatchString(path.Clean(m.Path)) {
			return true
		}
	}
	return false
}
