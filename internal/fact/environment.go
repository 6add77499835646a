package fact

// Environment is one environment that the project's definitions make up.
type Environment struct {
	Name      string   // local, production, staging, ci:test, …
	Kind      string   // local, compose, kubernetes, github-actions, …
	From      []string // the files it is made of, in the order in which they are laid over each other
	Workloads []Workload
	Sets      []Set
	Services  []Service
	Routes    []Route
	Volumes   []Volume
	Scalers   []Scaler
	Objects   []Object
	Mentions  []Mention
	Supplies  []Supply // the variables of the surrounding shell; in local also those of the .env files
}

// IsLocal reports whether the environment is the developer's machine.
func (e *Environment) IsLocal() bool { return e.Name == "local" }

// IsProduction reports whether the environment is one in which the component
// is deployed: neither the developer's machine nor a pipeline.
func (e *Environment) IsProduction() bool {
	return !e.IsLocal() && !(len(e.Name) > 3 && e.Name[:3] == "ci:")
}
