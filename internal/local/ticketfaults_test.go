package local_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/settings"
)

// Whatever fails, there is one thread with one first message, closed by the decision.
func TestTicketFaults(t *testing.T) {
	t.Parallel()
	const (
		open    = "/channels/{channel}/threads"
		member  = "/channels/{channel}/thread-members/{user}"
		post    = "/channels/{channel}/messages"
		edit    = "/channels/{channel}/messages/{message}"
		channel = "/channels/{channel}"
	)
	for name, f := range map[string]fakediscord.Fault{
		"opening fails":                 {Method: "POST", Route: open, Status: 500, Times: 2},
		"opening, answer lost":          {Method: "POST", Route: open, Reset: true, After: true},
		"opening, answer cut":           {Method: "POST", Route: open, Truncate: 30},
		"opening limited":               {Method: "POST", Route: open, Status: 429, RetryAfter: 0.01},
		"adding fails":                  {Method: "PUT", Route: member, Status: 502},
		"adding, answer lost":           {Method: "PUT", Route: member, Reset: true, After: true, Times: 2},
		"posting fails":                 {Method: "POST", Route: post, Status: 500},
		"posting, answer lost":          {Method: "POST", Route: post, Reset: true, After: true, Times: 2},
		"looking at the thread fails":   {Method: "GET", Route: channel, Status: 500, Times: 3},
		"editing fails":                 {Method: "PATCH", Route: edit, Status: 503},
		"editing, answer lost":          {Method: "PATCH", Route: edit, Reset: true, After: true},
		"closing the thread fails":      {Method: "PATCH", Route: channel, Status: 500},
		"closing, answer lost":          {Method: "PATCH", Route: channel, Reset: true, After: true},
		"the second posting fails":      {Method: "POST", Route: post, Skip: 3, Status: 500},
		"the second posting, lost":      {Method: "POST", Route: post, Skip: 3, Reset: true, After: true},
		"a later posting, answer lost":  {Method: "POST", Route: post, Skip: 5, Reset: true, After: true},
		"listing the threads fails too": {Method: "GET", Route: "/guilds/{guild}/threads/active", Status: 500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tickets := newTicketStage(t)
			if strings.HasPrefix(name, "listing") {
				s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: open, Reset: true, After: true})
			}
			s.Scene.Fail(f)
			s.press(s.Rio, s.Lobby, "Open a ticket")
			s.settle()
			th := s.thread(tickets)
			if !slices.Contains(th.Members, s.Rio) {
				t.Errorf("members: %v", th.Members)
			}
			form := s.on(s.Rio, s.first(th.ID).Ref, "Fill in the form")
			s.submit(s.Rio, form, s.Form())
			s.settle()
			s.ask(s.Max, "Why?")
			s.settle()
			s.press(s.Max, s.Review, "Approve")
			s.settle()
			th = s.thread(tickets)
			if !th.Archived || !th.Locked {
				t.Errorf("open after the decision: %+v", th)
			}
			if n := len(s.Messages(th.ID)); n != 3 {
				t.Errorf("%d messages in the ticket, want a first one, a question and a closing", n)
			}
			s.only(s.Review)
			s.noneBlocked()
		})
	}
}

// What people have to mend is said in a sentence, and goes on once it is mended.
func TestTicketBlocked(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]struct {
		code   int
		method string
		route  string
		reason string
	}{
		"may not open":          {50013, "POST", "/channels/{channel}/threads", "discord.permission_thread"},
		"too many threads":      {160006, "POST", "/channels/{channel}/threads", "discord.thread_limit"},
		"channel deleted":       {10003, "POST", "/channels/{channel}/threads", "ticket.channel-gone"},
		"applicant cannot see":  {50001, "PUT", "/channels/{channel}/thread-members/{user}", "ticket.cannot-add"},
		"may not post":          {50013, "POST", "/channels/{channel}/messages", "discord.permission_send"},
		"may not see":           {50001, "POST", "/channels/{channel}/messages", "discord.permission_send"},
		"AutoMod":               {200000, "POST", "/channels/{channel}/messages", "discord.text_refused"},
		"AutoMod, of the title": {200001, "POST", "/channels/{channel}/threads", "discord.text_refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tickets := newTicketStage(t)
			s.Scene.Fail(fakediscord.Fault{Method: f.method, Route: f.route, Status: 403, Code: f.code, Times: -1})
			s.press(s.Rio, s.Lobby, "Open a ticket")
			stops := s.stops()
			if len(stops) != 1 || stops[0].Name != "ticket.sync" || stops[0].Reason.Key != f.reason {
				t.Fatalf("blocked: %+v, want %s", stops, f.reason)
			}
			if !s.Worker.Text.Has(f.reason) || !s.Worker.Text.Has("action.ticket.sync") {
				t.Errorf("there is no text %s", f.reason)
			}
			s.ClearFaults()
			s.from(settings.Sources{Slash: true, Ticket: true})
			s.noneBlocked()
			if th := s.thread(tickets); !slices.Contains(th.Members, s.Rio) || len(s.Messages(th.ID)) != 1 {
				t.Errorf("thread: %+v", th)
			}
		})
	}
}

func TestTicketThreadDeleted(t *testing.T) {
	t.Parallel()
	t.Run("open, without an application", func(t *testing.T) {
		s, tickets := newTicketStage(t)
		s.press(s.Rio, s.Lobby, "Open a ticket")
		s.DeleteChannel(s.thread(tickets).ID)
		again := s.press(s.Rio, s.Lobby, "Open a ticket")
		s.on(s.Rio, again.Message, "I cannot see it")
		th := s.thread(tickets)
		if !slices.Contains(th.Members, s.Rio) || len(s.Messages(th.ID)) != 1 {
			t.Errorf("thread: %+v", th)
		}
		s.says(s.only(s.Review).Text(), th.ID)
		s.noneBlocked()
	})
	t.Run("before the decision", func(t *testing.T) {
		s, tickets := newTicketStage(t)
		s.press(s.Rio, s.Lobby, "Open a ticket")
		th := s.thread(tickets)
		s.submit(s.Rio, s.on(s.Rio, s.first(th.ID).Ref, "Fill in the form"), s.Form())
		s.DeleteChannel(th.ID)
		s.press(s.Max, s.Review, "Approve")
		if n := len(s.Threads(tickets)); n != 0 {
			t.Errorf("%d threads", n)
		}
		s.noneBlocked()
		s.says(s.press(s.Rio, s.Lobby, "Open a ticket").Text(), "pause between two applications")
	})
	t.Run("before a question", func(t *testing.T) {
		s, tickets := newTicketStage(t)
		s.apply(s.Rio, s.Form())
		s.ask(s.Max, "One?")
		s.DeleteChannel(s.thread(tickets).ID)
		s.ask(s.Max, "Two?")
		th := s.thread(tickets)
		s.says(s.last(th.ID).Text(), "Two?")
		if n := len(s.Messages(th.ID)); n != 2 || !slices.Contains(th.Members, s.Rio) {
			t.Errorf("%d messages, members %v", n, th.Members)
		}
		s.noneBlocked()
	})
}

// A bot that may not lock threads archives them; the settings say what is lost.
func TestTicketWithoutManageThreads(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	s.press(s.Rio, s.Lobby, "Open a ticket")
	th := s.thread(tickets)
	s.submit(s.Rio, s.on(s.Rio, s.first(th.ID).Ref, "Fill in the form"), s.Form())
	s.InstallBot(s.Guild, scene.BotPermissions&^fakediscord.ManageThreads)
	s.press(s.Max, s.Review, "Approve")
	s.says(s.last(th.ID).Text(), "is now a partner")
	s.noneBlocked()
	if th = s.thread(tickets); !th.Archived || th.Locked || len(s.Messages(th.ID)) != 2 {
		t.Errorf("thread: %+v, %d messages", th, len(s.Messages(th.ID)))
	}
	panel := s.panel()
	s.drain()
	s.says(panel.Current().Text(), "Tickets stay open after the decision")
	s.ask(s.Max, "Will you come?") // an archived thread is opened again
	s.says(s.last(th.ID).Text(), "Will you come?")
	s.noneBlocked()
}

// An account that is gone is noted, and keeps nobody from asking.
func TestTicketOfAnAccountThatIsGone(t *testing.T) {
	t.Parallel()
	for _, code := range []int{10007, 10013} {
		s, tickets := newTicketStage(t)
		s.apply(s.Rio, s.Form())
		s.Scene.Fail(fakediscord.Fault{Method: "PUT", Route: "/channels/{channel}/thread-members/" + s.Rio, Status: 404, Code: code, Times: -1})
		s.ask(s.Max, "Are you there?")
		s.noneBlocked()
		th := s.thread(tickets)
		s.says(s.last(th.ID).Text(), "Are you there?")
		if !slices.Contains(th.Members, s.Max) {
			t.Errorf("%d: members %v", code, th.Members)
		}
	}
}

// An applicant who has left does not keep managers from asking, nor the ticket open.
func TestTicketOfOneWhoLeft(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	s.apply(s.Rio, s.Form())
	s.RemoveMember(s.Guild, s.Rio)
	s.ask(s.Max, "Are you there?")
	th := s.thread(tickets)
	s.says(s.last(th.ID).Text(), "Are you there?")
	if stops := s.stops(); len(stops) != 1 || stops[0].Reason.Key != "ticket.cannot-add" {
		t.Errorf("blocked: %+v", stops)
	}
	s.submit(s.Max, s.press(s.Max, s.Review, "Deny"), map[string]any{"reason": "Gone"})
	s.noneBlocked()
	if th = s.thread(tickets); !th.Archived || !th.Locked {
		t.Errorf("thread: %+v", th)
	}
}
