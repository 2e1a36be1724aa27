package worker_test

import (
	"context"
	"testing"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// TestTouchedWhileBlocking: the retry that a change of settings, or Retry, leaves
// may run before the action is blocked, and finds nothing then.
func TestTouchedWhileBlocking(t *testing.T) {
	for name, touch := range map[string]func(tx *storage.Tx, b *bench){
		"settings": func(tx *storage.Tx, b *bench) { settings.Save(tx, b.Guild, settings.Of(tx, b.Guild), b.Now()) },
		"Retry":    func(tx *storage.Tx, b *bench) { settings.Again(tx, b.Guild, b.Now()) },
	} {
		t.Run(name, func(t *testing.T) { touchedWhileBlocking(t, touch) })
	}
}

func touchedWhileBlocking(t *testing.T, touch func(*storage.Tx, *bench)) {
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
	if _, err := b.Do(t.Context(), b.partners(1)[0]); err != nil {
		t.Fatal(err)
	}
	b.sweep(0)
	b.wantListed(1)
}
