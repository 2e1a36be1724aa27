package worker

import (
	"context"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
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
// A listing that only moves was checked today.
func (l *listing) check(ctx context.Context) error {
	moves := l.home.Place != "" && (l.home.Mode != l.chosen.Mode || l.home.Parent != l.chosen.Place())
	if moves && l.home.Led.After(l.last) {
		return nil
	}
	found, known, err := l.recheck(ctx)
	if blocks(err) { // Discord does not let us look: that is no reason to hide the ad
		l.unseen = err
		return nil
	}
	if err != nil || !known {
		return err
	}
	name := partnership.Named(l.p.Server)
	switch {
	case found.Type == partnership.BannedInvite:
		l.unseen = action.Blocking("showcase.banned-there", "server", name)
		return nil
	case found.Type == partnership.NoInvite:
		return action.Blocking("showcase.invite-gone", "server", name, "contact", l.p.Contact)
	case found.Server.ID != l.p.Partner:
		return action.Blocking("showcase.invite-elsewhere", "server", name, "contact", l.p.Contact)
	}
	l.home.Led = l.Actions.Now()
	return l.refresh(ctx, found.Server)
}

// recheck looks the invite of the ad up, if there are look-ups left for that, and says
// in the log for how many days there were none.
func (l *listing) recheck(ctx context.Context) (found partnership.Invite, known bool, err error) {
	last := l.home.Led
	if last.IsZero() {
		last = l.p.Since
	}
	unseen := l.Actions.Now().Sub(last)
	found, known, err = l.Invites.Recheck(ctx, l.p.Ad.Invite, l.Guild, unseen)
	if days := int(unseen / (24 * time.Hour)); err == nil && !known && days > 1 {
		l.Log.WarnContext(ctx, "invite not looked at again: look-ups used up", "guild", l.Guild, "partner", l.Subject, "days", days)
	}
	return found, known, err
}

// refresh notes, once a day, what Discord says of the partner's server. While what
// its listing shows stays true, nothing is written, and the listing is not edited.
func (l *listing) refresh(ctx context.Context, s partnership.Server) error {
	if !l.p.Server.Seen.Before(l.last) || !s.Seen.After(l.p.Server.Seen) {
		return nil
	}
	if was := l.p.Server; was.Name == s.Name && was.Icon == s.Icon && was.Members == s.Members {
		return nil
	}
	key, index := partnership.Key(l.Guild, l.Subject), action.Ref{Name: "index.sync", Guild: l.Guild, Subject: "all"}
	return l.save(ctx, append(action.Keys(index), key, partnership.NamesKey(l.Guild)), func(tx *storage.Tx) error {
		p, ok := storage.Read[partnership.Partnership](tx, key)
		if !ok || p.Application != l.p.Application {
			return nil // it is over: this action was caused again
		}
		if p.Server.Name != s.Name {
			action.Cause(tx, index, l.Actions.Now())
		}
		p.Server = s
		tx.Set(key, p)
		partnership.Rename(tx, l.Guild, p)
		l.p.Server = s
		return nil
	})
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
