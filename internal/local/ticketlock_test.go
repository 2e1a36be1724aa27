package local_test

import (
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
)

// TestTicketThatWasArchivedOnly: it was closed while its thread could not be locked.
// Discord changes nothing of an archived thread, so it is opened for that.
func TestTicketThatWasArchivedOnly(t *testing.T) {
	t.Parallel()
	s, tickets := newTicketStage(t)
	s.press(s.Rio, s.Lobby, "Open a ticket")
	th := s.thread(tickets)
	s.submit(s.Rio, s.on(s.Rio, s.first(th.ID).Ref, "Fill in the form"), s.Form())
	s.InstallBot(s.Guild, scene.BotPermissions&^fakediscord.ManageThreads)
	s.press(s.Max, s.Review, "Approve")
	if got, _ := s.Channel(th.ID); !got.Archived || got.Locked {
		t.Fatalf("closed without the permission: %+v", got)
	}
	if left := s.left(); left != (action.Census{}) {
		t.Errorf("%+v: that it cannot be locked is no reason to block", left)
	}
	s.InstallBot(s.Guild, scene.BotPermissions)
	page, err := s.DB.List(t.Context(), storage.Query{Table: storage.Records, Part: "guild#" + s.Guild, Prefix: "ticket#"})
	if err != nil || len(page.Items) != 1 {
		t.Fatal(err, len(page.Items))
	}
	r := ticket.Sync(s.Guild, strings.TrimPrefix(page.Items[0].Key.Sort, "ticket#"))
	s.update(action.Keys(r), func(tx *storage.Tx) error { // whatever has it looked at again
		action.Cause(tx, r, s.Now())
		return nil
	})
	s.advance(time.Minute)
	if got, _ := s.Channel(th.ID); !got.Archived || !got.Locked {
		t.Errorf("with the permission: %+v, want it archived and locked", got)
	}
	if left, dead := s.left(), s.dead(); left != (action.Census{}) || len(dead) > 0 {
		t.Errorf("left: %+v, given up: %v", left, dead)
	}
}
