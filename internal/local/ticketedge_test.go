package local_test

import (
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
)

// A question about an application that is settled stands in a ticket that stays open.
func TestAskWhenSettled(t *testing.T) {
	t.Parallel()
	withTickets := func(t *testing.T) (*stage, string) {
		s := newStage(t)
		tickets := s.AddChannel(s.Guild, fakediscord.Channel{Name: "tickets"})
		s.chooses(func(c *settings.Settings) { c.Tickets = tickets })
		s.apply(s.Rio, s.Form())
		return s, tickets
	}
	open := func(s *stage, tickets, says string, messages int) {
		s.Helper()
		th := s.thread(tickets)
		s.says(s.last(th.ID).Text(), says)
		if list := s.Messages(th.ID); th.Archived || th.Locked || len(list) != messages {
			s.Errorf("%d messages, want %d; thread %+v", len(list), messages, th)
		}
		s.noneBlocked()
	}
	t.Run("without a ticket", func(t *testing.T) {
		s, tickets := withTickets(t)
		s.press(s.Max, s.Review, "Approve")
		s.ask(s.Max, "What are your rules?")
		open(s, tickets, "What are your rules?", 2)
	})
	for name, askFirst := range map[string]bool{"between the decision and the worker": false, "just before the decision": true} {
		t.Run(name, func(t *testing.T) {
			s, tickets := withTickets(t)
			s.ask(s.Max, "One?")
			a := kept[apply.Application](s, "apply#")[0]
			approve := func(tx *storage.Tx) error {
				_, err := apply.CaseOf(a).Approve(tx, s.Guild, s.Max, s.Worker.Limits, s.Now())
				return err
			}
			ask := func(tx *storage.Tx) error {
				decided := "approved"
				if askFirst {
					decided = ""
				}
				q := ticket.Question{ID: "1234", By: s.Ada, Text: "Two?"}
				return ticket.Ask(tx, s.Guild, a.Ticket, a.Applicant, a.ID, decided, q, s.Now())
			}
			steps := []func(*storage.Tx) error{approve, ask}
			if askFirst {
				slices.Reverse(steps)
			}
			keys := append(apply.CaseOf(a).Keys(s.Guild), settings.Key(s.Guild))
			for _, step := range steps { // nobody tells the worker
				s.update(append(keys, ticket.Keys(s.Guild, a.Ticket)...), step)
			}
			s.drain()
			open(s, tickets, "Two?", 4)
			list := s.Messages(s.thread(tickets).ID)
			s.says(list[2].Text(), "is now a partner")
			if _, decided := list[2].Button("Decided"); !decided {
				t.Errorf("it says that the ticket is closed: %s", list[2].Text())
			}
			s.on(s.Rio, list[0].Ref, "Close ticket")
			if th := s.thread(tickets); !th.Locked || len(s.Messages(th.ID)) != 5 {
				t.Errorf("thread %+v, %d messages", th, len(s.Messages(th.ID)))
			}
		})
	}
}

// Where no private thread can stand, no ticket is opened.
func TestTicketNotHere(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.from(settings.Sources{Ticket: true})
	news := s.AddChannel(s.Guild, fakediscord.Channel{Name: "news", Type: fakediscord.Announcement})
	voice := s.AddChannel(s.Guild, fakediscord.Channel{Name: "voice", Type: 2})
	s.postPanel(news)
	s.says(s.press(s.Rio, news, "Open a ticket").Text(), "cannot be opened in this channel")
	ex, err := s.As(s.Rio, s.Guild, voice).Command(t.Context(), "partner apply")
	if err != nil {
		t.Fatal(err)
	}
	s.drain()
	s.says(ex.Text(), "cannot be opened in this channel")
	s.noneBlocked()

	tickets := s.AddChannel(s.Guild, fakediscord.Channel{Name: "tickets"})
	s.chooses(func(c *settings.Settings) { c.Tickets = tickets })
	s.says(s.press(s.Rio, news, "Open a ticket").Text(), "is opening your ticket")
	s.thread(tickets)
}

// A ticket that could not be made where it was asked for is made where its user
// asks again.
func TestTicketTakesAnotherPlace(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.from(settings.Sources{Ticket: true})
	closed := s.AddChannel(s.Guild, fakediscord.Channel{Name: "closed", Overwrites: []fakediscord.Overwrite{
		{ID: s.ApplicationID(), Type: 1, Deny: fakediscord.CreatePrivateThreads},
	}})
	if _, err := s.As(s.Rio, s.Guild, closed).Command(t.Context(), "partner apply"); err != nil {
		t.Fatal(err)
	}
	s.drain()
	if stops := s.stops(); len(stops) != 1 || stops[0].Reason.Key != "discord.permission_thread" {
		t.Fatalf("blocked: %+v", stops)
	}
	ex := s.command(s.Rio, "partner apply") // in the lobby
	s.on(s.Rio, ex.Message, "I cannot see it")
	s.noneBlocked()
	s.thread(s.Lobby)
}

// The notices of tickets stand in the review channel, wherever that is; of those
// that were deleted, another is posted when all is looked at again.
func TestTicketNoticeMoves(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	s.press(s.Rio, s.Lobby, "Open a ticket")
	s.press(s.Nora, s.Lobby, "Open a ticket")
	s.on(s.Nora, s.first(s.Threads(tickets)[1].ID).Ref, "Close ticket")
	old, two := s.Review, s.AddChannel(s.Guild, fakediscord.Channel{Name: "reviews-2"})
	s.says(s.only(old).Text(), "<@"+s.Rio+"> ")
	s.chooses(func(c *settings.Settings) { c.Review = two })
	s.count("notices where they were", old, 0)
	s.says(s.only(two).Text(), "<@"+s.Rio+"> ")
	s.DeleteMessage(s.only(two).Ref)
	s.retry()
	s.says(s.only(two).Text(), "<@"+s.Rio+"> ")
	s.noneBlocked()
}

// What was written is kept when the ticket was closed while it was written.
func TestTicketFormIsKept(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		on      settings.Sources
		another bool // they open another ticket
		way     apply.Source
		refused string
	}{
		"sent without a ticket":            {settings.Sources{Slash: true, Panel: true, Ticket: true}, false, apply.Slash, ""},
		"sent as on a panel":               {settings.Sources{Panel: true, Ticket: true}, false, apply.Panel, ""},
		"sent in another":                  {settings.Sources{Slash: true, Ticket: true}, true, apply.Ticket, ""},
		"there is no other way":            {settings.Sources{Ticket: true}, false, "", "Open another one where you opened this"},
		"there is another way, not a form": {settings.Sources{Ticket: true}, true, apply.Ticket, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tickets := newTicketStage(t)
			s.press(s.Rio, s.Lobby, "Open a ticket")
			form := s.on(s.Rio, s.first(s.thread(tickets).ID).Ref, "Fill in the form")
			s.on(s.Max, s.only(s.Review).Ref, "Close ticket")
			refused := s.submit(s.Rio, form, s.Form())
			s.says(refused.Text(), "This ticket is closed")
			s.from(tt.on)
			if tt.another {
				s.press(s.Rio, s.Lobby, "Open a ticket")
			}
			again := s.on(s.Rio, refused.Message, "Edit and resend")
			if tt.refused != "" {
				s.says(again.Text(), tt.refused)
				s.press(s.Rio, s.Lobby, "Open a ticket")
				again = s.on(s.Rio, refused.Message, "Edit and resend")
				tt.way = apply.Ticket
			}
			if again.Modal == nil {
				t.Fatalf("no form: %s", again.Text())
			}
			if f, _ := again.Modal.Field("description"); f.Value != s.Form()["description"] {
				t.Errorf("the form forgot: %q", f.Value)
			}
			s.says(s.submit(s.Rio, again, s.Form()).Current().Text(), "with the managers")
			if a := kept[apply.Application](s, "apply#")[0]; a.Source != tt.way || (a.Ticket != "") != (tt.way == apply.Ticket) {
				t.Errorf("sent by %s, ticket %q", a.Source, a.Ticket)
			}
		})
	}
}

// What a manager wrote is kept when there is no room for it any more.
func TestAddFormIsKept(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	opened := s.adds(s.Invite, s.Rio)
	active := func(n int) {
		s.update([]storage.Key{partnership.CountsKey(s.Guild)}, func(tx *storage.Tx) error {
			tx.Set(partnership.CountsKey(s.Guild), partnership.Counts{Active: n})
			return nil
		})
	}
	active(s.Worker.Limits.Active)
	refused := s.submit(s.Max, opened, handmade())
	s.says(refused.Text(), "was not added")
	active(0)
	again := s.on(s.Max, refused.Message, "Edit and resend")
	if again.Modal == nil {
		t.Fatalf("no form: %s", again.Text())
	}
	if f, _ := again.Modal.Field("description"); f.Value != "Added by hand" {
		t.Errorf("the form forgot: %q", f.Value)
	}
}

// The form of a ticket becomes one application, however often it is sent at once.
func TestTwoFormsOfOneTicket(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	s.chooses(func(c *settings.Settings) { c.Cooldown = 0 })
	s.press(s.Rio, s.Lobby, "Open a ticket")
	th := s.thread(tickets)
	_, code := s.AddPartner("Other", 300)
	other := s.Form()
	other["invite"] = code
	var opened, sent []*fakediscord.Exchange
	for range 2 {
		opened = append(opened, s.on(s.Rio, s.first(th.ID).Ref, "Fill in the form"))
	}
	forms := []map[string]any{s.Form(), other}
	for i, form := range forms { // the worker may have looked at none, and looks at both at once
		ex, err := s.As(s.Rio, s.Guild, th.ID).Submit(t.Context(), opened[i], form)
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, ex)
	}
	s.drain()
	s.only(s.Review)
	refused := 0
	for i, ex := range sent {
		if b, ok := ex.Current().Button("Edit and resend"); ok && !b.Disabled {
			refused++
			s.says(ex.Current().Text(), "was already sent")
			again := s.on(s.Rio, ex.Message, "Edit and resend")
			s.says(s.submit(s.Rio, again, forms[i]).Current().Text(), "** is with the managers")
		}
	}
	if refused != 1 {
		t.Errorf("%d forms are refused, want 1", refused)
	}
}

// A ticket channel that only staff see is told, and so is the applicant it keeps out.
func TestTicketChannelHidden(t *testing.T) {
	t.Parallel()
	s, _ := newTicketStage(t)
	s.chooses(func(c *settings.Settings) { c.Tickets = s.Review })
	panel := s.panel()
	s.drain()
	s.says(panel.Current().Text(), "only staff can see <#"+s.Review+">")
	s.says(panel.Current().Text(), "Applicants cannot be added to their tickets")
	s.press(s.Rio, s.Lobby, "Open a ticket")
	if stops := s.stops(); len(stops) != 1 || stops[0].Reason.Key != "ticket.cannot-add" {
		t.Errorf("blocked: %+v", stops)
	}
}

// Nobody makes threads, notices and lines in the log without end.
func TestTicketOpenings(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	var said string
	for range 5 {
		said = s.press(s.Rio, s.Lobby, "Open a ticket").Text()
		if list := s.Threads(tickets); !list[len(list)-1].Archived {
			s.on(s.Rio, s.first(list[len(list)-1].ID).Ref, "Close ticket")
		}
	}
	s.says(said, "You opened 3 tickets in a short time")
	if n := len(s.Threads(tickets)); n != 3 {
		t.Errorf("%d threads", n)
	}
	s.advance(time.Hour)
	s.says(s.press(s.Rio, s.Lobby, "Open a ticket").Text(), "is opening your ticket")
}

// The trail says by what a ticket was opened.
func TestTicketSurface(t *testing.T) {
	t.Parallel()
	s, _ := newTicketStage(t)
	s.from(settings.Sources{Ticket: true})
	s.press(s.Rio, s.Lobby, "Open a ticket")
	s.command(s.Nora, "partner apply")
	got := make(map[string]string)
	for _, e := range kept[audit.Entry](s, "audit#") {
		if e.What == "ticket.open" {
			got[e.By] = e.Surface
		}
	}
	if got[s.Rio] != "button" || got[s.Nora] != "command" {
		t.Errorf("opened by %v", got)
	}
}
