package removal

import (
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// Losses are how many guilds the bot was found to be out of on one day.
type Losses struct {
	Count    int  `json:"count"`
	Released bool `json:"released,omitempty"` // an operator says that they are rightly lost
}

// Kind implements [storage.Record].
func (Losses) Kind() (string, int) { return "losses", 1 }

// lossesPart is the part of the records table with the Losses, a day each.
const lossesPart = "losses"

// AllLosses selects the Losses of all days that are kept.
func AllLosses() storage.Query { return storage.Query{Table: storage.Records, Part: lossesPart} }

// LossesKey is where the Losses of a day are kept.
func LossesKey(day time.Time) storage.Key {
	return storage.Key{Table: storage.Records, Part: lossesPart, Sort: day.UTC().Format(time.DateOnly)}
}

// LossesKeys are where the losses of about the given time are kept: of its day, and of
// the days beside it, since each guild is looked at once a day.
func LossesKeys(at time.Time) []storage.Key {
	return []storage.Key{LossesKey(at.Add(-24 * time.Hour)), LossesKey(at), LossesKey(at.Add(24 * time.Hour))}
}

// Lose notes that the bot is found to be out of one more guild. tx must have read the
// LossesKeys of now.
func Lose(tx *storage.Tx, now time.Time) {
	l, _ := storage.Read[Losses](tx, LossesKey(now))
	l.Count++
	tx.Set(LossesKey(now), l)
}

// LostWith returns how many guilds were lost at about the given time, but for those
// that an operator released. tx must have read the LossesKeys of at.
func LostWith(tx *storage.Tx, at time.Time) (lost int) {
	for _, k := range LossesKeys(at) {
		if l, _ := storage.Read[Losses](tx, k); !l.Released {
			lost += l.Count
		}
	}
	return lost
}

// few is how many guilds may be lost at once whatever share of all they are.
const few = 2

// Unusual reports whether so many guilds, lost at once, are a fault rather than the
// will of people: more than a few, and more than one in twenty of all there were, if
// so many are left. Nothing is deleted then until somebody looked.
func Unusual(lost, left int) bool { return lost > few && 20*lost > lost+left }

// Release has the guilds that were lost on the day under k deleted, however many they
// are. It reports whether there were any.
func Release(tx *storage.Tx, k storage.Key) bool {
	l, ok := storage.Read[Losses](tx, k)
	if l.Released = true; ok {
		tx.Set(k, l)
	}
	return ok
}
