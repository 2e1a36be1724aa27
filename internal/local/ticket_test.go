package local_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/ticket"
)

// stops returns what is blocked in the guild.
func (s *stage) stops() []action.Stop {
	s.Helper()
	page, err := s.DB.List(s.Context(), action.BlockedQuery(s.Guild))
	if err != nil {
		s.Fatal(err)
	}
	stops, err := action.BlockedIn(page)
	if err != nil {
		s.Fatal(err)
	}
	return stops
}

func (s *stage) noneBlocked() {
	s.Helper()
	if stops := s.stops(); len(stops) > 0 {
		s.Errorf("blocked: %+v", stops)
	}
}

// newTicketStage starts a system with a ticket channel, where applications are
// also taken in tickets, and a panel in the lobby.
func newTicketStage(t *testing.T) (s *stage, tickets string) {
	t.Helper()
	s = newStage(t)
	tickets = s.AddChannel(s.Guild, fakediscord.Channel{Name: "tickets"})
	s.chooses(func(c *settings.Settings) {
		c.Tickets, c.Sources = tickets, settings.Sources{Slash: true, Panel: true, Ticket: true}
	})
	s.postPanel(s.Lobby)
	return s, tickets
}

// thread returns the only thread below a channel.
func (s *stage) thread(channel string) fakediscord.ChannelState {
	s.Helper()
	list := s.Threads(channel)
	if len(list) != 1 {
		s.Fatalf("%d threads stand below the channel, want 1", len(list))
	}
	return list[0]
}

// first returns the first message in a channel.
func (s *stage) first(channel string) fakediscord.Message {
	s.Helper()
	list := s.Messages(channel)
	if len(list) == 0 {
		s.Fatal("nothing stands in the channel")
	}
	return list[0]
}

// last returns the last message in a channel.
func (s *stage) last(channel string) fakediscord.Message {
	s.Helper()
	list := s.Messages(channel)
	if len(list) == 0 {
		s.Fatal("nothing stands in the channel")
	}
	return list[len(list)-1]
}

func TestTicket(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	s.says(s.press(s.Rio, s.Lobby, "Open a ticket").Text(), "is opening your ticket")
	th := s.thread(tickets)
	if th.Type != fakediscord.PrivateThread || !slices.Contains(th.Members, s.Rio) || slices.Contains(th.Members, s.Nora) {
		t.Errorf("thread: %+v", th)
	}
	notice := s.only(s.Review)
	s.says(notice.Text(), "<@"+s.Rio+"> (`"+s.Rio+"`) opened a ticket")

	s.says(s.press(s.Rio, s.Lobby, "Open a ticket").Text(), "You have a ticket open: <#"+th.ID+">")
	s.thread(tickets)

	s.says(s.on(s.Max, notice.Ref, "Join ticket").Text(), "<#"+th.ID+">")
	if th = s.thread(tickets); !slices.Contains(th.Members, s.Max) {
		t.Errorf("Max did not join: %v", th.Members)
	}
	s.says(s.on(s.Max, s.first(th.ID).Ref, "Fill in the form").Text(), "Only the person whose ticket this is")

	form := s.on(s.Rio, s.first(th.ID).Ref, "Fill in the form")
	s.says(s.submit(s.Rio, form, s.Form()).Current().Text(), "with the managers")
	card := s.only(s.Review) // the notice went
	s.says(card.Text(), "Lighthouse")
	s.says(s.first(th.ID).Text(), "about the application for **Lighthouse**")
	if b, _ := s.first(th.ID).Button("Fill in the form"); !b.Disabled {
		t.Error("the form can be sent twice")
	}
	s.says(s.forged(s.Rio, s.first(th.ID).Ref, formButton(t, s, th.ID)).Text(), "was already sent")

	if _, joins := card.Button("Join ticket"); !joins {
		t.Error("nobody can join from the review card")
	}
	s.press(s.Max, s.Review, "Approve")
	if _, joins := s.only(s.Review).Button("Join ticket"); joins {
		t.Error("the settled card leads into a closed ticket")
	}
	closing := s.last(th.ID)
	s.says(closing.Text(), "is now a partner")
	if !slices.Equal(closing.Pings, []string{s.Rio}) {
		t.Errorf("the closing notifies %v", closing.Pings)
	}
	if th = s.thread(tickets); !th.Archived || !th.Locked {
		t.Errorf("the thread is open after the decision: %+v", th)
	}
	s.noneBlocked()
	if n := len(s.Messages(th.ID)); n != 2 {
		t.Errorf("%d messages in the ticket, want 2", n)
	}

	t.Run("asking opens it again", func(t *testing.T) {
		s.ask(s.Max, "Will you come to **our** event? @everyone <@"+s.Nora+">")
		th := s.thread(tickets)
		if th.Archived || th.Locked {
			t.Errorf("the thread is still closed: %+v", th)
		}
		q := s.last(th.ID)
		s.says(q.Text(), "<@"+s.Max+"> asks")
		s.says(q.Text(), "Will you come to **our** event?")
		if !slices.Equal(q.Pings, []string{s.Rio}) {
			t.Errorf("the question notifies %v", q.Pings)
		}
		s.on(s.Rio, s.first(th.ID).Ref, "Close ticket")
		s.says(s.last(th.ID).Text(), "This ticket was closed")
		if th = s.thread(tickets); !th.Archived || !th.Locked {
			t.Errorf("Close left it open: %+v", th)
		}
		s.says(s.forged(s.Rio, s.first(th.ID).Ref, closeButton(t, s, th.ID, s.Rio)).Text(), "This ticket is closed")
	})
}

// formButton and closeButton are custom IDs that the first message of a thread had.
func formButton(t *testing.T, s *stage, thread string) string {
	t.Helper()
	b, ok := s.first(thread).Button("Fill in the form")
	if !ok {
		t.Fatal("the first message has no form")
	}
	return b.CustomID
}

func closeButton(t *testing.T, s *stage, thread, user string) string {
	t.Helper()
	b, ok := s.first(thread).Button("Close ticket")
	if !ok || !strings.HasSuffix(b.CustomID, ":"+user) {
		t.Fatalf("the first message has no Close for its user: %+v", b)
	}
	return b.CustomID
}

// ask asks a question from the only card in the review channel.
func (s *stage) ask(user, question string) *fakediscord.Exchange {
	s.Helper()
	return s.submit(user, s.press(user, s.Review, "Ask"), map[string]any{"question": question})
}

func TestAskWithoutATicket(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.says(s.press(s.Max, s.Review, "Ask").Text(), "This application came without a ticket")

	tickets := s.AddChannel(s.Guild, fakediscord.Channel{Name: "tickets"})
	s.chooses(func(c *settings.Settings) { c.Tickets = tickets })
	s.says(s.ask(s.Max, "One?").Text(), "on its way")
	s.ask(s.Ada, "Two?")
	th := s.thread(tickets)
	if !slices.Contains(th.Members, s.Rio) || !slices.Contains(th.Members, s.Max) || !slices.Contains(th.Members, s.Ada) {
		t.Errorf("members: %v", th.Members)
	}
	if n := len(s.Messages(th.ID)); n != 3 {
		t.Errorf("%d messages, want a first one and two questions", n)
	}
	denied := s.submit(s.Max, s.press(s.Max, s.Review, "Deny"), map[string]any{"reason": "Not our kind"})
	s.says(denied.Current().Text(), "Denied")
	s.says(s.last(th.ID).Text(), "Not our kind")
	if th = s.thread(tickets); !th.Archived || !th.Locked {
		t.Errorf("open after the decision: %+v", th)
	}
	s.ask(s.Max, "Three?")
	s.says(s.last(th.ID).Text(), "Three?")
	long := strings.Repeat("W", ticket.MaxQuestion)
	s.ask(s.Max, long)
	s.says(s.last(th.ID).Text(), long)
	s.noneBlocked()
}

func TestClaim(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	stale := s.only(s.Review)
	claim, _ := stale.Button("Claim")
	s.press(s.Max, s.Review, "Claim")
	s.says(s.only(s.Review).Text(), "<@"+s.Max+"> looks after this application")
	s.says(s.forged(s.Ada, stale.Ref, claim.CustomID).Text(), "<@"+s.Max+"> looks after this application")
	s.says(s.forged(s.Nora, stale.Ref, claim.CustomID).Text(), "Only partnership managers")
	s.press(s.Ada, s.Review, "Release")
	s.press(s.Ada, s.Review, "Claim")
	s.says(s.only(s.Review).Text(), "<@"+s.Ada+"> looks after this application")
	s.press(s.Max, s.Review, "Approve") // a claim is no lock
	s.says(s.forged(s.Ada, stale.Ref, claim.CustomID).Text(), "already handled")
	if strings.Contains(s.only(s.Review).Text(), "looks after") {
		t.Error("a settled application is still claimed")
	}
}

func TestOnlyTickets(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	s.from(settings.Sources{Ticket: true})
	ex, err := s.As(s.Rio, s.Guild, s.Lobby).Command(t.Context(), "partner apply")
	if err != nil {
		t.Fatal(err)
	}
	s.says(ex.Text(), "is opening your ticket")
	s.drain()
	s.thread(tickets)
}

// Without a ticket channel, a ticket stands below the channel it was opened from.
func TestTicketBelowThePanel(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.from(settings.Sources{Ticket: true})
	s.postPanel(s.Lobby)
	s.press(s.Rio, s.Lobby, "Open a ticket")
	s.thread(s.Lobby)
}

// One user opens one ticket, however often and from wherever they press.
func TestTicketRace(t *testing.T) {
	s, tickets := newTicketStage(t)
	panel := s.only(s.Lobby)
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			if _, err := s.As(s.Rio, s.Guild, s.Lobby).Press(t.Context(), panel.Ref, "Open a ticket"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.drain()
	s.thread(tickets)
	s.only(s.Review)
}

// Buttons of a ticket do nothing for those it is none of the business of.
func TestTicketStrangers(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	s.press(s.Rio, s.Lobby, "Open a ticket")
	th := s.thread(tickets)
	close := closeButton(t, s, th.ID, s.Rio)
	id := strings.Split(close, ":")[1]
	on := s.only(s.Lobby).Ref
	for press, want := range map[string]string{
		close:                               "Only the person whose ticket this is",
		"ticket/close:" + id + ":" + s.Nora: "There is no such ticket",
		"ticket/close:x:y":                  "There is no such ticket",
		"ticket/form:" + id:                 "Only the person whose ticket this is",
		"ticket/back:" + id:                 "Only the person whose ticket this is",
		"ticket/join:" + id:                 "Only partnership managers",
		"ticket/form:1":                     "There is no such ticket",
		"panel/remove:" + s.Lobby:           "Only partnership managers",
	} {
		s.says(s.forged(s.Nora, on, press).Text(), want)
	}
	if th = s.thread(tickets); th.Archived || slices.Contains(th.Members, s.Nora) {
		t.Errorf("thread: %+v", th)
	}
}
