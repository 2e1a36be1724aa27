package bump_test

import (
	"errors"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

const day = 24 * time.Hour

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func partner() partnership.Partnership {
	return partnership.Partnership{Partner: "8", Contact: "7", Since: noon()}
}

// begin is a transaction on nothing but settings with bumps every so many days,
// and b.
func begin(t *testing.T, b bump.Bump, days int) *storage.Tx {
	t.Helper()
	keys := append(bump.DoKeys("1", "8"), settings.Key("1"), bump.Loose("1").Key())
	var items []storage.Item
	for _, k := range keys {
		items = append(items, storage.Item{Key: k})
	}
	tx := storage.Of(items...)
	chosen := settings.Default()
	chosen.Bump = days
	tx.Set(settings.Key("1"), chosen)
	tx.Set(bump.Key("1", "8"), b)
	return tx
}

// FAULTS R18, R19: when a partner can be bumped.
func TestDo(t *testing.T) {
	t.Parallel()
	next := noon().Add(7 * day)
	berlin := time.FixedZone("CEST", 2*60*60)
	for _, tt := range []struct {
		name string
		b    bump.Bump
		days int
		now  time.Time
		want string // of the refusal
	}{
		{"at once", bump.Bump{}, 7, noon(), bump.Early},
		{"a moment too early", bump.Bump{}, 7, next.Add(-1), bump.Early},
		{"exactly at the time", bump.Bump{}, 7, next, ""},
		{"the same time elsewhere", bump.Bump{}, 7, next.In(berlin), ""},
		{"later", bump.Bump{}, 7, next.Add(30 * day), ""},
		{"twice in a millisecond", bump.Bump{At: next, Count: 1}, 7, next.Add(time.Millisecond), bump.Early},
		{"twice, the clock 2 s back", bump.Bump{At: next, Count: 1}, 7, next.Add(-2 * time.Second), bump.Early},
		{"twice, the clock 1 h back", bump.Bump{At: next, Count: 1}, 7, next.Add(-time.Hour), bump.Early},
		{"told by a clock 2 s ahead", bump.Bump{Ready: next}, 7, next.Add(-2 * time.Second), ""},
		{"told of the last time", bump.Bump{At: next, Ready: next}, 7, next.Add(day), bump.Early},
		{"bumped before it became a partner again", bump.Bump{At: noon().Add(-day), Count: 4}, 7, next.Add(-1), bump.Early},
		{"no bumps", bump.Bump{}, 0, next, "bump.off"},
		{"a year", bump.Bump{}, 365, noon().Add(365 * day), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tx := begin(t, tt.b, tt.days)
			b, err := bump.Do(tx, "1", partner(), "7", tt.now)
			key := ""
			if no := new(refuse.Error); errors.As(err, &no) {
				key = no.Key
			}
			if key != tt.want {
				t.Fatalf("refused because of %q, want %q", key, tt.want)
			}
			if kept := bump.Of(tx, "1", "8"); err != nil {
				if kept != tt.b {
					t.Errorf("it was refused, and is %+v", kept)
				}
			} else if kept != b || b.Count != tt.b.Count+1 || b.By != "7" || !b.Ready.IsZero() || b.At.Before(tt.now) || b.At.Before(next) {
				t.Errorf("kept is %+v, returned %+v", kept, b)
			} else if again, err := bump.Do(tx, "1", partner(), "7", tt.now); err == nil {
				t.Errorf("and once more: %+v", again)
			}
			if _, err := tx.Changes(); err != nil {
				t.Error(err)
			}
		})
	}
}

// FAULTS R19: a week is 168 hours, across a leap day and a change of the clocks;
// and it ends at a whole second.
func TestNext(t *testing.T) {
	t.Parallel()
	for since, want := range map[string]string{
		"2028-02-25T10:00:00Z":      "2028-03-03T10:00:00Z",
		"2026-10-24T10:00:00+02:00": "2026-10-31T08:00:00Z",
		"2026-03-28T23:30:00.9Z":    "2026-04-04T23:30:00Z",
	} {
		at, err := time.Parse(time.RFC3339, since)
		if err != nil {
			t.Fatal(err)
		}
		p := partnership.Partnership{Since: at}
		if got := (bump.Bump{}).Next(p, 7*day).Format(time.RFC3339Nano); got != want {
			t.Errorf("a week after %s is %s, want %s", since, got, want)
		}
	}
	if got := (bump.Bump{}).Next(partner(), 0); !got.IsZero() {
		t.Errorf("there are no bumps, and the next is %v", got)
	}
}

// TestFollow wants a bump to have its listing, its reminder and the index follow.
func TestFollow(t *testing.T) {
	t.Parallel()
	refs := []action.Ref{partnership.Sync("1", "8"), bump.Sync("1", "8"), {Name: "index.sync", Guild: "1", Subject: "all"}}
	for _, loose := range []bool{false, true} {
		tx := begin(t, bump.Bump{}, 7)
		now := noon().Add(7 * day)
		if _, err := bump.Do(tx, "1", partner(), "7", now); err != nil {
			t.Fatal(err)
		}
		if loose {
			bump.FollowLater(tx, "1", "8", now)
			if _, ok := storage.Read[action.Action](tx, bump.Loose("1").Key()); !ok {
				t.Error("nobody will cause what follows")
			}
			bump.Followed(tx, "1", "8", now)
			bump.Followed(tx, "1", "8", now)
		} else {
			bump.Follow(tx, "1", "8", now)
			bump.Followed(tx, "1", "8", now)
		}
		for _, r := range refs {
			if a, ok := storage.Read[action.Action](tx, r.Key()); !ok || a.Generation != 1 {
				t.Errorf("loose %v: %s is %+v", loose, r.Name, a)
			}
		}
		if b := bump.Of(tx, "1", "8"); b.Loose || b.Count != 1 {
			t.Errorf("%+v", b)
		}
	}
}

// TestAsk wants reminders for the contact alone, and for who asked for them.
func TestAsk(t *testing.T) {
	t.Parallel()
	tx := begin(t, bump.Bump{}, 7)
	p, next := partner(), noon().Add(7*day)
	ask := func(by string, way bump.Way) (bump.Bump, bool, error) {
		return bump.Ask(tx, "1", p, by, "de", way, noon())
	}
	if _, _, err := ask("6", bump.Here); err == nil {
		t.Error("somebody else is reminded")
	}
	if _, _, err := ask("7", "pigeon"); err == nil {
		t.Error("there is a way that there is not")
	}
	if _, changed, err := ask("7", bump.Never); err != nil || changed {
		t.Errorf("to stop what never began is a change: %v", err)
	}
	b, changed, err := ask("7", bump.Direct)
	if err != nil || !changed || b.Reminds(p) != bump.Direct || b.Locale != "de" {
		t.Fatalf("%+v, %v, %v", b, changed, err)
	}
	if _, changed, _ := ask("7", bump.Direct); changed {
		t.Error("the same again is a change")
	}
	if a, ok := storage.Read[action.Action](tx, bump.Sync("1", "8").Key()); !ok || a.Generation != 1 {
		t.Errorf("%+v", a)
	}

	b, changed = b.Mark(p, 7*day)
	if !changed || !b.Ready.Equal(next) || b.Tells(p) != bump.Direct {
		t.Errorf("marked: %+v", b)
	}
	if _, again := b.Mark(p, 7*day); again {
		t.Error("marked twice for one time")
	}
	other := p
	other.Contact = "6"
	if b.Reminds(other) != bump.Never || b.Tells(other) != bump.Never {
		t.Error("the next contact is reminded because the last one asked")
	}
	tx.Set(bump.Key("1", "8"), b)
	b, _, _ = ask("7", bump.Here)
	if b.Tells(p) != bump.Never || b.Reminds(p) != bump.Here {
		t.Errorf("reminded a second time of one time: %+v", b)
	}

	b = b.Unreached()
	tx.Set(bump.Key("1", "8"), b)
	if b.Reminds(p) != bump.Never || b.Tells(p) != bump.Never {
		t.Errorf("tried again: %+v", b)
	}
	if b, changed, _ = ask("7", bump.Direct); !changed || b.Untold || b.Reminds(p) != bump.Direct {
		t.Errorf("asked again: %+v", b)
	}
	if b, changed := b.Unmark(); !changed || !b.Ready.IsZero() || b.Remind != bump.Direct {
		t.Errorf("unmarked: %+v", b)
	}
	if _, changed := (bump.Bump{}).Unmark(); changed {
		t.Error("nothing was unmarked")
	}
}
