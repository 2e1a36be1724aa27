package partnership_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// tx is what a guild without anything reads of the given keys.
func tx(keys []storage.Key) *storage.Tx {
	items := make([]storage.Item, len(keys))
	for i, k := range keys {
		items[i].Key = k
	}
	return storage.Of(items...)
}

func TestEnd(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	x := tx(partnership.EndKeys("1", "7", "70"))
	partnership.Start(x, "1", partnership.Partnership{Partner: "7", Application: "70", Contact: "9", Since: now})
	blocked := partnership.Ending{At: now.Add(time.Hour), EndedBy: "5", Why: partnership.WhyBlocked, Reason: "<@9> \u202etold lies"}
	e, ok := partnership.End(x, "1", "7", blocked)
	if !ok || e.Contact != "9" || e.EndedBy != "5" || !e.At.Equal(now.Add(time.Hour)) {
		t.Fatalf("End = %+v, %v", e, ok)
	}
	if _, active := storage.Read[partnership.Partnership](x, partnership.Key("1", "7")); active {
		t.Error("it is still active")
	}
	if c := partnership.CountsOf(x, "1"); c.Active != 0 {
		t.Errorf("%d are active", c.Active)
	}
	for _, r := range append(partnership.Followers("1", "7"), partnership.Tell("1", "7")) {
		if _, waits := storage.Read[action.Action](x, r.Key()); !waits {
			t.Errorf("%s does not follow", r.Name)
		}
	}
	if e.Reason != "\\<@9> told lies" {
		t.Errorf("the reason is %q", e.Reason)
	}
	if _, again := partnership.End(x, "1", "7", blocked); again || partnership.CountsOf(x, "1").Active != 0 {
		t.Error("it ended twice")
	}

	b, err := json.Marshal(e)
	var back partnership.Ended
	if err != nil || json.Unmarshal(b, &back) != nil || back.Partner != "7" || back.Why != "blocked" || back.Reason != e.Reason {
		t.Errorf("kept as %s: %v", b, err)
	}
}

func TestLoad(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	x := tx(append(partnership.EndKeys("1", "7", "70"), partnership.EndedKey("1", "7", "71")))
	load := func(application, want string) {
		t.Helper()
		_, err := partnership.Load(x, "1", "7", application)
		no, got := new(refuse.Error), ""
		if errors.As(err, &no) {
			got = no.Key
		}
		if got != want {
			t.Errorf("Load of %s is refused with %q, want %q", application, got, want)
		}
	}
	load("70", "partnership.not-found")
	partnership.Start(x, "1", partnership.Partnership{Partner: "7", Application: "70", Contact: "9", Since: now})
	load("70", "")
	load("71", "partnership.not-found")
	partnership.End(x, "1", "7", partnership.Ending{At: now, EndedBy: "9", Why: partnership.WhyContact})
	load("70", "end.already")

	// A new partnership with the same partner is another one.
	partnership.Start(x, "1", partnership.Partnership{Partner: "7", Application: "71", Contact: "9", Since: now})
	load("70", "end.already")
	load("71", "")
}
