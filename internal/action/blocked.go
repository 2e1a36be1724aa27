package action

import (
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// A Stop is why an action of a guild is blocked or given up, for its managers to read.
type Stop struct {
	Ref
	Reason Reason    `json:"reason"`
	Since  time.Time `json:"since"`
}

// Kind implements [storage.Record].
func (Stop) Kind() (string, int) { return "stop", 1 }

// givenUp is the reason of what is given up.
const givenUp = "worker.given-up"

// BlockedQuery lists what is blocked or given up in a guild, for [BlockedIn].
func BlockedQuery(guild string) storage.Query {
	return storage.Query{Table: storage.Actions, Part: blockedPart(guild), Limit: storage.DefaultLimit}
}

// BlockedIn returns what is blocked or given up, from a page of [BlockedQuery].
func BlockedIn(page storage.Page) ([]Stop, error) {
	var stops []Stop
	for _, it := range page.Items {
		s, err := storage.Decode[Stop](it)
		if err != nil {
			return nil, err
		}
		stops = append(stops, s)
	}
	return stops, nil
}

// Retry has r tried again at once, if it is blocked or given up. tx must have read
// r's key.
func Retry(tx *storage.Tx, r Ref, now time.Time) {
	if a, found := storage.Read[Action](tx, r.Key()); found && (a.State == Blocked || a.State == Dead) {
		Cause(tx, r, now)
	}
}
