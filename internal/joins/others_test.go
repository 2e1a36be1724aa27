package joins_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// A cabinet is a store with the books of guild 1, of which the size of the latest write
// is known.
type cabinet struct {
	storage.DB
	t       testing.TB
	s       int // seconds since noon
	written int // bytes
}

// stand returns an empty cabinet.
func stand(t testing.TB, file string) *cabinet {
	db, err := bolt.Open(file, time.Now, bolt.Unsynced)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return &cabinet{DB: db, t: t}
}

func (b *cabinet) Put(ctx context.Context, items ...storage.Item) error {
	b.written = 0
	for _, it := range items {
		b.written += len(it.Key.Sort) + len(it.Value)
	}
	return b.DB.Put(ctx, items...)
}

// poll books what is seen twelve minutes after the poll before.
func (b *cabinet) poll(invites ...joins.Invite) {
	b.t.Helper()
	b.s += 720
	p := joins.Poll{Start: at(b.s), End: at(b.s), Invites: invites}
	err := storage.Update(b.t.Context(), b, joins.Keys("1", p.Start), func(tx *storage.Tx) error {
		joins.Book(tx, "1", p, p.End)
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// state returns the others, and what they brought on all days.
func (b *cabinet) state() (o joins.Others, counted int) {
	b.t.Helper()
	err := storage.Update(b.t.Context(), b, []storage.Key{joins.OthersKey("1")}, func(tx *storage.Tx) error {
		o = joins.OthersOf(tx, "1")
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	page, err := b.List(b.t.Context(), joins.Days("1", noon()))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, it := range page.Items {
		d, err := storage.Decode[joins.Day](it)
		if err != nil {
			b.t.Fatal(err)
		}
		counted += d.Books[joins.ByOther].Counted
	}
	return o, counted
}

// strangers are so many invites that were never used.
func strangers(n int) (list []joins.Invite) {
	for i := range n {
		list = append(list, in(fmt.Sprintf("code-%04d", i), 0))
	}
	return list
}

// TestWriteCostsWhatChanged: how many invites a server has that are no partner's
// makes no difference to what it costs that one of them was used.
func TestWriteCostsWhatChanged(t *testing.T) {
	t.Parallel()
	for _, n := range []int{10, 100, 1000, 3000} {
		b := stand(t, filepath.Join(t.TempDir(), "db"))
		all := strangers(n)
		b.poll(all...)
		*all[n/2].Uses = 1
		b.poll(all...)
		size := b.written
		if o, counted := b.state(); counted != 1 || len(o.Invites) != n {
			t.Errorf("of %d, %d are known, and %d joins are counted, want 1", n, len(o.Invites), counted)
		}
		if t.Logf("of %d, one was used: %d bytes", n, size); size > 10<<10 {
			t.Errorf("that one of %d was used is a write of %d bytes", n, size)
		}
	}
}

// TestOthersKeptWhole: what an earlier version kept in one item goes on where it was.
func TestOthersKeptWhole(t *testing.T) {
	t.Parallel()
	b := stand(t, filepath.Join(t.TempDir(), "db"))
	var kept []string
	all := strangers(1000)
	for _, v := range all {
		*v.Uses = 7
		kept = append(kept, fmt.Sprintf(`{"code":%q,"created":"2026-11-21T12:00:00Z","base":5,"uses":6}`, v.Code))
	}
	whole := `{"polled":"2026-11-21T12:00:00Z","invites":[` + strings.Join(kept, ",") + `]}`
	if err := b.Put(t.Context(), storage.Item{Key: joins.OthersKey("1"), Kind: "others", Schema: 1, Value: []byte(whole)}); err != nil {
		t.Fatal(err)
	}
	b.poll(all...)
	o, counted := b.state()
	if counted != 1000 || len(o.Invites) != 1000 || o.Invites[999].Base != 5 {
		t.Errorf("%d joins are counted by %d invites, want 1000; the last is %+v", counted, len(o.Invites), o.Invites[len(o.Invites)-1])
	}
	*all[3].Uses++
	if b.poll(all...); b.written > 10<<10 {
		t.Errorf("then a write has %d bytes", b.written)
	}
}

// TestPartsHoldWhatIsThere has invites come, be used and go, many at a time: all are
// known, with each use since, and what a purge that was cut off left behind is not.
func TestPartsHoldWhatIsThere(t *testing.T) {
	t.Parallel()
	dir, runs := t.TempDir(), 0
	rapid.Check(t, func(r *rapid.T) {
		runs++
		b := stand(t, filepath.Join(dir, fmt.Sprint(runs)))
		defer b.DB.(*bolt.DB).Close()
		for n := range 64 {
			left := storage.Item{Key: joins.OthersKey("1"), Version: storage.Any, Kind: "others-part", Schema: 1}
			left.Key.Sort += fmt.Sprint("#", n)
			left.Value = []byte(`{"invites":[{"code":"left","created":"2026-11-21T12:00:00Z","base":0,"uses":9}]}`)
			if err := b.Put(t.Context(), left); err != nil {
				r.Fatal(err)
			}
		}
		all, joined := strangers(rapid.IntRange(0, 300).Draw(r, "at first")), 0
		if rapid.IntRange(0, 4).Draw(r, "one code") == 0 { // so that the other parts are empty
			for i := range all {
				all[i] = remade("code", i, 0)
			}
		}
		b.poll(all...)
		for range 4 {
			for range rapid.IntRange(0, 20).Draw(r, "joins") {
				if len(all) > 0 {
					*all[rapid.IntRange(0, len(all)-1).Draw(r, "by")].Uses++
					joined++
				}
			}
			b.poll(all...)
			all = all[:min(len(all), rapid.IntRange(0, 300).Draw(r, "stay"))]
			b.poll(all...)
			b.poll(all...) // now they are gone
			o, counted := b.state()
			if counted != joined || len(o.Invites) != len(all) && len(all) > 0 {
				r.Fatalf("%d joined by %d invites; %d are counted by %d, in %d parts", joined, len(all), counted, len(o.Invites), o.Parts)
			}
			for i, x := range o.Invites {
				if len(all) > 0 && (x.Code != all[i].Code || x.Uses != *all[i].Uses) {
					r.Fatalf("%+v is kept of %s, which was used %d times", x, all[i].Code, *all[i].Uses)
				}
			}
			for range rapid.IntRange(0, 300).Draw(r, "come") {
				b.s++
				all = append(all, remade(fmt.Sprintf("later-%06d", b.s), b.s, 0))
			}
			b.poll(all...)
		}
	})
}
