package scene

import (
	"path"
	"slices"

	"rehearse/internal/fact"
)

// mostMemory is what a process of the stage may take where production does not
// say less.
const mostMemory = 2 << 30

// sizing are programs that take the memory of their container as a measure: they
// take more on a machine that has more, so what they take there says nothing
// (https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html, MaxRAMPercentage;
// https://learn.microsoft.com/en-us/dotnet/core/runtime-config/garbage-collector).
var sizing = []string{"java", "kotlin", "csharp"}

// bound returns the most memory that production lets a role take; nil where it
// says none, or where the stage would not show what it does.
func (r *Role) bound() *fact.Bound {
	b := r.Run.Workload.Bound("memory", true)
	if b == nil || b.Amount <= 0 || b.Amount >= mostMemory || slices.Contains(sizing, r.Component.Language) {
		return nil
	}
	for _, l := range []launch{r.local, r.production} {
		if len(l.Argv) > 0 && slices.Contains([]string{"java", "dotnet"}, path.Base(l.Argv[0])) {
			return nil
		}
	}
	return b
}
