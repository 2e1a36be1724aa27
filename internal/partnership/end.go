package partnership

import (
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/storage"
)

// An Ended is a partnership that is over. It is kept: who partnered with whom,
// and why no more, is part of what a guild knows.
type Ended struct {
	Partnership
	At      time.Time `json:"ended"`
	EndedBy string    `json:"ended_by"` // user
	Why     string    `json:"why"`      // one of the Why constants
}

// Why a partnership ended.
const WhyBlocked = "blocked" // its server was put on the blocklist

// Kind implements [storage.Record].
func (Ended) Kind() (string, int) { return "ended", 1 }

// EndedKey is where a partnership that is over is kept. A partner may have had
// several: each came from another application.
func EndedKey(guild, partner, application string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "ended#" + partner + "#" + application}
}

// End ends the active partnership with partner and has its listing taken away.
// It reports false, and changes nothing, if there is none. tx must have read
// [StartKeys].
func End(tx *storage.Tx, guild, partner, by, why string, now time.Time) (Ended, bool) {
	p, ok := storage.Read[Partnership](tx, Key(guild, partner))
	if !ok {
		return Ended{}, false
	}
	e := Ended{Partnership: p, At: now, EndedBy: by, Why: why}
	c := CountsOf(tx, guild)
	c.Active--
	tx.Set(CountsKey(guild), c)
	tx.Delete(Key(guild, partner))
	tx.Create(EndedKey(guild, partner, p.Application), e)
	action.Cause(tx, Sync(guild, partner), now)
	return e, true
}
