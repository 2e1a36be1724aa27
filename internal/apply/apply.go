// Package apply decides what becomes of an application, from the form to the
// manager who settles it.
//
// It keeps:
//
//	guild#<g>    draft#<id>            one Draft: a form as it was sent
//	guild#<g>    apply#<id>            one Application: a draft that passed its checks
//	guild#<g>    standing#partner#<p>  one Standing
//	guild#<g>    standing#user#<u>     one Standing
//	guild#<g>    card#<id>             the review card, as it was published
//	token#<id>   token                 one Token (actions table)
//
// A draft and the application it becomes have the same ID: the ID of the
// interaction that sent it, so applications sort by when they were sent.
package apply

import (
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A Status is where an application stands.
type Status string

// The statuses. An application leaves Pending once.
const (
	Pending  Status = "pending"  // waits for a manager
	Approved Status = "approved" // became a partnership
	Denied   Status = "denied"   // may be sent again after the cooldown
)

// An Application is a request to partner, checked and waiting or settled.
type Application struct {
	ID        string             `json:"id"`
	Status    Status             `json:"status"`
	Applicant string             `json:"applicant"`
	Server    partnership.Server `json:"server"`
	Ad        partnership.Ad     `json:"ad"`
	Sent      time.Time          `json:"sent"`
	Earlier   Standing           `json:"earlier"` // the partner's, when this was sent

	Settled time.Time `json:"settled,omitzero"` // zero while Pending
	By      string    `json:"by,omitempty"`     // manager who settled it
	Reason  string    `json:"reason,omitempty"` // why it was denied; the applicant sees it
	Note    string    `json:"note,omitempty"`   // for managers only
}

// Kind implements [storage.Record].
func (Application) Kind() (string, int) { return "application", 1 }

// The longest texts of a decision, as partnership.Cut counts.
const (
	MaxReason = 400
	MaxNote   = 400
)

// Approve settles a in favor.
func (a *Application) Approve(by string, at time.Time) error {
	if err := a.open(); err != nil {
		return err
	}
	a.Status, a.By, a.Settled = Approved, by, at
	return nil
}

// Deny settles a against the applicant, who will see reason. Managers see note.
func (a *Application) Deny(by, reason, note string, at time.Time) error {
	if err := a.open(); err != nil {
		return err
	}
	a.Status, a.By, a.Settled = Denied, by, at
	a.Reason = partnership.Clean(reason, MaxReason)
	a.Note = partnership.Clean(note, MaxNote)
	return nil
}

// open refuses if a is settled, and tells who did it.
func (a *Application) open() error {
	if a.Status == Pending {
		return nil
	}
	return refuse.Because("apply.settled-"+string(a.Status), "by", a.By, "when", refuse.When(a.Settled))
}

// A Standing is what a guild remembers of one partner server or of one user who
// applied. The cooldown runs from Last.
type Standing struct {
	Last    time.Time `json:"last,omitzero"`     // when an application was last sent or denied
	Pending string    `json:"pending,omitempty"` // the partner's application that waits
	Denied  int       `json:"denied"`            // how often
	Tries   []int64   `json:"tries,omitempty"`   // when the user sent forms lately, Unix seconds
	Latest  Latest    `json:"latest,omitzero"`   // the user's or the partner's latest application
}

// Latest is what became of somebody's latest application.
type Latest struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"` // the partner's
	Status Status    `json:"status"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
}

// Kind implements [storage.Record].
func (Standing) Kind() (string, int) { return "standing", 1 }

// wait refuses if s is in its cooldown at the given time.
func (s Standing) wait(cooldown time.Duration, now time.Time) error {
	until := s.Last.Add(cooldown)
	if s.Last.IsZero() || cooldown == 0 || !now.Before(until) {
		return nil
	}
	return refuse.Because("apply.cooldown", "until", refuse.When(until))
}

// note remembers that a now is as it is.
func (s Standing) note(a Application, at time.Time) Standing {
	s.Latest = Latest{ID: a.ID, Name: a.Server.Name, Status: a.Status, At: at, Reason: a.Reason}
	return s
}

func guildKey(guild, sort string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: sort}
}

// Key is where an application is kept.
func Key(guild, id string) storage.Key { return guildKey(guild, "apply#"+id) }

// CardKey is where the post of an application's review card is kept.
func CardKey(guild, id string) storage.Key { return guildKey(guild, "card#"+id) }

// UserKey is where the standing of a user is kept.
func UserKey(guild, user string) storage.Key { return guildKey(guild, "standing#user#"+user) }

// partnerKey is where the standing of a partner is kept.
func partnerKey(guild, partner string) storage.Key {
	return guildKey(guild, "standing#partner#"+partner)
}

// Card is the action that brings an application's review card in line.
func Card(guild, id string) action.Ref {
	return action.Ref{Name: "apply.card", Guild: guild, Subject: id}
}

// Answer is the action that tells an applicant, in the reply to their form, how
// it stands.
func Answer(guild, id string) action.Ref {
	return action.Ref{Name: "apply.answer", Guild: guild, Subject: id}
}

// Open refuses if the member with the given standing need not even fill in the
// form. It makes every check that needs no look-up.
func Open(s settings.Settings, c partnership.Counts, l partnership.Limits, applicant Standing, now time.Time) error {
	switch {
	case !s.Ready():
		return refuse.Because("apply.not-set-up")
	case s.Closed:
		return refuse.Because("apply.closed")
	case c.Pending >= l.Pending:
		return refuse.Because("apply.queue-full")
	}
	if err := c.Room(s.Active, l); err != nil {
		return err
	}
	return applicant.wait(s.CooldownTime(), now)
}

// OpenKeys are what a caller of Open needs to have read, beside the settings.
func OpenKeys(guild, user string) []storage.Key {
	return []storage.Key{partnership.CountsKey(guild), UserKey(guild, user)}
}
