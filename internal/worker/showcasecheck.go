package worker

import (
	"context"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/drift"
	"github.com/entente-bot/entente/internal/index"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
)

// drawing fetches the banner of the listing, from wherever it stands.
func (l *listing) drawing(ad partnership.Ad) func(context.Context) (*discord.File, error) {
	return l.banner(ad.Banner, l.key(), apply.CardKey(l.Guild, l.p.Application))
}

// check fails, and blocks, if the invite of the ad no longer leads to the
// partner: codes that lapse are used again by strangers, and nobody is sent there.
// A listing that only moves was checked today. One that is hidden stays so until
// Discord says that its invite leads to the partner.
func (l *listing) check(ctx context.Context) error {
	moves := l.home.Place != "" && (l.home.Mode != l.chosen.Mode || l.home.Parent != l.chosen.Place())
	if moves && l.home.Led.After(l.last) && l.p.Offered() {
		return nil
	}
	found, known, err := l.recheck(ctx)
	if blocks(err) { // Discord does not let us look: that is no reason to hide the ad
		l.unseen = err
		return nil
	}
	switch {
	case err != nil:
		return err
	case !known:
		return l.still()
	case found.Type == partnership.BannedInvite:
		l.unseen = action.Blocking("showcase.banned-there", "server", partnership.Named(l.p.Server))
		return nil
	case found.Type == partnership.NoInvite:
		return l.withhold(ctx, partnership.InviteGone, "")
	case found.Server.ID != l.p.Partner:
		return l.withhold(ctx, partnership.InviteElsewhere, "")
	}
	if err := l.checkBeside(ctx); err != nil {
		return err
	}
	l.home.Led = l.Actions.Now()
	l.home.Paused = ""
	if found.Server.Paused() {
		l.home.Paused = l.p.Server.Called(100)
	}
	return l.refresh(ctx, found.Server)
}

// checkBeside is check for the invites in the texts of the ad. One that leads nowhere
// does no harm.
func (l *listing) checkBeside(ctx context.Context) error {
	codes := l.p.Ad.Beside()
	for _, code := range codes[:min(len(codes), partnership.MaxBeside)] {
		found, known, err := l.Invites.Recheck(ctx, code, l.Guild, l.unseenFor())
		switch {
		case blocks(err): // Discord does not let us look
		case err != nil:
			return err
		case !known && l.p.Hidden.Code == code:
			return l.still()
		case known && found.Type >= partnership.GuildInvite && found.Server.ID != l.p.Partner:
			return l.withhold(ctx, partnership.InviteBeside, code)
		}
	}
	return nil
}

// still blocks a listing that is hidden because of an invite that could not be looked at.
func (l *listing) still() error {
	if l.p.Hidden.ByInvite() {
		return l.misled()
	}
	return nil
}

// unseenFor is how long the invite of the ad was not looked at.
func (l *listing) unseenFor() time.Duration {
	last := l.home.Led
	if last.IsZero() {
		last = l.p.Since
	}
	return l.Actions.Now().Sub(last)
}

// recheck looks the invite of the ad up, if there are look-ups left for that, and says
// in the log for how many days there were none.
func (l *listing) recheck(ctx context.Context) (found partnership.Invite, known bool, err error) {
	unseen := l.unseenFor()
	found, known, err = l.Invites.Recheck(ctx, l.p.Ad.Invite, l.Guild, unseen)
	if days := int(unseen / (24 * time.Hour)); err == nil && !known && days > 1 {
		l.Log.WarnContext(ctx, "invite not looked at again: look-ups used up", "guild", l.Guild, "partner", l.Subject, "days", days)
	}
	return found, known, err
}

// misled is why a listing is blocked whose invites do not lead to the partner.
func (l *listing) misled() error {
	h := l.p.Hidden
	return action.Blocking("showcase.invite-"+h.Why, "server", partnership.Named(l.p.Server), "contact", l.p.Contact, "invite", h.Code)
}

// withhold hides the ad of the partner, because its invite does not lead there, or the
// one with a code in its texts does not.
func (l *listing) withhold(ctx context.Context, why, code string) error {
	err := l.update(ctx, func(p partnership.Partnership) partnership.Partnership {
		if p.Hidden.Why != why || p.Hidden.Code != code {
			p.Hidden = partnership.Hiding{Why: why, Code: code, Since: l.Actions.Now()}
		}
		return p
	})
	if err != nil {
		return err
	}
	l.p.Hidden.Why, l.p.Hidden.Code = why, code
	return l.misled()
}

// refresh notes, once a day, what Discord says of the partner's server. While what
// its listing shows stays true, nothing is written, and the listing is not edited.
func (l *listing) refresh(ctx context.Context, s partnership.Server) error {
	if !l.p.Hidden.ByInvite() && (!l.p.Server.Seen.Before(l.last) || !s.Seen.After(l.p.Server.Seen)) {
		return nil
	}
	return l.update(ctx, func(p partnership.Partnership) partnership.Partnership {
		if p.Hidden.ByInvite() {
			p.Hidden = partnership.Hiding{}
		}
		return drift.Look(p, s, l.chosen.Minimum, l.Actions.Now())
	})
}

// update keeps what becomes of the partnership, with all that follows, if that is
// another than it was.
func (l *listing) update(ctx context.Context, change func(partnership.Partnership) partnership.Partnership) error {
	if drift.Same(l.p, change(l.p)) {
		return nil
	}
	key, now := partnership.Key(l.Guild, l.Subject), l.Actions.Now()
	keys := append(partnership.WithholdKeys(l.Guild, l.Subject), partnership.NamesKey(l.Guild))
	return l.save(ctx, keys, func(tx *storage.Tx) error {
		was, ok := storage.Read[partnership.Partnership](tx, key)
		if !ok || was.Application != l.p.Application || was.Ad.Invite != l.p.Ad.Invite {
			return nil // it is over, or another invite: this action was caused again
		}
		is := change(was)
		l.p = is
		if !drift.Settled(was, is) {
			partnership.Withhold(tx, l.Guild, is, now)
			audit.Write(tx, l.Guild, l.Name+"-"+l.Subject, audit.Entry{At: now, By: audit.System, What: drifted(was, is), About: l.Subject, Surface: "worker"})
			return nil
		}
		if tx.Set(key, is); was.Server.Name != is.Server.Name {
			action.Cause(tx, index.Sync(l.Guild), now)
		}
		partnership.Rename(tx, l.Guild, is)
		return nil
	})
}

// drifted names what happened to a partnership, for the audit trail.
func drifted(was, is partnership.Partnership) string {
	switch {
	case is.Hidden.Why == partnership.InviteBeside:
		return "drift.stray"
	case is.Hidden.ByInvite():
		return "drift.misled"
	case was.Hidden.ByInvite():
		return "drift.mended"
	case is.Drift.Held():
		return "drift.hold"
	}
	return "drift.back"
}

// lookHome sees whether the home of the listing is there, and as it should be.
// Where the bot may not look, it is taken on trust.
func (l *listing) lookHome(ctx context.Context) error {
	f, err := l.Discord.Place(ctx, l.home.Place)
	h := l.home
	h.Looked = l.asked()
	switch action.Code(err) {
	case unknownChannel:
		return l.keep(ctx, l.lostHome(h))
	case missingAccess, noPermission:
		return l.keep(ctx, h)
	}
	if err != nil {
		return err
	}
	return l.keep(ctx, h.Seen(f, l.Guild, l.Subject))
}

// want is the home that the listing should have.
func (l *listing) want() showcase.Want { return l.wantFor(l.Subject) }

// wantFor is want for the listing of the given partner.
func (l *listing) wantFor(partner string) showcase.Want {
	s := l.chosen
	w := showcase.Want{Mode: s.Mode, Parent: s.Place()}
	server := partnership.NameOf(l.p.Server.Name, "", 100)
	switch s.Mode {
	case settings.Channels:
		w.Name = showcase.ChannelName(server, partner)
	case settings.Forum:
		w.Name, w.Tag = showcase.PostName(server, partner), l.overflow.TagOf(l.p.Ad.Category)
	}
	if w.Name != "" && w.Name == l.home.Barred {
		w.Name = showcase.PlainName(partner)
	}
	return w
}
