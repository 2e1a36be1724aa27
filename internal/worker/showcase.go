package worker

import (
	"context"

	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// showcaseSync brings the listing of a partner in line: published while the
// partnership is active, gone when it is not.
func showcaseSync(ctx context.Context, j *job) error {
	tx, err := j.read(ctx, partnership.Key(j.Guild, j.Subject), settings.Key(j.Guild))
	if err != nil {
		return err
	}
	p, active := storage.Read[partnership.Partnership](tx, partnership.Key(j.Guild, j.Subject))
	s := settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	if !active {
		return j.publish(ctx, showcase.Key(j.Guild, j.Subject), wish{})
	}
	channel, err := showcase.Place(s)
	if err != nil {
		return err
	}
	return j.publish(ctx, showcase.Key(j.Guild, j.Subject), wish{
		channel: channel, capability: "partner", about: p.Partner,
		message: view.Listing(j.speak(s.Locale), p),
	})
}
