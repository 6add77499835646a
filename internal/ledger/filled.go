package ledger

import (
	"path"
	"slices"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/spelling"
)

// Unfilled is a variable that a compose file has filled in, and that no .env file
// beside it gives under that name, but under nearly that name.
type Unfilled struct {
	Name string
	At   source.Span
	NearMiss
}

// leastKnown is how many variables of its .env files a compose file has filled in,
// where they are taken for the whole of what it is given.
const leastKnown = 5

// Unfilled returns the variables that compose files have filled in, that have no
// default, and of which a .env file beside them gives nearly the name to nobody.
func (l *Ledger) Unfilled() []Unfilled {
	if len(l.Environments) == 0 {
		return nil
	}
	given := map[string][]fact.Supply{} // by folder
	for _, s := range l.Environments[0].Sets {
		if s.Kind == environment.Dotenv || s.Kind == environment.Example {
			given[path.Dir(s.Name)] = append(given[path.Dir(s.Name)], s.Supplies...)
		}
	}
	asked := map[string][]placed{} // by folder
	for _, d := range l.Definitions {
		if dir := path.Dir(d.File); d.Format == environment.Compose && len(given[dir]) > 0 {
			asked[dir] = append(asked[dir], filled(d)...)
		}
	}
	var all []Unfilled
	for _, d := range l.Definitions {
		if d.Format == environment.Compose {
			dir := path.Dir(d.File)
			all = append(all, lacking(filled(d), given[dir], asked[dir])...)
		}
	}
	return all
}

// placed is a variable that is filled in at a place.
type placed struct {
	fact.Var
	at source.Span
}

// filled returns what a definition has filled into variables and arguments.
func filled(d fact.Definition) []placed {
	var all []placed
	take := func(supplies []fact.Supply) {
		for _, s := range supplies {
			for _, v := range s.Value.Vars {
				all = append(all, placed{v, s.At})
			}
		}
	}
	for _, w := range d.Workloads {
		take(w.Supplies)
		if w.Build != nil {
			take(w.Build.Args)
		}
	}
	return all
}

// lacking returns those of own that nothing gives, each with the one that nobody asks for.
func lacking(own []placed, given []fact.Supply, asked []placed) []Unfilled {
	names := map[string]bool{}
	for _, p := range asked {
		names[p.Name] = true
	}
	var spare []fact.Supply
	known := map[string]bool{}
	for _, s := range given {
		if known[s.Name] {
			continue
		}
		known[s.Name] = true
		if !names[s.Name] {
			spare = append(spare, s)
		}
	}
	met := 0
	for name := range names {
		if known[name] {
			met++
		}
	}
	if met < leastKnown {
		return nil
	}
	var all []Unfilled
	for _, p := range own {
		if known[p.Name] || p.Default != nil || Ambient(p.Name) || slices.ContainsFunc(all, func(u Unfilled) bool { return u.Name == p.Name }) {
			continue
		}
		least := 0
		var best []NearMiss
		for _, s := range spare {
			cost, how := spelling.Distance(p.Name, s.Name)
			if cost == 0 || least > 0 && cost > least {
				continue
			}
			if cost < least {
				best = nil
			}
			least, best = cost, append(best, NearMiss{p.Name, s, how})
		}
		if len(best) == 1 {
			all = append(all, Unfilled{p.Name, p.at, best[0]})
		}
	}
	return all
}
