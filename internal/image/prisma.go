package image

import (
	"encoding/json"
)

// prisma is Prisma's command line: "db seed" runs what package.json says
// (https://www.prisma.io/docs/orm/prisma-migrate/workflows/seeding).
func prisma(sh *shell, args []word) {
	words := operands(args, "--schema --config")
	if len(words) < 2 || words[0].text != "db" || words[1].text != "seed" {
		tool(sh, args)
		return
	}
	data, from, ok := sh.read("package.json")
	var m struct {
		Prisma struct{ Seed string }
	}
	if !ok || json.Unmarshal(data, &m) != nil || m.Prisma.Seed == "" {
		tool(sh, args)
		return
	}
	sub := sh.sub()
	sub.of("seed", data, from)
	sub.nested(func() { sub.text(m.Prisma.Seed) })
}
