package local_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/ticket"
)

// TestPendingOfOneMember: nobody fills the queue alone, and who waits no longer has
// room again.
func TestPendingOfOneMember(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(c *settings.Settings) { c.Cooldown = 0 })
	late := s.command(s.Rio, "partner apply") // is filled in last
	for i := range apply.MaxWaiting {
		s.says(s.apply(s.Rio, s.formOf(fmt.Sprint("Server ", i))).Current().Text(), "with the managers")
	}
	const full = "5 of your applications are pending here already"
	s.says(s.command(s.Rio, "partner apply").Text(), full)
	refused := s.submit(s.Rio, late, s.formOf("One more"))
	s.says(refused.Current().Text(), full)
	s.says(s.apply(s.Nora, s.formOf("Another's")).Current().Text(), "with the managers")

	s.advance(apply.TriesWindow)
	s.submit(s.Max, s.on(s.Max, s.Messages(s.Review)[0].Ref, "Deny"), nil)
	again := s.on(s.Rio, refused.Message, "Edit and resend")
	s.says(s.submit(s.Rio, again, s.formOf("One more")).Current().Text(), "with the managers")
	if c := s.counted(); c.Pending != apply.MaxWaiting+1 {
		t.Errorf("%+v", c)
	}
	s.on(s.Max, s.Messages(s.Review)[1].Ref, "Approve")
	s.says(s.apply(s.Rio, s.formOf("The next")).Current().Text(), "with the managers")
}

// TestPendingTogether: of forms that are looked up at the same time, no more become
// applications than one member may have.
func TestPendingTogether(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(c *settings.Settings) { c.Cooldown = 0 })
	for i := range apply.MaxWaiting - 1 {
		s.apply(s.Rio, s.formOf(fmt.Sprint("Server ", i)))
	}
	s.advance(time.Hour)
	var forms []*fakediscord.Exchange
	p := s.As(s.Rio, s.Guild, s.Lobby)
	for range 3 {
		form, err := p.Command(s.Context(), "partner apply")
		if err != nil {
			t.Fatal(err)
		}
		forms = append(forms, form)
	}
	for i, form := range forms {
		if _, err := p.Submit(s.Context(), form, s.formOf(fmt.Sprint("Together ", i))); err != nil {
			t.Fatal(err)
		}
	}
	s.drain()
	if c := s.counted(); c.Pending != apply.MaxWaiting {
		t.Errorf("%d applications of one member are pending, want %d", c.Pending, apply.MaxWaiting)
	}
}

// TestOpenTicketsOfAGuild: a crowd cannot open threads without end, a closed ticket
// makes room for another, and so does a week.
func TestOpenTicketsOfAGuild(t *testing.T) {
	t.Parallel()
	s, _ := newTicketStage(t)
	s.chooses(func(c *settings.Settings) { c.Cooldown = 0 })
	s.Interactions.Limits.Pending = 3
	opens := func(user string) string { return s.on(user, s.only(s.Lobby).Ref, "Open a ticket").Text() }
	var crowd []string
	for range 3 {
		somebody := s.AddUser("Somebody")
		s.AddMember(s.Guild, somebody)
		crowd = append(crowd, somebody)
		s.says(opens(somebody), "is opening your ticket")
	}
	s.says(opens(s.Rio), "Too many tickets are open here")

	open, _ := recordOf[ticket.Current](s, ticket.UserKey(s.Guild, crowd[0]))
	s.on(crowd[0], s.first(open.Thread).Ref, "Close ticket")
	s.says(opens(s.Rio), "is opening your ticket")
	s.says(opens(crowd[0]), "Too many tickets are open here")

	mine, _ := recordOf[ticket.Current](s, ticket.UserKey(s.Guild, s.Rio))
	s.submit(s.Rio, s.on(s.Rio, s.first(mine.Thread).Ref, "Fill in the form"), s.Form())
	s.approveLast() // the decision closes it
	s.says(opens(crowd[0]), "is opening your ticket")
	s.says(opens(s.Nora), "Too many tickets are open here")
	s.advance(ticket.ArchiveAfter + 24*time.Hour) // nobody wrote in them: Discord archived them
	s.says(opens(s.Nora), "is opening your ticket")
}

// TestFormsOfOneMember: what is refused is kept to be sent again, and of one member
// only the latest, however they were refused. What waits for its look-up is kept.
func TestFormsOfOneMember(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(c *settings.Settings) { c.Cooldown = 0 })
	bad, gone := s.Form(), s.Form()
	bad["invite"], gone["invite"] = "nonsense", "discord.gg/nowhere"
	first := s.apply(s.Rio, bad)
	for range 8 {
		s.apply(s.Rio, bad)
		s.apply(s.Rio, gone)
	}
	last := s.apply(s.Rio, bad)
	if n := len(s.items("draft#")); n != partnership.MaxForms {
		t.Errorf("%d forms of one member are kept, want %d", n, partnership.MaxForms)
	}
	s.says(s.on(s.Rio, first.Message, "Edit and resend").Text(), "too old to be edited")
	form := s.on(s.Rio, last.Message, "Edit and resend")
	s.says(s.submit(s.Rio, form, s.Form()).Current().Text(), "with the managers")
	s.apply(s.Nora, bad)
	if n := len(s.items("draft#")); n != partnership.MaxForms+1 {
		t.Errorf("%d forms of two members are kept, want %d", n, partnership.MaxForms+1)
	}

	s.approveLast()
	for i := range 2 * partnership.MaxForms {
		ad := s.Form()
		delete(ad, "banner")
		ad["highlights"] = fmt.Sprint("Tea, ", i)
		s.submit(s.Rio, s.command(s.Rio, "partner edit", fakediscord.Opt("partner", s.Lighthouse)), ad)
	}
	if n := len(s.items("draft#")) + len(s.items("edit-draft#")); n != partnership.MaxForms+1 {
		t.Errorf("%d forms are kept after many changes of an ad, want %d", n, partnership.MaxForms+1)
	}
	s.advance(partnership.FormsFor + time.Hour)
	if left := append(s.items("draft#"), append(s.items("edit-draft#"), s.items("forms#")...)...); len(left) > 0 {
		t.Errorf("after a week, %d records of forms are kept", len(left))
	}
}

// TestCardsOfOneContact: who changes an ad and takes that back, over and over, does
// not fill the review channel; managers still can change it.
func TestCardsOfOneContact(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.befriended()
	before := len(s.Messages(s.Review))
	change := func(highlights any) string {
		ad := s.Form()
		delete(ad, "banner")
		if highlights != nil {
			ad["highlights"] = highlights
		}
		return s.submit(s.Rio, s.command(s.Rio, "partner edit", fakediscord.Opt("partner", s.Lighthouse)), ad).Current().Text()
	}
	for range edit.Openings {
		change("Other words") // a new card
		change("Better words")
		change(nil) // as it stands: taken back
	}
	if n := len(s.Messages(s.Review)) - before; n != edit.Openings {
		t.Fatalf("%d cards, want %d", n, edit.Openings)
	}
	s.says(change("Once more"), "You sent 10 forms in a short time")
	if n := len(s.Messages(s.Review)) - before; n != edit.Openings {
		t.Errorf("%d cards, want %d", n, edit.Openings)
	}
	s.advance(edit.OpeningsWindow)
	s.silent(change("Once more"), "in a short time")
	if n := len(s.Messages(s.Review)) - before; n != edit.Openings+1 {
		t.Errorf("%d cards an hour later, want %d", n, edit.Openings+1)
	}
}
