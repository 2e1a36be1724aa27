package panel_test

import (
	"errors"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/panel"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

func TestPanel(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	var items []storage.Item
	for _, k := range panel.Keys("1", "5") {
		items = append(items, storage.Item{Key: k})
	}
	tx := storage.Of(items...)
	no := new(refuse.Error)
	if err := panel.Remove(tx, "1", "5", at); !errors.As(err, &no) || no.Key != "panel.not-found" {
		t.Errorf("remove none: %v", err)
	}
	for turn := 1; turn <= 2; turn++ {
		panel.Put(tx, "1", "5", "3", at)
		if p, ok := panel.Of(tx, "1", "5"); !ok || p.Turn != turn || p.Shown != 0 || p.Channel != "5" || p.By != "3" {
			t.Errorf("turn %d: %+v", turn, p)
		}
	}
	if err := panel.Remove(tx, "1", "5", at); err != nil {
		t.Error(err)
	}
	if _, ok := panel.Of(tx, "1", "5"); ok {
		t.Error("it is still there")
	}
	if _, err := tx.Changes(); err != nil {
		t.Error(err)
	}
}
