package action

import (
	"context"

	"github.com/entente-bot/entente/internal/storage"
)

// EachDead gives do every action of one shard that was given up, page by page, and
// stops at the first error.
func (h *Holder) EachDead(ctx context.Context, shard int, do func([]Ref) error) error {
	q := storage.Query{Table: storage.Actions, Part: deadPart(shard), Limit: storage.MaxGet}
	for {
		page, err := h.DB.List(ctx, q)
		if err != nil {
			return err
		}
		var refs []Ref
		for _, it := range page.Items {
			p, err := storage.Decode[pointer](it)
			if err != nil {
				return err
			}
			refs = append(refs, p.Ref)
		}
		if err := do(refs); err != nil {
			return err
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return nil
		}
	}
}
