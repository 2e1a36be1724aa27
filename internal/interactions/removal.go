package interactions

import "strings"

// stays reports whether a route can be used where the bot is no member: what stops
// direct messages, and what deletes a user's own data.
func stays(name string) bool {
	_, direct := directs()[name]
	return direct && strings.HasSuffix(name, "/stop") || name == "partner forget" || strings.HasPrefix(name, "forget/")
}
