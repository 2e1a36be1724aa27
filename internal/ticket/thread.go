package ticket

import (
	"slices"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A Thread is a thread as Discord has it.
type Thread struct {
	ID, Name         string
	Archived, Locked bool
}

// Is reports whether a thread of ours is t's: its name holds t's number.
func (t Ticket) Is(th Thread) bool { return strings.Contains(th.Name, t.Number()) }

// Place returns the channel below which t's thread is to be made: the one that
// is chosen, or else the one it was opened from. It fails with an
// [action.Failure] that blocks if there is neither.
func (t Ticket) Place(s settings.Settings) (string, error) {
	if s.Tickets != "" {
		return s.Tickets, nil
	}
	if t.From != "" {
		return t.From, nil
	}
	return "", action.Blocking("ticket.no-channel")
}

// Idle reports whether t needs no thread: it is closed, and that was told.
func (t Ticket) Idle() bool { return !t.Closed.IsZero() && t.Told == t.Closings }

// Busy reports whether something is still to be done in t's thread, or for there to
// be one.
func (t Ticket) Busy() bool {
	if !t.Closed.IsZero() {
		return !t.Idle()
	}
	return t.Thread == "" || len(t.Asked) > 0 || t.Told != t.Closings
}

// Noticed reports whether managers are to see a notice of t: it is open, and has
// no application, whose review card would lead to it.
func (t Ticket) Noticed() bool { return t.Thread != "" && t.Closed.IsZero() && t.Application == "" }

// Follows reports whether t has yet to take note that its application is settled
// with the given status.
func (t Ticket) Follows(status string, settled bool) bool { return settled && t.Decision != status }

// Decided closes t because its application was settled. If questions wait to be
// posted, it stays open for them and their answers, and tells only why it would
// have been closed. tx must have read the key of its user, and [CrowdKey].
func (t *Ticket) Decided(tx *storage.Tx, guild, status string, now time.Time) {
	t.Decision = status
	asked := t.Asked
	t.close(tx, guild, status, now)
	if len(asked) > 0 {
		t.Closed, t.Asked = time.Time{}, asked
	}
}

// TurnAway closes a ticket whose form was turned away at once, so that no
// application came of it: with the words of a decision of that status. It does
// nothing if the ticket is closed, or has an application. tx must have read what
// Keys says, and the key of its user.
func TurnAway(tx *storage.Tx, guild, id, server, status string, now time.Time) {
	t, ok := storage.Read[Ticket](tx, Key(guild, id))
	if !ok || !t.Closed.IsZero() || t.Application != "" {
		return
	}
	t.Server = server
	t.Decided(tx, guild, status, now)
	t.keep(tx, guild, now)
}

// Missing returns who is to be put into the thread and was not yet: the
// applicant first, then the managers who asked to be in it, and who claimed the
// application. Nobody is put into a closed ticket.
func (t Ticket) Missing(claimed string) []string {
	if !t.Closed.IsZero() {
		return nil
	}
	var list []string
	for _, u := range append(append([]string{t.User}, t.Staff...), claimed) {
		if u != "" && !slices.Contains(t.Added, u) && !slices.Contains(list, u) {
			list = append(list, u)
		}
	}
	return list
}

// Stands notes the thread of t, for its user too. tx must have read the key of
// its user.
func (t *Ticket) Stands(tx *storage.Tx, guild, thread string) {
	t.Thread, t.Added = thread, nil
	if c, _ := Having(tx, guild, t.User); c.Ticket == t.ID {
		c.Thread = thread
		tx.Set(UserKey(guild, t.User), c)
	}
}

// Posted notes that a question was posted.
func (t *Ticket) Posted(question string) {
	t.Asked = slices.DeleteFunc(t.Asked, func(q Question) bool { return q.ID == question })
}

// ArchiveAfter is how long nobody has to write in a thread for Discord to
// archive it: the longest it offers.
const ArchiveAfter = 7 * 24 * time.Hour
