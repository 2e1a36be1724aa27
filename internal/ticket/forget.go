package ticket

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// Forget takes a user out of a ticket: one of theirs is closed, and is nobody's
// from then on. It reports whether it was theirs. tx must have read [Keys], and
// the key of the user.
func Forget(tx *storage.Tx, guild, id, user string, now time.Time) (theirs bool) {
	t, ok := storage.Read[Ticket](tx, Key(guild, id))
	if !ok {
		return false
	}
	is := func(u string) bool { return u == user }
	t.Staff, t.Added = slices.DeleteFunc(t.Staff, is), slices.DeleteFunc(t.Added, is)
	for i := range t.Asked {
		if t.Asked[i].By == user {
			t.Asked[i].By = partnership.Nobody
		}
	}
	if theirs = t.User == user; theirs {
		if t.Closed.IsZero() {
			t.close(tx, guild, ByHand, now)
		}
		t.User = partnership.Nobody
		t.keep(tx, guild, now)
		return true
	}
	tx.Set(Key(guild, id), t) // what is there already need not follow
	return false
}

// ForgetUser forgets which ticket a user has open, if they have none; when they
// opened tickets is kept for as long as it limits them. tx must have read their key.
func ForgetUser(tx *storage.Tx, guild, user string) {
	if c, ok := storage.Read[Current](tx, UserKey(guild, user)); ok && c.Ticket == "" && c.ExpiresAt().IsZero() {
		tx.Delete(UserKey(guild, user))
	}
}
