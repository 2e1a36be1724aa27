package local_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/index"
	"github.com/entente-bot/entente/internal/settings"
)

// TestIndexFaults lets each call fail, in each way, that a change of the index
// makes: it comes out right, page by page, nothing twice.
func TestIndexFaults(t *testing.T) {
	t.Parallel()
	const list, one = "/channels/{channel}/messages", "/channels/{channel}/messages/{message}"
	tests := []struct {
		name  string
		old   bool // the pages are old when it changes
		fault fakediscord.Fault
	}{
		{"published, too many requests", true, fakediscord.Fault{Method: "POST", Route: list, Status: 429, RetryAfter: 0.5}},
		{"published, unavailable", true, fakediscord.Fault{Method: "POST", Route: list, Skip: 1, Status: 503, Times: 3}},
		{"published, reset before", true, fakediscord.Fault{Method: "POST", Route: list, Skip: 1, Reset: true}},
		{"published, reset after", true, fakediscord.Fault{Method: "POST", Route: list, Skip: 1, Reset: true, After: true}},
		{"published, forbidden", true, fakediscord.Fault{Method: "POST", Route: list, Skip: 1, Status: 403, Code: 50013}},
		{"deleted, unavailable", true, fakediscord.Fault{Method: "DELETE", Route: one, Status: 500, Times: 2}},
		{"deleted, reset after", true, fakediscord.Fault{Method: "DELETE", Route: one, Reset: true, After: true}},
		{"edited, too often", false, fakediscord.Fault{Method: "PATCH", Route: one, Status: 429, Code: 30046, Times: 2}},
		{"edited, reset after", false, fakediscord.Fault{Method: "PATCH", Route: one, Reset: true, After: true}},
		{"edited, gone", false, fakediscord.Fault{Method: "PATCH", Route: one, Status: 404, Code: 10008}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			channel := s.indexed()
			s.joinIndex(0, 60)
			s.advance(index.Gather)
			if tt.old {
				s.advance(2 * time.Hour)
			}
			s.quitIndex(0, 3)
			s.ResetRequests()
			s.Scene.Fail(tt.fault)
			s.advance(index.Gather)
			if s.left().Blocked > 0 {
				s.says(s.command(s.Ada, "partnerships status").Text(), "Index of partners")
				s.advance(6 * time.Hour)
			}
			s.settle()
			if tt.fault.Code == 10008 { // what Discord said is gone stands: nobody deletes it
				s.DeleteMessage(s.Messages(channel)[0].Ref)
			}
			s.pagesOf(channel, 3, 60)
			faulted := false
			for _, r := range s.Requests() {
				faulted = faulted || r.Faulted
			}
			if !faulted {
				t.Error("nothing failed")
			}
		})
	}
}

// TestIndexHides takes a listing away while its invite leads nowhere: the index
// does not send anybody there, either.
func TestIndexHides(t *testing.T) {
	t.Parallel()
	for _, m := range settings.Modes() {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			channel := s.indexed()
			s.partner(m)
			s.advance(index.Gather)
			s.says(s.only(channel).Text(), "Lighthouse")
			s.DeleteInvite(s.Invite)
			for passed := time.Duration(0); len(s.listings(s.Lighthouse)) > 0; passed += time.Hour {
				if passed > 49*time.Hour { // one look at an invite may be spared by the one before
					t.Fatal("the listing stands")
				}
				s.advance(time.Hour)
			}
			s.advance(index.Gather)
			s.says(s.only(channel).Text(), "no partners yet")
		})
	}
}
