package partnership_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
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
	x := tx(partnership.StartKeys("1", "7"))
	partnership.Start(x, "1", partnership.Partnership{Partner: "7", Application: "70", Contact: "9", Since: now})
	e, ok := partnership.End(x, "1", "7", "5", partnership.WhyBlocked, now.Add(time.Hour))
	if !ok || e.Contact != "9" || e.EndedBy != "5" || !e.At.Equal(now.Add(time.Hour)) {
		t.Fatalf("End = %+v, %v", e, ok)
	}
	if _, active := storage.Read[partnership.Partnership](x, partnership.Key("1", "7")); active {
		t.Error("it is still active")
	}
	if c := partnership.CountsOf(x, "1"); c.Active != 0 {
		t.Errorf("%d are active", c.Active)
	}
	if _, waits := storage.Read[action.Action](x, partnership.Sync("1", "7").Key()); !waits {
		t.Error("the listing stays")
	}
	if _, again := partnership.End(x, "1", "7", "5", partnership.WhyBlocked, now); again || partnership.CountsOf(x, "1").Active != 0 {
		t.Error("it ended twice")
	}

	b, err := json.Marshal(e)
	var back partnership.Ended
	if err != nil || json.Unmarshal(b, &back) != nil || back.Partner != "7" || back.Why != "blocked" {
		t.Errorf("kept as %s: %v", b, err)
	}
}
