package local_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// TestWhatIsTakenAwayEachTime (FAULTS R41): another bot deletes what we make, every ten
// minutes for a day. It is made anew three times, then managers read who it was; and
// when they have stopped it, Retry puts it back.
func TestWhatIsTakenAwayEachTime(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.tracks(false)
	s.consents()
	told := len(s.DMs(s.Rio))
	for range 144 {
		for _, i := range s.trackedInvites() {
			s.DeleteInvite(i.Code)
		}
		s.advance(10 * time.Minute)
	}
	if n := s.CountRequests("POST", "/channels/{channel}/invites"); n < 2 || n > 5 {
		t.Errorf("%d invites were made in a day, want one and three more", n)
	}
	if n := len(s.DMs(s.Rio)) - told; n > 2 {
		t.Errorf("the contact got %d direct messages in a day, want one about the first, and one about another", n)
	}
	s.putBack(func() bool { return len(s.trackedInvites()) == 1 })
}

// TestMessageThatIsTakenAway: the same for a message, which is seen to be gone whenever
// it is to change.
func TestMessageThatIsTakenAway(t *testing.T) {
	t.Parallel()
	s := listed(t)
	r := partnership.Sync(s.Guild, s.Lighthouse)
	key := partnership.Key(s.Guild, s.Lighthouse)
	before := s.CountRequests("POST", "/channels/{channel}/messages")
	for i := range 8 {
		for _, m := range s.Messages(s.Showcase) {
			s.DeleteMessage(m.Ref)
		}
		s.update(append(action.Keys(r), key), func(tx *storage.Tx) error {
			p, _ := storage.Read[partnership.Partnership](tx, key)
			p.Ad.Highlights = fmt.Sprint("News ", i)
			tx.Set(key, p)
			action.Cause(tx, r, s.Now())
			return nil
		})
		s.advance(time.Hour)
	}
	if n := s.CountRequests("POST", "/channels/{channel}/messages") - before; n != 3 {
		t.Errorf("it was posted anew %d times, want 3", n)
	}
	s.putBack(func() bool { return len(s.Messages(s.Showcase)) == 1 })
}

// putBack has managers read that something is deleted each time, and fails the test
// unless Retry makes it once more.
func (s *stage) putBack(stands func() bool) {
	s.Helper()
	ex := s.command(s.Ada, "partnerships status")
	s.says(ex.Text(), "Entente made it again 3 times today")
	s.on(s.Ada, ex.Message, "Retry")
	s.advance(2 * time.Minute)
	if !stands() {
		s.Error("it does not stand after Retry")
	}
}
