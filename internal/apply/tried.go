package apply

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// A Tried is the form that a user sent last, as long as no application came of
// it: the reply to it can be changed for a few minutes only.
type Tried struct {
	ID      string        `json:"id"`
	Ticket  string        `json:"ticket,omitempty"`
	At      time.Time     `json:"at"`
	Refused action.Reason `json:"refused,omitzero"` // zero while its invite is looked up
}

// Unsent returns the form that the user of s sent last, if no application came of
// it, and nothing else became of their applications since. Why it was refused is
// empty while it is looked at. What is in it is not told.
func (s Standing) Unsent(now time.Time) (d Draft, ok bool) {
	t := s.Tried
	if t.ID == "" || t.At.Before(s.Latest.At) || !now.Before(t.At.Add(partnership.FormsFor)) {
		return Draft{}, false
	}
	return Draft{ID: t.ID, Ticket: t.Ticket, Sent: t.At, Refused: t.Refused}, true
}

// missed takes back that d was a try: its invite was no good, and who sent it is to
// mend that.
func (d Draft) missed(tx *storage.Tx, guild string, now time.Time) {
	u, _ := storage.Read[Standing](tx, UserKey(guild, d.Applicant))
	i := slices.Index(u.Tries, d.Sent.Unix())
	if i < 0 {
		return
	}
	u.Tries = slices.Delete(slices.Clone(u.Tries), i, i+1)
	u.Misses = append(within(u.Misses, now), d.Sent.Unix())
	tx.Set(UserKey(guild, d.Applicant), u)
}

// tried notes in the standing of its applicant what became of d, a form that was
// looked at. Somebody who is on the blocklist has an application, as far as they
// can tell.
func (d Draft) tried(tx *storage.Tx, guild string) {
	u, _ := storage.Read[Standing](tx, UserKey(guild, d.Applicant))
	if u.Tried.ID != d.ID {
		return
	}
	u.Tried.Refused = d.Refused
	if d.Refused.Key == "" || d.Refused.Key == Unwelcome {
		u.Tried = Tried{}
	}
	tx.Set(UserKey(guild, d.Applicant), u)
}
