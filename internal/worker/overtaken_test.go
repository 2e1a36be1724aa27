package worker_test

import (
	"context"
	"testing"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// TestSettingsChangedWhileBlocking: the retry that a change of settings leaves
// may run before the action is blocked, and finds nothing then.
func TestSettingsChangedWhileBlocking(t *testing.T) {
	b := newBench(t)
	first := true
	b.Discord = touchy{b.Discord, "", false, func(context.Context) error {
		if !first {
			return nil
		}
		first = false
		b.update(settings.Keys(b.Guild), func(tx *storage.Tx) {
			settings.Save(tx, b.Guild, settings.Of(tx, b.Guild), b.Now())
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
