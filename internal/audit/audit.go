// Package audit keeps who changed what, when and from where.
//
// It keeps:
//
//	guild#<g>   audit#<time>#<id>   one Entry
package audit

import (
	"fmt"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// An Entry is one change of state, or an attempt that was refused for want of
// permission. It holds no text that people wrote.
type Entry struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"`              // user, or "entente" for what happens by itself
	What    string    `json:"what"`            // capability and verb: "apply.approve"
	About   string    `json:"about,omitempty"` // what of the guild: an application, a partner
	Surface string    `json:"surface"`         // where from: "command", "button", "modal", "worker"
	Refused bool      `json:"refused,omitempty"`
}

// Kind implements [storage.Record].
func (Entry) Kind() (string, int) { return "entry", 1 }

// refusedFor is how long a refused attempt is kept: nobody's record grows
// because somebody presses buttons that are not theirs.
const refusedFor = 30 * 24 * time.Hour

// ExpiresAt implements [storage.Expiring].
func (e Entry) ExpiresAt() time.Time {
	if e.Refused {
		return e.At.Add(refusedFor)
	}
	return time.Time{}
}

// Prefix is what the Sort of every entry of a guild begins with.
const Prefix = "audit#"

// Write adds e to the trail of a guild. id tells entries of one millisecond
// apart: an interaction's or an action's.
func Write(tx *storage.Tx, guild, id string, e Entry) {
	tx.Create(storage.Key{
		Table: storage.Records,
		Part:  "guild#" + guild,
		Sort:  fmt.Sprintf("%s%015d#%s", Prefix, e.At.UnixMilli(), id),
	}, e)
}
