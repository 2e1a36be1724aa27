package local_test

import (
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
)

// listings returns what stands anywhere in the guild as the listing of a partner.
func (s *stage) listings(partner string) (list []fakediscord.Message) {
	s.Helper()
	of := func(channel string) {
		for _, m := range s.Messages(channel) {
			if b, ok := m.Button("partner/info:" + partner); ok && !b.Disabled {
				list = append(list, m)
			}
		}
	}
	for _, ch := range s.Channels(s.Guild) {
		of(ch.ID)
		for _, th := range s.Threads(ch.ID) {
			of(th.ID)
		}
	}
	return list
}

// listing fails the test unless exactly one listing of Lighthouse stands, where
// the mode wants it, and returns it.
func (s *stage) listing(m settings.Mode) fakediscord.Message {
	s.Helper()
	list := s.listings(s.Lighthouse)
	if len(list) != 1 {
		s.Fatalf("%d listings stand, want 1; left to do: %+v", len(list), s.left())
	}
	ch, _ := s.Channel(list[0].Channel)
	wrong := map[settings.Mode]bool{
		settings.Single:   ch.ID != s.Showcase,
		settings.Channels: ch.Type != fakediscord.TextChannel || ch.Parent != s.Category,
		settings.Forum:    ch.Parent != s.Forum || list[0].ID != ch.ID,
	}[m]
	if wrong {
		s.Fatalf("the listing stands in %+v, want mode %s", ch, m)
	}
	known := slices.DeleteFunc(kept[post.Post](s, "listing#"), func(p post.Post) bool { return p.Message != list[0].ID })
	if len(known) != 1 || known[0].Channel != ch.ID || known[0].Message != list[0].ID || len(known[0].Old) > 0 {
		s.Errorf("the listing is %s, but recorded is %+v", list[0].ID, known)
	}
	return list[0]
}

// homes returns how many channels and posts of listings there are.
func (s *stage) homes() (channels, posts int) {
	s.Helper()
	for _, ch := range s.Channels(s.Guild) {
		if ch.Type == fakediscord.TextChannel && (ch.Parent != "") {
			channels++
		}
	}
	return channels, len(s.Threads(s.Forum))
}

// partner brings Lighthouse into a showcase of the given mode.
func (s *stage) partner(m settings.Mode) {
	s.Helper()
	s.places(m)
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
}

// places chooses a mode, and the place of the scene for it.
func (s *stage) places(m settings.Mode) {
	s.Helper()
	s.chooses(func(c *settings.Settings) {
		c.Mode, c.Showcase, c.Category, c.Forum = m, s.Showcase, s.Category, s.Forum
	})
}

// bumps has Rio bump the listing of Lighthouse.
func (s *stage) bumps() {
	s.Helper()
	key, ref := bump.Key(s.Guild, s.Lighthouse), partnership.Sync(s.Guild, s.Lighthouse)
	s.update(append(action.Keys(ref), key), func(tx *storage.Tx) error {
		b := bump.Of(tx, s.Guild, s.Lighthouse)
		b.Count++
		b.By, b.At = s.Rio, s.Now()
		tx.Set(key, b)
		action.Cause(tx, ref, s.Now())
		return nil
	})
}

// edits changes the ad of Lighthouse.
func (s *stage) edits(highlights string) {
	s.Helper()
	key := partnership.Key(s.Guild, s.Lighthouse)
	s.update(partnership.ChangeKeys(s.Guild, s.Lighthouse), func(tx *storage.Tx) error {
		p, _ := storage.Read[partnership.Partnership](tx, key)
		p.Ad.Highlights = highlights
		partnership.Change(tx, s.Guild, p, s.Now())
		return nil
	})
}

// ends ends the partnership with Lighthouse.
func (s *stage) ends() {
	s.Helper()
	s.update(partnership.EndKeys(s.Guild, s.Lighthouse, ""), func(tx *storage.Tx) error {
		partnership.End(tx, s.Guild, s.Lighthouse, partnership.Ending{At: s.Now(), EndedBy: s.Max, Why: partnership.WhyManager})
		return nil
	})
}

// over fails the test unless nothing of the listing is left.
func (s *stage) over() {
	s.Helper()
	if list := s.listings(s.Lighthouse); len(list) > 0 {
		s.Errorf("%d listings stand after the end", len(list))
	}
	if channels, posts := s.homes(); channels+posts > 0 {
		s.Errorf("%d channels and %d posts stand after the end", channels, posts)
	}
	for _, prefix := range []string{"home#", "listing#", "lift#"} {
		if n := len(s.items(prefix)); n > 0 {
			s.Errorf("%d records %s are left", n, prefix)
		}
	}
	if dead := s.dead(); len(dead) > 0 {
		s.Errorf("given up: %v", dead)
	}
}

// TestShowcase takes a listing through its life in each mode: published, edited,
// bumped, deleted by hand, healed, moved to the next mode and back, ended.
func TestShowcase(t *testing.T) {
	t.Parallel()
	for i, m := range settings.Modes() {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.partner(m)
			first := s.listing(m)
			s.says(first.Text(), "Lighthouse")

			s.edits("Now with tea")
			s.drain()
			s.says(s.listing(m).Text(), "Now with tea")
			if s.listing(m).ID != first.ID {
				t.Error("an edit is another message")
			}

			s.bumps()
			s.drain()
			bumped := s.listing(m)
			if m != settings.Forum && bumped.ID == first.ID {
				t.Error("a bump is no other message")
			}
			if m == settings.Forum {
				s.count("messages in the post", first.Channel, 2)
				s.says(s.Messages(first.Channel)[1].Text(), "bumped")
				s.bumps()
				s.drain()
				s.count("messages in the post, bumped again", first.Channel, 2)
			}

			s.DeleteMessage(bumped.Ref)
			s.advance(25 * time.Hour)
			s.settle()
			if m != settings.Single {
				s.DeleteChannel(s.listing(m).Channel)
				s.advance(25 * time.Hour)
				s.settle()
			}
			s.listing(m)

			next := settings.Modes()[(i+1)%3]
			for _, m := range []settings.Mode{next, m} {
				s.places(m)
				s.settle()
				s.listing(m)
				channels, posts := s.homes()
				if want := map[settings.Mode][2]int{settings.Channels: {1, 0}, settings.Forum: {0, 1}}[m]; want != [2]int{channels, posts} {
					t.Errorf("in mode %s stand %d channels and %d posts", m, channels, posts)
				}
			}
			s.ends()
			s.settle()
			s.over()
		})
	}
}

// TestShowcaseRecords: what is known of a listing leads to it.
func TestShowcaseRecords(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.partner(settings.Channels)
	h := kept[showcase.Home](s, "home#")
	if len(h) != 1 || h[0].Place != s.listing(settings.Channels).Channel || h[0].Below != s.Category {
		t.Errorf("home: %+v", h)
	}
	ch, _ := s.Channel(h[0].Place)
	if ch.Name != "lighthouse" {
		t.Errorf("the channel is called %q", ch.Name)
	}
	for _, o := range ch.Overwrites {
		if o.ID == s.Guild && !o.Deny.Has(fakediscord.SendMessages) {
			t.Error("members can write in the channel")
		}
	}
}
