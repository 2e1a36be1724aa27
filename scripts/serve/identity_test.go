package main_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// refused runs the program on a file with one variable changed.
func (h *host) refused(file, variable, value string, words ...string) {
	h.Helper()
	environment := h.environment()
	if variable != "" {
		environment[variable] = value
	}
	refused(h.T, command(h.Context(), h.program, environment, "-addr", "127.0.0.1:0", "-data", file), words...)
}

// TestOnlyForItsApplication: the program works for the one application that its token,
// its ID and its store are of, and for no other.
func TestOnlyForItsApplication(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	const other = "123456789012345678"
	h.refused(h.data, "DISCORD_APPLICATION_ID", other, "the bot token is of application "+h.ApplicationID()+", not of "+other)
	h.refused(h.data, "DISCORD_TOKEN", "x", "refuses the bot token")
	if _, err := os.Stat(h.data); err == nil {
		t.Error("a store was made for another application")
	}
	stores := map[string][]bolt.Option{other: {bolt.Of(other)}, "simulated": {bolt.Of(bolt.Simulation)}}
	for words, of := range stores {
		path := filepath.Join(t.TempDir(), "entente.db")
		h.put(path, of...)
		h.refused(path, "", "", path, words)
	}
	earlier := filepath.Join(t.TempDir(), "entente.db")
	h.put(earlier)
	if err := os.WriteFile(earlier+bolt.Earlier, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h.refused(earlier, "", "", earlier, "simulated")
	h.put(h.data) // by an earlier version, which did not say whose it is
	h.start()
	if err := h.end(); err != nil {
		t.Error(err)
	}
	if owner, err := bolt.Owner(h.data); owner != h.ApplicationID() || err != nil {
		t.Errorf("the store is of %q, %v", owner, err)
	}
}

// put makes a store with a record in it.
func (h *host) put(path string, of ...bolt.Option) {
	h.Helper()
	db, err := bolt.Open(path, time.Now, of...)
	if err != nil {
		h.Fatal(err)
	}
	if err := storage.Update(h.Context(), db, []storage.Key{partnership.CountsKey(h.Guild)}, func(tx *storage.Tx) error {
		tx.Set(partnership.CountsKey(h.Guild), partnership.Counts{Active: 1})
		return nil
	}); err != nil {
		h.Fatal(err)
	}
	if err := db.Close(); err != nil {
		h.Fatal(err)
	}
}

// TestDamagedAtStart: a store that was cut short, emptied or overwritten is one line.
func TestDamagedAtStart(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.put(h.data)
	whole, err := os.ReadFile(h.data)
	if err != nil {
		t.Fatal(err)
	}
	for name, part := range map[string][]byte{"emptied": nil, "cut": whole[:8192], "overwritten": make([]byte, len(whole))} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, part, 0o600); err != nil {
			t.Fatal(err)
		}
		h.refused(path, "", "", path, "is damaged", "put the latest backup in its place")
	}
}

// healthy returns what GET /healthz says.
func (h *host) healthy() (status int, line string) {
	h.Helper()
	answer, err := http.Get(h.base + "/healthz")
	if err != nil {
		h.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		h.Fatal(err)
	}
	return answer.StatusCode, strings.TrimSpace(string(b))
}
