package local_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/index"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// loseActions ends the system, deletes all that is in the actions table, and starts
// the system anew.
func (s *stage) loseActions() {
	s.Helper()
	s.down()
	db, err := bbolt.Open(s.data, 0o600, nil)
	if err != nil {
		s.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte("actions"))
		var keys [][]byte
		if err := b.ForEach(func(k, _ []byte) error {
			if !bytes.Contains(k, []byte("dev")) { // the clock
				keys = append(keys, bytes.Clone(k))
			}
			return nil
		}); err != nil {
			return err
		}
		for _, k := range keys {
			if err := b.Delete(k); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	_ = db.Close()
	s.start()
}

// planned returns what is due at what time, of all guilds.
func (s *stage) planned() map[string]string {
	s.Helper()
	all := map[string]string{}
	for shard := range action.Shards {
		page, err := s.DB.List(s.Context(), storage.Query{Table: storage.Actions, Part: fmt.Sprintf("due#%02d", shard), Limit: storage.MaxLimit})
		if err != nil {
			s.Fatal(err)
		}
		for _, it := range page.Items {
			at, id := it.Key.Sort[:15], it.Key.Sort[16:]
			all[id] = at
		}
	}
	return all
}

// apart is how far apart two times are, as planned returns them.
func apart(a, b string) time.Duration {
	x, _ := strconv.ParseInt(a, 10, 64)
	y, _ := strconv.ParseInt(b, 10, 64)
	return (time.Duration(y-x) * time.Millisecond).Abs()
}

// thrives gives the guild something of all that is due at some time: joins that are
// counted, an index, a partner with a changed ad, a panel, a ticket, an application
// that waits, and a block with a time.
func (s *stage) thrives() {
	s.Helper()
	s.tracks(false)
	list := s.AddChannel(s.Guild, fakediscord.Channel{Name: "index"})
	s.chooses(func(c *settings.Settings) { c.Index, c.Tickets, c.Expiry = list, s.Lobby, 60 })
	s.allied()
	s.changesAd(s.Rio, described("Another description, of a calm place."))
	s.DeleteMessage(s.only(s.Review).Ref) // so that press finds one card
	_, code := s.AddPartner("Beacon", 300)
	form := s.Form()
	form["invite"] = "https://discord.gg/" + code
	s.apply(s.Nora, form)
	s.ask(s.Max, "Who are you?")
	s.postPanel(s.Lobby)
	e := block.Entry{Target: block.Target{What: block.User, ID: stranger(7)}, By: s.Ada, At: s.Now(), Until: s.Now().Add(5 * 24 * time.Hour)}
	s.update(block.Keys(s.Guild, e.Target), func(tx *storage.Tx) error {
		return block.Add(tx, s.Guild, e, partnership.DefaultLimits())
	})
	s.settle()
	s.advance(25 * time.Hour) // everything was looked at once
	s.settle()
}

// TestActionsLost (FAULTS R43): the actions table is lost. At once everything is
// planned again that was, no later than it was planned for, and nothing is done twice.
func TestActionsLost(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.thrives()
	before := s.planned()
	s.loseActions()
	s.drain()
	s.settle()
	after := s.planned()
	for _, id := range slices.Sorted(maps.Keys(before)) {
		if is := after[id]; is == "" || is > before[id] && apart(before[id], is) > index.Gather+time.Minute {
			t.Errorf("%s was planned for %s, and is for %q", id, before[id], is)
		}
	}
	if !s.watched() {
		t.Error("nobody reads the invites")
	}
	if len(before) < 9 {
		t.Errorf("only %d actions were planned: %v", len(before), slices.Sorted(maps.Keys(before)))
	}
}

// TestLostWorkHappens (FAULTS R43): two months after the actions table was lost,
// applications have expired, blocks are lifted, and joins were counted all the time:
// those of the minutes before anybody noticed, too.
func TestLostWorkHappens(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.thrives()
	code := s.account().Code
	s.loseActions()
	s.joined(code, 3)
	for range 61 {
		s.advance(24 * time.Hour)
	}
	s.settle()
	if c := s.counted(); c != (partnership.Counts{Active: 1}) {
		t.Errorf("after 61 days: %+v", c)
	}
	if a := s.account(); a.Counted != 3 || len(a.Gaps) > 0 || !s.watched() {
		t.Errorf("3 joined; counted %+v, watched: %v", a, s.watched())
	}
}

// TestLossIsNoticedByUse: a guild that has no trace in the actions table, for whatever
// reason, is looked at when somebody uses it; and nobody is told meanwhile that all
// is well.
func TestLossIsNoticedByUse(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	expires := apply.Expire(s.Guild, s.onlyWaiting())
	refs := []action.Ref{removal.Check(s.Guild), roll.Look(s.Guild), expires}
	s.update(action.Keys(refs...), func(tx *storage.Tx) error {
		for _, r := range refs {
			action.Cancel(tx, r)
		}
		return nil
	})
	said := s.command(s.Ada, "partnerships status").Text()
	s.says(said, "checking what is due")
	s.silent(said, "Nothing is blocked")
	if _, planned := recordOf[action.Action](s, expires.Key()); !planned {
		t.Error("the end of the application is not planned")
	}
	s.says(s.command(s.Ada, "partnerships status").Text(), "Nothing is blocked")
}

// onlyWaiting is the ID of the application that waits.
func (s *stage) onlyWaiting() string {
	s.Helper()
	list := kept[apply.Waiting](s, "pending#")
	if len(list) != 1 {
		s.Fatalf("%d applications wait, want 1", len(list))
	}
	return list[0].ID
}

// TestOutageOfThreeDays: whatever came due while Discord answered nobody, or refused
// the token, stands ten minutes after it is over, unasked.
func TestOutageOfThreeDays(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"no answers": 503, "the token refused": 401} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.tracks(false)
			s.chooses(func(c *settings.Settings) { c.Remind = 0 })
			s.allied()
			_, code := s.AddPartner("Beacon", 300)
			form := s.Form()
			form["invite"] = "https://discord.gg/" + code
			s.apply(s.Nora, form)
			for _, method := range []string{"GET", "POST", "PATCH", "PUT", "DELETE"} {
				s.Scene.Fail(fakediscord.Fault{Method: method, Status: status, Times: -1})
			}
			card, ad := s.only(s.Review), s.only(s.Showcase)
			s.DeleteMessage(card.Ref)
			s.DeleteMessage(ad.Ref)
			s.joined(s.account().Code, 2)
			for range 72 * 2 {
				s.advance(30 * time.Minute)
			}
			s.ClearFaults()
			for range 10 {
				s.advance(time.Minute)
			}
			s.says(s.only(s.Review).Text(), "Beacon")
			s.says(s.only(s.Showcase).Text(), "Lighthouse")
			if a := s.account(); a.Counted != 2 {
				t.Errorf("2 joined, %d are counted", a.Counted)
			}
			if left, dead := s.left(), s.dead(); left != (action.Census{}) || len(dead) > 0 {
				t.Errorf("left to do: %+v, given up: %v", left, dead)
			}
		})
	}
}

// TestGivenUpByAnEarlierVersion: what was given up in an outage, when that was still
// done, is taken up when the program is a later one.
func TestGivenUpByAnEarlierVersion(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.DeleteMessage(s.only(s.Review).Ref)
	card := apply.Card(s.Guild, s.onlyWaiting())
	s.update(append(action.Keys(card), roll.MarkKey(), apply.CardKey(s.Guild, card.Subject)), func(tx *storage.Tx) error {
		tx.Delete(apply.CardKey(s.Guild, card.Subject))
		tx.Set(card.Key(), action.Action{Ref: card, State: action.Dead, Generation: 1})
		for shard := range action.Shards { // one of them is its own
			tx.Index(storage.Key{Table: storage.Actions, Part: fmt.Sprintf("dead#%02d", shard), Sort: card.ID()}, pointerTo{card})
		}
		tx.Delete(roll.MarkKey())
		return nil
	})
	s.drain()
	s.says(s.only(s.Review).Text(), "Lighthouse")
}

// A pointerTo is a pointer as package action keeps it.
type pointerTo struct{ action.Ref }

// Kind implements [storage.Record].
func (pointerTo) Kind() (string, int) { return "pointer", 1 }
