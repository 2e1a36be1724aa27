package interactions

import (
	"strings"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// miss has the guild looked at if its daily look is not planned, as it is from when
// something was chosen: what was due there may be lost.
func (c *call) miss() {
	if c.lost() {
		action.Cause(c.tx, removal.Check(c.guild), c.now)
	}
}

// lost reports whether what is due in the guild is not planned.
func (c *call) lost() bool {
	_, chosen := storage.Read[settings.Settings](c.tx, settings.Key(c.guild))
	_, planned := storage.Read[action.Action](c.tx, removal.Check(c.guild).Key())
	return chosen && !planned
}

// looking reports whether what is due in the guild is lost, or being looked at. tx
// must have read the key of [roll.Look].
func (c *call) looking() bool {
	if c.lost() {
		return true
	}
	for _, r := range []action.Ref{removal.Check(c.guild), roll.Look(c.guild)} {
		if a, planned := storage.Read[action.Action](c.tx, r.Key()); planned && (a.State == action.Leased || !a.Due.After(c.now)) {
			return true
		}
	}
	return false
}

// stays reports whether a route can be used where the bot is no member: what stops
// direct messages, and what deletes a user's own data.
func stays(name string) bool {
	_, direct := directs()[name]
	return direct && strings.HasSuffix(name, "/stop") || name == "partner forget" || strings.HasPrefix(name, "forget/")
}
