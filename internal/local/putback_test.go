package local_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
)

// TestDeletedComesBack: every message of ours that matters is put back within a day,
// and by Check again at once.
func TestDeletedComesBack(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]func(*stage){
		"within a day": func(s *stage) { s.advance(25 * time.Hour); s.settle() },
		"at once": func(s *stage) {
			s.advance(time.Second)
			s.on(s.Ada, s.panel().Message, "Check again")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			tickets, hall := s.AddChannel(s.Guild, fakediscord.Channel{Name: "tickets"}), s.AddChannel(s.Guild, fakediscord.Channel{Name: "hall"})
			s.chooses(func(c *settings.Settings) { c.Tickets, c.Remind, c.Sources.Ticket = tickets, 1, true })
			s.postPanel(hall)
			s.on(s.Nora, s.only(hall).Ref, "Open a ticket")
			notice := s.only(s.Review)
			s.apply(s.Rio, s.Form())
			s.advance(30 * time.Hour) // it is overdue
			s.settle()
			thread := s.thread(tickets).ID
			for _, channel := range []string{s.Review, hall, thread} {
				for _, m := range s.Messages(channel) {
					s.DeleteMessage(m.Ref)
				}
			}
			wait(s)
			s.only(hall)
			s.only(thread)
			if n := len(s.Messages(s.Review)); n != 3 {
				t.Errorf("%d messages in the review channel; want a card, a reminder, and the notice %q", n, notice.Text())
			}
			s.noneBlocked()
		})
	}
}

// TestQueueIsActedOn: what waits is opened from the queue and decided on there. A
// card that was deleted is posted again by it.
func TestQueueIsActedOn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.DeleteMessage(s.only(s.Review).Ref)
	queue := s.command(s.Max, "partnerships queue")
	copied, err := s.As(s.Max, s.Guild, s.Lobby).Choose(t.Context(), queue.Message, "queue/show:0", s.onlyWaiting())
	if err != nil {
		t.Fatal(err)
	}
	s.drain()
	s.says(copied.Text(), "Applicant: <@"+s.Rio+">")
	s.says(copied.Text(), "Only you see this copy")
	card := s.only(s.Review)
	s.says(s.command(s.Max, "partnerships queue").Text(), card.Ref.ID)

	s.on(s.Max, copied.Message, "Approve")
	s.says(copied.Current().Text(), "Approved")
	s.says(s.only(s.Review).Text(), "Approved")
	s.only(s.Showcase)
}
