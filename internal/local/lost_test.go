package local_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/storage"
)

// TestUnknownOutcomeWithoutHistory: the listing was posted, nobody knows, Discord
// has forgotten the nonce, and the bot must not look. Then it asks for the
// permission, and does not post again.
func TestUnknownOutcomeWithoutHistory(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.SetOverwrite(s.Showcase, fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Deny: fakediscord.ReadMessageHistory})
	posting := "/channels/" + s.Showcase + "/messages"
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: posting, Reset: true, After: true})
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: posting, Status: 503, Times: -1})
	s.press(s.Max, s.Review, "Approve")
	s.advance(20 * time.Second)
	s.advance(10 * time.Minute)
	s.ClearFaults()
	s.settle()
	if left := s.left(); left != (action.Census{Blocked: 1}) || len(s.Messages(s.Showcase)) != 1 {
		t.Fatalf("%d listings, and left to do: %+v", len(s.Messages(s.Showcase)), left)
	}
	s.says(s.panel().Text(), "Ad of a partner (Lighthouse): Entente cannot read the message history of <#"+s.Showcase+">")
	s.SetOverwrite(s.Showcase, fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Allow: fakediscord.ReadMessageHistory})
	s.advance(action.Recheck)
	s.finished()
}

// TestNonceAloneWillDo: the same, while Discord still knows the nonce.
func TestNonceAloneWillDo(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.SetOverwrite(s.Showcase, fakediscord.Overwrite{ID: s.ApplicationID(), Type: 1, Deny: fakediscord.ReadMessageHistory})
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/channels/" + s.Showcase + "/messages", Reset: true, After: true})
	s.press(s.Max, s.Review, "Approve")
	s.settle()
	s.finished()
}

// TestUnknownOutcomeIsFound is the same with the permission: it is found.
func TestUnknownOutcomeIsFound(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	posting := "/channels/" + s.Showcase + "/messages"
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: posting, Reset: true, After: true})
	s.Scene.Fail(fakediscord.Fault{Method: "GET", Route: posting, Status: 503, Times: 4})
	s.press(s.Max, s.Review, "Approve")
	s.advance(10 * time.Minute)
	s.settle()
	if n := s.posts(posting); n != 1 {
		t.Errorf("%d requests to post the listing, want 1", n)
	}
	s.finished()
}

func TestCardDeletedByHandIsPutBack(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	card := s.only(s.Review)
	s.Scene.Fail(fakediscord.Fault{Method: "PATCH", Route: "/channels/{channel}/messages/{message}", Status: 500})
	s.press(s.Max, s.Review, "Approve")
	s.DeleteMessage(card.Ref)
	s.settle()
	s.finished()
}

// TestPostedAndDeletedBeforeItWasKnown: the nonce would return a message that is
// gone. Another one is posted.
func TestPostedAndDeletedBeforeItWasKnown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/channels/" + s.Showcase + "/messages", Reset: true, After: true})
	s.press(s.Max, s.Review, "Approve")
	s.DeleteMessage(s.only(s.Showcase).Ref)
	s.settle()
	s.finished()
}

// TestMoveInterrupted: the showcase is moved, and the new listing is deleted
// before it was known. The old one is not forgotten over it.
func TestMoveInterrupted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
	old := s.Showcase
	s.Showcase = s.AddChannel(s.Guild, fakediscord.Channel{Name: "partners-2"})
	s.Scene.Fail(fakediscord.Fault{Method: "POST", Route: "/channels/{channel}/messages", Reset: true, After: true})
	s.choose(s.panel(), "setup/showcase", s.Showcase)
	if len(s.Messages(old)) != 1 {
		t.Fatal("the old listing is gone before the new one is known")
	}
	s.DeleteMessage(s.only(s.Showcase).Ref)
	s.settle()
	s.finished()
	if n := len(s.Messages(old)); n != 0 {
		t.Errorf("%d listings stand in the old showcase", n)
	}
}

// sync has every listing of the guild brought in line.
func (s *stage) sync() {
	s.Helper()
	for _, a := range kept[apply.Application](s, "apply#") {
		ref := action.Ref{Name: "showcase.sync", Guild: s.Guild, Subject: a.Server.ID}
		err := storage.Update(s.Context(), s.DB, action.Keys(ref), func(tx *storage.Tx) error {
			action.Cause(tx, ref, s.Now())
			return nil
		})
		if err != nil {
			s.Fatal(err)
		}
	}
	s.drain()
}

// TestReplyDismissed: the applicant closed the reply. That is no reason to try
// for ever, nor to tell managers.
func TestReplyDismissed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	sent, err := s.Apply(t.Context(), s.Rio, s.Form())
	if err != nil {
		t.Fatal(err)
	}
	s.DeleteMessage(sent.Message)
	s.settle()
	s.press(s.Max, s.Review, "Approve")
	s.finished()
}

// TestTokenOver: the decision comes after the applicant's reply can no longer be
// changed. /partner info tells it.
func TestTokenOver(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	sent := s.apply(s.Rio, s.Form())
	s.advance(time.Hour)
	s.press(s.Max, s.Review, "Approve")
	s.finished()
	s.says(sent.Current().Text(), "with the managers")
	info, err := s.As(s.Rio, s.Guild, s.Lobby).Command(t.Context(), "partner info")
	if err != nil {
		t.Fatal(err)
	}
	s.says(info.Text(), "approved")
	if list := kept[post.Post](s, "listing#"); len(list) != 1 {
		t.Errorf("listings: %+v", list)
	}
}
