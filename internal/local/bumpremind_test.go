package local_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// TestBumpReminder mentions the contact where the listing stands, once each time,
// and takes the mention away when they bump or want no more.
func TestBumpReminder(t *testing.T) {
	t.Parallel()
	s := newPartner(t)
	s.advance(week)
	if n := len(s.mentions()); n != 0 {
		t.Fatalf("%d reminders that nobody asked for", n)
	}
	s.asks("Remind me here") // the reply to this bump
	s.advance(week - time.Hour)
	if n := len(s.mentions()); n != 0 {
		t.Fatalf("%d reminders too early", n)
	}
	s.advance(2 * time.Hour)
	list := s.mentions()
	if len(list) != 1 {
		t.Fatalf("%d reminders, want 1", len(list))
	}
	s.says(list[0].Text(), "<@"+s.Rio+">, you can bump **Lighthouse** again")
	if len(list[0].Pings) != 1 || list[0].Pings[0] != s.Rio {
		t.Errorf("it notifies %v, and Rio is %s", list[0].Pings, s.Rio)
	}
	s.advance(3 * 24 * time.Hour)
	if again := s.mentions(); len(again) != 1 || again[0].Ref != list[0].Ref {
		t.Error("reminded twice of one bump")
	}
	s.DeleteMessage(list[0].Ref)
	s.advance(24 * time.Hour)
	if n := len(s.mentions()); n != 0 {
		t.Error("reminded again after the reminder was deleted by hand")
	}

	s.says(s.command(s.Rio, "partner bump").Text(), "was bumped")
	s.advance(week)
	list = s.mentions()
	if len(list) != 1 {
		t.Fatalf("%d reminders the next time", len(list))
	}
	s.says(s.on(s.Nora, list[0].Ref, "Bump").Text(), "Only the contact")
	s.says(s.on(s.Nora, list[0].Ref, "Stop reminding me").Text(), "Only the contact")
	if n := len(s.mentions()); n != 1 {
		t.Error("somebody else took the reminder away")
	}
	stop := s.on(s.Rio, list[0].Ref, "Stop reminding me")
	s.says(stop.Text(), "You are not reminded")
	if n := len(s.mentions()); n != 0 || !stop.Ephemeral {
		t.Errorf("%d reminders that are not wanted", n)
	}
	s.advance(2 * week)
	if n := len(s.mentions()); n != 0 {
		t.Error("reminded after it was stopped")
	}
	if n := len(s.ads()); n != 1 {
		t.Errorf("%d listings", n)
	}
	s.rests()
}

// TestBumpReminderByDirectMessage writes to the contact, by consent, once each
// time; from there they bump, and stop it.
func TestBumpReminderByDirectMessage(t *testing.T) {
	t.Parallel()
	s := newPartner(t)
	s.asks("Remind me by DM")
	for n := 1; n <= 2; n++ {
		s.advance(week + time.Hour)
		s.advance(24 * time.Hour)
		if got := len(s.DMs(s.Rio)); got != n {
			t.Fatalf("%d direct messages, want %d", got, n)
		}
		dm := s.DMs(s.Rio)[n-1]
		s.says(dm.Text(), "Harbour")
		s.says(dm.Text(), "You can bump **Lighthouse** again")
		s.says(s.direct(s.Rio, dm, "Bump").Text(), "was bumped")
		s.says(s.DMs(s.Rio)[n-1].Text(), "Next bump")
		if b := s.bumped(); b.Count != n || b.By != s.Rio {
			t.Errorf("%+v", b)
		}
		s.says(s.direct(s.Rio, dm, "Bump").Text(), "too early")
	}
	dm := s.DMs(s.Rio)[1]
	s.says(s.direct(s.Nora, dm, "Bump").Text(), "Only the contact")
	s.says(s.direct(s.Nora, s.DMs(s.Rio)[1], "No more reminders").Text(), "You get no more bump reminders") // as there are none for her
	if b := s.bumped(); b.Remind != bump.Direct {
		t.Error("somebody else stopped it")
	}
	s.says(s.direct(s.Rio, s.DMs(s.Rio)[0], "No more reminders").Text(), "You get no more bump reminders")
	s.advance(2 * week)
	if n := len(s.DMs(s.Rio)); n != 2 {
		t.Errorf("%d direct messages after it was stopped", n)
	}
	s.rests()
}

// direct presses a button of a direct message, and does what follows. Once it was
// shown it may be pressed for ever, whatever the message shows now.
func (s *stage) direct(user string, dm fakediscord.Message, label string) *fakediscord.Exchange {
	s.Helper()
	ids := map[string]string{
		"Bump": "bump/do:" + s.Guild + ":" + s.Lighthouse, "No more reminders": "bump/stop:" + s.Guild + ":" + s.Lighthouse + "-1",
	}
	ex, err := s.As(user, "", "").ForgePress(s.Context(), dm.Ref, ids[label])
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
	return ex
}

// TestBumpReminderRefused notes that the contact takes no direct messages, and
// tries no more until they ask again.
func TestBumpReminderRefused(t *testing.T) {
	t.Parallel()
	s := newPartner(t)
	s.asks("Remind me by DM")
	s.RefuseDMs(s.Rio, true)
	s.advance(week)
	if b := s.bumped(); !b.Untold || b.Remind != bump.Never {
		t.Errorf("%+v", b)
	}
	s.RefuseDMs(s.Rio, false)
	s.advance(24 * time.Hour)
	s.says(s.command(s.Rio, "partner bump").Text(), "Your DMs are closed")
	s.advance(2 * week)
	if n := len(s.DMs(s.Rio)); n != 0 {
		t.Errorf("%d direct messages", n)
	}
	s.on(s.Rio, s.command(s.Rio, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Message, "Remind me by DM")
	s.command(s.Rio, "partner bump")
	s.advance(week)
	if n := len(s.DMs(s.Rio)); n != 1 {
		t.Errorf("%d direct messages after they asked again", n)
	}
	s.rests()
}

// TestBumpReminderOfAnotherContact reminds nobody because somebody else asked.
func TestBumpReminderOfAnotherContact(t *testing.T) {
	t.Parallel()
	s := newPartner(t)
	s.asks("Remind me here")
	s.advance(week)
	if n := len(s.mentions()); n != 1 {
		t.Fatalf("%d reminders", n)
	}
	s.update(partnership.ChangeKeys(s.Guild, s.Lighthouse), func(tx *storage.Tx) error {
		p, _ := storage.Read[partnership.Partnership](tx, partnership.Key(s.Guild, s.Lighthouse))
		p.Contact = s.Nora
		partnership.Change(tx, s.Guild, p, s.Now())
		return nil
	})
	s.drain()
	if n := len(s.mentions()); n != 0 {
		t.Errorf("%d reminders of who is the contact no more", n)
	}
	s.says(s.command(s.Nora, "partner bump").Text(), "was bumped")
	s.advance(week)
	if n := len(s.mentions()); n != 0 {
		t.Errorf("%d reminders that the new contact did not ask for", n)
	}
	s.says(s.command(s.Rio, "partner bump", fakediscord.Opt("partner", s.Lighthouse)).Text(), "Only the contact")
	s.rests()
}

// FAULTS R2, R4: whatever happens to the requests of a reminder, there is one.
func TestBumpReminderFaults(t *testing.T) {
	t.Parallel()
	const create = "/channels/{channel}/messages"
	for _, f := range []fakediscord.Fault{
		{Method: "POST", Route: create, Status: 500, Times: 2},
		{Method: "POST", Route: create, Status: 502, After: true},
		{Method: "POST", Route: create, Reset: true},
		{Method: "POST", Route: create, Reset: true, After: true},
		{Method: "POST", Route: create, Truncate: 10, After: true},
		{Method: "POST", Route: create, Status: 429, RetryAfter: 0.05},
		{Method: "POST", Route: "/users/@me/channels", Status: 500},
		{Method: "POST", Route: "/users/@me/channels", Reset: true, After: true},
		{Method: "GET", Route: "/guilds/{guild}", Status: 500},
		{Method: "DELETE", Route: create + "/{message}", Status: 502, Times: 3},
	} {
		for _, way := range []string{"Remind me here", "Remind me by DM"} {
			t.Run(fmt.Sprint(way, f.Method, f.Route, f.Status, f.Reset, f.After), func(t *testing.T) {
				t.Parallel()
				s := newPartner(t)
				s.asks(way)
				for n := 1; n <= 2; n++ {
					s.Scene.Fail(f)
					s.advance(week)
					s.settle()
					got := len(s.mentions())
					if strings.Contains(way, "DM") {
						got = len(s.DMs(s.Rio)) - n + 1
					}
					if got != 1 {
						t.Fatalf("%d reminders the %d. time, want 1", got, n)
					}
					s.says(s.command(s.Rio, "partner bump").Text(), "was bumped")
					s.settle()
					if n := len(s.mentions()); n != 0 {
						t.Errorf("%d reminders after the bump", n)
					}
					s.ClearFaults()
				}
				if n := len(s.ads()); n != 1 {
					t.Errorf("%d listings", n)
				}
				s.rests()
			})
		}
	}
}

// TestBumpReminderBlocked explains that the bot may not write where the listing
// stands, and reminds once it may.
func TestBumpReminderBlocked(t *testing.T) {
	t.Parallel()
	s := newPartner(t)
	s.asks("Remind me here")
	s.SetOverwrite(s.Showcase, fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Deny: fakediscord.SendMessages})
	s.advance(week)
	status := s.command(s.Max, "partnerships status")
	s.says(status.Text(), "Bump reminder")
	s.SetOverwrite(s.Showcase, fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Allow: fakediscord.SendMessages})
	s.on(s.Max, status.Message, "Retry")
	s.drain()
	if n := len(s.mentions()); n != 1 {
		t.Errorf("%d reminders after the cause was mended", n)
	}
	s.rests()
}

// TestBumpReminderInTicket mentions the contact in their ticket while it is open,
// and where the listing stands once the ticket's thread is gone.
func TestBumpReminderInTicket(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	s.apply(s.Rio, s.Form())
	card := s.only(s.Review)
	s.on(s.Max, card.Ref, "Approve")
	s.submit(s.Max, s.on(s.Max, card.Ref, "Ask"), map[string]any{"question": "How are you?"})
	s.asks("Remind me here")
	s.advance(week)
	thread := s.thread(tickets)
	s.says(s.last(thread.ID).Text(), "<@"+s.Rio+">, you can bump **Lighthouse** again")
	if n := len(s.mentions()); n != 0 {
		t.Errorf("%d reminders in the showcase, too", n)
	}
	s.says(s.on(s.Rio, s.last(thread.ID).Ref, "Bump").Text(), "was bumped")
	s.silent(s.last(thread.ID).Text(), "can be bumped")

	s.DeleteChannel(thread.ID)
	s.advance(week)
	if n := len(s.mentions()); n != 1 {
		t.Errorf("%d reminders in the showcase after the thread was deleted", n)
	}
	s.rests()
}

// TestBumpReminderWithoutListing waits with the reminder until the listing stands
// somewhere.
func TestBumpReminderWithoutListing(t *testing.T) {
	t.Parallel()
	s := newPartner(t)
	s.asks("Remind me here")
	s.DeleteChannel(s.Showcase)
	s.advance(week)
	s.advance(time.Hour)
	if dead := s.dead(); len(dead) > 0 {
		t.Errorf("given up: %v", dead)
	}
	s.Showcase = s.AddChannel(s.Guild, fakediscord.Channel{Name: "partners"})
	s.chooses(func(c *settings.Settings) { c.Showcase = s.Showcase })
	s.advance(2 * time.Hour)
	if a, n := len(s.ads()), len(s.mentions()); a != 1 || n != 1 {
		t.Errorf("%d listings and %d reminders in the new showcase", a, n)
	}
	s.rests()
}

// TestNoReminderForWhoLeft: a contact who is known to have left is not reminded, and
// is again once they are back.
func TestNoReminderForWhoLeft(t *testing.T) {
	t.Parallel()
	s := newPartner(t)
	s.asks("Remind me here")
	s.RemoveMember(s.Guild, s.Rio)
	s.advance(week + 2*time.Hour)
	if n := len(s.mentions()); n != 0 {
		t.Errorf("%d reminders for a contact who left, want none", n)
	}
	s.AddMember(s.Guild, s.Rio)
	s.advance(25 * time.Hour)
	if n := len(s.mentions()); n != 1 {
		t.Errorf("%d reminders once they are back, want 1", n)
	}
	s.RemoveMember(s.Guild, s.Rio)
	s.advance(25 * time.Hour)
	if n := len(s.mentions()); n != 0 {
		t.Errorf("%d reminders stand after they left again, want none", n)
	}
}

// Nobody who is on the blocklist is reminded of what they cannot do; by the button of an
// earlier reminder they cannot do it either.
func TestNoReminderForWhoIsBlocked(t *testing.T) {
	t.Parallel()
	s := newPartner(t)
	s.asks("Remind me here")
	s.blocks(s.Rio)
	s.advance(week + 2*time.Hour)
	if n := len(s.mentions()); n != 0 {
		t.Errorf("%d reminders for a contact who is blocked, want none", n)
	}
	const barred = "does not take this from you at the moment"
	s.says(s.direct(s.Rio, fakediscord.Message{}, "Bump").Text(), barred)
	if n := s.bumped().Count; n != 0 {
		t.Errorf("they bumped %d times", n)
	}
	s.command(s.Ada, "partnerships unblock", fakediscord.Opt("entry", "user#"+s.Rio))
	if n := len(s.mentions()); n != 1 {
		t.Errorf("%d reminders once they are off the list, want 1", n)
	}
	s.blocks(s.Rio)
	if n := len(s.mentions()); n != 0 {
		t.Errorf("%d reminders stand after they were blocked again, want none", n)
	}
}
