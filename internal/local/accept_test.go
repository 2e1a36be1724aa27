package local_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
)

// TestTicketOfABlockedUser sends the form of a ticket while its applicant is on
// the blocklist: the ticket ends as a denial would end it, word for word, and
// managers are no longer told that an application is to come.
func TestTicketOfABlockedUser(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	s.chooses(func(c *settings.Settings) { c.Cooldown = 0 })
	read := func(user string) (list []string) {
		s.on(user, s.only(s.Lobby).Ref, "Open a ticket")
		th := s.Threads(tickets)[len(s.Threads(tickets))-1]
		if user == s.Rio { // while the ticket is open
			s.command(s.Ada, "partnerships block", fakediscord.Opt("user", s.Rio))
		}
		s.submit(user, s.on(user, s.first(th.ID).Ref, "Fill in the form"), s.Form())
		if user == s.Nora {
			s.submit(s.Max, s.on(s.Max, s.only(s.Review).Ref, "Deny"), nil)
		}
		if th, _ = s.Channel(th.ID); !th.Archived || !th.Locked {
			t.Errorf("the ticket is open: %+v", th)
		}
		for _, m := range s.Messages(th.ID) {
			list = append(list, m.Text())
		}
		return list
	}
	blocked := read(s.Rio)
	if n := len(s.Messages(s.Review)); n != 0 {
		t.Errorf("%d messages to the managers, want none", n)
	}
	denied := read(s.Nora)
	for i := range denied {
		denied[i] = strings.ReplaceAll(denied[i], s.Nora, s.Rio)
	}
	if !slices.Equal(blocked, denied) {
		t.Errorf("who is blocked reads %q, who is denied %q", blocked, denied)
	}
	s.noneBlocked()
	s.counted()
}

// TestFullForManagers reaches the limit that the guild chose: managers read which
// setting it is, applicants to come back.
func TestFullForManagers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(c *settings.Settings) { c.Cooldown = 0 })
	s.apply(s.Rio, s.Form())
	s.apply(s.Rio, s.formOf("Second"))
	cards := s.Messages(s.Review)
	s.on(s.Max, cards[0].Ref, "Approve")
	s.chooses(func(c *settings.Settings) { c.Active = 1 })
	const asManager = "Raise *Most partners at a time* under *Applications* in `/partnerships setup`"
	s.says(s.on(s.Max, cards[1].Ref, "Approve").Text(), asManager)
	_, code := s.AddPartner("Third", 300)
	s.says(s.adds(code, s.Nora).Text(), asManager)
	s.says(s.command(s.Nora, "partner apply").Text(), "as many partners as it takes (1). Please come back later.")
	s.chooses(func(c *settings.Settings) { c.Active = 0 })
	s.says(s.on(s.Max, cards[1].Ref, "Approve").Text(), "Approved")
	if c := s.counted(); c.Active != 2 {
		t.Errorf("%+v", c)
	}
}

// TestRefusedWhenNobodyCouldTell has Discord fail for longer than the reply to a
// form can be changed: /partner info tells why the form was refused, and opens it
// with what was written.
func TestRefusedWhenNobodyCouldTell(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: "/invites/{code}", Status: 503, Times: 40})
	form := s.Form()
	form["invite"] = s.AddInvite(s.Lighthouse, fakediscord.Invite{MaxAge: 7 * 24 * time.Hour})
	sent := s.apply(s.Rio, form)
	s.says(s.command(s.Rio, "partner info").Text(), "is still checking the invite")
	for range 20 {
		s.advance(time.Minute)
	}
	s.says(s.command(s.Rio, "partner info").Text(), "is still checking the invite")
	s.ClearFaults()
	s.settle()
	s.says(sent.Current().Text(), "checking the invite") // it is too late to change it
	info := s.command(s.Rio, "partner info")
	s.says(info.Text(), "This invite expires")
	again := s.on(s.Rio, info.Message, "Edit and resend")
	s.says(s.submit(s.Rio, again, s.Form()).Current().Text(), "with the managers")
	s.says(s.command(s.Rio, "partner info").Text(), "pending")
}

// TestManagerRoleDeleted deletes a manager role by hand: who had it is nobody, and
// the panel names no role that is not there.
func TestManagerRoleDeleted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.DeleteRole(s.Guild, s.Reviewers)
	s.says(s.command(s.Max, "partnerships queue").Text(), "Only staff of this server can see this")
	d := s.open(s.Ada)
	s.says(d.shows(), "**Manager roles:** what was chosen does not exist any more")
	s.quiet(d.shows(), s.Reviewers)
}

// someID is an ID in a custom ID.
var someID = regexp.MustCompile(`\d{17,20}`)

// TestButtonsOfAnotherGuild presses, in a server of their own, every button that
// people see in another one: they read what they read of what never was, and
// nothing changes. FAULTS S22.
func TestButtonsOfAnotherGuild(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	var seen []fakediscord.Button
	sees := func(m fakediscord.Message) { seen = append(seen, m.Buttons()...) }
	sees(s.on(s.Rio, s.only(s.Lobby).Ref, "Open a ticket").Current())
	sees(s.only(s.Review))
	th := s.thread(tickets)
	sees(s.first(th.ID))
	sent := s.submit(s.Rio, s.on(s.Rio, s.first(th.ID).Ref, "Fill in the form"), s.Form())
	sees(sent.Current())
	sees(s.on(s.Rio, sent.Message, "Withdraw").Current())
	sees(s.only(s.Review))
	sees(s.postPanel(s.Lobby).Current())
	refused := s.formOf("Unlucky")
	refused["description"] = "discord.gg/elsewhere"
	sees(s.apply(s.Nora, refused).Current())
	partner, code := s.AddPartner("Partner", 300)
	s.submit(s.Max, s.adds(code, s.Nora), handmade())
	sees(s.command(s.Ada, "partnerships block", fakediscord.Opt("server", partner)).Current())
	before := fmt.Sprint(s.items(""))

	other := s.AddGuild(fakediscord.Guild{Name: "Elsewhere", Owner: s.Ada})
	s.InstallBot(other, fakediscord.All)
	hall := s.AddChannel(other, fakediscord.Channel{Name: "hall"})
	people := []string{s.Ada, s.Rio, s.Nora} // who manages both, and who applied in the one
	for _, user := range people {
		s.AddMember(other, user)
	}
	here := s.Say(s.Ada, hall, "Hello")
	reads := func(user, id string) string {
		ex, err := s.As(user, other, hall).ForgePress(t.Context(), here, id)
		if err != nil {
			t.Fatal(err)
		}
		if ex.Modal != nil {
			return "a form"
		}
		return someID.ReplaceAllString(ex.Text(), "")
	}
	pressed := map[string]bool{}
	for _, b := range seen {
		missing := someID.ReplaceAllStringFunc(b.CustomID, func(id string) string { return "9" + id[1:] })
		route, _, _ := strings.Cut(b.CustomID, ":")
		if missing == b.CustomID || route == "panel/ticket" || b.Disabled {
			continue // it names nothing that is the other guild's
		}
		pressed[route] = true
		for _, user := range people {
			if got, want := reads(user, b.CustomID), reads(user, missing); got != want || got == "a form" {
				t.Errorf("%s: %q; of what never was: %q", route, got, want)
			}
		}
	}
	if len(pressed) < 14 {
		t.Errorf("only %d routes were pressed: %v", len(pressed), pressed)
	}
	s.drain()
	if after := fmt.Sprint(s.items("")); after != before {
		t.Errorf("the other guild changed:\n%s\n%s", before, after)
	}
}
