package partnership

import (
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/storage"
)

// Why the ad of a partner is hidden.
const (
	InviteGone      = "gone"      // its invite no longer works
	InviteElsewhere = "elsewhere" // its invite leads to another server
	InviteBeside    = "beside"    // an invite in its texts leads to another server
	ByManagers      = "managers"  // its server changed, and managers hid it
)

// A Hiding is why the ad of a partner is on offer nowhere for now. The zero Hiding
// is none.
type Hiding struct {
	Why   string    `json:"why"`
	Since time.Time `json:"since"`
	Told  string    `json:"told,omitempty"`   // the contact who was told
	Code  string    `json:"invite,omitempty"` // of the invite, with InviteBeside
}

// ByInvite reports whether the contact can have the ad shown again, by invites that
// lead to their server.
func (h Hiding) ByInvite() bool {
	return h.Why == InviteGone || h.Why == InviteElsewhere || h.Why == InviteBeside
}

// Offered reports whether people may be sent to the partner. Every view asks it.
func (p Partnership) Offered() bool { return p.Hidden.Why == "" }

// A Drift is what Discord says of the server of a partner that no manager accepted:
// members go on seeing what was accepted. Without Changes there is none.
type Drift struct {
	Number  int       `json:"number"`            // which one it is of the partnership's: a card names it
	Changes []string  `json:"changes,omitempty"` // why it is held
	Server  Server    `json:"server,omitzero"`   // as it is by now
	Since   time.Time `json:"since,omitzero"`
}

// Held reports whether d waits for a manager.
func (d Drift) Held() bool { return len(d.Changes) > 0 }

// Review is the action that shows managers what is wrong with the ad of partner, on
// one card, and tells the contact that it is hidden.
func Review(guild, partner string) action.Ref {
	return action.Ref{Name: "drift.card", Guild: guild, Subject: partner}
}

// Withhold stores p, of which the hiding or the drift is another than it was, and
// has everything follow. tx must have read [WithholdKeys].
func Withhold(tx *storage.Tx, guild string, p Partnership, now time.Time) {
	tx.Set(Key(guild, p.Partner), p)
	for _, r := range withheld(guild, p.Partner) {
		action.Cause(tx, r, now)
	}
}

// WithholdKeys are what Withhold needs to have read.
func WithholdKeys(guild, partner string) []storage.Key {
	return append(action.Keys(withheld(guild, partner)...), Key(guild, partner))
}

func withheld(guild, partner string) []action.Ref {
	return []action.Ref{Review(guild, partner), {Name: "index.sync", Guild: guild, Subject: "all"}}
}
