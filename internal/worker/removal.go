package worker

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/storage"
)

// unknownGuild is Discord's code for a guild that is gone, or that the bot is out of.
const unknownGuild = 10004

// away returns why a has to wait, if the bot is out of its guild: nothing is done
// there but to look whether it is back, and to delete what has to be.
func (w *Worker) away(ctx context.Context, a action.Action) error {
	if strings.HasPrefix(a.Name, "removal.") || strings.HasPrefix(a.Name, "guild.") || a.Name == "forget.user" {
		return nil
	}
	tx, err := storage.Begin(ctx, w.Actions.DB, removal.Key(a.Guild))
	if err != nil {
		return err
	}
	r, out := removal.Of(tx, a.Guild)
	if _, err := tx.Changes(); err != nil || !out {
		return err
	}
	return r.Park(w.Actions.Now())
}

// suspect causes a look at whether the bot is still in a guild, and may still do what
// it did there, if the outcome of an action hints that it is not so. Losing that look
// does no harm: there is one every day.
func (w *Worker) suspect(ctx context.Context, a action.Action, outcome error) {
	var r action.Ref
	switch code := action.Code(outcome); {
	case strings.HasPrefix(a.Name, "removal."):
		return
	case code == noPermission && a.Ref != setup.Check(a.Guild): // which is that look
		r = setup.Check(a.Guild)
	case slices.Contains([]int{unknownChannel, unknownGuild, missingAccess}, code):
		r = removal.Check(a.Guild)
	default:
		return
	}
	err := storage.Update(ctx, w.Actions.DB, append(action.Keys(r), setup.HealthKey(a.Guild)), func(tx *storage.Tx) error {
		due := w.Actions.Now()
		if soon := setup.HealthOf(tx, a.Guild).At.Add(time.Minute); r == setup.Check(a.Guild) && soon.After(due) {
			due = soon
		}
		action.Cause(tx, r, due)
		return nil
	})
	if err != nil {
		w.Log.WarnContext(ctx, "not looked whether the bot is still there", "guild", a.Guild, "err", err)
		return
	}
	w.send(ctx, []action.Ref{r})
}

// removalCheck looks whether the bot is in a guild, and takes note if that is new.
// It comes again every day while there are partners, or while the bot is out, and
// else every week: what is kept of a guild that nobody has a use for goes, too.
func removalCheck(ctx context.Context, j *job) error {
	_, err := j.Discord.Guild(ctx, j.Guild)
	switch action.Code(err) {
	case unknownGuild, missingAccess:
		return j.absent(ctx)
	}
	if err != nil {
		return err
	}
	return j.present(ctx)
}

// absent notes that the bot is out of the guild. If that is new, it is believed only
// to the right token, and it is told if many guilds are lost at once.
func (j *job) absent(ctx context.Context) error {
	tx, err := j.read(ctx, removal.Key(j.Guild))
	if err != nil {
		return err
	}
	left, news := 0, false
	if _, out := removal.Of(tx, j.Guild); !out {
		if left, err = j.Discord.Presence(ctx); err != nil {
			return err
		}
	}
	now, lost := j.Actions.Now(), 0
	if err := j.save(ctx, append(removal.Keys(j.Guild), removal.LossesKeys(now)...), func(tx *storage.Tx) error {
		tx.Unindex(poll.Key(j.Guild)) // nobody may read the invites
		if news = removal.Leave(tx, j.Guild, j.Grace, now); news {
			j.note(tx, audit.Entry{What: "removal.out"})
			removal.Lose(tx, now)
		}
		lost = removal.LostWith(tx, now)
		return nil
	}); err != nil {
		return err
	}
	if news && removal.Unusual(lost, left) {
		j.Log.ErrorContext(ctx, "many guilds are lost at once", "guild", j.Guild, "lost", lost, "left", left)
	}
	return nil
}

// note writes into the trail that the bot left the guild, or came back.
func (j *job) note(tx *storage.Tx, e audit.Entry) {
	e.At, e.By, e.Surface = j.Actions.Now(), audit.System, "worker"
	audit.Write(tx, j.Guild, e.What, e)
}

// present takes up what was left when the bot went out of the guild, now that it
// is in it.
func (j *job) present(ctx context.Context) error {
	back, look := false, roll.Look(j.Guild)
	keys := append(append(removal.Keys(j.Guild), partnership.CountsKey(j.Guild), partnership.NamesKey(j.Guild), roll.Key(j.Guild)), j.watchKeys()...)
	keys = append(keys, action.Keys(look, setup.Check(j.Guild))...)
	if err := j.save(ctx, keys, func(tx *storage.Tx) error {
		if back = removal.Return(tx, j.Guild); back { // what happened meanwhile nobody knows
			j.watch(tx, time.Time{})
			joins.Rebase(tx, j.Guild, joins.Away, j.Actions.Now())
		}
		if r, _ := removal.Of(tx, j.Guild); r.Purging {
			action.Cause(tx, removal.Purge(j.Guild), j.Actions.Now())
			return nil
		}
		partnership.Recount(tx, j.Guild)
		next := j.Actions.Now()
		if !back && partnership.CountsOf(tx, j.Guild).Active == 0 {
			next = next.Add(6 * 24 * time.Hour)
		}
		action.Cause(tx, removal.Check(j.Guild), removal.Daily(j.Guild, next))
		if settings.Of(tx, j.Guild).GivesRoles() { // which may have come to allow more than they did
			action.Cause(tx, setup.Check(j.Guild), j.Actions.Now())
		}
		if _, planned := storage.Read[action.Action](tx, look.Key()); !planned {
			action.Cause(tx, look, j.Actions.Now())
		}
		if _, known := storage.Read[roll.Entry](tx, roll.Key(j.Guild)); !known {
			roll.Enter(tx, j.Guild)
		}
		return nil
	}); err != nil {
		return err
	}
	if !back { // what was being done in the moment in which it came back may still be parked
		return j.retryStops(ctx, removal.IsParked)
	}
	if err := j.followAll(ctx); err != nil {
		return err
	}
	return j.save(ctx, removal.Keys(j.Guild), func(tx *storage.Tx) error {
		j.note(tx, audit.Entry{What: "removal.back"})
		removal.Back(tx, j.Guild, j.Actions.Now())
		return nil
	})
}

// followAll has everything follow anew that follows from the partnerships: while
// the bot was out, people may have changed what it made.
func (j *job) followAll(ctx context.Context) error {
	q := partnership.All(j.Guild)
	for {
		page, err := j.Actions.DB.List(ctx, q)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(page.Items, 4) { // each is up to 18 items in a write
			var refs []action.Ref
			for _, it := range some {
				refs = append(refs, partnership.Followers(j.Guild, strings.TrimPrefix(it.Key.Sort, partnership.Prefix))...)
			}
			if err := j.save(ctx, action.Keys(refs...), func(tx *storage.Tx) error {
				for _, r := range refs {
					action.Cause(tx, r, j.Actions.Now())
				}
				return nil
			}); err != nil {
				return err
			}
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return nil
		}
	}
}
