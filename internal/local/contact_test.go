package local_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/worker"
)

// holder reports whether a user has the role of contacts.
func (s *stage) holder(user, role string) bool {
	m, ok := s.Member(s.Guild, user)
	return ok && slices.Contains(m.Roles, role)
}

// greeted makes Lighthouse a partner whose contact has the role.
func (s *stage) greeted() {
	s.Helper()
	s.chooses(func(c *settings.Settings) { c.Contact = s.Contacts })
	s.allied()
	if !s.holder(s.Rio, s.Contacts) {
		s.Fatal("the contact does not have the role")
	}
}

// handsTo changes the contact of Lighthouse.
func (s *stage) handsTo(user string) *fakediscord.Exchange {
	s.Helper()
	return s.command(s.Max, "partnerships edit",
		fakediscord.Opt("partner", s.Lighthouse), fakediscord.Option{Name: "contact", Value: user, Type: 6})
}

// TestContact follows the role from the approval over another contact to the end.
func TestContact(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.greeted()
	handed := s.handsTo(s.Nora).Text()
	s.says(handed, "is now the contact of **Lighthouse**")
	s.says(handed, "Please tell them") // who did not ask for it is not written to
	if s.holder(s.Rio, s.Contacts) || !s.holder(s.Nora, s.Contacts) {
		t.Error("the role did not go over")
	}
	s.says(s.handsTo(s.Nora).Text(), "the contact of Lighthouse already")
	s.says(s.handsTo(s.ApplicationID()).Text(), "must be a person")
	s.says(s.command(s.Max, "partnerships info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "changed the contact of a partner")
	s.says(s.command(s.Rio, "partner edit").Text(), "not the contact of any partner")
	s.ended(s.Max)
	if s.holder(s.Nora, s.Contacts) {
		t.Error("the role outlived the partnership")
	}
	if n := len(s.items("contact")); n != 0 {
		t.Errorf("%d records are left", n)
	}
	s.quietly()
}

// TestContactRoleChosen has the role follow the setting, for partners there are.
func TestContactRoleChosen(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	if m, _ := s.Member(s.Guild, s.Rio); len(m.Roles) != 0 {
		t.Errorf("roles %v, and none is chosen", m.Roles)
	}
	s.chooses(func(c *settings.Settings) { c.Contact = s.Contacts })
	if !s.holder(s.Rio, s.Contacts) {
		t.Error("who is a contact already does not have the role")
	}
	other := s.AddRole(s.Guild, fakediscord.Role{Name: "Friends"})
	s.chooses(func(c *settings.Settings) { c.Contact = other })
	if s.holder(s.Rio, s.Contacts) || !s.holder(s.Rio, other) {
		t.Error("the role did not change")
	}
	s.chooses(func(c *settings.Settings) { c.Contact = "" })
	if s.holder(s.Rio, other) {
		t.Error("the role was not taken back")
	}
	s.quietly()
}

// TestContactOfTwo lets one who speaks for two partners keep the role until the
// last of them ends.
func TestContactOfTwo(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.greeted()
	_, invite := s.AddPartner("Second", 500)
	s.submit(s.Max, s.adds(invite, s.Rio), handmade())
	s.ended(s.Max)
	if !s.holder(s.Rio, s.Contacts) {
		t.Error("the role is gone, and Rio still speaks for Second")
	}
	for _, it := range s.items("partnership#") {
		s.submit(s.Max, s.command(s.Max, "partner end", fakediscord.Opt("partner", it.Key.Sort[len("partnership#"):])), map[string]any{"reason": "Over."})
	}
	if s.holder(s.Rio, s.Contacts) {
		t.Error("the role outlived both partnerships")
	}
}

// TestContactLeft notices within a day that the contact is no member any more,
// tells the managers once, and gives the role again to who comes back.
func TestContactLeft(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	log := s.AddChannel(s.Guild, fakediscord.Channel{Name: "log"})
	s.chooses(func(c *settings.Settings) { c.Log = log })
	s.greeted()
	s.RemoveMember(s.Guild, s.Rio)
	s.silent(s.status(), "left this server")
	for range 2 {
		s.advance(26 * time.Hour)
	}
	s.says(s.status(), "<@"+s.Rio+">, the contact of **Lighthouse**, left this server")
	s.says(s.command(s.Max, "partnerships info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "left this server")
	if told := s.posted(log, "left this server"); told != 1 {
		t.Errorf("the managers were told %d times", told)
	}
	s.AddMember(s.Guild, s.Rio)
	s.advance(26 * time.Hour)
	if !s.holder(s.Rio, s.Contacts) {
		t.Error("who came back does not have the role")
	}
	s.silent(s.status(), "left this server")
	if told := s.posted(log, "is a member of this server again"); told != 1 {
		t.Errorf("the managers were told %d times that the contact is back", told)
	}
	s.quietly()
}

// posted counts the messages of a channel that hold part.
func (s *stage) posted(channel, part string) (n int) {
	for _, m := range s.Messages(channel) {
		if strings.Contains(m.Text(), part) {
			n++
		}
	}
	return n
}

// TestContactRoleTrusted checks the role when it is given, not only when it is
// chosen (FAULTS S24): it is not given, and managers read why, until that is mended.
func TestContactRoleTrusted(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		spoil, mends func(*stage)
		says         string
	}{
		{"powerful", func(s *stage) { s.SetRole(s.Guild, s.Contacts, fakediscord.ManageMessages, 1) },
			func(s *stage) { s.SetRole(s.Guild, s.Contacts, 0, 1) }, "allows more than every member may do"},
		{"powerful in a channel", func(s *stage) {
			s.SetOverwrite(s.Lobby, fakediscord.Overwrite{ID: s.Contacts, Allow: fakediscord.ManageMessages})
		}, func(s *stage) { s.SetOverwrite(s.Lobby, fakediscord.Overwrite{ID: s.Contacts}) }, "allows more than every member may do"},
		{"above the bot", func(s *stage) { s.SetRole(s.Guild, s.Contacts, 0, 1000) },
			func(s *stage) { s.SetRole(s.Guild, s.Contacts, 0, 1) }, "as high as Entente's own role"},
		{"without Manage Roles", func(s *stage) { s.InstallBot(s.Guild, scene.BotPermissions&^fakediscord.ManageRoles) },
			func(s *stage) { s.InstallBot(s.Guild, scene.BotPermissions) }, "lacks *Manage Roles*"},
		{"everyone", func(s *stage) { s.chooses(func(c *settings.Settings) { c.Contact = s.Guild }) },
			func(s *stage) { s.chooses(func(c *settings.Settings) { c.Contact = s.Contacts }) }, "everyone is chosen as the contact role"},
		{"deleted", func(s *stage) { s.DeleteRole(s.Guild, s.Contacts) },
			func(s *stage) {
				s.Contacts = s.AddRole(s.Guild, fakediscord.Role{Name: "Again"})
				s.chooses(func(c *settings.Settings) { c.Contact = s.Contacts })
			}, "contact role was deleted"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.chooses(func(c *settings.Settings) { c.Contact = s.Contacts })
			tt.spoil(s)
			s.allied()
			if m, _ := s.Member(s.Guild, s.Rio); len(m.Roles) != 0 {
				t.Errorf("Rio was given %v", m.Roles)
			}
			s.says(s.status(), tt.says)
			s.only(s.Showcase) // the rest was done
			tt.mends(s)
			if strings.Contains(s.status(), "Blocked until") { // a change of settings retries, too
				s.retry()
			}
			if !s.holder(s.Rio, s.Contacts) {
				t.Errorf("mended, and not given: %s", s.status())
			}
			s.quietly()
		})
	}
}

// TestContactFaults has what is asked of Discord fail for a while, at the
// granting, the taking back and the looking.
func TestContactFaults(t *testing.T) {
	t.Parallel()
	const role = "/guilds/{guild}/members/{user}/roles/{role}"
	for name, f := range map[string]fakediscord.Fault{
		"grant":         {Method: "PUT", Route: role, Status: 503, Times: 3},
		"grant, unsure": {Method: "PUT", Route: role, Reset: true, After: true},
		"revoke":        {Method: "DELETE", Route: role, Status: 500, Times: 3},
		"look":          {Method: "GET", Route: "/guilds/{guild}/members/{user}", Status: 502, Times: 2},
		"limited":       {Method: "PUT", Route: role, Status: 429, RetryAfter: 2.5, Times: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.chooses(func(c *settings.Settings) { c.Contact = s.Contacts })
			s.Scene.Fail(f)
			s.allied()
			s.settle()
			s.handsTo(s.Nora)
			s.settle()
			if s.holder(s.Rio, s.Contacts) || !s.holder(s.Nora, s.Contacts) {
				t.Error("the role is not where it should be")
			}
			s.ended(s.Max)
			s.settle()
			if s.holder(s.Nora, s.Contacts) || s.struck() == 0 {
				t.Errorf("the role is left, or no fault struck: %d", s.struck())
			}
		})
	}
}

// TestContactRevokeBlocked cannot take the role back, and gives it to the next
// contact all the same.
func TestContactRevokeBlocked(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.greeted()
	s.Scene.Fail(fakediscord.Fault{Method: http.MethodDelete, Route: "/guilds/{guild}/members/{user}/roles/{role}", Status: 403, Code: 50013, Times: -1})
	s.handsTo(s.Nora)
	if !s.holder(s.Nora, s.Contacts) {
		t.Error("the next contact waits for what is blocked")
	}
	s.says(s.status(), "Contact role of a partner")
	s.ClearFaults()
	s.retry()
	if s.holder(s.Rio, s.Contacts) || !s.holder(s.Nora, s.Contacts) {
		t.Error("it was mended, and the role is not where it should be")
	}
	s.quietly()
}

// TestContactCrash kills the process at each step of handing the role over; after
// a restart it is where it should be, and nowhere else.
func TestContactCrash(t *testing.T) {
	t.Parallel()
	deaths(t, 8, func(t *testing.T, m *mortal) {
		s := newStage(t)
		s.greeted()
		m.possess(s, true)
		s.restart()
		_, err := s.As(s.Max, s.Guild, s.Lobby).Command(t.Context(), "partnerships edit",
			fakediscord.Opt("partner", s.Lighthouse), fakediscord.Option{Name: "contact", Value: s.Nora, Type: 6})
		_, _ = s.Drain(t.Context())
		if died := m.dead(); died != "" {
			new(mortal).immortal().possess(s, true)
			s.restart()
			s.drain()
		}
		if err != nil {
			s.handsTo(s.Nora)
		}
		s.drain()
		if s.holder(s.Rio, s.Contacts) || !s.holder(s.Nora, s.Contacts) {
			t.Errorf("died %s: the role is not where it should be", m.dead())
		}
		if c, _ := recordOf[contact.Contact](s, contact.Key(s.Guild, s.Lighthouse)); c.User != s.Nora || len(c.Old) > 0 {
			t.Errorf("died %s: %+v", m.dead(), c)
		}
		s.quietly()
	})
}

// TestContactRoleNeverGiven chooses another role after one that could not be
// given: nobody is asked to take back what nobody has.
func TestContactRoleNeverGiven(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	high := s.AddRole(s.Guild, fakediscord.Role{Name: "High", Position: 1000})
	s.chooses(func(c *settings.Settings) { c.Contact = high })
	s.allied()
	s.says(s.status(), "as high as Entente's own role")
	s.chooses(func(c *settings.Settings) { c.Contact = s.Contacts })
	if !s.holder(s.Rio, s.Contacts) {
		t.Error("the contact does not have the role")
	}
	s.says(s.status(), "Nothing is blocked")
}

// TestContactOfEarlierVersion finds the contacts of partnerships that began before
// there was a role for them.
func TestContactOfEarlierVersion(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	s.update([]storage.Key{contact.Key(s.Guild, s.Lighthouse), contact.Sync(s.Guild, s.Lighthouse).Key()}, func(tx *storage.Tx) error {
		tx.Delete(contact.Key(s.Guild, s.Lighthouse))
		action.Cancel(tx, contact.Sync(s.Guild, s.Lighthouse))
		return nil
	})
	s.chooses(func(c *settings.Settings) { c.Contact = s.Contacts })
	if !s.holder(s.Rio, s.Contacts) {
		t.Error("the contact does not have the role")
	}
}

// TestContactNobody: of a partner that nobody speaks for nothing is looked for, and
// whoever did has no role any more.
func TestContactNobody(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.greeted()
	s.change(func(p *partnership.Partnership) { p.Contact = "" })
	s.settle()
	if s.holder(s.Rio, s.Contacts) {
		t.Error("the role was not taken back")
	}
	if dead := s.dead(); len(dead) > 0 {
		t.Errorf("given up: %v", dead)
	}
}

// A taker has something done when a role is about to be taken back, once: after it
// was seen that nobody else has the user have it, before it is gone.
type taker struct {
	worker.Discord
	do func()
}

func (d *taker) RemoveRole(ctx context.Context, guild, user, role, reason string) error {
	if do := d.do; do != nil {
		d.do = nil
		do()
	}
	return d.Discord.RemoveRole(ctx, guild, user, role, reason)
}

// TestContactAgainMeanwhile makes somebody the contact of another partner while the
// role is taken back from them: it is seen to that they have it.
func TestContactAgainMeanwhile(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.greeted()
	second := s.partners(1)[0]
	s.speaks(second, s.Nora)
	s.settle()
	discord := &taker{Discord: s.Worker.Discord, do: func() {
		s.speaks(second, s.Rio)
		if _, err := s.Worker.Do(t.Context(), contact.Sync(s.Guild, second)); err != nil { // they have it still
			t.Error(err)
		}
	}}
	s.Worker.Discord = discord
	s.handsTo(s.Nora)
	s.settle()
	if discord.do != nil {
		t.Fatal("no role was taken back")
	}
	if !s.holder(s.Rio, s.Contacts) || !s.holder(s.Nora, s.Contacts) {
		t.Error("a contact does not have the role")
	}
}

// speaks makes a user the contact of a partner.
func (s *stage) speaks(partner, user string) {
	s.Helper()
	s.update(contact.ChangeKeys(s.Guild, partner, user), func(tx *storage.Tx) error {
		_, _, err := contact.Change(tx, s.Guild, partner, user, false, s.Now())
		return err
	})
}
