package apply

import (
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A Waiting is a pending application as the queue shows it. It stands as long as
// the application is pending, so that the queue is read without the settled ones.
type Waiting struct {
	ID        string    `json:"id"`
	Partner   string    `json:"partner"`
	Name      string    `json:"name"` // the partner's
	Members   int       `json:"members"`
	Applicant string    `json:"applicant"`
	Sent      time.Time `json:"sent"`
	Claimed   string    `json:"claimed,omitempty"`
	Channel   string    `json:"channel,omitempty"` // where the review card stands, once it does
	Message   string    `json:"message,omitempty"`
}

// Kind implements [storage.Record].
func (Waiting) Kind() (string, int) { return "waiting", 1 }

// Overdue reports whether w has waited for longer than managers want to: so many
// days, or 0 if they do not care.
func (w Waiting) Overdue(after int, now time.Time) bool {
	return after > 0 && !now.Before(w.Sent.Add(days(after)))
}

const pendingPrefix = "pending#"

// PendingKey is where an application stands while it is pending.
func PendingKey(guild, id string) storage.Key { return guildKey(guild, pendingPrefix+id) }

// Queued lists the applications that wait in a guild, oldest first: no guild has
// more than fit one page.
func Queued(guild string) storage.Query {
	return storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: pendingPrefix, Limit: storage.MaxLimit}
}

// WaitingIn returns the applications of a page of Queued.
func WaitingIn(page storage.Page) ([]Waiting, error) {
	var list []Waiting
	for _, it := range page.Items {
		w, err := storage.Decode[Waiting](it)
		if err != nil {
			return nil, err
		}
		list = append(list, w)
	}
	return list, nil
}

// wait writes a where pending applications stand, as it now is.
func wait(tx *storage.Tx, guild string, a Application) {
	k := PendingKey(guild, a.ID)
	w, _ := storage.Read[Waiting](tx, k)
	w.ID, w.Partner, w.Name, w.Members = a.ID, a.Server.ID, a.Server.Name, a.Server.Members
	w.Applicant, w.Sent, w.Claimed = a.Applicant, a.Sent, a.Claimed
	tx.Set(k, w)
}

// Stands notes where the review card of a pending application stands.
func Stands(tx *storage.Tx, guild, id, channel, message string) {
	k := PendingKey(guild, id)
	if w, ok := storage.Read[Waiting](tx, k); ok && (w.Channel != channel || w.Message != message) {
		w.Channel, w.Message = channel, message
		tx.Set(k, w)
	}
}

// RemindKey is where the post of a guild's reminder is kept.
func RemindKey(guild string) storage.Key { return guildKey(guild, "queue") }

// RemindEvery is how long a reminder stands before a new one takes its place.
const RemindEvery = 24 * time.Hour

// Looked returns since when somebody must have looked whether the review card of
// an application that waits still stands: once a day, and since managers wanted
// everything looked at.
func Looked(sent, retried, now time.Time) time.Time {
	if daily := sent.Add(now.Sub(sent).Truncate(RemindEvery)); daily.After(retried) {
		return daily
	}
	return retried
}

// Late returns those of list that are overdue, and when the next one will be:
// zero if none will.
func Late(list []Waiting, after int, now time.Time) (late []Waiting, next time.Time) {
	if after <= 0 {
		return nil, time.Time{}
	}
	for _, w := range list {
		at := w.Sent.Add(days(after))
		if w.Overdue(after, now) {
			late = append(late, w)
		} else if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return late, next
}

// settled takes a off the queue, and off the reminder if it is on it.
func settled(tx *storage.Tx, guild string, a Application, now time.Time) {
	tx.Delete(PendingKey(guild, a.ID))
	if (Waiting{Sent: a.Sent}).Overdue(settings.Of(tx, guild).Remind, now) {
		action.Cause(tx, Remind(guild), now)
	}
}

// KnownKey is where the standing of a partner is kept: what became of its
// earlier applications.
func KnownKey(guild, partner string) storage.Key { return partnerKey(guild, partner) }
