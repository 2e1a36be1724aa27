package partnership_test

import (
	"testing"

	"github.com/entente-bot/entente/internal/partnership"
)

func TestForget(t *testing.T) {
	t.Parallel()
	ended := func(why, by string) partnership.Ended {
		return partnership.Ended{
			Partnership: partnership.Partnership{
				Partner: "7", Contact: "9", By: "5", Ad: partnership.Ad{Category: "Music", Description: "ours", Invite: "abc"},
			},
			Ending: partnership.Ending{EndedBy: by, Why: why, Reason: "because", Farewell: "bye"},
		}
	}
	tests := []struct {
		name, user string
		why, by    string
		theirs     bool
		endedBy    string
		reason     string
		told       bool
	}{
		{"another's", "8", partnership.WhyManager, "5", false, "5", "because", false},
		{"ended by a manager", "9", partnership.WhyManager, "5", true, "5", "because", true},
		{"ended by themselves", "9", partnership.WhyContact, "9", true, partnership.Nobody, "", false},
	}
	for _, tt := range tests {
		e := ended(tt.why, tt.by)
		if theirs := e.Forget(tt.user); theirs != tt.theirs {
			t.Errorf("%s: Forget = %v", tt.name, theirs)
		}
		if e.EndedBy != tt.endedBy || e.Reason != tt.reason || e.Told != tt.told || e.Partner != "7" || e.Ad.Category != "Music" {
			t.Errorf("%s: it became %+v", tt.name, e)
		}
		if gone := e.Contact == partnership.Nobody && e.Ad.Description+e.Ad.Invite == ""; gone != tt.theirs {
			t.Errorf("%s: it became %+v", tt.name, e)
		}
	}
}
