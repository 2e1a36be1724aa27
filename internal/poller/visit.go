package poller

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/storage"
)

// Discord's codes for what keeps a guild from being polled.
const (
	unknownGuild  = 10004
	missingAccess = 50001
	notAllowed    = 50013
)

// A visit is what came of a guild's turn.
type visit struct {
	watch    poll.Watch
	answered bool // Discord listed the invites
	refused  bool // Discord takes the bot's token no more: nobody is to be asked
}

// visit polls a guild whose turn it is. It may be called by many goroutines, for
// one guild each.
func (r *run) visit(ctx context.Context, w poll.Watch, d *desk) (v visit) {
	ctx = action.ForGuild(ctx, w.Guild)
	defer func() {
		if p := recover(); p != nil { // a bug, which must not keep all others from being polled
			r.Log.ErrorContext(ctx, "poll", "guild", w.Guild, "err", fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			v = visit{watch: w.Failed(r.Now(), 0, "")}
		}
	}()
	p, out, err := r.poll(ctx, w.Guild, d)
	if err != nil {
		return r.failed(ctx, w, err)
	}
	if untold(p.Invites) {
		w = w.Failed(p.End, 0, poll.Permission)
	} else {
		w = w.Saw(p.Start, out.Joins)
	}
	if d.ledger.Missing() && w.Lost == "" { // whether it is gone is to be known soon
		w.Due = p.Start.Add(again)
	}
	return visit{watch: r.look(ctx, w, out), answered: true}
}

// again is when a guild is polled next in which a tracked invite is missing.
const again = time.Minute

// untold reports whether Discord tells no uses: the bot may no longer manage the
// server, but read its audit log.
func untold(list []joins.Invite) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(in joins.Invite) bool { return in.Uses != nil })
}

// failed returns what is made of a poll that failed. Nothing is booked.
func (r *run) failed(ctx context.Context, w poll.Watch, err error) visit {
	if ctx.Err() != nil {
		return visit{watch: w} // the run is over: that is nobody's failure
	}
	code, after := action.Code(err), time.Duration(0)
	if f := new(action.Failure); errors.As(err, &f) {
		after = f.After
	}
	r.Log.WarnContext(ctx, "not polled", "guild", w.Guild, "code", code, "err", err)
	loss := map[int]poll.Loss{unknownGuild: poll.Away, missingAccess: poll.Permission, notAllowed: poll.Permission}[code]
	if code == unknownGuild || code == missingAccess {
		r.suspect(ctx, w.Guild)
	}
	return visit{watch: w.Failed(r.Now(), after, loss), refused: code == http.StatusUnauthorized}
}

// suspect has it looked whether the bot is still in a guild. That this is lost is
// no harm: there is a look every day.
func (r *run) suspect(ctx context.Context, guild string) {
	err := storage.Update(ctx, r.DB, removal.AskKeys(guild), func(tx *storage.Tx) error {
		if _, known := storage.Read[removal.Removal](tx, removal.Key(guild)); !known {
			action.Cause(tx, removal.Check(guild), r.Now())
		}
		return nil
	})
	if err != nil {
		r.Log.WarnContext(ctx, "not looked whether the bot is still there", "guild", guild, "err", err)
	}
}

// ask waits until one more request may be sent to Discord. It may be called by
// many goroutines.
func (r *run) ask(ctx context.Context) error { return r.pace.wait(ctx) }

// soon is when members are counted after joins were: so long people need to come in.
const soon = time.Minute

// look counts a guild's members, if it is time for that, or sees to it that it
// soon is.
func (r *run) look(ctx context.Context, w poll.Watch, out joins.Outcome) poll.Watch {
	now := r.Now()
	for partner, n := range out.Joins {
		if at := now.Add(soon); n > 0 && partner != joins.ByOther && w.Census.After(at) {
			w.Census = at
		}
	}
	if w.Census.After(now) {
		return w
	}
	return r.census(ctx, w)
}
