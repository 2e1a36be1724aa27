package audit_test

import (
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// at is when everything happens here.
func at() time.Time { return time.Date(2026, 2, 28, 23, 59, 59, 0, time.UTC) }

// written returns the sorts of what Write writes in a guild with the given log channel.
func written(t *testing.T, log string, e audit.Entry) (sorts []string) {
	t.Helper()
	keys := audit.Keys("1")
	tx := storage.Of(storage.Item{Key: keys[0]}, storage.Item{Key: keys[1]})
	s := settings.Default()
	s.Log = log
	tx.Set(settings.Key("1"), s)
	audit.Write(tx, "1", "77", e)
	items, err := tx.Changes()
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range items[1:] {
		sorts = append(sorts, it.Key.Part+" "+it.Key.Sort)
	}
	return sorts
}

func TestWrite(t *testing.T) {
	const stamp = "1772323199000000#77"
	tests := []struct {
		name, log string
		entry     audit.Entry
		want      []string // beside the action
	}{
		{"of the guild", "", audit.Entry{}, []string{"guild#1 audit#" + stamp}},
		{"about something", "", audit.Entry{About: "5"}, []string{"guild#1 audit#" + stamp, "guild#1 trail#5#" + stamp}},
		{"about a partner's application", "", audit.Entry{About: "5", Partner: "6"}, []string{"guild#1 audit#" + stamp, "guild#1 trail#6#" + stamp}},
		{"with a log channel", "9", audit.Entry{}, []string{"guild#1 audit#" + stamp, "log#1 " + stamp}},
		{"a member's own affair", "9", audit.Entry{Own: true}, []string{"guild#1 audit#" + stamp}},
		{"refused", "9", audit.Entry{Refused: true}, []string{"guild#1 audit#" + stamp}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.entry.At = at()
			got := written(t, tt.log, tt.entry)
			posts := len(got) > len(tt.want)
			if posts != (tt.log != "" && !tt.entry.Refused && !tt.entry.Own) {
				t.Errorf("posted: %v", got)
			}
			if !slices.Equal(got[:min(len(got), len(tt.want))], tt.want) {
				t.Errorf("written %v, want %v", got, tt.want)
			}
		})
	}
}

func TestRefusedExpires(t *testing.T) {
	if e := (audit.Entry{At: at(), Refused: true}); !e.ExpiresAt().Equal(at().Add(30 * 24 * time.Hour)) {
		t.Errorf("a refused attempt is kept until %v", e.ExpiresAt())
	}
	if e := (audit.Entry{At: at()}); !e.ExpiresAt().IsZero() {
		t.Error("a change is not kept for ever")
	}
}

// waiting is a page of entries that wait.
func waiting(sorts ...string) (page storage.Page) {
	for _, sort := range sorts {
		page.Items = append(page.Items, storage.Item{
			Key: storage.Key{Table: storage.Actions, Part: "log#1", Sort: sort}, Version: 1,
			Kind: "entry", Schema: 1, Value: []byte(`{"what":"` + sort + `"}`),
		})
	}
	return page
}

// TestNext wants a batch that was begun to stay as it is, whatever comes meanwhile.
func TestNext(t *testing.T) {
	l, list, err := audit.Log{Number: 3}.Next(waiting("b", "c"), "9")
	if err != nil || len(list) != 2 || l.Channel != "9" || l.Last() != "c" {
		t.Fatalf("Next = %+v, %v, %v", l, list, err)
	}
	again, list, err := l.Next(waiting("a", "b", "c", "d"), "10")
	if err != nil || !slices.Equal(again.Batch, []string{"b", "c"}) || again.Channel != "9" || len(list) != 2 || list[0].What != "b" {
		t.Errorf("Next of a batch that was begun = %+v, %v, %v", again, list, err)
	}
	gone, list, err := l.Next(waiting("d"), "9")
	if err != nil || len(gone.Batch) != 2 || len(list) != 0 {
		t.Errorf("Next of a batch that is over = %+v, %v, %v", gone, list, err)
	}
	none, _, _ := audit.Log{}.Next(storage.Page{}, "9")
	if len(none.Batch) != 0 || none.Last() != "" {
		t.Errorf("Next of nothing = %+v", none)
	}
}
