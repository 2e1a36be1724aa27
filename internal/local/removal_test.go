package local_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// out returns how it stands with the bot in the guild.
func (s *stage) out() (r removal.Removal, out bool) {
	s.Helper()
	s.update([]storage.Key{removal.Key(s.Guild)}, func(tx *storage.Tx) error {
		r, out = removal.Of(tx, s.Guild)
		return nil
	})
	return r, out
}

// calls returns how many requests Discord got.
func (s *stage) calls() int { return len(s.Requests()) }

// TestRemovedAndBack removes the bot while it has something to do: it stops, asks
// Discord no more than once a day, and goes on when it is back.
func TestRemovedAndBack(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.befriended()
	s.RemoveBot(s.Guild)
	s.change(func(p *partnership.Partnership) { p.Ad.Description = "Changed." })
	s.settle()
	if r, out := s.out(); !out || !r.Until.Equal(r.Since.Add(removal.Grace)) {
		t.Fatalf("out = %v, %+v", out, r)
	}
	before := s.calls()
	for range 20 {
		s.advance(24 * time.Hour)
		s.change(func(p *partnership.Partnership) { p.Ad.Description += "." })
		s.drain()
	}
	if n := s.calls() - before; n > 20 {
		t.Errorf("%d requests in 20 days, want one a day", n)
	}
	s.says(s.command(s.Ada, "partnerships setup").Text(), "Entente is not a member of this server")

	s.install()
	s.advance(24 * time.Hour)
	s.settle()
	if r, out := s.out(); out || !r.Since.IsZero() {
		t.Errorf("out = %v, %+v", out, r)
	}
	s.says(s.only(s.Showcase).Text(), "Changed.....................")
	if left := s.left(); left != (action.Census{}) {
		t.Errorf("left to do: %+v", left)
	}
	s.says(s.command(s.Ada, "partnerships info").Text(), "Entente is a member of this server again")
}

// change changes the partnership with Lighthouse.
func (s *stage) change(how func(*partnership.Partnership)) {
	s.Helper()
	s.update(partnership.ChangeKeys(s.Guild, s.Lighthouse), func(tx *storage.Tx) error {
		p, ok := storage.Read[partnership.Partnership](tx, partnership.Key(s.Guild, s.Lighthouse))
		if !ok {
			s.Fatal("Lighthouse is no partner")
		}
		how(&p)
		partnership.Change(tx, s.Guild, p, s.Now())
		return nil
	})
}

// TestBackBySomebody: whoever uses a command after the bot is back has it noticed,
// with exactly one listing, though the old one was deleted meanwhile.
func TestBackBySomebody(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.befriended()
	s.RemoveBot(s.Guild)
	s.change(func(p *partnership.Partnership) { p.Ad.Description = "Changed." })
	s.settle()
	s.DeleteMessage(s.only(s.Showcase).Ref)
	s.install()
	s.advance(2 * time.Minute) // it asks Discord once a minute at most
	s.says(s.command(s.Nora, "partner list").Text(), "Just added? Try again in a minute")
	s.settle()
	s.says(s.command(s.Nora, "partner list").Text(), "Lighthouse")
	s.says(s.only(s.Showcase).Text(), "Changed.")
	s.balanced()
}

// TestBackToEverything: what people took away while the bot was out is given back
// as soon as it is known to be back.
func TestBackToEverything(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	role := s.AddRole(s.Guild, fakediscord.Role{Name: "Partners"})
	s.chooses(func(c *settings.Settings) { c.Contact = role })
	s.befriended()
	has := func() bool {
		m, _ := s.Member(s.Guild, s.Rio)
		return slices.Contains(m.Roles, role)
	}
	if !has() {
		t.Fatal("Rio has no role")
	}
	s.RemoveBot(s.Guild)
	s.update(action.Keys(removal.Check(s.Guild)), func(tx *storage.Tx) error {
		action.Cause(tx, removal.Check(s.Guild), s.Now())
		return nil
	})
	s.drain()
	s.RevokeRole(s.Guild, s.Rio, role)
	s.install()
	s.advance(2 * time.Minute)
	s.command(s.Nora, "partner list")
	s.settle()
	if !has() {
		t.Error("Rio got no role back")
	}
}

// TestNoticedWithoutAnythingToDo: where there are partners, it is looked once a day.
func TestNoticedWithoutAnythingToDo(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.befriended()
	s.advance(25 * time.Hour)
	s.RemoveBot(s.Guild)
	s.advance(24 * time.Hour)
	if _, out := s.out(); !out {
		t.Error("nobody noticed")
	}
}

// TestNoticedWithoutPartners: where there are none, or never were any, it is looked
// once a week, and what is kept is deleted all the same.
func TestNoticedWithoutPartners(t *testing.T) {
	t.Parallel()
	for name, had := range map[string]bool{"any more": true, "ever": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			if had {
				s.befriended()
				s.ended(s.Rio)
			}
			s.advance(48 * time.Hour)
			s.settle()
			before := s.CountRequests("GET", "/guilds/{guild}")
			for range 28 {
				s.advance(24 * time.Hour)
			}
			if n := s.CountRequests("GET", "/guilds/{guild}") - before; n < 3 || n > 5 {
				t.Errorf("%d looks in four weeks", n)
			}
			s.RemoveBot(s.Guild)
			s.advance(8 * 24 * time.Hour)
			if _, out := s.out(); !out {
				t.Fatal("nobody noticed")
			}
			s.advance(32 * 24 * time.Hour)
			s.settle()
			if list := s.items(""); len(list) > 0 {
				t.Errorf("%d records are left", len(list))
			}
		})
	}
}

// TestPurge keeps everything for 30 days, and then nothing, in no part of either
// table: not even what would be due in years.
func TestPurge(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.update(settings.Keys(s.Guild), func(tx *storage.Tx) error {
		chosen := settings.Of(tx, s.Guild)
		chosen.Log = s.Lobby
		settings.Save(tx, s.Guild, chosen, s.Now())
		return nil
	})
	s.befriended()
	s.befriend(12)
	s.command(s.Ada, "partnerships block", fakediscord.Opt("user", s.Nora), fakediscord.Opt("days", 3000))
	s.command(s.Ada, "partnerships panel")
	s.ended(s.Rio)
	other := s.AddGuild(fakediscord.Guild{Name: "Elsewhere", Owner: s.Ada})
	s.InstallBot(other, fakediscord.Administrator)
	hall := s.AddChannel(other, fakediscord.Channel{Name: "hall"})
	if _, err := s.As(s.Ada, other, hall).Command(t.Context(), "partnerships setup"); err != nil {
		t.Fatal(err)
	}
	s.settle()

	s.RemoveBot(s.Guild)
	s.advance(48 * time.Hour)
	lasting := func() (n int) { // what does not expire by itself
		for _, prefix := range []string{"partnership#", "ended#", "apply#", "block#", "panel#", "listing#", "settings"} {
			n += len(s.items(prefix))
		}
		return n
	}
	records := lasting()
	s.advance(27 * 24 * time.Hour)
	if now := lasting(); now < records {
		t.Fatalf("%d of %d records are left in the grace period", now, records)
	}
	s.advance(4 * 24 * time.Hour)
	s.settle()
	s.advance(24 * time.Hour) // what holds for a day expires
	if found := s.traces(s.Guild); len(found) > 0 {
		t.Errorf("%d items are left:\n%s", len(found), strings.Join(found[:min(len(found), 20)], "\n"))
	}
	if found := s.traces(other); len(found) == 0 {
		t.Error("another guild is gone, too")
	}

	s.install()
	s.says(s.command(s.Ada, "partnerships status").Text(), "Not ready")
}

// TestPurgeGivenUp: the deletion failed until it was given up. It goes on when
// somebody is told that it does.
func TestPurgeGivenUp(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.befriended()
	s.RemoveBot(s.Guild)
	s.advance(49 * time.Hour)
	if _, out := s.out(); !out {
		t.Fatal("not noticed")
	}
	s.update(append(action.Keys(removal.Purge(s.Guild), removal.Check(s.Guild)), removal.Key(s.Guild)), func(tx *storage.Tx) error {
		r, _ := storage.Read[removal.Removal](tx, removal.Key(s.Guild))
		r.Purging, r.Until = true, s.Now()
		tx.Set(removal.Key(s.Guild), r)
		action.Cancel(tx, removal.Check(s.Guild))
		action.Cause(tx, removal.Purge(s.Guild), s.Now())
		return nil
	})
	a, err := s.Worker.Actions.Take(t.Context(), removal.Purge(s.Guild))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Worker.Actions.Finish(t.Context(), a, &action.Failure{Verdict: action.Bury, Err: errors.New("down")}); err != nil {
		t.Fatal(err)
	}
	s.advance(12 * time.Hour)
	if len(s.dead()) == 0 || len(s.items("partnership#")) == 0 {
		t.Fatal("it was not given up")
	}
	s.says(s.command(s.Ada, "partnerships status").Text(), "its data here is being deleted")
	s.settle()
	s.advance(24 * time.Hour)
	if found := s.traces(s.Guild); len(found) > 0 {
		t.Errorf("left: %s", strings.Join(found, "\n"))
	}
}

// traces returns the keys of everything in the store that names a guild.
func (s *stage) traces(guild string) (found []string) {
	s.Helper()
	s.down()
	defer s.start()
	db, err := bbolt.Open(s.data, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return walk(string(name), b, func(key string, value []byte) {
				if strings.Contains(key, guild) || strings.Contains(string(value), guild) {
					found = append(found, key)
				}
			})
		})
	})
	if err != nil {
		s.Fatal(err)
	}
	return found
}

// walk visits everything in a bucket.
func walk(path string, b *bbolt.Bucket, visit func(key string, value []byte)) error {
	return b.ForEach(func(k, v []byte) error {
		key := path + "/" + strings.ReplaceAll(string(k), "\x00", " ")
		if v == nil {
			return walk(key, b.Bucket(k), visit)
		}
		visit(key, v)
		return nil
	})
}

// TestRemovalCrash lets the bot be removed, come back, and be removed for good, in
// a process that dies at one step of it; then at a later one.
func TestRemovalCrash(t *testing.T) {
	t.Parallel()
	deaths(t, 15, removalStory)
}

func removalStory(t *testing.T, m *mortal) {
	s := newStage(t)
	s.befriended()
	m.possess(s, true)
	s.restart()
	live := func(by time.Duration) {
		_ = s.Advance(s.Context(), by)
		_, _ = s.Drain(s.Context()) // fails if the process dies
		if m.dead() != "" {
			s.Logf("died %s", m.dead())
			m = new(mortal).immortal()
			m.possess(s, true)
			s.restart()
			s.advance(time.Minute)
			s.settle()
		}
	}
	s.RemoveBot(s.Guild)
	live(49 * time.Hour)
	if _, out := s.out(); !out {
		t.Fatal("not noticed")
	}
	s.DeleteMessage(s.only(s.Showcase).Ref)
	s.install()
	live(25 * time.Hour)
	listings := kept[post.Post](s, "listing#")
	if m := s.only(s.Showcase); len(listings) != 1 || listings[0].Message != m.ID {
		t.Errorf("%s stands, recorded is %+v", m.ID, listings)
	}
	s.RemoveBot(s.Guild)
	live(49 * time.Hour)
	live(31 * 24 * time.Hour)
	s.advance(time.Hour)
	if found := s.traces(s.Guild); len(found) > 0 {
		slices.Sort(found)
		t.Errorf("left: %s", strings.Join(found, "\n"))
	}
	if dead := s.dead(); len(dead) > 0 {
		t.Errorf("given up: %v", dead)
	}
}
