package apply_test

import (
	"cmp"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// guild is where everything happens.
const guild = "100"

// A ledger holds the items of one guild as a store would, with nobody else
// writing: rules are tried on it by the thousand.
type ledger struct {
	t      interface{ Fatal(...any) }
	items  map[storage.Key]storage.Item
	now    time.Time
	limits partnership.Limits
}

// newLedger returns the ledger of a guild that is set up.
func newLedger(t interface{ Fatal(...any) }) *ledger {
	l := &ledger{t: t, items: make(map[storage.Key]storage.Item), now: noon(), limits: partnership.DefaultLimits()}
	l.set(func(s *settings.Settings) { s.Review, s.Showcase = "1", "2" })
	return l
}

// set changes the settings.
func (l *ledger) set(change func(*settings.Settings)) {
	_ = l.write([]storage.Key{settings.Key(guild)}, func(tx *storage.Tx) error {
		s := settings.Of(tx, guild)
		change(&s)
		tx.Set(settings.Key(guild), s)
		return nil
	})
}

// write lets decide change the items under keys, and keeps the change unless it
// fails.
func (l *ledger) write(keys []storage.Key, decide func(*storage.Tx) error) error {
	var read []storage.Item
	for _, k := range keys {
		it, ok := l.items[k]
		if !ok || !storage.Live(it.Expires, l.now) {
			it = storage.Item{Key: k}
		}
		read = append(read, it)
	}
	tx := storage.Of(read...)
	if err := decide(tx); err != nil {
		return err
	}
	changed, err := tx.Changes()
	if err != nil {
		l.t.Fatal(err)
	}
	for _, it := range changed {
		it.Version = storage.NewVersion()
		l.items[it.Key] = it
		if it.Value == nil {
			delete(l.items, it.Key)
		}
	}
	return nil
}

// of returns the record under k; its zero value if there is none.
func of[T storage.Record](l *ledger, k storage.Key) (v T) {
	if it, ok := l.items[k]; ok {
		var err error
		if v, err = storage.Decode[T](it); err != nil {
			l.t.Fatal(err)
		}
	}
	return v
}

// send sends a form.
func (l *ledger) send(d apply.Draft) error {
	keys := append(apply.SendKeys(guild, cmp.Or(d.By, d.Applicant), d.ID), settings.Key(guild))
	return l.write(keys, func(tx *storage.Tx) error { return apply.Send(tx, guild, d, "token", l.limits, l.now) })
}

// check does what the worker does when it has looked the invite up, and returns
// the draft as it then is.
func (l *ledger) check(d apply.Draft, found partnership.Invite) apply.Draft {
	_ = l.write(apply.QueueKeys(guild, d, found.Server.ID), func(tx *storage.Tx) error {
		apply.Queue(tx, guild, d.ID, found, l.limits, l.now)
		return nil
	})
	return of[apply.Draft](l, apply.DraftKey(guild, d.ID))
}

// approve settles c in favor, and deny against the applicant.
func (l *ledger) approve(c apply.Case) error {
	return l.write(append(c.Keys(guild), settings.Key(guild)), func(tx *storage.Tx) error {
		_, err := c.Approve(tx, guild, "max", l.limits, l.now)
		return err
	})
}

func (l *ledger) deny(c apply.Case) error {
	return l.write(append(c.Keys(guild), settings.Key(guild)), func(tx *storage.Tx) error {
		_, err := c.Deny(tx, guild, "max", "no", "", l.now)
		return err
	})
}

// waits reports whether an action waits.
func (l *ledger) waits(r action.Ref) bool {
	_, ok := l.items[r.Key()]
	return ok
}

// form is a form without faults.
func form() apply.Form {
	return apply.Form{Invite: "https://discord.gg/abc", Category: "Music", Description: "A choir."}
}

// server is an invite without faults, to a server with the given ID.
func server(id string) partnership.Invite {
	return partnership.Invite{Code: "abc", Permanent: true, Server: partnership.Server{ID: id, Name: "Choir", Members: 300}}
}

// wantRefusal fails the test unless err refuses with key.
func wantRefusal(t *testing.T, err error, key string) {
	t.Helper()
	if got, _ := refusal(t, err); got != key {
		t.Errorf("refused %q, want %q", got, key)
	}
}
