package ledger

import (
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/spelling"
)

// NearMiss is a variable that reaches a run under a name that nothing reads,
// beside one of nearly that name that is read and does not reach it.
type NearMiss struct {
	Read     string
	Supplied fact.Supply
	How      string // "a typo", "another order of the words", …
}

// NearMisses returns, for a run of component c, the pairs of a variable that
// the code reads and that nothing supplies, and one that is supplied and not
// read. A pair is told only where each is the other's one best match. It is asked
// for with every variable, and found out once.
func NearMisses(c *Component, r *Run) []NearMiss {
	return remembered(&c.misses, r, func() any { return slices.Clip(nearMisses(c, r)) }).([]NearMiss)
}

func nearMisses(c *Component, r *Run) []NearMiss {
	variables := c.Variables()
	var missing []string
	doubt := map[string]bool{}
	for name, reads := range variables {
		if !slices.ContainsFunc(reads, func(n fact.Need) bool { return !c.Tool(n.At.File) }) {
			continue
		}
		_, _, state := r.Variable(name)
		if (state == Absent || state == Unknown && r.secret()) && r.Reads(c, name) {
			missing = append(missing, name)
			doubt[name] = state == Unknown
		}
	}
	ownDefault := r.imageDefaults()
	for name := range ownDefault {
		if !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	var spare []fact.Supply
	for _, s := range r.Explicit() {
		if _, read := variables[s.Name]; !read && !ownDefault[s.Name] && !Consumed(s.Name) && !nested(s.Name, variables) {
			spare = append(spare, s)
		}
	}

	best := map[string][]NearMiss{}
	rivals := map[string]int{} // how often a spare one is somebody's best
	for _, name := range missing {
		least := 0
		for _, s := range spare {
			cost, how := spelling.Distance(name, s.Name)
			if cost == 0 || cost > tolerance(variables[name]) || least > 0 && cost > least || (ownDefault[name] || doubt[name]) && cost > 1 {
				continue
			}
			if cost < least {
				best[name] = nil
			}
			least = cost
			best[name] = append(best[name], NearMiss{name, s, how})
		}
		if len(best[name]) == 1 {
			rivals[best[name][0].Supplied.Name]++
		}
	}
	var pairs []NearMiss
	for _, name := range missing {
		if len(best[name]) == 1 && rivals[best[name][0].Supplied.Name] == 1 {
			pairs = append(pairs, best[name][0])
		}
	}
	return pairs
}

// secret reports whether nothing but Secrets that are not in the tree keeps it
// from being known what reaches the run.
func (r *Run) secret() bool {
	return len(r.unknown) > 0 && !slices.ContainsFunc(r.unknown, func(o Opaque) bool { return o.Kind != "Secret" })
}

// imageDefaults returns the variables that the image of the run gives a value of
// its own and that the definition does not: what it says of them under another
// name never arrives. Names that libraries know may be meant for these.
func (r *Run) imageDefaults() map[string]bool {
	names := map[string]bool{}
	for _, l := range r.layers {
		for _, s := range l.supplies {
			if s.Kind != fact.Variable || s.Phase != fact.Run {
				continue
			}
			if l.image && !Consumed(s.Name) && len(spelling.Parts(s.Name)) > 1 {
				names[s.Name] = true
			} else {
				delete(names, s.Name)
			}
		}
	}
	return names
}

// Relabelled returns, of a run, the pairs of a variable that the workload alone
// is given and that nothing reads, and the one variable of the code that ends in
// the same telling word: MEDIA_ADAPTER where the code reads STORAGE_ADAPTER. It
// is a weak sign, told of what the workload says itself and in plain words.
func Relabelled(c *Component, r *Run) []NearMiss {
	variables := c.Variables()
	explicit := r.Explicit()
	var pairs []NearMiss
	for _, s := range r.Own() {
		own := spelling.Parts(s.Name)
		if _, read := variables[s.Name]; read || len(own) < 2 || Consumed(s.Name) || nested(s.Name, variables) || !r.plain(s) {
			continue
		}
		last := own[len(own)-1]
		if len(last) < 5 || spelling.Tells(last) || slices.Contains(options, last) || slices.Contains(endings, last) {
			continue
		}
		var same []string
		for name := range variables {
			if theirs := spelling.Parts(name); len(theirs) == len(own) && theirs[len(theirs)-1] == last {
				same = append(same, name)
			}
		}
		rivals := 0
		for _, o := range explicit {
			if theirs := spelling.Parts(o.Name); len(theirs) > 0 && theirs[len(theirs)-1] == last && o.Name != s.Name && !slices.Contains(same, o.Name) {
				rivals++
			}
		}
		if len(same) != 1 || rivals > 0 || slices.ContainsFunc(r.Own(), func(o fact.Supply) bool { return o.Name == same[0] }) {
			continue
		}
		pairs = append(pairs, NearMiss{same[0], s, "the one variable that ends so"})
	}
	return pairs
}

// endings are last words that many unrelated variables have.
var endings = []string{
	"NAME", "MODE", "TYPE", "ENVIRONMENT", "DOMAIN", "THREADS", "WORKERS", "CONCURRENCY", "MEMORY", "EMAIL", "ADDRESS", "NUMBER", "OPTIONS", "CONFIG",
	"PROJECT", "NAMESPACE", "SERVICE", "SERVICES", "SERVERS", "HOSTS", "ORIGIN", "ORIGINS", "PERIOD", "DURATION", "DELAY", "RETRIES", "ATTEMPTS", "VALUE",
	"FLAGS", "FEATURE", "FEATURES", "LOGGING", "METRICS", "TRACING", "ENDPOINT", "USERNAME", "DATABASE", "COLLECTION", "INDEX", "LABEL", "COLOR", "STRING",
	"KEYS", "USERS", "FILES", "PATHS", "CACHE", "EXPIRY", "RATIO", "FACTOR", "LENGTH", "HEIGHT", "WIDTH", "THRESHOLD", "MESSAGE", "TITLE", "FOLDER", "DIRECTORY",
}

// nested reports whether a variable is a part of one that is read: a library of
// settings reads SECURITY__SECRET for the part SECRET of SECURITY
// (pydantic-settings, env_nested_delimiter; .NET configuration providers).
func nested(name string, read map[string][]fact.Need) bool {
	whole, _, found := strings.Cut(name, "__")
	_, reads := read[whole]
	return found && reads
}

// Renamed reports whether the variable is the read half of a near miss: what is
// to be said of it is said of the pair.
func Renamed(c *Component, r *Run, name string) bool {
	return slices.ContainsFunc(NearMisses(c, r), func(m NearMiss) bool { return m.Read == name })
}

// tolerance returns how far the supplied name may be from the read one. A read
// that works without a value may well mean another variable.
func tolerance(reads []fact.Need) int {
	for _, n := range reads {
		if n.Necessity == fact.Required {
			return 3
		}
	}
	return 2
}
