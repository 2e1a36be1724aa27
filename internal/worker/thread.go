package worker

import (
	"context"

	"github.com/entente-bot/entente/internal/action"
)

// shut archives a thread and locks it, and reports whether it is locked: where it may
// not be, it is archived only. Of an archived thread Discord changes nothing, so it is
// opened first.
func (j *job) shut(ctx context.Context, thread, reason string) (locked bool, err error) {
	edit := func(archived, locked bool) error { return j.Discord.EditThread(ctx, thread, archived, locked, reason) }
	err = edit(true, true)
	if action.Code(err) == threadArchived {
		if err = edit(false, false); err == nil {
			err = edit(true, true)
		}
	}
	if action.Code(err) != noPermission {
		return err == nil, err
	}
	err = edit(true, false)
	if action.Code(err) == threadArchived {
		err = nil
	}
	return false, err
}
