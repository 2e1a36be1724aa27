package apply

import (
	"errors"
	"strconv"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// QueueKeys are what Queue needs to have read.
func QueueKeys(guild string, d Draft, partner string) []storage.Key {
	return append(OpenKeys(guild, d.Applicant),
		settings.Key(guild), DraftKey(guild, d.ID), Key(guild, d.ID),
		partnerKey(guild, partner), partnership.Key(guild, partner),
		Card(guild, d.ID).Key(), Answer(guild, d.ID).Key())
}

// Queue decides what becomes of a draft now that its invite was looked up: it
// becomes a pending application, or it is refused with the reason kept in it.
// Either way the applicant is answered. It reports whether it was queued.
func Queue(tx *storage.Tx, guild, id string, found partnership.Invite, l partnership.Limits, now time.Time) (queued bool) {
	d, ok := storage.Read[Draft](tx, DraftKey(guild, id))
	if !ok || d.Checked {
		return false
	}
	d.Checked = true
	action.Cause(tx, Answer(guild, id), now)
	err := admit(tx, guild, d, found, l, now)
	if no := new(refuse.Error); errors.As(err, &no) {
		d.Refused = action.Reason{Key: no.Key, Args: no.Args}
		tx.Set(DraftKey(guild, id), d)
		return false
	}
	tx.Set(DraftKey(guild, id), d)
	enqueue(tx, guild, d, found, now)
	return true
}

// admit refuses a draft that must not become an application.
func admit(tx *storage.Tx, guild string, d Draft, found partnership.Invite, l partnership.Limits, now time.Time) error {
	s := settings.Of(tx, guild)
	if err := acceptable(found, guild, s.Minimum); err != nil {
		return err
	}
	partner := found.Server.ID
	p, _ := storage.Read[Standing](tx, partnerKey(guild, partner))
	if _, active := storage.Read[partnership.Partnership](tx, partnership.Key(guild, partner)); active {
		return refuse.Because("apply.already-partner", "server", partnership.Plain(found.Server.Name))
	}
	if p.Pending != "" {
		return refuse.Because("apply.already-pending", "server", partnership.Plain(found.Server.Name))
	}
	applicant, _ := storage.Read[Standing](tx, UserKey(guild, d.Applicant))
	if err := Open(s, partnership.CountsOf(tx, guild), l, applicant, now); err != nil {
		return err
	}
	return p.wait(s.CooldownTime(), now)
}

// acceptable refuses an invite that does not lead where it should.
func acceptable(f partnership.Invite, guild string, minimum int) error {
	switch {
	case f.Type == partnership.NoInvite:
		return refuse.Because("apply.unknown-invite")
	case f.Type == partnership.GroupDMInvite:
		return refuse.Because("apply.group-dm")
	case f.Type != partnership.GuildInvite || f.Server.ID == "":
		return refuse.Because("apply.not-a-server")
	case f.Server.ID == guild:
		return refuse.Because("apply.this-server")
	case !f.Permanent:
		return refuse.Because("apply.not-permanent")
	case f.Server.Members < minimum:
		return refuse.Because("apply.too-small",
			"server", partnership.Plain(f.Server.Name), "members", strconv.Itoa(f.Server.Members), "minimum", strconv.Itoa(minimum))
	}
	return nil
}

// enqueue makes d a pending application.
func enqueue(tx *storage.Tx, guild string, d Draft, found partnership.Invite, now time.Time) {
	partner := found.Server.ID
	p, _ := storage.Read[Standing](tx, partnerKey(guild, partner))
	u, _ := storage.Read[Standing](tx, UserKey(guild, d.Applicant))
	a := Application{
		ID: d.ID, Status: Pending, Applicant: d.Applicant, Server: found.Server,
		Ad: d.Form.ad(found.Code), Sent: d.Sent, Earlier: p,
	}
	p, u = p.note(a, now), u.note(a, now)
	p.Pending, p.Last, u.Last = a.ID, now, now

	c := partnership.CountsOf(tx, guild)
	c.Pending++
	tx.Set(partnership.CountsKey(guild), c)
	tx.Set(partnerKey(guild, partner), p)
	tx.Set(UserKey(guild, d.Applicant), u)
	tx.Set(Key(guild, a.ID), a)
	action.Cause(tx, Card(guild, a.ID), now)
}

// A Case names an application on a review card: which it is, and whose. It
// comes from a custom ID, so it is only a reference: what it names is looked up
// in the guild of the signed payload.
type Case struct {
	ID, Partner, Applicant string
}

// CaseOf returns the case of an application.
func CaseOf(a Application) Case { return Case{a.ID, a.Server.ID, a.Applicant} }

// Keys are what Load, Approve and Deny need to have read, beside the settings.
func (c Case) Keys(guild string) []storage.Key {
	return append(partnership.StartKeys(guild, c.Partner),
		Key(guild, c.ID), partnerKey(guild, c.Partner), UserKey(guild, c.Applicant),
		Card(guild, c.ID).Key(), Answer(guild, c.ID).Key())
}

// Load returns the application of c. It refuses if the guild has none such.
func (c Case) Load(tx *storage.Tx, guild string) (Application, error) {
	a, ok := storage.Read[Application](tx, Key(guild, c.ID))
	if !ok || CaseOf(a) != c {
		return Application{}, refuse.Because("apply.not-found")
	}
	return a, nil
}

// LoadPending is Load for an application that can still be decided.
func (c Case) LoadPending(tx *storage.Tx, guild string) (Application, error) {
	a, err := c.Load(tx, guild)
	if err != nil {
		return a, err
	}
	return a, a.open()
}

// Approve settles the application in favor and makes it a partnership.
func (c Case) Approve(tx *storage.Tx, guild, by string, l partnership.Limits, now time.Time) (Application, error) {
	a, err := c.Load(tx, guild)
	if err != nil {
		return a, err
	}
	if err := a.Approve(by, now); err != nil {
		return a, err
	}
	if err := partnership.CountsOf(tx, guild).Room(settings.Of(tx, guild).Active, l); err != nil {
		return a, err
	}
	partnership.Start(tx, guild, partnership.Partnership{
		Partner: c.Partner, Application: a.ID, Server: a.Server, Ad: a.Ad,
		Contact: a.Applicant, Since: now, By: by,
	})
	c.settle(tx, guild, a, now)
	return a, nil
}

// Deny settles the application against the applicant.
func (c Case) Deny(tx *storage.Tx, guild, by, reason, note string, now time.Time) (Application, error) {
	a, err := c.Load(tx, guild)
	if err != nil {
		return a, err
	}
	if err := a.Deny(by, reason, note, now); err != nil {
		return a, err
	}
	c.settle(tx, guild, a, now)
	return a, nil
}

// settle writes a settled application with all that follows from it.
func (c Case) settle(tx *storage.Tx, guild string, a Application, now time.Time) {
	p, _ := storage.Read[Standing](tx, partnerKey(guild, c.Partner))
	u, _ := storage.Read[Standing](tx, UserKey(guild, c.Applicant))
	p = p.note(a, now)
	p.Pending = ""
	if u.Latest.ID == a.ID {
		u = u.note(a, now)
	}
	if a.Status == Denied {
		p.Denied++
		p.Last, u.Last = now, now
	}
	counts := partnership.CountsOf(tx, guild)
	counts.Pending--
	tx.Set(partnership.CountsKey(guild), counts)
	tx.Set(partnerKey(guild, c.Partner), p)
	tx.Set(UserKey(guild, c.Applicant), u)
	tx.Set(Key(guild, a.ID), a)
	action.Cause(tx, Card(guild, a.ID), now)
	action.Cause(tx, Answer(guild, a.ID), now)
}
