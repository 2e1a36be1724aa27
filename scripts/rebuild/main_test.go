package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// TestBegin: the call is due at once, and a call that is under way begins anew.
func TestBegin(t *testing.T) {
	t.Parallel()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "db"), time.Now, bolt.Unsynced)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for range 2 {
		if err := begin(t.Context(), db, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	tx, err := storage.Begin(t.Context(), db, roll.Keys()...)
	if err != nil {
		t.Fatal(err)
	}
	if a, _ := storage.Read[action.Action](tx, roll.Call().Key()); a.State != action.Due || a.Due.After(time.Now()) || roll.Missing(tx) {
		t.Errorf("the call is %+v", a)
	}
}

// TestRefused: what is missing is named before anything is asked for.
func TestRefused(t *testing.T) {
	t.Parallel()
	nothing := func(string) string { return "" }
	if err := run(t.Context(), nil, nothing); err == nil || !strings.Contains(err.Error(), "ENTENTE_RECORDS_TABLE") {
		t.Errorf("without tables: %v", err)
	}
	if err := run(t.Context(), []string{"now"}, nothing); err == nil || !strings.Contains(err.Error(), "no arguments") {
		t.Errorf("with an argument: %v", err)
	}
}
