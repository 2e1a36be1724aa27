package worker_test

import (
	"context"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// TestTouchedWhileBlocking: the retry that a change of settings, or Retry, leaves
// may run before the action is blocked, and finds nothing then. A clock may say of
// the taking and of the touch that they were at once.
func TestTouchedWhileBlocking(t *testing.T) {
	type touch func(tx *storage.Tx, b *bench)
	save := func(tx *storage.Tx, b *bench) {
		settings.Save(tx, b.Guild, settings.Of(tx, b.Guild), b.Actions.Now())
	}
	again := func(tx *storage.Tx, b *bench) { settings.Again(tx, b.Guild, b.Actions.Now()) }
	for name, tt := range map[string]struct {
		touch
		stands bool // the clock
	}{
		"settings":                     {save, false},
		"settings at the same instant": {save, true},
		"Retry":                        {again, false},
		"Retry at the same instant":    {again, true},
	} {
		t.Run(name, func(t *testing.T) { touchedWhileBlocking(t, tt.touch, tt.stands) })
	}
}

func touchedWhileBlocking(t *testing.T, touch func(*storage.Tx, *bench), stands bool) {
	b := newBench(t)
	first := true
	b.Discord = touchy{b.Discord, "", false, func(context.Context) error {
		if !first {
			return nil
		}
		first = false
		b.update(settings.Keys(b.Guild), func(tx *storage.Tx) {
			touch(tx, b)
		})
		if _, err := b.Do(t.Context(), settings.Retry(b.Guild)); err != nil {
			t.Error(err)
		}
		return action.Blocking("worker.no-showcase-channel")
	}}
	listing, clock := b.partners(1)[0], b.Actions.Now
	if now := b.Now(); stands {
		b.Actions.Now = func() time.Time { return now }
	}
	if tried, err := b.Do(t.Context(), listing); err != nil || !tried {
		t.Fatal(tried, err)
	}
	b.Actions.Now = clock
	b.sweep(0)
	b.wantListed(1)
}
