package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// filled makes a store with one item, of whom the options say.
func filled(t *testing.T, path string, of ...bolt.Option) {
	t.Helper()
	db, err := bolt.Open(path, time.Now, of...)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Put(t.Context(), storage.Item{Key: storage.Key{Table: storage.Records, Part: "p", Sort: "s"}, Value: []byte(`{}`)}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// said is a writer that is called when the program says that it serves.
type said func()

func (s said) Write(b []byte) (int, error) {
	s()
	return len(b), nil
}

// TestOpensNoStoreOfOthers: the simulation begins its own store anew, and touches none
// that it did not make, whatever it is told to do with it.
func TestOpensNoStoreOfOthers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func(t *testing.T, path string)
		mine bool
	}{
		{"none", func(*testing.T, string) {}, true},
		{"its own", func(t *testing.T, path string) { filled(t, path, bolt.Of(bolt.Simulation)) }, true},
		{"its own, of an earlier version", func(t *testing.T, path string) {
			filled(t, path)
			if err := os.WriteFile(path+bolt.Earlier, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, true},
		{"an application's", func(t *testing.T, path string) { filled(t, path, bolt.Of("123456789012345678")) }, false},
		{"nobody's", func(t *testing.T, path string) { filled(t, path) }, false},
		{"an empty file", func(t *testing.T, path string) {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"a text", func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte("state"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, false},
	}
	for _, tt := range tests {
		for _, flags := range [][]string{nil, {"-keep"}} {
			t.Run(tt.name+strings.Join(flags, ""), func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "dev.db")
				tt.make(t, path)
				before, _ := os.ReadFile(path)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				err := run(ctx, append(flags, "-addr", "127.0.0.1:0", "-data", path), func(string) string { return "" }, said(cancel), t.Output())
				if (err == nil) != tt.mine || err != nil && (strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), path)) {
					t.Errorf("it ended with %v; the store is its own: %v", err, tt.mine)
				}
				if after, _ := os.ReadFile(path); !tt.mine && !bytes.Equal(before, after) {
					t.Error("it changed a store that it did not make")
				}
			})
		}
	}
}

// TestSaysThatItOnlySimulates: whoever names a real Discord is told that nobody looks.
func TestSaysThatItOnlySimulates(t *testing.T) {
	t.Parallel()
	for set, want := range map[string]bool{"DISCORD_TOKEN": true, "DISCORD_API_URL": true, "DISCORD_TOKN": true, "DISCORD_OPENAPI": false, "HOME": false} {
		var said bytes.Buffer
		warn([]string{"PATH=/bin", set + "=x"}, &said)
		if strings.Contains(said.String(), "only simulates") != want || strings.Count(said.String(), "\n") > 1 || want && !strings.Contains(said.String(), "./scripts/serve") {
			t.Errorf("%s: it says %q", set, &said)
		}
	}
}
