package apply

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// ForgetKeys are what Forget needs to have read, beside the settings.
func (c Case) ForgetKeys(guild string) []storage.Key {
	return append(c.Keys(guild), NoticeKey(guild, c.ID))
}

// Forget takes out of an application who its applicant is and what they wrote; one
// that waits is withdrawn first. That there was one of that server, and what
// became of it, stays. It reports whether there is such an application, and
// whether it was withdrawn. The application of an active partnership stays as
// long as the applicant is its contact.
func (c Case) Forget(tx *storage.Tx, guild string, now time.Time) (forgotten, withdrawn bool, err error) {
	a, err := c.Load(tx, guild)
	if err != nil {
		return false, false, err
	}
	p, active := storage.Read[partnership.Partnership](tx, partnership.Key(guild, c.Partner))
	if active && p.Application == a.ID && p.Contact == c.Applicant {
		return false, false, nil
	}
	if a.Status == Pending {
		if a, err = c.Withdraw(tx, guild, c.Applicant, now); err != nil {
			return false, false, err
		}
		withdrawn = true
	}
	a.Applicant, a.Ad = partnership.Nobody, a.Ad.Forgotten()
	if a.By == c.Applicant {
		a.By = partnership.Nobody
	}
	a.Reason, a.Note, a.Locale, a.Asked, a.Untold = "", "", "", time.Time{}, false
	a.Earlier.Latest.Reason = ""
	tx.Set(Key(guild, a.ID), a)
	tx.Delete(NoticeKey(guild, a.ID))
	if s, ok := storage.Read[Standing](tx, partnerKey(guild, c.Partner)); ok && s.Latest.ID == a.ID {
		s.Latest.Reason = ""
		tx.Set(partnerKey(guild, c.Partner), s)
	}
	action.Cause(tx, Card(guild, a.ID), now)
	return true, withdrawn, nil
}

// Unclaim notes that a manager whose data is deleted does not look after an
// application any more. tx must have read the case's Keys.
func (c Case) Unclaim(tx *storage.Tx, guild, manager string, now time.Time) error {
	if a, err := c.Load(tx, guild); err != nil || a.Claimed != manager || a.Status != Pending {
		return err
	}
	_, err := c.Release(tx, guild, now)
	return err
}

// Forgets reports whether d is to be deleted with the data of a user: they wrote
// it, and no manager waits for what becomes of it.
func (d Draft) Forgets(user string) bool {
	return d.Applicant == user && (d.Checked || d.Source != Manual)
}

// ForgetStanding deletes the standing of a user; what their waiting time and the
// limit of forms go by stays until it is of no use. tx must have read the
// settings and [UserKey].
func ForgetStanding(tx *storage.Tx, guild, user string, now time.Time) {
	k := UserKey(guild, user)
	old, ok := storage.Read[Standing](tx, k)
	if !ok {
		return
	}
	kept := Standing{Last: old.Last, Tries: old.Tries, Misses: old.Misses, Until: old.Last.Add(settings.Of(tx, guild).CooldownTime())}
	for _, at := range slices.Concat(kept.Tries, kept.Misses) {
		if until := time.Unix(at, 0).Add(TriesWindow); until.After(kept.Until) {
			kept.Until = until
		}
	}
	if !now.Before(kept.Until) {
		tx.Delete(k)
		return
	}
	tx.Set(k, kept)
}
