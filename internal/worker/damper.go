package worker

import (
	"context"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
)

// Discord's numbers of what the audit log tells of things that are gone.
const (
	channelDeleted = 12
	inviteDeleted  = 42
	messageDeleted = 72
	threadDeleted  = 112
)

// damped blocks while something was found gone too often in a day to be made anew: who
// takes it away would win, and others would be told of it each time. The sentence for
// managers names who did it, if the audit log tells: the latest event about target, or
// about anything if that is "".
func (j *job) damped(ctx context.Context, r action.Repairs, event int, target string) error {
	if len(r) <= action.RepairsADay {
		return nil
	}
	tx, err := j.read(ctx, settings.Key(j.Guild))
	if err != nil {
		return err
	}
	wait := r.Wait(settings.Of(tx, j.Guild).Retried, j.Actions.Now())
	if _, err := tx.Changes(); err != nil || wait == 0 {
		return err
	}
	f := action.Blocking("worker.undone")
	if user, err := j.Discord.Remover(ctx, j.Guild, event, target); err == nil && user != "" {
		f = action.Blocking("worker.undone-by", "user", user)
	}
	f.After = wait
	return f
}
