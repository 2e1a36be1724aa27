package local_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/index"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
)

// indexed lets Ada choose a channel for the index, and returns it.
func (s *stage) indexed() string {
	s.Helper()
	channel := s.AddChannel(s.Guild, fakediscord.Channel{Name: "index"})
	s.chooses(func(c *settings.Settings) { c.Index = channel })
	return channel
}

// joinIndex gives the guild partners, from the nth to before the mth, whose listings
// stand: they are called "<category> n", and every third is in the same category.
func (s *stage) joinIndex(from, to int) {
	s.Helper()
	for n := from; n < to; n++ {
		id := stranger(n)
		p := partnership.Partnership{Partner: id, Contact: s.Rio, Since: s.Now(), Server: partnership.Server{ID: id, Name: fmt.Sprintf("Server %03d %s", n, strings.Repeat("x", 40))}}
		p.Ad.Category = []string{"Gaming", "Music", "Sports"}[n%3]
		look := partnership.Sync(s.Guild, id) // their invites lead nowhere: nobody looks at them
		s.update([]storage.Key{partnership.Key(s.Guild, id), showcase.Key(s.Guild, id), showcase.HomeKey(s.Guild, id), look.Key()}, func(tx *storage.Tx) error {
			action.Cause(tx, look, s.Now().Add(365*24*time.Hour))
			tx.Set(partnership.Key(s.Guild, id), p)
			tx.Set(showcase.Key(s.Guild, id), post.Post{Channel: s.Showcase, Message: stranger(5000 + n)})
			tx.Set(showcase.HomeKey(s.Guild, id), showcase.Home{Mode: settings.Single, Parent: s.Showcase, Place: s.Showcase})
			return nil
		})
	}
	s.reindex()
}

// quitIndex takes those partners away.
func (s *stage) quitIndex(from, to int) {
	s.Helper()
	for n := from; n < to; n++ {
		key := partnership.Key(s.Guild, stranger(n))
		s.update([]storage.Key{key}, func(tx *storage.Tx) error { tx.Delete(key); return nil })
	}
	s.reindex()
}

// reindex has the index brought in line, as whatever changes a partnership does.
func (s *stage) reindex() {
	s.Helper()
	ref := index.Sync(s.Guild)
	s.update(action.Keys(ref), func(tx *storage.Tx) error { action.Cause(tx, ref, s.Now()); return nil })
	s.drain()
}

// pagesOf fails the test unless the index stands in a channel, page by page, with
// each of the partners from the nth to before the mth once, by category and name.
func (s *stage) pagesOf(channel string, from, to int) (list []fakediscord.Message) {
	s.Helper()
	list = s.Messages(channel)
	text := ""
	for n, m := range list {
		if _, ok := m.Button(fmt.Sprint("index/page:", n)); !ok {
			s.Fatalf("message %d of %d is not page %d:\n%s", n, len(list), n, m.Text())
		}
		text += m.Text() + "\n"
	}
	at, count := 0, 0
	for category := range 3 {
		for n := from; n < to; n++ {
			if n%3 != category {
				continue
			}
			count++
			i := strings.Index(text[at:], fmt.Sprintf("- Server %03d ", n))
			if i < 0 {
				s.Fatalf("partner %d is not in its place", n)
			}
			at += i
		}
	}
	if got := strings.Count(text, "\n- "); got != count {
		s.Fatalf("%d partners are in the index, want %d", got, count)
	}
	return list
}

func messageIDs(list []fakediscord.Message) (ids []string) {
	for _, m := range list {
		ids = append(ids, m.ID)
	}
	return ids
}

// TestIndexInEveryMode follows one partner through each mode: the index leads to
// where the listing stands, and a bump only changes it if it has to.
func TestIndexInEveryMode(t *testing.T) {
	t.Parallel()
	for _, m := range settings.Modes() {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			channel := s.indexed()
			s.says(s.only(channel).Text(), "no partners yet")
			s.partner(m)
			s.advance(index.Gather)
			leads := func() string {
				stands := s.listing(m)
				if m == settings.Single {
					return fmt.Sprintf("Lighthouse · [To the ad](https://discord.com/channels/%s/%s/%s)", s.Guild, stands.Channel, stands.ID)
				}
				return fmt.Sprintf("Lighthouse · [To the ad](https://discord.com/channels/%s/%s)", s.Guild, stands.Channel)
			}
			s.says(s.only(channel).Text(), "### Community\n- "+leads())

			s.advance(week)
			s.says(s.command(s.Rio, "partner bump").Text(), "was bumped")
			s.ResetRequests()
			s.advance(index.Gather)
			s.says(s.only(channel).Text(), leads())
			if edits := s.writesTo(channel); m != settings.Single && edits > 0 {
				t.Errorf("a bump took %d writes to the index", edits)
			}
			s.ends()
			s.drain()
			s.advance(index.Gather)
			s.says(s.only(channel).Text(), "no partners yet")
		})
	}
}

// writesTo is how many requests changed something in a channel.
func (s *stage) writesTo(channel string) (n int) {
	for _, r := range s.Requests() {
		if r.Method != "GET" && strings.Contains(r.Path, channel) {
			n++
		}
	}
	return n
}

// TestIndexPages lets the index grow and shrink: young pages are edited, old ones
// published anew with those after them, and what did not change is left alone.
func TestIndexPages(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	channel := s.indexed()
	s.advance(2 * time.Hour)
	s.joinIndex(0, 90)
	s.advance(index.Gather)
	first := s.pagesOf(channel, 0, 90)
	if len(first) < 4 {
		t.Fatalf("only %d pages", len(first))
	}
	s.ResetRequests()
	s.joinIndex(90, 91) // in the first category, on the second page
	s.advance(index.Gather / 2)
	if n := s.writesTo(channel); n != 0 {
		t.Errorf("%d writes while changes are gathered", n)
	}
	s.joinIndex(91, 93)
	s.advance(index.Gather / 2)
	second := s.pagesOf(channel, 0, 93)
	if !slices.Equal(messageIDs(second)[:len(first)], messageIDs(first)) || s.CountRequests("DELETE", "") > 0 {
		t.Error("young pages were not edited")
	}

	s.advance(2 * time.Hour)
	s.ResetRequests()
	s.joinIndex(93, 94)
	s.advance(index.Gather)
	third := s.pagesOf(channel, 0, 94)
	if third[0].ID != second[0].ID || third[1].ID == second[1].ID || s.CountRequests("PATCH", "") > 0 {
		t.Error("old pages were not published anew, from the first that changed on")
	}
	s.advance(2 * time.Hour)
	s.quitIndex(30, 94)
	s.advance(index.Gather)
	s.pagesOf(channel, 0, 30)
	s.advance(2 * time.Hour)
	s.joinIndex(30, 60)
	s.advance(index.Gather)
	s.pagesOf(channel, 0, 60)

	s.ResetRequests()
	before := messageIDs(s.Messages(channel))
	bumped := stranger(4)
	s.update(bump.DoKeys(s.Guild, bumped), func(tx *storage.Tx) error {
		tx.Set(bump.Key(s.Guild, bumped), bump.Bump{Count: 9, At: s.Now()})
		return nil
	})
	s.reindex()
	s.advance(index.Gather)
	if s.pagesOf(channel, 0, 60); !slices.Equal(messageIDs(s.Messages(channel)), before) || s.writesTo(channel) > 0 {
		t.Error("a bump changed the index")
	}
	s.quitIndex(0, 60)
	s.advance(index.Gather)
	s.says(s.only(channel).Text(), "no partners yet")
	s.rests()
}

// TestIndexHealed deletes pages by hand: they are put back, in order.
func TestIndexHealed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	channel := s.indexed()
	s.joinIndex(0, 90)
	s.advance(index.Gather)
	for n := range s.pagesOf(channel, 0, 90) {
		page := s.Messages(channel)[n]
		s.DeleteMessage(page.Ref)
		s.advance(25 * time.Hour)
		s.advance(index.Gather)
		s.pagesOf(channel, 0, 90)
	}
	for _, m := range s.Messages(channel)[1:] {
		s.DeleteMessage(m.Ref)
	}
	s.command(s.Ada, "partnerships status")
	s.update(settings.Keys(s.Guild), func(tx *storage.Tx) error { settings.Again(tx, s.Guild, s.Now()); return nil })
	s.drain()
	s.advance(index.Gather)
	s.pagesOf(channel, 0, 90)
}

// TestIndexMoves chooses another channel for the index, or none, and deletes it.
func TestIndexMoves(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	first := s.indexed()
	s.joinIndex(0, 60)
	s.advance(index.Gather)
	s.pagesOf(first, 0, 60)
	second := s.indexed()
	s.pagesOf(second, 0, 60)
	s.count("pages in the old channel", first, 0)

	s.DeleteChannel(second)
	s.advance(25 * time.Hour)
	s.advance(index.Gather)
	s.says(s.command(s.Ada, "partnerships status").Text(), "Index of partners")
	s.chooses(func(c *settings.Settings) { c.Index = first })
	s.pagesOf(first, 0, 60)
	s.silent(s.command(s.Ada, "partnerships status").Text(), "Index of partners")

	s.chooses(func(c *settings.Settings) { c.Index = "" })
	s.count("pages of no index", first, 0)
	s.ResetRequests()
	s.joinIndex(60, 61)
	s.advance(25 * time.Hour)
	s.chooses(func(c *settings.Settings) { c.Index = first })
	s.pagesOf(first, 0, 61)
	s.rests()
}

// TestIndexCrash kills the process at each step of a change of three old pages.
func TestIndexCrash(t *testing.T) {
	t.Parallel()
	deaths(t, 15, func(t *testing.T, m *mortal) {
		s := newStage(t)
		channel := s.indexed()
		s.joinIndex(0, 60)
		s.advance(index.Gather)
		s.pagesOf(channel, 0, 60)
		s.advance(2 * time.Hour)
		s.quitIndex(0, 3)
		m.possess(s, true)
		s.restart()
		_ = s.Advance(s.Context(), index.Gather)
		_, _ = s.Drain(s.Context())
		if died := m.dead(); died != "" {
			s.Logf("died %s", died)
		}
		new(mortal).immortal().possess(s, true)
		s.restart()
		s.drain()
		s.advance(index.Gather)
		s.pagesOf(channel, 3, 60)
		if posts := kept[post.Post](s, "index#"); slices.ContainsFunc(posts, func(p post.Post) bool { return len(p.Old) > 0 }) {
			t.Errorf("left to delete: %+v", posts)
		}
		s.rests()
	})
}
