package action

import (
	"context"

	"github.com/entente-bot/entente/internal/storage"
)

// A Census counts the actions that have begun and are not done.
type Census struct {
	Pending int // due now, held by a worker, or waiting for another try
	Blocked int // waiting for people
}

// Count counts all actions. It reads every one that waits, those of times to
// come too: it is for a single machine and its tests, not for a deployment.
func (h *Holder) Count(ctx context.Context) (c Census, err error) {
	for shard := range Shards {
		q := storage.Query{Table: storage.Actions, Part: duePart(shard), Limit: storage.MaxGet}
		for {
			page, err := h.DB.List(ctx, q)
			if err != nil {
				return c, err
			}
			if len(page.Items) > 0 {
				actions, err := behind(ctx, h.DB, page.Items)
				if err != nil {
					return c, err
				}
				for _, a := range actions {
					c.add(a, !a.Due.After(h.Now()))
				}
			}
			if q.Cursor = page.Cursor; q.Cursor == "" {
				break
			}
		}
	}
	return c, nil
}

func (c *Census) add(a Action, due bool) {
	switch {
	case a.State == Blocked:
		c.Blocked++
	case a.State == Dead:
	case due || a.Attempts > 0:
		c.Pending++
	}
}
