package local_test

import (
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
)

// blocks puts a user on the blocklist.
func (s *stage) blocks(user string) {
	s.Helper()
	s.command(s.Ada, "partnerships block", fakediscord.Option{Name: "user", Value: user, Type: 6})
}

// TestBlockedContact blocks who speaks for a partner: they lose the role and what
// contacts may do, managers read it, and it is over once they are taken off the list.
func TestBlockedContact(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	log := s.AddChannel(s.Guild, fakediscord.Channel{Name: "log"})
	s.chooses(func(c *settings.Settings) { c.Log = log })
	s.greeted()
	s.blocks(s.Rio)
	if s.holder(s.Rio, s.Contacts) {
		t.Error("they have the role of contacts still")
	}
	s.says(s.status(), "<@"+s.Rio+">, the contact of Lighthouse, is on the blocklist")
	if s.posted(log, "the contact of a partner is on the blocklist: <@"+s.Rio+">") != 1 {
		t.Error("the log does not say so once")
	}
	s.advance(8 * 24 * time.Hour)
	const barred = "does not take this from you at the moment"
	s.says(s.command(s.Rio, "partner bump").Text(), barred)
	s.says(s.command(s.Rio, "partner edit").Text(), barred)
	if s.holder(s.Rio, s.Contacts) {
		t.Error("a look gave the role back")
	}

	s.command(s.Ada, "partnerships unblock", fakediscord.Opt("entry", "user#"+s.Rio))
	if !s.holder(s.Rio, s.Contacts) {
		t.Error("they are off the list, and do not have the role")
	}
	s.says(s.status(), "Nothing is blocked")
	s.silent(s.command(s.Rio, "partner bump").Text(), barred)
}

// asked blocks the contact of Lighthouse as Ada, and returns the reply, which asks what
// becomes of the partnership.
func (s *stage) asked() *fakediscord.Exchange {
	s.Helper()
	ex := s.command(s.Ada, "partnerships block", fakediscord.Option{Name: "user", Value: s.Rio, Type: 6})
	s.says(ex.Text(), "<@"+s.Rio+"> is the contact of **Lighthouse**")
	s.says(s.driftedCard().Text(), "The contact of Lighthouse is blocked")
	return ex
}

// TestBlockedContactDecided asks managers what becomes of a partner whose contact they
// blocked, in the reply and on a card, and does each of the three.
func TestBlockedContactDecided(t *testing.T) {
	t.Parallel()
	for name, decide := range map[string]func(*stage, fakediscord.Ref) string{
		"ended": func(s *stage, on fakediscord.Ref) string {
			form := s.on(s.Max, on, "End the partnership")
			done := s.submit(s.Max, form, map[string]any{"reason": "Their contact is blocked"}).Text()
			if len(s.Messages(s.Showcase)) != 0 {
				s.Error("the ad is there still")
			}
			return done
		},
		"replaced": func(s *stage, on fakediscord.Ref) string {
			ask := s.on(s.Max, on, "Choose another contact")
			s.says(ask.Text(), "Who speaks for **Lighthouse**")
			menu := "contact/choose:" + s.Lighthouse + ":" + s.Rio
			s.says(s.chooseOn(ask.Message, menu, s.Rio), "the contact of Lighthouse already")
			done := s.chooseOn(ask.Message, menu, s.Nora)
			if !s.holder(s.Nora, s.Contacts) {
				s.Error("the new contact does not have the role")
			}
			s.says(s.status(), "Nothing is blocked")
			return done
		},
		"kept": func(s *stage, on fakediscord.Ref) string {
			done := s.on(s.Max, on, "Keep for now").Text()
			s.says(s.forged(s.Max, on, "contact/keep:"+s.Lighthouse+":"+s.Rio).Text(), "stays the contact") // pressed twice
			s.says(s.command(s.Ada, "partnerships info").Text(), "kept the contact of a partner who is on the blocklist")
			s.advance(49 * time.Hour)
			return done
		},
	} {
		for _, from := range []string{"the reply", "the card"} {
			t.Run(name+" on "+from, func(t *testing.T) {
				t.Parallel()
				s := newStage(t)
				s.greeted()
				on := s.asked().Message
				if from == "the card" {
					on = s.driftedCard().Ref
				} else if _, err := s.As(s.Max, s.Guild, s.Lobby).Press(t.Context(), on, "Keep for now"); err == nil {
					t.Error("another than who blocked sees the reply")
				}
				if from == "the reply" {
					s.Max = s.Ada
				}
				want := map[string]string{"ended": "has ended", "replaced": "<@" + s.Nora + "> is now the contact of **Lighthouse**",
					"kept": "stays the contact of **Lighthouse** for now"}
				s.says(decide(s, on), want[name])
				if card := s.driftedCard(); card.ID != "" {
					t.Errorf("it is decided, and a card stands: %s", card.Text())
				}
			})
		}
	}
}

// chooseOn picks somebody in a menu as Max, and returns what they read.
func (s *stage) chooseOn(on fakediscord.Ref, menu, user string) string {
	s.Helper()
	ex, err := s.As(s.Max, s.Guild, on.Channel).Choose(s.Context(), on, menu, user)
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
	return ex.Text()
}

// TestBlockedContactStale presses the buttons when there is nothing to decide any more,
// and as somebody who may not.
func TestBlockedContactStale(t *testing.T) {
	t.Parallel()
	buttons := []string{"contact/other", "contact/keep", "contact/choose"}
	for name, tt := range map[string]struct {
		by   func(*stage) string
		does func(*stage)
		want string
	}{
		"off the list": {does: func(s *stage) {
			s.command(s.Ada, "partnerships unblock", fakediscord.Opt("entry", "user#"+s.Rio))
		}, want: "is off the blocklist"},
		"replaced":    {does: func(s *stage) { s.handsTo(s.Nora) }, want: "is the contact of Lighthouse now"},
		"over":        {does: func(s *stage) { s.ended(s.Max) }, want: "no such partner"},
		"nobody's":    {does: func(*stage) {}, by: func(s *stage) string { return s.Nora }, want: "Only partnership managers"},
		"the contact": {does: func(*stage) {}, by: func(s *stage) string { return s.Rio }, want: "Only partnership managers"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.greeted()
			s.asked()
			card := s.driftedCard().Ref
			tt.does(s)
			who := s.Max
			if tt.by != nil {
				who = tt.by(s)
			}
			for _, b := range buttons {
				id := b + ":" + s.Lighthouse + ":" + s.Rio
				ex, err := s.As(who, s.Guild, s.Review).ForgeChoice(t.Context(), card, id, 5, s.Nora)
				if err != nil {
					t.Fatal(err)
				}
				s.says(ex.Text(), tt.want)
			}
		})
	}
}

// TestBlockedIsNoContact does not make somebody the contact who is on the blocklist, and
// asks again when a contact who was kept is blocked once more.
func TestBlockedIsNoContact(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.greeted()
	s.blocks(s.Nora)
	s.says(s.handsTo(s.Nora).Text(), "is on the blocklist")
	s.on(s.Ada, s.asked().Message, "Keep for now")
	s.command(s.Ada, "partnerships unblock", fakediscord.Opt("entry", "user#"+s.Rio))
	s.asked()
	s.DeleteMessage(s.driftedCard().Ref) // by hand
	s.advance(49 * time.Hour)
	s.says(s.driftedCard().Text(), "cannot bump or edit")
}

// TestBlockedContactReplaced gives the role to the next contact.
func TestBlockedContactReplaced(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.greeted()
	s.blocks(s.Rio)
	s.handsTo(s.Nora)
	if s.holder(s.Rio, s.Contacts) || !s.holder(s.Nora, s.Contacts) {
		t.Error("the role is not where it should be")
	}
	s.says(s.status(), "Nothing is blocked")
}

// TestBlockedOpensNoTicket refuses a ticket courteously, and tells the managers nothing.
func TestBlockedOpensNoTicket(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(c *settings.Settings) { c.Sources, c.Tickets = settings.Sources{Ticket: true}, s.Lobby })
	s.blocks(s.Nora)
	s.says(s.command(s.Nora, "partner apply").Text(), "does not take this from you at the moment")
	if n := len(s.Threads(s.Lobby)); n != 0 {
		t.Errorf("%d threads", n)
	}
	if n := len(s.Messages(s.Review)); n != 0 {
		t.Errorf("%d messages to the managers", n)
	}
}

// TestOldLogSaysSo moves the log, and switches it off: the channel that was the log
// says so each time, with what was chosen and what is.
func TestOldLogSaysSo(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	first, second := s.AddChannel(s.Guild, fakediscord.Channel{Name: "log"}), s.AddChannel(s.Guild, fakediscord.Channel{Name: "log2"})
	d := s.open(s.Max)
	s.drain()
	choose := func(to ...string) {
		d.choose("setup/section", "channels")
		d.forge("setup/log", selectChannel, to...)
		s.drain()
	}
	choose(first)
	choose(second)
	for _, channel := range []string{first, second} {
		if s.posted(channel, "<#"+first+"> → <#"+second+">") != 1 {
			t.Errorf("<#%s> does not say once that the log moved", channel)
		}
	}
	choose()
	if s.posted(second, "<#"+second+"> → none") != 1 {
		t.Error("the log does not say that it was switched off")
	}
}

// TestOldLogDeleted moves the log off a channel that is gone: what follows is posted.
func TestOldLogDeleted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	first, second := s.AddChannel(s.Guild, fakediscord.Channel{Name: "log"}), s.AddChannel(s.Guild, fakediscord.Channel{Name: "log2"})
	d := s.open(s.Max)
	d.forge("setup/log", selectChannel, first)
	s.drain()
	s.DeleteChannel(first)
	d.forge("setup/log", selectChannel, second)
	s.drain()
	if s.posted(second, "<#"+second+">") != 1 {
		t.Error("the new log does not say that it is the log")
	}
}

// TestTrailOfRoles says which roles of staff there were, and which there are.
func TestTrailOfRoles(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	log := s.AddChannel(s.Guild, fakediscord.Channel{Name: "log"})
	s.chooses(func(c *settings.Settings) { c.Log = log })
	low := s.AddRole(s.Guild, fakediscord.Role{Name: "Everybody", Position: 1})
	s.SetRole(s.Guild, s.Reviewers, 0, 2)
	d := s.open(s.Max)
	s.drain()
	d.choose("setup/managers", s.Reviewers, low)
	d.choose("setup/section", "intake")
	d.fill("setup/minimum", map[string]any{"minimum": "100", "cooldown": "48"})
	s.drain()
	var text strings.Builder
	for _, m := range s.Messages(log) {
		text.WriteString(m.Text() + "\n")
	}
	s.says(text.String(), "<@&"+s.Reviewers+"> → <@&"+s.Reviewers+">, <@&"+low+">")
	s.says(text.String(), "Minimum members: 0 → 100")
	s.says(text.String(), "Hours between two applications: 24 → 48")
}
