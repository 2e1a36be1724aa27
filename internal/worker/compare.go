package worker

import (
	"context"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// applyCompare brings in line what several people sent for one server: their cards
// name each other, and once the server is a partner the others are closed.
func applyCompare(ctx context.Context, j *job) error {
	known, about := apply.KnownKey(j.Guild, j.Subject), partnership.Key(j.Guild, j.Subject)
	tx, err := j.read(ctx, known, about)
	if err != nil {
		return err
	}
	p, _ := storage.Read[apply.Standing](tx, known)
	_, active := storage.Read[partnership.Partnership](tx, about)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	var cards []action.Ref
	for _, id := range p.Applications() {
		if !active {
			cards = append(cards, apply.Card(j.Guild, id))
			continue
		}
		if err := j.overtake(ctx, id); err != nil {
			return err
		}
	}
	return j.causeAll(ctx, cards)
}

// overtake ends an application whose server became a partner by another one.
func (j *job) overtake(ctx context.Context, id string) error {
	a, _, err := j.applicationOf(ctx, id)
	if err != nil {
		return err
	}
	c := apply.CaseOf(a)
	return settled(j.save(ctx, append(c.Keys(j.Guild), settings.Key(j.Guild)), func(tx *storage.Tx) error {
		now := j.Actions.Now()
		_, did, err := c.Overtake(tx, j.Guild, now)
		if did {
			audit.Write(tx, j.Guild, c.ID, audit.Entry{At: now, By: audit.System, What: "apply.overtake", About: c.ID, Partner: c.Partner, Surface: "worker"})
		}
		return err
	}))
}
