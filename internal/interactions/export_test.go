package interactions

import (
	"slices"

	"github.com/entente-bot/entente/internal/access"
)

// Routes names every route of the tables, sorted: "command partner apply",
// "press apply/approve".
func Routes() []string { return routesFor(func(access.Right) bool { return true }) }

// EditRoutes names those that only managers may use.
func EditRoutes() []string { return routesFor(func(r access.Right) bool { return r == access.Edit }) }

// ViewRoutes names those that viewers may use, too.
func ViewRoutes() []string { return routesFor(func(r access.Right) bool { return r == access.View }) }

func routesFor(wanted func(access.Right) bool) (names []string) {
	for kind, table := range map[string]map[string]route{
		"command": commands(), "suggest": completions(), "press": presses(), "submit": submits(), "direct": directs(),
	} {
		for name, r := range table {
			if wanted(r.right) {
				names = append(names, kind+" "+name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// Described names every button and form that [Reference] has a sentence for.
func Described() (names []string) {
	for _, table := range []map[string]string{purposes(), formPurposes()} {
		for name := range table {
			names = append(names, name)
		}
	}
	return names
}
