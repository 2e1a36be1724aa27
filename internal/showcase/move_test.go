package showcase_test

import (
	"encoding/json"
	"testing"

	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
)

func TestMoveIn(t *testing.T) {
	t.Parallel()
	homes := []showcase.Home{
		{Mode: settings.Single, Parent: "1", Place: "1"}, {Mode: settings.Forum, Parent: "2", Place: "20"},
		{Mode: settings.Forum, Parent: "3", Place: "30"}, {Mode: settings.Forum, Parent: "2"}, {},
	}
	var page storage.Page
	for _, h := range homes {
		b, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		kind, schema := h.Kind()
		page.Items = append(page.Items, storage.Item{Kind: kind, Schema: schema, Value: b})
	}
	tests := []struct {
		chosen settings.Settings
		want   showcase.Move
	}{
		{settings.Settings{Mode: settings.Forum, Forum: "2", Showcase: "1"}, showcase.Move{Moved: 1, All: 3}},
		{settings.Settings{Mode: settings.Single, Showcase: "1"}, showcase.Move{Moved: 1, All: 3}},
		{settings.Settings{Mode: settings.Channels, Category: "2"}, showcase.Move{All: 3}},
		{settings.Settings{Mode: settings.Channels, Showcase: "1"}, showcase.Move{}},
	}
	for _, tt := range tests {
		got, err := showcase.MoveIn(page, tt.chosen)
		if err != nil || got != tt.want || got.Over() != (tt.want.All == tt.want.Moved) {
			t.Errorf("%s: %+v, %v; want %+v", tt.chosen.Mode, got, err, tt.want)
		}
	}
	if _, err := showcase.MoveIn(storage.Page{Items: []storage.Item{{Kind: "post", Schema: 1}}}, settings.Default()); err == nil {
		t.Error("something else is taken for a home")
	}
}
