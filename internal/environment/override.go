package environment

import "rehearse/internal/fact"

// completed reports whether compose files are only one half, without which the
// other, their override, says nothing: the override gives the variables of at
// least two services, and of what is built here the files themselves give none
// to any. Nobody starts such files without it, so they tell of no production.
// Visual Studio writes them so
// (https://learn.microsoft.com/en-us/visualstudio/containers/docker-compose-properties).
func completed(files, overrides []fact.Definition) bool {
	built := map[string]bool{}
	for _, d := range files {
		for _, w := range d.Workloads {
			if w.Build == nil {
				continue
			}
			if len(w.Supplies)+len(w.Imports) > 0 {
				return false
			}
			built[w.Name] = true
		}
	}
	given := 0
	for _, d := range overrides {
		for _, w := range d.Workloads {
			if built[w.Name] && len(w.Supplies)+len(w.Imports) > 0 {
				given++
			}
		}
	}
	return given > 1
}
