package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// keep runs the program for a task, and returns what it says.
func (h *host) keep(flags ...string) (string, error) {
	h.Helper()
	out, err := command(h.Context(), h.program, nil, append([]string{"-data", h.data}, flags...)...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// TestUpkeep backs a store up, makes it smaller and releases deletions, while the
// program runs and after it ended. No variable is needed for that.
func TestUpkeep(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	dir := t.TempDir()
	if said, err := h.keep("-compact"); err == nil || !strings.Contains(said, "there is no store") {
		t.Errorf("without a store: %q, %v", said, err)
	}
	h.put(h.data)
	day := time.Now().UTC()
	h.lose(day)
	h.start()
	for _, state := range []string{"running", "ended"} {
		backup := filepath.Join(dir, state)
		for _, flags := range [][]string{{"-backup", backup}, {"-compact"}, {"-release", day.Format(time.DateOnly)}} {
			if said, err := h.keep(flags...); err != nil || strings.Count(said, "\n") > 0 {
				t.Errorf("%s, %v: %q, %v", state, flags, said, err)
			}
		}
		for words, flags := range map[string][]string{"is there already": {"-backup", backup}, "no server was lost": {"-release", "2001-02-03"}, "is no day": {"-release", "x"}} {
			if said, err := h.keep(flags...); err == nil || !strings.Contains(said, words) {
				t.Errorf("%s, %v: %q, %v", state, flags, said, err)
			}
		}
		if owner, err := bolt.Owner(backup); owner != h.ApplicationID() || err != nil {
			t.Errorf("the backup is of %q, %v", owner, err)
		}
		if state == "running" {
			if status, line := h.healthy(); status != 200 || line != "ok" {
				t.Errorf("healthz: %d %s", status, line)
			}
			if err := h.end(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestHealth: a program whose store is damaged, or whose token is refused, says so.
func TestHealth(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.start()
	if status, line := h.healthy(); status != 200 || line != "ok" {
		t.Errorf("at first: %d %s", status, line)
	}
	if err := os.Truncate(h.data, 0); err != nil {
		t.Fatal(err)
	}
	if status, line := h.healthy(); status != 503 || !strings.Contains(line, h.data) || strings.Contains(line, "\n") {
		t.Errorf("the store is cut: %d %s", status, line)
	}
	if err := h.end(); err != nil {
		t.Errorf("asked to end, the program said %v", err)
	}
}

// lose notes in the store that a guild was lost on a day.
func (h *host) lose(day time.Time) {
	h.Helper()
	db, err := bolt.Open(h.data, time.Now)
	if err != nil {
		h.Fatal(err)
	}
	if err := storage.Update(h.Context(), db, removal.LossesKeys(day), func(tx *storage.Tx) error {
		removal.Lose(tx, day)
		return nil
	}); err != nil {
		h.Fatal(err)
	}
	if err := db.Close(); err != nil {
		h.Fatal(err)
	}
}
