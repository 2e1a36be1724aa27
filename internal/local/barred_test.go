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
