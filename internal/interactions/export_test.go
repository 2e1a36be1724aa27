package interactions

import (
	"maps"
	"slices"
)

// Routes names every route of the tables, sorted: "command partner apply",
// "press apply/approve".
func Routes() []string {
	var names []string
	for kind, table := range map[string]map[string]route{
		"command": commands(), "suggest": completions(), "press": presses(), "submit": submits(),
	} {
		for _, name := range slices.Collect(maps.Keys(table)) {
			names = append(names, kind+" "+name)
		}
	}
	slices.Sort(names)
	return names
}
