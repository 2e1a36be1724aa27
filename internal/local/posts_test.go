package local_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// lostReply loses Discord's reply to the next message that is posted in a channel.
func (s *stage) lostReply(channel string) {
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/channels/" + channel + "/messages", Reset: true, After: true})
}

// count fails the test unless n messages stand in a channel.
func (s *stage) count(what, channel string, n int) {
	s.Helper()
	if got := len(s.Messages(channel)); got != n {
		s.Errorf("%s: %d messages, want %d", what, got, n)
	}
}

// TestNoticeIsNotTheCard: the ticket's notice was not posted, and the review card
// that leads to the same ticket is. It is not taken for the notice.
func TestNoticeIsNotTheCard(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/channels/" + s.Review + "/messages", Status: 503})
	s.press(s.Rio, s.Lobby, "Open a ticket")
	th := s.thread(tickets)
	form := s.on(s.Rio, s.first(th.ID).Ref, "Fill in the form")

	// The form is sent while the notice is being tried again: once the ticket was read.
	arrived := make(chan struct{})
	s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: "/channels/" + th.ID, Delay: time.Second})
	if err := s.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	before := s.CountRequests("GET", "/channels/{channel}")
	go func() {
		defer close(arrived)
		_, _ = s.Drain(t.Context())
	}()
	for s.CountRequests("GET", "/channels/{channel}") == before {
		select {
		case <-arrived:
			t.Fatal("the thread was not looked at")
		default:
		}
	}
	if _, err := s.As(s.Rio, s.Guild, th.ID).Submit(t.Context(), form, s.Form()); err != nil {
		t.Fatal(err)
	}
	<-arrived
	s.drain()
	s.advance(time.Hour)
	s.advance(time.Hour)
	s.says(s.only(s.Review).Text(), "Lighthouse")
}

// TestOrphans: a message was posted, nobody knows, and it is not wanted any more
// where it stands. It is found, and deleted.
func TestOrphans(t *testing.T) {
	t.Parallel()
	t.Run("a listing of a partnership that ended", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.apply(s.Rio, s.Form())
		s.lostReply(s.Showcase)
		s.press(s.Max, s.Review, "Approve")
		s.count("before", s.Showcase, 1)
		ex := s.command(s.Max, "partnerships block", fakediscord.Opt("server", s.Lighthouse))
		s.on(s.Max, ex.Message, "End the partnership and block")
		s.advance(time.Hour)
		s.count("listings", s.Showcase, 0)
	})
	t.Run("a panel that was removed", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		entrance := s.AddChannel(s.Guild, fakediscord.Channel{Name: "entrance"})
		s.lostReply(entrance)
		s.postPanel(entrance)
		s.count("before", entrance, 1)
		s.on(s.Ada, s.postPanel(entrance).Message, "Remove")
		s.advance(time.Hour)
		s.count("panels", entrance, 0)
	})
	t.Run("a card whose channel changed", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.lostReply(s.Review)
		s.apply(s.Rio, s.Form())
		s.count("before", s.Review, 1)
		two := s.AddChannel(s.Guild, fakediscord.Channel{Name: "review-2"})
		s.chooses(func(c *settings.Settings) { c.Review = two })
		s.advance(time.Hour)
		s.count("old", s.Review, 0)
		s.count("new", two, 1)
	})
	t.Run("a notice of a ticket that was closed", func(t *testing.T) {
		t.Parallel()
		s, _ := newTicketStage(t)
		s.lostReply(s.Review)
		s.press(s.Rio, s.Lobby, "Open a ticket")
		s.on(s.Max, s.only(s.Review).Ref, "Close ticket")
		s.advance(time.Hour)
		s.count("notices", s.Review, 0)
	})
	t.Run("a card in a channel that is gone", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.lostReply(s.Review)
		s.apply(s.Rio, s.Form())
		s.DeleteChannel(s.Review)
		two := s.AddChannel(s.Guild, fakediscord.Channel{Name: "review-2"})
		s.chooses(func(c *settings.Settings) { c.Review = two })
		s.advance(time.Hour)
		s.count("new", two, 1)
		s.noneBlocked()
	})
}

// TestMoved: what stands in a channel moves with the setting that names it.
func TestMoved(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	two := s.AddChannel(s.Guild, fakediscord.Channel{Name: "two"})
	s.chooses(func(c *settings.Settings) { c.Review = two })
	s.count("cards in the old channel", s.Review, 0)
	s.count("cards in the new channel", two, 1)
	s.press(s.Max, two, "Approve")
	s.count("listings", s.Showcase, 1)

	three := s.AddChannel(s.Guild, fakediscord.Channel{Name: "three"})
	s.chooses(func(c *settings.Settings) { c.Showcase = three })
	s.count("listings in the old channel", s.Showcase, 0)
	s.count("listings in the new channel", three, 1)
	s.count("settled cards stay", two, 1)
}

// TestReviewChannelDeleted: the cards that wait are posted in the next one.
func TestReviewChannelDeleted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.DeleteChannel(s.Review)
	two := s.AddChannel(s.Guild, fakediscord.Channel{Name: "two"})
	s.chooses(func(c *settings.Settings) { c.Review = two })
	s.count("cards", two, 1)
	s.noneBlocked()
	s.says(s.command(s.Max, "partnerships queue").Text(), two)
}

// TestDeletedByHand: managers delete what they then miss. Retry puts it back; a
// card is put back with the day's reminder, too.
func TestDeletedByHand(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	entrance := s.AddChannel(s.Guild, fakediscord.Channel{Name: "entrance"})
	s.postPanel(entrance)
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
	s.DeleteMessage(s.only(s.Showcase).Ref)
	s.DeleteMessage(s.only(entrance).Ref)
	s.count("settled card", s.Review, 1)
	s.DeleteMessage(s.only(s.Review).Ref)

	s.retry()
	s.count("listings", s.Showcase, 1)
	s.count("panels", entrance, 1)
	s.count("cards of settled applications", s.Review, 0)
	before := s.CountRequests("GET", "/channels/{channel}/messages/{message}")
	s.sync()
	if n := s.CountRequests("GET", "/channels/{channel}/messages/{message}"); n != before {
		t.Error("what was seen is looked at again")
	}
}

func TestCardDeletedByHandWhileItWaits(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.DeleteMessage(s.only(s.Review).Ref)
	s.retry()
	card := s.only(s.Review)
	s.DeleteMessage(card.Ref)
	s.advance(3 * 24 * time.Hour) // the first reminder
	cards, again := s.cards(), false
	for _, c := range cards {
		again = again || c.Ref != card.Ref
	}
	if len(cards) != 1 || !again {
		t.Fatalf("cards: %+v", cards)
	}
	for _, r := range s.reminders() {
		for _, c := range cards {
			s.says(r.Text(), c.Ref.ID)
		}
	}
}

// TestNoFiles: the bot may not attach files. Nobody waits for a picture, and the
// listing shows it where it may stand.
func TestNoFiles(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	deny := fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Allow: fakediscord.ViewChannel | fakediscord.SendMessages, Deny: fakediscord.AttachFiles}
	s.SetOverwrite(s.Review, deny)
	s.apply(s.Rio, s.withBanner("x.png", drawing(t, 800, 300)))
	card := s.only(s.Review)
	s.says(card.Text(), "may not *Attach Files*")
	s.noneBlocked()
	s.retry() // still not allowed: nothing changes, and nobody is told
	s.noneBlocked()
	if again := s.only(s.Review); again.Ref != card.Ref || again.Text() != card.Text() {
		t.Errorf("the card became: %s", again.Text())
	}
	s.press(s.Max, s.Review, "Claim")
	s.press(s.Max, s.Review, "Approve")
	s.finished()
	if !shows(s.only(s.Showcase)) {
		t.Error("the listing has no banner")
	}
}

// TestNoFilesInTheShowcase: the listing stands without its banner, and a move to
// another channel is another try.
func TestNoFilesInTheShowcase(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.SetOverwrite(s.Showcase, fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Deny: fakediscord.AttachFiles})
	s.apply(s.Rio, s.withBanner("x.png", drawing(t, 800, 300)))
	s.press(s.Max, s.Review, "Approve")
	s.noneBlocked()
	if shows(s.only(s.Showcase)) {
		t.Fatal("it shows a banner that may not be attached")
	}
	s.newHighlights()
	s.resync()
	s.says(s.only(s.Showcase).Text(), "Now with tea")
	two := s.AddChannel(s.Guild, fakediscord.Channel{Name: "two"})
	s.chooses(func(c *settings.Settings) { c.Showcase = two })
	if !shows(s.only(two)) {
		t.Error("the listing that moved has no banner")
	}
}

// TestFilesAllowedLater: the card and the listing were posted without their
// banner, and get it once it may be attached and all is looked at again.
func TestFilesAllowedLater(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, channel := range []string{s.Review, s.Showcase} {
		s.SetOverwrite(channel, fakediscord.Overwrite{
			ID: s.ApplicationID(), Type: 1, Allow: fakediscord.ViewChannel | fakediscord.SendMessages, Deny: fakediscord.AttachFiles,
		})
	}
	allow := fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Allow: fakediscord.ViewChannel | fakediscord.SendMessages | fakediscord.AttachFiles}
	s.apply(s.Rio, s.withBanner("x.png", drawing(t, 800, 300)))
	bare := s.only(s.Review)
	s.SetOverwrite(s.Review, allow)
	s.Scene.Fail(fakediscord.Fault{Method: "PATCH", Route: "/channels/{channel}/messages/{message}", Reset: true, After: true})
	s.retry()
	s.settle() // it was edited, nobody knows, and it is edited again
	card := s.only(s.Review)
	if !shows(card) || card.Ref != bare.Ref {
		t.Errorf("the card has %d files: %s", len(card.Attachments), card.Text())
	}
	s.silent(card.Text(), "Attach Files")
	s.press(s.Max, s.Review, "Approve")
	if shows(s.only(s.Showcase)) || !shows(s.only(s.Review)) {
		t.Error("the listing shows what may not be attached, or the card lost its banner")
	}
	s.SetOverwrite(s.Showcase, allow)
	s.retry()
	if !shows(s.only(s.Showcase)) {
		t.Error("the listing has no banner")
	}
	edits := s.CountRequests("PATCH", "/channels/{channel}/messages/{message}")
	s.retry()
	if n := s.CountRequests("PATCH", "/channels/{channel}/messages/{message}"); n != edits {
		t.Errorf("%d edits of what is in line", n-edits)
	}
}

// TestMayNotSend is not about files, whatever the message holds.
func TestMayNotSend(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.SetOverwrite(s.Review, fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Allow: fakediscord.ViewChannel, Deny: fakediscord.SendMessages})
	s.apply(s.Rio, s.withBanner("x.png", drawing(t, 800, 300)))
	s.count("cards", s.Review, 0)
	s.SetOverwrite(s.Review, fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Allow: fakediscord.ViewChannel | fakediscord.SendMessages | fakediscord.AttachFiles})
	s.retry()
	if !shows(s.only(s.Review)) {
		t.Error("the card has no banner")
	}
}

// TestStaleCard: a card still shows its buttons long after the decision. Who
// presses one, or sends a form opened from it, sees it as it should be.
func TestStaleCard(t *testing.T) {
	t.Parallel()
	for _, button := range []string{"Approve", "Claim", "Deny", "Block", "a form"} {
		s := newStage(t)
		s.apply(s.Rio, s.Form())
		card := s.only(s.Review)
		form := s.press(s.Ada, s.Review, "Deny")
		s.Scene.Fail(fakediscord.Fault{Method: "PATCH", Route: "/channels/{channel}/messages/{message}", Status: 503, Times: -1})
		a := kept[apply.Application](s, "apply#")[0]
		c := apply.CaseOf(a)
		s.update(append(c.Keys(s.Guild), settings.Key(s.Guild)), func(tx *storage.Tx) error {
			_, err := c.Approve(tx, s.Guild, s.Max, s.Worker.Limits, s.Now())
			return err
		})
		s.says(s.on(s.Ada, card.Ref, "Approve").Text(), "already handled: <@"+s.Max+">")
		s.advance(2 * time.Minute)
		if button == "a form" {
			s.submit(s.Ada, form, map[string]any{"reason": "Not our kind"})
		} else {
			s.on(s.Ada, card.Ref, button)
		}
		s.says(s.only(s.Review).Text(), "**Approved** by <@"+s.Max+">")
	}
}
