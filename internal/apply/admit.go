package apply

import (
	"errors"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// QueueKeys are what Queue needs to have read.
func QueueKeys(guild string, d Draft, partner string) []storage.Key {
	keys := append(partnership.StartKeys(guild, partner), OpenKeys(guild, d.Applicant)...)
	return append(keys,
		settings.Key(guild), DraftKey(guild, d.ID), Key(guild, d.ID), PendingKey(guild, d.ID), partnerKey(guild, partner),
		block.Key(guild, block.Target{What: block.Server, ID: partner}),
		block.Key(guild, block.Target{What: block.User, ID: d.Applicant}),
		Card(guild, d.ID).Key(), Answer(guild, d.ID).Key(), Expire(guild, d.ID).Key(), Remind(guild).Key(), Compare(guild, partner).Key(),
		takenKey(guild, d.Ticket), partnership.OthersKey(guild), partnership.FormsKey(guild, d.sender()))
}

// A Taken says which application the form of a ticket became.
type Taken struct {
	Application string `json:"application"`
}

// Kind implements [storage.Record].
func (Taken) Kind() (string, int) { return "taken", 1 }

// takenKey is where the Taken of a ticket is kept.
func takenKey(guild, ticket string) storage.Key { return guildKey(guild, "taken#"+ticket) }

// Judge notes what the picture of a draft turned out to be, for Queue.
func Judge(tx *storage.Tx, guild, id string, picture partnership.Banner) {
	if d, ok := storage.Read[Draft](tx, DraftKey(guild, id)); ok && !d.Checked {
		d.Form.Banner = picture
		tx.Set(DraftKey(guild, id), d)
	}
}

// Queue decides what becomes of a draft now that its invite was looked up: it
// becomes a pending application, or at once a partnership if a manager sent it,
// or it is refused with the reason kept in it. Either way whoever sent it is
// answered. It returns what was done, for the audit trail; "" if nothing was.
func Queue(tx *storage.Tx, guild, id string, found partnership.Invite, l partnership.Limits, now time.Time) (did string) {
	d, ok := storage.Read[Draft](tx, DraftKey(guild, id))
	if !ok || d.Checked {
		return ""
	}
	d.Checked, d.Server = true, found.Server.Called(100)
	action.Cause(tx, Answer(guild, id), now)
	did, err := "apply.send", admit(tx, guild, &d, found, l, now)
	if no := new(refuse.Error); errors.As(err, &no) {
		d.Refused = action.Reason{Key: no.Key, Args: no.Args}
		if did = ""; no.Key == Unwelcome {
			did = "block.refuse"
			turnAway(tx, guild, d, found, now)
		}
		if d.Source != Manual && found.Acceptable(guild, settings.Of(tx, guild).Minimum) != nil {
			d.missed(tx, guild, now)
		}
	} else if d.Source == Manual {
		if did = "partnership.add"; d.By == d.Applicant {
			did = "partnership.add-own"
		}
		add(tx, guild, d, found, now)
		action.Cause(tx, Compare(guild, found.Server.ID), now)
	} else {
		enqueue(tx, guild, d, found, now)
	}
	d.keep(tx, guild, now)
	d.tried(tx, guild)
	return did
}

// Unwelcome is why a draft of somebody on the blocklist is refused. They read
// what everybody reads whose application was denied without a reason.
const Unwelcome = "apply.unwelcome"

// turnAway leaves the applicant of d as a denial would.
func turnAway(tx *storage.Tx, guild string, d Draft, found partnership.Invite, now time.Time) {
	u, _ := storage.Read[Standing](tx, UserKey(guild, d.Applicant))
	u = u.note(Application{ID: d.ID, Server: found.Server, Status: Denied}, now)
	u.Last = now
	tx.Set(UserKey(guild, d.Applicant), u)
}

// admit refuses a draft that must not become an application. The minimum, the
// cooldown and the queue's limit do not hold for what a manager adds, and the
// blocklist is only a warning then.
func admit(tx *storage.Tx, guild string, d *Draft, found partnership.Invite, l partnership.Limits, now time.Time) error {
	s := settings.Of(tx, guild)
	minimum := s.Minimum
	if d.Source == Manual {
		minimum = 0
	}
	if err := found.Acceptable(guild, minimum); err != nil {
		return err
	}
	if err := d.Form.Banner.Check(); err != nil { // by its bytes it may be another type, or none
		return err
	}
	if _, taken := storage.Read[Taken](tx, takenKey(guild, d.Ticket)); taken {
		return refuse.Because("ticket.already-sent")
	}
	partner := found.Server.ID
	blocked := listed(tx, guild, partner, d.Applicant, now)
	d.Warned = blocked && d.Source == Manual
	if _, active := storage.Read[partnership.Partnership](tx, partnership.Key(guild, partner)); active {
		return refuse.Because("apply.already-partner", "server", partnership.Named(found.Server))
	}
	counts := partnership.CountsOf(tx, guild)
	if d.Source == Manual {
		return counts.StaffRoom(s.Active, l)
	}
	p, _ := storage.Read[Standing](tx, partnerKey(guild, partner))
	if err := p.joins(d.rival(found), found.Server); err != nil {
		return err
	}
	applicant, _ := storage.Read[Standing](tx, UserKey(guild, d.Applicant))
	if err := Open(s, d.Source, counts, l, applicant, now); err != nil {
		return err
	}
	if blocked { // last of all: else it would show in what others are told
		return refuse.Because(Unwelcome, "server", partnership.Named(found.Server))
	}
	return nil
}

// listed reports whether a partner or an applicant is on the blocklist.
func listed(tx *storage.Tx, guild, partner, applicant string, now time.Time) bool {
	_, server := block.Listed(tx, guild, block.Target{What: block.Server, ID: partner}, now)
	_, user := block.Listed(tx, guild, block.Target{What: block.User, ID: applicant}, now)
	return server || user
}

// enqueue makes d a pending application.
func enqueue(tx *storage.Tx, guild string, d Draft, found partnership.Invite, now time.Time) {
	partner, chosen := found.Server.ID, settings.Of(tx, guild)
	p, _ := storage.Read[Standing](tx, partnerKey(guild, partner))
	u, _ := storage.Read[Standing](tx, UserKey(guild, d.Applicant))
	a := Application{
		ID: d.ID, Status: Pending, Applicant: d.Applicant, Server: found.Server, Ad: d.Form.Ad(found.Code),
		Maker: d.maker(found), Sent: d.Sent, Earlier: p, Source: d.Source, Ticket: d.Ticket, Locale: d.Locale,
	}
	if p.Waiting = append(slices.Clone(p.Waiting), d.rival(found)); len(p.Waiting) > 1 {
		action.Cause(tx, Compare(guild, partner), now)
	}
	p, u = p.note(a, now), u.note(a, now)
	u.Last, u.Waiting = now, append(slices.Clone(u.Waiting), d.rival(found))

	c := partnership.CountsOf(tx, guild)
	c.Pending++
	tx.Set(partnership.CountsKey(guild), c)
	tx.Set(partnerKey(guild, partner), p)
	tx.Set(UserKey(guild, d.Applicant), u)
	tx.Set(Key(guild, a.ID), a)
	partnership.Remember(tx, guild, a.Server)
	if d.Ticket != "" {
		tx.Set(takenKey(guild, d.Ticket), Taken{a.ID})
	}
	wait(tx, guild, a)
	action.Cause(tx, Card(guild, a.ID), now)
	action.Cause(tx, Expire(guild, a.ID), now.Add(days(chosen.Expiry)))
	if chosen.Remind > 0 {
		action.Cause(tx, Remind(guild), now.Add(days(chosen.Remind)))
	}
}

// rival is d beside others for the same server.
func (d Draft) rival(found partnership.Invite) Rival {
	return Rival{Application: d.ID, Applicant: d.Applicant, Own: d.maker(found).Own}
}

// maker is who made the invite of d, seen from its applicant.
func (d Draft) maker(found partnership.Invite) Maker {
	if found.Inviter.ID == d.Applicant {
		return Maker{Own: true}
	}
	return Maker{Name: found.Inviter.Name}
}

// add makes d, which a manager sent, a partnership at once.
func add(tx *storage.Tx, guild string, d Draft, found partnership.Invite, now time.Time) {
	partnership.Start(tx, guild, partnership.Partnership{
		Partner: found.Server.ID, Application: d.ID, Server: found.Server, Ad: d.Form.Ad(found.Code),
		Contact: d.Applicant, Since: now, By: d.By,
	})
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
