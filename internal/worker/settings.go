package worker

import (
	"context"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/storage"
)

// settingsRetry has everything tried again that was blocked or given up in a guild: its
// managers changed a setting, which may have been what it waited for. The panels
// show settings, reminders and expiries go by them, and cards and listings stand
// where they say, so they are brought in line, too.
func settingsRetry(ctx context.Context, j *job) error {
	look := removal.Check(j.Guild) // from when there is something to be kept
	if err := j.save(ctx, action.Keys(look), func(tx *storage.Tx) error {
		if _, planned := storage.Read[action.Action](tx, look.Key()); !planned {
			action.Cause(tx, look, removal.Daily(j.Guild, j.Actions.Now()))
		}
		return nil
	}); err != nil {
		return err
	}
	if err := j.expireSooner(ctx); err != nil {
		return err
	}
	if err := j.remindAgain(ctx, j.Actions.Now(), nil); err != nil {
		return err
	}
	if err := j.bumpAgain(ctx); err != nil {
		return err
	}
	if err := j.gather(ctx); err != nil {
		return err
	}
	if err := j.contactAgain(ctx); err != nil {
		return err
	}
	if err := j.joinsAgain(ctx); err != nil {
		return err
	}
	if err := j.editAgain(ctx); err != nil {
		return err
	}
	q := action.BlockedQuery(j.Guild)
	for {
		page, err := j.Actions.DB.List(ctx, q)
		if err != nil {
			return err
		}
		stops, err := action.BlockedIn(page)
		if err != nil {
			return err
		}
		for _, s := range stops {
			err := j.save(ctx, action.Keys(s.Ref), func(tx *storage.Tx) error {
				action.Retry(tx, s.Ref, j.Actions.Now())
				return nil
			})
			if err != nil {
				return err
			}
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return panelRefresh(ctx, j)
		}
	}
}
