package worker

import (
	"context"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
	"github.com/entente-bot/entente/internal/view"
)

// bumpKeys are what decides whether a partner can be bumped.
func (j *job) bumpKeys() []storage.Key {
	return []storage.Key{
		partnership.Key(j.Guild, j.Subject), bump.Key(j.Guild, j.Subject), settings.Key(j.Guild),
		bump.DirectKey(j.Guild, j.Subject), bump.Sync(j.Guild, j.Subject).Key(), contact.Key(j.Guild, j.Subject),
	}
}

// bumpSync marks a partner bumpable once it is, reminds its contact if they asked
// for it, and otherwise waits for the time to come.
func bumpSync(ctx context.Context, j *job) error {
	var p partnership.Partnership
	var b bump.Bump
	var active, away bool
	err := j.save(ctx, j.bumpKeys(), func(tx *storage.Tx) error {
		p, active = storage.Read[partnership.Partnership](tx, partnership.Key(j.Guild, j.Subject))
		b = bump.Of(tx, j.Guild, j.Subject)
		who := contact.Of(tx, j.Guild, j.Subject)
		away = (who.Left() || who.Barred) && who.User == p.Contact
		if active {
			b = j.bumpMark(tx, p, b)
		}
		return nil
	})
	if err != nil {
		return err
	}
	way := b.Tells(p)
	if !active || away || !p.Offered() { // who left or is barred cannot bump, and nobody sees what is hidden
		way = bump.Never
	}
	if way == bump.Here {
		return j.bumpHere(ctx, p)
	}
	if err := j.publish(ctx, bump.HereKey(j.Guild, j.Subject), wish{mark: view.BumpMark(j.Subject)}); err != nil {
		return err
	}
	switch {
	case !active:
		return j.bumpOver(ctx)
	case way == bump.Direct:
		return j.bumpDirect(ctx, p, b)
	}
	return nil
}

// bumpMark marks p bumpable, or not, and returns b as it then is. While it is not,
// the action comes again when it will be, and what was told is forgotten: the next
// reminder is another message.
func (j *job) bumpMark(tx *storage.Tx, p partnership.Partnership, b bump.Bump) bump.Bump {
	every := settings.Of(tx, j.Guild).BumpTime()
	if b.Can(p, every, j.Actions.Now()) {
		b, changed := b.Mark(p, every)
		if changed {
			tx.Set(bump.Key(j.Guild, j.Subject), b)
		}
		return b
	}
	direct := bump.DirectKey(j.Guild, j.Subject)
	if d, _ := storage.Read[post.Post](tx, direct); d.Message != "" || d.Trying.Channel != "" {
		tx.Set(direct, post.Post{Number: d.Number + 1})
	}
	b, changed := b.Unmark()
	if changed {
		tx.Set(bump.Key(j.Guild, j.Subject), b)
	}
	if next := b.Next(p, every); !next.IsZero() {
		action.Cause(tx, bump.Sync(j.Guild, j.Subject), next)
	}
	return b
}

// bumpOver forgets the bumps of a partnership that is over.
func (j *job) bumpOver(ctx context.Context) error {
	here := bump.HereKey(j.Guild, j.Subject)
	return j.save(ctx, append(j.bumpKeys(), here), func(tx *storage.Tx) error {
		if _, again := storage.Read[partnership.Partnership](tx, partnership.Key(j.Guild, j.Subject)); again {
			return nil
		}
		tx.Delete(bump.Key(j.Guild, j.Subject))
		tx.Delete(bump.DirectKey(j.Guild, j.Subject))
		tx.Delete(here)
		return nil
	})
}

// bumpHere mentions the contact of p where they can bump. A place that is gone is
// left for the next one.
func (j *job) bumpHere(ctx context.Context, p partnership.Partnership) error {
	key := bump.HereKey(j.Guild, p.Partner)
	places, s, err := j.bumpPlaces(ctx, p)
	if err != nil {
		return err
	}
	for _, channel := range places {
		err := j.publish(ctx, key, wish{
			channel: channel, mark: view.BumpMark(p.Partner), message: view.BumpReminder(j.speak(s.Locale), p),
		})
		if action.Code(err) != unknownChannel {
			return err
		}
		if err := j.publish(ctx, key, wish{mark: view.BumpMark(p.Partner)}); err != nil {
			return err
		}
	}
	// The listing stands nowhere: it is brought in line, and then looked for again.
	refs := []action.Ref{partnership.Sync(j.Guild, p.Partner), bump.Sync(j.Guild, p.Partner)}
	return j.save(ctx, action.Keys(refs...), func(tx *storage.Tx) error {
		action.Cause(tx, refs[0], j.Actions.Now())
		action.Cause(tx, refs[1], j.Actions.Now().Add(bumpLook))
		return nil
	})
}

// bumpLook is how long it takes until a listing is looked for again that stood nowhere.
const bumpLook = time.Hour

// bumpPlaces are the channels in which the contact of p is mentioned, best first:
// where they are already, or else their ticket while it is open, and where the
// listing stands.
func (j *job) bumpPlaces(ctx context.Context, p partnership.Partnership) (places []string, s settings.Settings, err error) {
	here, listing := bump.HereKey(j.Guild, p.Partner), showcase.Key(j.Guild, p.Partner)
	application := apply.Key(j.Guild, p.Application)
	tx, err := j.read(ctx, here, listing, application, settings.Key(j.Guild))
	if err != nil {
		return nil, s, err
	}
	stands, _ := storage.Read[post.Post](tx, here)
	ad, _ := storage.Read[post.Post](tx, listing)
	a, _ := storage.Read[apply.Application](tx, application)
	s = settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil {
		return nil, s, err
	}
	thread := ""
	if a.Ticket != "" && a.Applicant == p.Contact {
		tx, err := j.read(ctx, ticket.Key(j.Guild, a.Ticket))
		if err != nil {
			return nil, s, err
		}
		if t, ok := storage.Read[ticket.Ticket](tx, ticket.Key(j.Guild, a.Ticket)); ok && t.Closed.IsZero() {
			thread = t.Thread
		}
		if _, err := tx.Changes(); err != nil {
			return nil, s, err
		}
	}
	for _, channel := range []string{stands.Channel, stands.Trying.Channel, thread, ad.Channel} {
		if channel != "" && !slices.Contains(places, channel) {
			places = append(places, channel)
		}
	}
	return places, s, nil
}

// bumpDirect reminds the contact of p by direct message, once. That they cannot be
// reached is noted, and not tried again.
func (j *job) bumpDirect(ctx context.Context, p partnership.Partnership, b bump.Bump) error {
	err := j.bumpWrite(ctx, p, b)
	switch action.Code(err) {
	case noMessages, noSharedGuild, noRecipient, unknownUser:
	default:
		return err
	}
	return j.save(ctx, j.bumpKeys(), func(tx *storage.Tx) error {
		now := bump.Of(tx, j.Guild, p.Partner)
		if now.Told != bump.Direct || now.User != b.User {
			return nil // they changed their mind meanwhile
		}
		tx.Set(bump.Key(j.Guild, p.Partner), now.Unreached())
		d, _ := storage.Read[post.Post](tx, bump.DirectKey(j.Guild, p.Partner))
		tx.Set(bump.DirectKey(j.Guild, p.Partner), post.Post{Number: d.Number + 1})
		audit.Write(tx, j.Guild, p.Partner, audit.Entry{
			At: j.Actions.Now(), By: audit.System, What: "bump.untold", About: p.Partner, Surface: "worker",
		})
		return nil
	})
}

// bumpWrite sends the direct message.
func (j *job) bumpWrite(ctx context.Context, p partnership.Partnership, b bump.Bump) error {
	guild, err := j.Discord.Guild(ctx, j.Guild)
	if err != nil {
		return err
	}
	channel, err := j.Discord.DirectChannel(ctx, p.Contact)
	if err != nil {
		return err
	}
	return j.publish(ctx, bump.DirectKey(j.Guild, p.Partner), wish{
		channel: channel, mark: view.BumpDirectMark(p.Partner, b.Ready),
		message: view.BumpDirect(j.speak(b.Locale), j.Guild, guild.Name, p, b.Ready),
	})
}

// bumpFollow causes what follows from the bumps of a guild from which nothing
// does yet.
func bumpFollow(ctx context.Context, j *job) error {
	page, err := j.Actions.DB.List(ctx, bump.All(j.Guild))
	if err != nil {
		return err
	}
	for _, it := range page.Items {
		b, err := storage.Decode[bump.Bump](it)
		if err != nil {
			return err
		}
		if !b.Loose {
			continue
		}
		partner := it.Key.Sort[len(bump.Prefix):]
		if err := j.save(ctx, bump.DoKeys(j.Guild, partner), func(tx *storage.Tx) error {
			bump.Followed(tx, j.Guild, partner, j.Actions.Now())
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// bumpAgain plans anew when the partners of a guild can be bumped, where that is
// not planned as the settings now say.
func (j *job) bumpAgain(ctx context.Context, active []storage.Item) error {
	for some := range slices.Chunk(active, storage.MaxGet/2-1) {
		if err := j.bumpPlan(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

func (j *job) bumpPlan(ctx context.Context, listed []storage.Item) error {
	keys := []storage.Key{settings.Key(j.Guild)}
	list := make([]partnership.Partnership, len(listed))
	for i, it := range listed {
		var err error
		if list[i], err = storage.Decode[partnership.Partnership](it); err != nil {
			return err
		}
		keys = append(keys, bump.Key(j.Guild, list[i].Partner), bump.Sync(j.Guild, list[i].Partner).Key())
	}
	tx, err := j.read(ctx, keys...)
	if err != nil {
		return err
	}
	every := settings.Of(tx, j.Guild).BumpTime()
	var refs []action.Ref
	for _, p := range list {
		r, b := bump.Sync(j.Guild, p.Partner), bump.Of(tx, j.Guild, p.Partner)
		a, planned := storage.Read[action.Action](tx, r.Key())
		next := b.Next(p, every)
		if planned && !a.Due.Equal(next) || !planned && !b.Ready.Equal(next) {
			refs = append(refs, r)
		}
	}
	if _, err := tx.Changes(); err != nil {
		return err
	}
	return j.offerAll(ctx, refs)
}
