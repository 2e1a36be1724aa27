package apply_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A walk is a guild to which things happen, one after another.
type walk struct {
	*testing.T
	rand  *rand.Rand
	items map[storage.Key]storage.Item
	now   time.Time
	sent  int
	cases []apply.Case // of every form that was queued
	did   map[string]int
}

// do reads keys, lets change change them, and writes what it changed unless it fails.
func (w *walk) do(what string, keys []storage.Key, change func(*storage.Tx) error) {
	w.Helper()
	var read []storage.Item
	seen := map[storage.Key]bool{}
	for _, k := range append(keys, settings.Key(home)) {
		if seen[k] {
			continue
		}
		seen[k] = true
		it, ok := w.items[k]
		if !ok {
			it = storage.Item{Key: k}
		}
		read = append(read, it)
	}
	tx := storage.Of(read...)
	err := change(tx)
	changes, broken := tx.Changes()
	if broken != nil {
		w.Fatalf("%s: %v", what, broken)
	}
	if err != nil {
		w.did[what+": "+reason(err)]++
		return
	}
	w.did[what]++
	for _, it := range changes {
		if it.Value == nil {
			delete(w.items, it.Key)
			continue
		}
		it.Version = 1
		w.items[it.Key] = it
	}
}

// one picks one of n IDs that begin with prefix.
func (w *walk) one(prefix string, n int) string { return fmt.Sprint(prefix, w.rand.IntN(n)) }

// send sends a form, as a member or as a manager, and has it queued.
func (w *walk) send(l partnership.Limits) {
	w.sent++
	c := apply.Case{ID: fmt.Sprint(10000 + w.sent), Partner: w.one("7", 7), Applicant: w.one("9", 5)}
	d := apply.Draft{ID: c.ID, Applicant: c.Applicant, Source: apply.Slash,
		Form: apply.Form{Invite: "abcdef", Category: "Community", Description: "Calm."}}
	if w.rand.IntN(5) == 0 {
		d.Source, d.By = apply.Manual, "5"
	}
	w.do("send", append(apply.SendKeys(home, c.Applicant, c.ID), apply.UserKey(home, "5")), func(tx *storage.Tx) error {
		return apply.Send(tx, home, d, "token", l, w.now)
	})
	found := partnership.Invite{Code: "abcdef", Permanent: true, Server: partnership.Server{ID: c.Partner, Name: "Lighthouse", Members: 500}}
	w.do("queue", apply.QueueKeys(home, d, c.Partner), func(tx *storage.Tx) error {
		did := apply.Queue(tx, home, c.ID, found, l, w.now)
		if w.did["queue "+did]++; did == "apply.send" {
			w.cases = append(w.cases, c)
		}
		return nil
	})
}

// step lets something happen.
func (w *walk) step(l partnership.Limits) {
	w.now = w.now.Add(time.Duration(w.rand.IntN(120)) * time.Minute)
	if w.rand.IntN(3) == 0 || len(w.cases) == 0 {
		w.send(l)
		return
	}
	c := w.cases[max(len(w.cases)-1-w.rand.IntN(6), 0)]
	t := block.Target{What: block.Server, ID: w.one("7", 7)}
	if w.rand.IntN(2) == 0 {
		t = block.Target{What: block.User, ID: w.one("9", 5)}
	}
	e := block.Entry{Target: t, By: "5", At: w.now, Until: block.After(w.rand.IntN(3), w.now)}
	keys := append(append(c.BlockKeys(home), block.Keys(home, t)...), partnership.EndKeys(home, t.ID, "")...)
	ops := []struct {
		what string
		do   func(*storage.Tx) error
	}{
		{"approve", func(tx *storage.Tx) error { _, err := c.Approve(tx, home, "5", l, w.now); return err }},
		{"deny", func(tx *storage.Tx) error { _, err := c.Deny(tx, home, "5", "no", "", w.now); return err }},
		{"withdraw", func(tx *storage.Tx) error { _, err := c.Withdraw(tx, home, c.Applicant, w.now); return err }},
		{"expire", func(tx *storage.Tx) error { _, err := c.Expire(tx, home, w.now); return err }},
		{"block", func(tx *storage.Tx) error { _, err := c.Block(tx, home, e, w.rand.IntN(2) == 0, l); return err }},
		{"enforce", func(tx *storage.Tx) error { _, _, err := c.Enforce(tx, home, w.now); return err }},
		{"add", func(tx *storage.Tx) error { return block.Add(tx, home, e, l) }},
		{"remove", func(tx *storage.Tx) error { _, err := block.Remove(tx, home, t); return err }},
		{"lift", func(tx *storage.Tx) error { block.Expire(tx, home, t, w.now); return nil }},
		{"end", func(tx *storage.Tx) error {
			partnership.End(tx, home, t.ID, partnership.Ending{At: w.now, EndedBy: "5", Why: partnership.WhyBlocked})
			return nil
		}},
	}
	op := ops[w.rand.IntN(len(ops))]
	w.do(op.what, keys, op.do)
}

// counted checks that the counts are the numbers of items, and within limits.
func (w *walk) counted(l partnership.Limits) {
	w.Helper()
	var there partnership.Counts
	pending := 0
	for k, it := range w.items {
		switch {
		case strings.HasPrefix(k.Sort, partnership.Prefix):
			there.Active++
		case strings.HasPrefix(k.Sort, block.Prefix):
			there.Blocks++
		case strings.HasPrefix(k.Sort, "pending#"):
			there.Pending++
		case it.Kind == "application":
			if a, err := storage.Decode[apply.Application](it); err == nil && a.Status == apply.Pending {
				pending++
			}
		}
	}
	counts := w.items[partnership.CountsKey(home)]
	counts.Key = partnership.CountsKey(home) // where there are none yet
	c := partnership.CountsOf(storage.Of(counts), home)
	if c != there || pending != c.Pending {
		w.Fatalf("counts are %+v, items %+v, %d are pending", c, there, pending)
	}
	if c.Active > l.Active || c.Pending > l.Pending || c.Blocks > l.Blocks {
		w.Fatalf("%+v, beyond %+v", c, l)
	}
}

// FAULTS R11: after 10,000 random changes every count is that of its items.
func TestCountsAreRight(t *testing.T) {
	seed := rand.Uint64()
	w := &walk{T: t, rand: rand.New(rand.NewPCG(seed, 1)), items: map[storage.Key]storage.Item{}, did: map[string]int{},
		now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
	w.do("set up", nil, func(tx *storage.Tx) error {
		s := settings.Default()
		s.Review, s.Showcase, s.Cooldown, s.Expiry = "30", "31", 0, 1
		tx.Set(settings.Key(home), s)
		return nil
	})
	l := partnership.Limits{Active: 3, Pending: 3, Blocks: 4}
	for i := range 10_000 {
		w.step(l)
		if i%50 == 0 {
			w.counted(l)
		}
	}
	w.counted(l)
	for _, what := range []string{"approve", "deny", "withdraw", "expire", "block", "enforce", "add", "remove", "lift", "end",
		"queue apply.send", "queue partnership.add", "queue block.refuse", "approve: partnership.full-hard", "add: block.full"} {
		if w.did[what] == 0 {
			t.Errorf("%s never happened", what)
		}
	}
	if t.Failed() {
		t.Logf("seed %d: %v", seed, w.did)
	}
}
