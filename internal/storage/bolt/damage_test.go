package bolt_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// large is an item that fills a good part of a page.
func large(n int) storage.Item {
	it := item(fmt.Sprintf("%06d", n))
	it.Value = []byte(`{"a":"` + strings.Repeat("x", 1000) + `"}`)
	return it
}

// full makes a store of 200 large items, and returns its bytes.
func full(t *testing.T, path string) []byte {
	t.Helper()
	db, err := bolt.Open(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		if err := db.Put(t.Context(), large(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestDamagedFile: a file that is cut, emptied or overwritten is an error that names
// it and what to do, when it is opened or when it is read; never a panic, nor a new one.
func TestDamagedFile(t *testing.T) {
	t.Parallel()
	whole := full(t, filepath.Join(t.TempDir(), "db"))
	page := os.Getpagesize()
	zeros := func(from, to int) func([]byte) []byte {
		return func(b []byte) []byte { clear(b[from:to]); return b }
	}
	tests := map[string]func([]byte) []byte{
		"empty":           func([]byte) []byte { return nil },
		"one byte":        func(b []byte) []byte { return b[:1] },
		"one page":        func(b []byte) []byte { return b[:page] },
		"two pages":       func(b []byte) []byte { return b[:2*page] },
		"half":            func(b []byte) []byte { return b[:len(b)/2] },
		"no heads":        zeros(0, 2*page),
		"zeros":           zeros(0, len(whole)),
		"zeros but heads": zeros(2*page, len(whole)),
		"a text":          func([]byte) []byte { return []byte(strings.Repeat("this is no store\n", 1000)) },
	}
	for from := 2 * page; from < len(whole); from += 7 * page { // some page among the others
		tests[fmt.Sprint("a page of zeros at ", from)] = zeros(from, from+page)
	}
	for name, change := range tests {
		path := filepath.Join(t.TempDir(), "db")
		if err := os.WriteFile(path, change(append([]byte{}, whole...)), 0o600); err != nil {
			t.Fatal(err)
		}
		err := use(t, path)
		if err == nil && strings.HasPrefix(name, "a page") {
			continue // one that was free, or of an earlier transaction
		}
		if !errors.Is(err, bolt.ErrDamaged) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "backup") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want one line that says it is damaged", name, err)
		}
	}
}

// use opens a store and does everything with it. It returns the first error, and fails
// the test if what is written is not there.
func use(t *testing.T, path string) (first error) {
	t.Helper()
	db, err := bolt.Open(path, time.Now)
	if err != nil {
		return err
	}
	note := func(err error) {
		if first == nil {
			first = err
		}
	}
	_, err = db.List(t.Context(), storage.Query{Table: storage.Records, Part: "p", Limit: 1000})
	note(err)
	for i := range 400 {
		it := large(i)
		it.Version = storage.Any
		err := db.Put(t.Context(), it)
		note(err)
		items, got := db.Get(t.Context(), it.Key)
		note(got)
		if err == nil && got == nil && items[0].Version == 0 {
			t.Errorf("%v was reported as stored, and is not", it.Key)
		}
	}
	_, err = db.Purge(t.Context(), 10)
	note(err)
	note(db.Close())
	return first
}

// TestCutWhileOpen: the file is cut short below a store that is open.
func TestCutWhileOpen(t *testing.T) {
	t.Parallel()
	for _, size := range []int64{0, 8192, 100_000} {
		path := filepath.Join(t.TempDir(), "db")
		full(t, path)
		db, err := bolt.Open(path, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		if _, err := db.List(t.Context(), storage.Query{Table: storage.Records, Part: "p", Limit: 1000}); !errors.Is(err, bolt.ErrDamaged) {
			t.Errorf("cut to %d: List = %v", size, err)
		}
		if err := db.Put(t.Context(), large(500)); !errors.Is(err, bolt.ErrDamaged) || !strings.Contains(err.Error(), path) {
			t.Errorf("cut to %d: Put = %v", size, err)
		}
		if err := db.Close(); err != nil && size > 0 {
			t.Errorf("cut to %d: Close = %v", size, err)
		}
	}
}

// TestMark: a file says whose it is, and of which format.
func TestMark(t *testing.T) {
	t.Parallel()
	tests := []struct{ made, opened, refused string }{
		{"", "", ""}, {"", "1", ""}, {"1", "1", ""}, {"1", "", ""}, {bolt.Simulation, bolt.Simulation, ""},
		{"1", "2", "belongs to application 1, not to 2"}, {bolt.Simulation, "1", "a simulated Discord filled it"},
		{"1", bolt.Simulation, "belongs to application 1"}, {"", bolt.Simulation, "may hold the state of a real Discord"},
	}
	for _, tt := range tests {
		path := filepath.Join(t.TempDir(), "db")
		for i, owner := range []string{tt.made, tt.opened} {
			db, err := bolt.Open(path, time.Now, bolt.Of(owner))
			switch {
			case i == 1 && tt.refused != "":
				if !errors.Is(err, bolt.ErrForeign) || !strings.Contains(err.Error(), tt.refused) || !strings.Contains(err.Error(), path) {
					t.Errorf("made by %q, opened by %q: %v", tt.made, tt.opened, err)
				}
			case err != nil:
				t.Errorf("made by %q, opened by %q: %v", tt.made, owner, err)
			default:
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}
		}
	}
}
