// Package edit decides what becomes of a changed ad: a manager's stands at once,
// a contact's waits for a manager, and members see the approved one until then.
//
// It keeps:
//
//	guild#<g>   edit#<p>           one Edit: the latest of partner <p>, with its ad while it waits
//	guild#<g>   edit-past#<c>      one Edit: how the edit on card <c> was settled
//	guild#<g>   edit-draft#<id>    one Draft: a form as it was sent
//	guild#<g>   edit-card#<c>      the review card, as it was published
//	guild#<g>   edit-notice#<c>    the direct message about the decision, until it stands
//	token#<id>  edit               one Token (actions table)
//
// A draft and the edit it becomes have the same ID: that of the interaction that
// sent it. An edit that takes the place of one that waits takes over its card, so
// a card is named by the first edit that stood on it.
package edit

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// A Status is where an edit stands.
type Status string

// The statuses. An edit leaves Waiting once.
const (
	Waiting   Status = "waiting"   // for a manager
	Approved  Status = "approved"  // it is what members see
	Denied    Status = "denied"    // members see what they saw before
	Withdrawn Status = "withdrawn" // the contact wants the approved ad again
	Dropped   Status = "dropped"   // the partnership ended
)

// MaxReason is how long the reason of a denial may be, as partnership.Cut counts.
const MaxReason = 400

// An Edit is a changed ad.
type Edit struct {
	ID          string         `json:"id"` // empty if there was none yet
	Card        string         `json:"card"`
	Partner     string         `json:"partner"`
	Application string         `json:"application"` // of the partnership, which a partner may have had several of
	Server      string         `json:"server"`      // the partner's name
	By          string         `json:"by"`          // who wrote it
	Status      Status         `json:"status"`
	Sent        time.Time      `json:"sent"`
	Ad          partnership.Ad `json:"ad,omitzero"`     // as it should be; of a past edit, too
	Before      partnership.Ad `json:"before,omitzero"` // of a past edit: as it was
	Lost        bool           `json:"lost,omitempty"`  // its banner could not be fetched: the one from before stays

	Settled time.Time `json:"settled,omitzero"`
	Decided string    `json:"decided,omitempty"` // the manager who settled it
	Reason  string    `json:"reason,omitempty"`  // why it was denied; the contact sees it
	Told    bool      `json:"told,omitempty"`    // of a past edit: the contact was told by direct message, as far as they want to be

	Cards []string `json:"cards,omitempty"` // of settled edits of the partner, still to show that
	Tries []int64  `json:"tries,omitempty"` // when forms with another invite were sent lately, Unix seconds

	Opened []int64 `json:"opened,omitempty"` // when forms brought managers a new card lately
}

// Kind implements [storage.Record].
func (Edit) Kind() (string, int) { return "edit", 1 }

// Open reports whether e waits for a manager.
func (e Edit) Open() bool { return e.Status == Waiting }

// LookEvery is how often somebody looks whether the card of an edit that waits
// still stands.
const LookEvery = 24 * time.Hour

// Looked returns since when the card of e must have been seen to stand: once a
// day, and since managers wanted everything looked at.
func (e Edit) Looked(retried, now time.Time) time.Time {
	if daily := e.Sent.Add(now.Sub(e.Sent).Truncate(LookEvery)); daily.After(retried) {
		return daily
	}
	return retried
}

// past is an Edit that is settled, under its card. It is kept for as long as
// somebody may want to read there what was decided.
type past struct{ Edit }

// pastFor is how long a settled edit is kept.
const pastFor = 90 * 24 * time.Hour

// ExpiresAt implements [storage.Expiring].
func (p past) ExpiresAt() time.Time { return p.Settled.Add(pastFor) }

func guildKey(guild, sort string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: sort}
}

// Prefix is what the Sort of the latest edit of every partner begins with.
const Prefix = "edit#"

// Key is where the latest edit of a partner is kept.
func Key(guild, partner string) storage.Key { return guildKey(guild, Prefix+partner) }

// All lists the latest edits of a guild's partners: as many as it has partners,
// for an edit goes with its partnership.
func All(guild string) storage.Query {
	return storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: Prefix, Limit: storage.MaxLimit}
}

// PastKey is where the edit on a card is kept once it is settled.
func PastKey(guild, card string) storage.Key { return guildKey(guild, "edit-past#"+card) }

// Past lists the edits of a guild that are settled, and kept still.
func Past(guild string) storage.Query {
	k := PastKey(guild, "")
	return storage.Query{Table: k.Table, Part: k.Part, Prefix: k.Sort, Limit: storage.DefaultLimit}
}

// CardKey is where the post of a card is kept.
func CardKey(guild, card string) storage.Key { return guildKey(guild, "edit-card#"+card) }

// NoticeKey is where the post of the direct message about the decision on a card is
// kept, until it is known to stand.
func NoticeKey(guild, card string) storage.Key { return guildKey(guild, "edit-notice#"+card) }

// Tell is the action that tells who sent the edit on a card, by direct message, how
// managers decided, if they asked to be told so.
func Tell(guild, card string) action.Ref {
	return action.Ref{Name: "edit.tell", Guild: guild, Subject: card}
}

// Card is the action that brings the cards of a partner's edits in line.
func Card(guild, partner string) action.Ref {
	return action.Ref{Name: "edit.card", Guild: guild, Subject: partner}
}

// Answer is the action that tells who sent an edit, in the reply to their form,
// how it stands.
func Answer(guild, id string) action.Ref {
	return action.Ref{Name: "edit.answer", Guild: guild, Subject: id}
}

// Of returns the latest edit of a partner, whose key tx must have read.
func Of(tx *storage.Tx, guild, partner string) Edit {
	e, _ := storage.Read[Edit](tx, Key(guild, partner))
	return e
}

// On returns the edit that stands on a card: the one that waits, or the one that
// was settled. tx must have read Key and PastKey.
func On(tx *storage.Tx, guild, partner, card string) (Edit, bool) {
	if e := Of(tx, guild, partner); e.Open() && e.Card == card {
		return e, true
	}
	e, ok := storage.Read[Edit](tx, PastKey(guild, card))
	return e, ok && e.Partner == partner
}

// A Case names an edit on a card. It comes from a custom ID, so it is only a
// reference: what it names is looked up in the guild of the signed payload.
type Case struct{ ID, Partner, Card string }

// CaseOf returns the case of an edit.
func CaseOf(e Edit) Case { return Case{e.ID, e.Partner, e.Card} }

// Keys are what Load and the decisions need to have read, beside the settings.
func (c Case) Keys(guild string) []storage.Key {
	return append(partnership.ChangeKeys(guild, c.Partner),
		Key(guild, c.Partner), PastKey(guild, c.Card), Card(guild, c.Partner).Key(), Answer(guild, c.ID).Key(), Tell(guild, c.Card).Key())
}

// Load returns the edit of c and the partnership it is about, if it can still be
// decided. It refuses if not, and tells who did.
func (c Case) Load(tx *storage.Tx, guild string) (Edit, partnership.Partnership, error) {
	p, active := storage.Read[partnership.Partnership](tx, partnership.Key(guild, c.Partner))
	e, ok := On(tx, guild, c.Partner, c.Card)
	switch {
	case !ok:
		return e, p, refuse.Because("edit.not-found")
	case !e.Open():
		return e, p, refuse.Because("edit.settled-"+string(e.Status), "by", e.Decided, "when", refuse.When(e.Settled))
	case e.ID != c.ID:
		return e, p, refuse.Because("edit.replaced", "contact", e.By)
	case !active || p.Application != e.Application:
		return e, p, refuse.Because("edit.ended")
	}
	return e, p, nil
}

// Approve makes the ad of the edit the one that members see.
func (c Case) Approve(tx *storage.Tx, guild, by string, now time.Time) (Edit, error) {
	e, p, err := c.Load(tx, guild)
	if err != nil {
		return e, err
	}
	e.Before, p.Ad = p.Ad, e.Ad
	e.settle(Approved, by, now)
	partnership.Change(tx, guild, p, now)
	keep(tx, guild, e, now)
	action.Cause(tx, Answer(guild, e.ID), now)
	action.Cause(tx, Tell(guild, e.Card), now)
	return e, nil
}

// Deny leaves the ad as members see it. Who sent the edit will see reason.
func (c Case) Deny(tx *storage.Tx, guild, by, reason string, now time.Time) (Edit, error) {
	e, p, err := c.Load(tx, guild)
	if err != nil {
		return e, err
	}
	e.Before, e.Reason = p.Ad, partnership.Clean(reason, MaxReason)
	e.settle(Denied, by, now)
	keep(tx, guild, e, now)
	action.Cause(tx, Answer(guild, e.ID), now)
	action.Cause(tx, Tell(guild, e.Card), now)
	return e, nil
}

func (e *Edit) settle(as Status, by string, now time.Time) {
	e.Status, e.Decided, e.Settled = as, by, now
}

// keep writes a settled edit and has its card show that. What it says is kept
// under its card; with its partner only how it was settled: keep returns that.
func keep(tx *storage.Tx, guild string, e Edit, now time.Time) Edit {
	latest := e
	latest.Ad, latest.Before = partnership.Ad{}, partnership.Ad{}
	latest.Cards = append(slices.Clone(e.Cards), e.Card)
	latest.Cards = latest.Cards[max(0, len(latest.Cards)-maxCards):]
	e.Cards, e.Tries, e.Opened = nil, nil, nil
	tx.Create(PastKey(guild, e.Card), past{e})
	tx.Set(Key(guild, e.Partner), latest)
	action.Cause(tx, Card(guild, e.Partner), now)
	return latest
}

// maxCards is how many cards of one partner wait to be brought in line, where they
// cannot be.
const maxCards = 20

// FollowKeys are what Follow, Lose and Shown need to have read, beside the settings.
func FollowKeys(guild string, e Edit) []storage.Key {
	return []storage.Key{
		partnership.Key(guild, e.Partner), Key(guild, e.Partner), Card(guild, e.Partner).Key(), Answer(guild, e.ID).Key(),
	}
}

// Follow settles the edit of a partner that waits, if its partnership ended. It
// reports whether it did.
func Follow(tx *storage.Tx, guild, partner string, now time.Time) bool {
	p, active := storage.Read[partnership.Partnership](tx, partnership.Key(guild, partner))
	e := Of(tx, guild, partner)
	if !e.Open() || active && p.Application == e.Application {
		return false
	}
	e.settle(Dropped, "", now)
	keep(tx, guild, e, now)
	action.Cause(tx, Answer(guild, e.ID), now)
	return true
}

// Shown notes that the card of a settled edit shows that. Nothing is kept with a
// partner that is none any more.
func Shown(tx *storage.Tx, guild, partner, card string) {
	e := Of(tx, guild, partner)
	e.Cards = slices.DeleteFunc(slices.Clone(e.Cards), func(c string) bool { return c == card })
	_, active := storage.Read[partnership.Partnership](tx, partnership.Key(guild, partner))
	if !active && !e.Open() && len(e.Cards) == 0 {
		tx.Delete(Key(guild, partner))
		return
	}
	tx.Set(Key(guild, partner), e)
}

// Told notes that who sent the edit on a card was told how it was decided, as far as
// they want to be. tx must have read PastKey and NoticeKey.
func Told(tx *storage.Tx, guild, card string) {
	if e, ok := storage.Read[Edit](tx, PastKey(guild, card)); ok {
		e.Told = true
		tx.Set(PastKey(guild, card), past{e})
	}
	tx.Delete(NoticeKey(guild, card))
}

// Lose notes that the banner of an edit that waits cannot be had: the ad keeps
// the one it has.
func Lose(tx *storage.Tx, guild, partner, id string) {
	e := Of(tx, guild, partner)
	if !e.Open() || e.ID != id {
		return
	}
	p, _ := storage.Read[partnership.Partnership](tx, partnership.Key(guild, partner))
	e.Ad.Banner, e.Lost = p.Ad.Banner, true
	tx.Set(Key(guild, partner), e)
}
