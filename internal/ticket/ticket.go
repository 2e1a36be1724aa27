// Package ticket decides on tickets: private threads in which an applicant and
// the managers talk about an application, before it is sent or after.
//
// It keeps:
//
//	guild#<g>   ticket#<id>             one Ticket
//	guild#<g>   ticket-user#<u>         one Current: the ticket a user has open
//	guild#<g>   tickets                 one Crowd: how many are open
//	guild#<g>   ticket-post#<id>        the first message in the thread, as it was published
//	guild#<g>   ticket-post#<id>#<x>    a question or a closing, until it is known to stand
//	guild#<g>   ticket-notice#<id>      what managers see of a ticket without an application
//
// A ticket that an applicant opened has the ID of the interaction that did; one
// that a manager opened by asking about an application has the application's.
package ticket

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// A Ticket is a private thread as it should be, and how far it is.
type Ticket struct {
	ID     string    `json:"id"`
	User   string    `json:"user"` // the applicant
	Opened time.Time `json:"opened"`

	Counted bool   `json:"counted,omitempty"` // it is in the guild's Crowd
	From    string `json:"from,omitempty"`    // text channel it was asked for in: its place if none is chosen

	Application string `json:"application,omitempty"` // what it is about, once that was sent
	Decision    string `json:"decision,omitempty"`    // the application's status, once it was settled and t took note
	Server      string `json:"server,omitempty"`      // the partner's name, if its application was turned away: then there is none

	Closed   time.Time  `json:"closed,omitzero"`     // zero while it is open
	Why      string     `json:"why,omitempty"`       // what closed it last: a status of the application, or ByHand
	Closings int        `json:"closings"`            // how often it was closed
	Staff    []string   `json:"staff,omitempty"`     // managers who asked to be in it
	Asked    []Question `json:"questions,omitempty"` // those that are not yet posted

	// What the worker has done.
	Parent string   `json:"parent,omitempty"` // channel below which the thread is, or is about to be made
	Thread string   `json:"thread,omitempty"` // empty while there is none
	Added  []string `json:"added,omitempty"`  // who was put into the thread
	Told   int      `json:"told"`             // closings that were posted
}

// Kind implements [storage.Record].
func (Ticket) Kind() (string, int) { return "ticket", 1 }

// ByHand is the Why of a ticket that somebody closed, rather than a decision.
const ByHand = "closed"

// A Question is what a manager asks an applicant.
type Question struct {
	ID   string `json:"id"` // of the interaction that asked it
	By   string `json:"by"`
	Text string `json:"text"`
}

// The limits of what can be asked.
const (
	MaxQuestion = 1500 // of one question, as partnership.Cut counts
	maxAsked    = 10   // questions that wait to be posted
	maxStaff    = 25   // managers in one ticket
)

// A Current is the ticket that a user has open, of those they opened themselves.
type Current struct {
	Ticket string  `json:"ticket"`           // empty if they have none
	Thread string  `json:"thread,omitempty"` // once it is made
	Opened []int64 `json:"opened,omitempty"` // when they opened tickets lately, Unix seconds
}

// Kind implements [storage.Record].
func (Current) Kind() (string, int) { return "current", 1 }

// ExpiresAt implements [storage.Expiring]: who has none open is forgotten once
// they may open as many as anybody.
func (c Current) ExpiresAt() (at time.Time) {
	if c.Ticket == "" && len(c.Opened) > 0 {
		at = time.Unix(c.Opened[len(c.Opened)-1], 0).Add(OpeningsWindow)
	}
	return at
}

// Openings is how many tickets one user may open in OpeningsWindow: each is a
// thread, and a notice to the managers.
const (
	Openings       = 3
	OpeningsWindow = time.Hour
)

// open notes in c that its user opens a ticket. It refuses if they have one open,
// or opened too many lately.
func (c Current) open(id string, now time.Time) (Current, error) {
	if c.Ticket != "" {
		return c, refuse.Because("ticket.already-open")
	}
	oldest := now.Add(-OpeningsWindow).Unix()
	lately := slices.DeleteFunc(slices.Clone(c.Opened), func(at int64) bool { return at <= oldest })
	if len(lately) >= Openings {
		until := time.Unix(lately[0], 0).Add(OpeningsWindow)
		return c, refuse.Because("ticket.too-many", "most", strconv.Itoa(Openings), "until", refuse.When(until))
	}
	return Current{Ticket: id, Opened: append(lately, now.Unix())}, nil
}

func key(guild, sort string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: sort}
}

// Key is where a ticket is kept.
func Key(guild, id string) storage.Key { return key(guild, "ticket#"+id) }

// All lists the tickets of a guild.
func All(guild string) storage.Query {
	k := Key(guild, "")
	return storage.Query{Table: k.Table, Part: k.Part, Prefix: k.Sort, Limit: storage.MaxLimit}
}

// UserKey is where the Current of a user is kept.
func UserKey(guild, user string) storage.Key { return key(guild, "ticket-user#"+user) }

// Opened finds the tickets that users have open, and opened themselves: a Current
// each, some of which are of none.
func Opened(guild string) storage.Query {
	k := UserKey(guild, "")
	return storage.Query{Table: k.Table, Part: k.Part, Prefix: k.Sort, Limit: storage.MaxGet}
}

// PostKey is where the post of a message in a ticket's thread is kept: of the
// first message if which is "", else of a question or a closing.
func PostKey(guild, id, which string) storage.Key {
	if which != "" {
		id += "#" + which
	}
	return key(guild, "ticket-post#"+id)
}

// NoticeKey is where the post of a ticket's notice to the managers is kept.
func NoticeKey(guild, id string) storage.Key { return key(guild, "ticket-notice#"+id) }

// Sync is the action that brings a ticket's thread in line.
func Sync(guild, id string) action.Ref {
	return action.Ref{Name: "ticket.sync", Guild: guild, Subject: id}
}

// Keys are what all changes of a ticket need to have read; Open and Close need
// the key of the user, too.
func Keys(guild, id string) []storage.Key {
	return []storage.Key{Key(guild, id), Sync(guild, id).Key(), CrowdKey(guild)}
}

// keep writes t and has its thread brought in line.
func (t Ticket) keep(tx *storage.Tx, guild string, now time.Time) {
	tx.Set(Key(guild, t.ID), t)
	action.Cause(tx, Sync(guild, t.ID), now)
}

// Load returns a ticket. It refuses if the guild has none such.
func Load(tx *storage.Tx, guild, id string) (Ticket, error) {
	t, ok := storage.Read[Ticket](tx, Key(guild, id))
	if !ok {
		return t, refuse.Because("ticket.not-found")
	}
	return t, nil
}

// Having returns the ticket that a user has open, and whether they have one.
func Having(tx *storage.Tx, guild, user string) (Current, bool) {
	c, _ := storage.Read[Current](tx, UserKey(guild, user))
	return c, c.Ticket != ""
}

// Open opens a ticket for an applicant. It refuses if they have one open, or
// opened too many lately, or if too many are open in the guild.
func Open(tx *storage.Tx, guild, id, user, from string, l partnership.Limits, now time.Time) error {
	c, _ := Having(tx, guild, user)
	c, err := c.open(id, now)
	if err != nil {
		return err
	}
	if err := enter(tx, guild, l, now); err != nil {
		return err
	}
	tx.Set(UserKey(guild, user), c)
	Ticket{ID: id, User: user, Opened: now, Counted: true, From: from}.keep(tx, guild, now)
	return nil
}

// Fill refuses unless user can fill in t's form.
func (t Ticket) Fill(user string) error {
	switch {
	case t.User != user:
		return refuse.Because("ticket.not-yours")
	case !t.Closed.IsZero():
		return refuse.Because("ticket.closed")
	case t.Application != "":
		return refuse.Because("ticket.already-sent")
	}
	return nil
}

// About notes the application that a ticket's form became. It does nothing if
// the ticket is about another one already. Either way the thread is brought in line.
func About(tx *storage.Tx, guild, id, application string, now time.Time) {
	t, ok := storage.Read[Ticket](tx, Key(guild, id))
	if !ok {
		return
	}
	if t.Application == "" {
		t.Application = application
	}
	t.keep(tx, guild, now)
}

// Ask asks the applicant of an application a question in a ticket: it is opened
// if there is none such, and opened again if it is closed. Who asks is put into it.
// decided is the application's status if it is settled: a new ticket does not
// have to follow it any more.
func Ask(tx *storage.Tx, guild, id, user, application, decided string, q Question, now time.Time) error {
	t, ok := storage.Read[Ticket](tx, Key(guild, id))
	if !ok {
		t = Ticket{ID: id, User: user, Opened: now, Application: application, Decision: decided}
	}
	q.Text = partnership.Clean(q.Text, MaxQuestion)
	switch {
	case t.User != user:
		return refuse.Because("ticket.not-found")
	case q.Text == "":
		return refuse.Because("ticket.no-question")
	case len(t.Asked) >= maxAsked:
		return refuse.Because("ticket.too-many-questions")
	}
	if t.Application == "" {
		t.Application = application
	}
	t.Asked = append(t.Asked, q)
	if !t.Closed.IsZero() { // who left it while it was closed is wanted again
		t.Closed = time.Time{}
		if t.Why == ByHand {
			t.Told = t.Closings // it is not closed any more
		}
		t.Added = slices.DeleteFunc(t.Added, func(u string) bool { return u == user })
	}
	t.join(q.By)
	t.keep(tx, guild, now)
	return nil
}

// join notes that a manager is to be in t. If it is full, the first who came
// stays in the thread, and is no longer noted.
func (t *Ticket) join(manager string) {
	if manager == t.User {
		return
	}
	t.Added = slices.DeleteFunc(t.Added, func(u string) bool { return u == manager })
	t.Staff = append(slices.DeleteFunc(t.Staff, func(u string) bool { return u == manager }), manager)
	t.Staff = t.Staff[max(0, len(t.Staff)-maxStaff):]
}

// Join puts a manager into a ticket. It refuses if it is closed.
func Join(tx *storage.Tx, guild, id, manager string, now time.Time) (Ticket, error) {
	t, err := Load(tx, guild, id)
	if err != nil {
		return t, err
	}
	if !t.Closed.IsZero() {
		return t, refuse.Because("ticket.closed")
	}
	t.join(manager)
	t.keep(tx, guild, now)
	return t, nil
}

// Back puts an applicant into their ticket again, who left it or whose thread is
// gone. If there is none, it may be made below the text channel they ask in;
// from is empty if they do not ask in one.
func Back(tx *storage.Tx, guild, id, user, from string, now time.Time) (Ticket, error) {
	t, err := Load(tx, guild, id)
	switch {
	case err != nil:
		return t, err
	case t.User != user:
		return t, refuse.Because("ticket.not-yours")
	case !t.Closed.IsZero():
		return t, refuse.Because("ticket.closed")
	}
	if t.Thread == "" {
		t.From = cmp.Or(from, t.From)
	}
	t.Added = slices.DeleteFunc(t.Added, func(u string) bool { return u == user })
	t.keep(tx, guild, now)
	return t, nil
}

// Close closes a ticket for a manager, or for its applicant. It refuses if it is
// closed already.
func Close(tx *storage.Tx, guild, id, by string, manager bool, now time.Time) (Ticket, error) {
	t, err := Load(tx, guild, id)
	switch {
	case err != nil:
		return t, err
	case t.User != by && !manager:
		return t, refuse.Because("ticket.not-yours")
	case !t.Closed.IsZero():
		return t, refuse.Because("ticket.closed")
	}
	t.close(tx, guild, ByHand, now)
	t.keep(tx, guild, now)
	return t, nil
}

// close closes t and lets its user open another. tx must have read the user's key,
// and [CrowdKey].
func (t *Ticket) close(tx *storage.Tx, guild, why string, now time.Time) {
	t.Closed, t.Why, t.Asked = now, why, nil
	t.Closings++
	t.leave(tx, guild, now)
	if c, _ := Having(tx, guild, t.User); c.Ticket == t.ID {
		tx.Set(UserKey(guild, t.User), Current{Opened: c.Opened})
	}
}

// Number names t for people, and its thread for us: no two tickets have the same.
func (t Ticket) Number() string {
	sum := sha256.Sum256([]byte(t.ID))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:8])
}
