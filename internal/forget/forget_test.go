package forget_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/forget"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// tx is what a guild reads that has nothing about user 9.
func tx() *storage.Tx {
	var items []storage.Item
	for _, k := range forget.Keys("1", "9") {
		items = append(items, storage.Item{Key: k})
	}
	return storage.Of(items...)
}

func TestMay(t *testing.T) {
	t.Parallel()
	done := noon().Add(-30 * time.Minute)
	tests := []struct {
		name     string
		partners []partnership.Partnership
		progress *forget.Progress
		refused  string // "" if they may
	}{
		{"nothing", nil, nil, ""},
		{"of another partner", []partnership.Partnership{{Contact: "8"}}, nil, ""},
		{"contact", []partnership.Partnership{{Contact: "8"}, {Contact: "9"}}, nil, "forget.contact"},
		{"running", nil, &forget.Progress{Asked: noon()}, "forget.running"},
		{"done lately", nil, &forget.Progress{Done: done}, "forget.lately"},
		{"exactly at the boundary", nil, &forget.Progress{Done: noon().Add(-forget.Every)}, ""},
		{"done long ago", nil, &forget.Progress{Done: noon().Add(-2 * forget.Every)}, ""},
	}
	for _, tt := range tests {
		x := tx()
		if tt.progress != nil {
			x.Set(forget.Key("1", "9"), *tt.progress)
		}
		err := forget.May(x, "1", "9", tt.partners, noon())
		no, got := new(refuse.Error), ""
		if errors.As(err, &no) {
			got = no.Key
		}
		if got != tt.refused {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.refused)
		}
	}
}

func TestScrub(t *testing.T) {
	t.Parallel()
	const user = "700000000000000001"
	tests := []struct{ value, want string }{
		{`{"by":"700000000000000001"}`, `{"by":"deleted-user"}`},
		{`{"by":"700000000000000002"}`, ``},
		{`{"by":"7000000000000000011"}`, ``}, // another, longer ID
		{`{"by":"1700000000000000001"}`, ``},
		{`{"list":["1","700000000000000001"],"in":{"deep":{"by":"700000000000000001"}}}`, `{"in":{"deep":{"by":"deleted-user"}},"list":["1","deleted-user"]}`},
		{`{"note":"ask <@700000000000000001>, or 700000000000000001!"}`, `{"note":"ask \u003c@deleted-user\u003e, or deleted-user!"}`},
		{`{"note":"7000000000000000012 or 700000000000000001"}`, `{"note":"7000000000000000012 or deleted-user"}`},
		{`{"700000000000000001":1}`, `{"deleted-user":1}`},
		{`{"n":12345678901234567890,"by":"700000000000000001"}`, `{"by":"deleted-user","n":12345678901234567890}`},
		{`{"n":700000000000000001}`, ``}, // a number is no ID
	}
	for _, tt := range tests {
		got, named := forget.Scrub(json.RawMessage(tt.value), user)
		want := tt.want
		if want == "" {
			want = tt.value
		}
		if string(got) != want || named != (tt.want != "") {
			t.Errorf("Scrub(%s) = %s, %v", tt.value, got, named)
		}
		if again, named := forget.Scrub(got, user); named || string(again) != string(got) {
			t.Errorf("once more, it became %s", again)
		}
	}
}
