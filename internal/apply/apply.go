// Package apply decides what becomes of an application, from the form to the
// manager who settles it.
//
// It keeps:
//
//	guild#<g>    draft#<id>            one Draft: a form as it was sent
//	guild#<g>    apply#<id>            one Application: a draft that passed its checks
//	guild#<g>    taken#<t>             one Taken: the application of a ticket's form
//	guild#<g>    standing#partner#<p>  one Standing
//	guild#<g>    standing#user#<u>     one Standing
//	guild#<g>    card#<id>             the review card, as it was published
//	guild#<g>    notice#<id>           the direct message about the decision, as it was published
//	token#<id>   token                 one Token (actions table)
//
// A draft and the application it becomes have the same ID: the ID of the
// interaction that sent it, so applications sort by when they were sent.
package apply

import (
	"strconv"
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
	Pending   Status = "pending"   // waits for a manager
	Approved  Status = "approved"  // became a partnership
	Denied    Status = "denied"    // may be sent again after the cooldown
	Withdrawn Status = "withdrawn" // by the applicant
	Expired   Status = "expired"   // nobody decided in time
	Overtaken Status = "overtaken" // the server became a partner by another application
)

// A Source is the way by which an application came.
type Source string

// The sources.
const (
	Slash  Source = "slash"  // /partner apply
	Panel  Source = "panel"  // the button of a posted panel
	Ticket Source = "ticket" // the form in a ticket
	Manual Source = "manual" // a manager added it by hand
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
	Source    Source             `json:"source"`
	Ticket    string             `json:"ticket,omitempty"`  // the ticket it is talked about in
	Claimed   string             `json:"claimed,omitempty"` // manager who looks after it, while Pending
	Maker     Maker              `json:"maker,omitzero"`    // of the invite, while Pending
	Others    []string           `json:"-"`                 // who else waits for the same server: see [Standing.Others]
	Asked     time.Time          `json:"asked,omitzero"`    // when the applicant asked for a direct message about the decision
	Untold    bool               `json:"untold,omitempty"`  // … and Discord did not let us send it
	Locale    string             `json:"locale,omitempty"`  // Discord's, of the applicant

	Settled time.Time `json:"settled,omitzero"` // zero while Pending
	By      string    `json:"by,omitempty"`     // who settled it; nobody if it expired
	Reason  string    `json:"reason,omitempty"` // why it was denied; the applicant sees it
	Note    string    `json:"note,omitempty"`   // for managers only
}

// A Maker is who made the invite of an application: a hint at who speaks for the
// server. It is zero where Discord does not say.
type Maker struct {
	Own  bool   `json:"own,omitempty"`  // the applicant did
	Name string `json:"name,omitempty"` // of somebody else who did
}

// Kind implements [storage.Record].
func (Application) Kind() (string, int) { return "application", 1 }

// The longest texts of a decision, as partnership.Cut counts.
const (
	MaxReason = 400
	MaxNote   = 400
)

// settle ends a. It refuses if a is settled already.
func (a *Application) settle(as Status, by string, at time.Time) error {
	if err := a.open(); err != nil {
		return err
	}
	a.Status, a.By, a.Settled, a.Claimed, a.Maker = as, by, at, "", Maker{}
	return nil
}

// Approve settles a in favor.
func (a *Application) Approve(by string, at time.Time) error { return a.settle(Approved, by, at) }

// OwnApproval reports whether the applicant approved a themselves.
func (a Application) OwnApproval() bool {
	return a.Status == Approved && a.By == a.Applicant && a.By != partnership.Nobody
}

// Deny settles a against the applicant, who will see reason. Managers see note.
func (a *Application) Deny(by, reason, note string, at time.Time) error {
	if err := a.settle(Denied, by, at); err != nil {
		return err
	}
	a.Reason = partnership.Clean(reason, MaxReason)
	a.Note = partnership.Clean(note, MaxNote)
	return nil
}

// Withdraw takes a back. Only the applicant may.
func (a *Application) Withdraw(by string, at time.Time) error {
	if by != a.Applicant {
		return refuse.Because("apply.not-found")
	}
	if err := a.over(); err != nil {
		return err
	}
	return a.settle(Withdrawn, by, at)
}

// Claim notes that a manager looks after a. One who has claimed it keeps it
// until they release it.
func (a *Application) Claim(by string) error {
	if err := a.open(); err != nil {
		return err
	}
	if a.Claimed != "" && a.Claimed != by {
		return refuse.Because("apply.claimed", "by", a.Claimed)
	}
	a.Claimed = by
	return nil
}

// Release undoes a claim: any manager may, for nobody waits for ever.
func (a *Application) Release() error {
	if err := a.open(); err != nil {
		return err
	}
	a.Claimed = ""
	return nil
}

// open refuses if a is settled, and tells who did it.
func (a *Application) open() error {
	if a.Status == Pending {
		return nil
	}
	return refuse.Because("apply.settled-"+string(a.Status), "by", a.By, "when", refuse.When(a.Settled))
}

// over is open for the applicant: it tells what was decided, and not by whom.
func (a *Application) over() error {
	if a.Status == Pending {
		return nil
	}
	return refuse.Because("apply.over-"+string(a.Status), "server", partnership.Named(a.Server), "when", refuse.When(a.Settled))
}

// A Standing is what a guild remembers of one partner server or of one user who
// applied. Anybody can apply with a server's public invite: so what one applicant
// does, or has done to them, keeps none but themselves from applying. Of the server
// it is history.
type Standing struct {
	Last    time.Time `json:"last,omitzero"`     // when an application of the user was last sent, denied or withdrawn: the cooldown runs from then
	Waiting []Rival   `json:"waiting,omitempty"` // the partner's or the user's applications that wait, in the order in which they came
	Pending string    `json:"pending,omitempty"` // one that waits since an earlier version, which did not know whose it was
	Denied  int       `json:"denied"`            // how often
	Tries   []int64   `json:"tries,omitempty"`   // when the user sent forms lately, Unix seconds
	Misses  []int64   `json:"misses,omitempty"`  // … whose invite turned out to be no good
	Latest  Latest    `json:"latest,omitzero"`   // the user's or the partner's latest application
	Tried   Tried     `json:"tried,omitzero"`    // the form the user sent last, if no application came of it
	Stopped time.Time `json:"stopped,omitzero"`  // when the user stopped all direct messages asked for before
	Until   time.Time `json:"until,omitzero"`    // when it is over, after the user had their data deleted
}

// Latest is what became of somebody's latest application.
type Latest struct {
	ID      string    `json:"id"`
	Partner string    `json:"partner"`
	Name    string    `json:"name"` // the partner's
	Members int       `json:"members,omitempty"`
	Status  Status    `json:"status"`
	At      time.Time `json:"at"`
	Reason  string    `json:"reason,omitempty"`
}

// Kind implements [storage.Record].
func (Standing) Kind() (string, int) { return "standing", 1 }

// ExpiresAt implements [storage.Expiring]: only what is left of a user whose data
// was deleted is over at some time.
func (s Standing) ExpiresAt() time.Time { return s.Until }

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
	s.Until = time.Time{} // there is something to remember again
	s.Latest = Latest{ID: a.ID, Partner: a.Server.ID, Name: a.Server.Name, Members: a.Server.Members, Status: a.Status, At: at, Reason: a.Reason}
	return s
}

func guildKey(guild, sort string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: sort}
}

// Key is where an application is kept.
func Key(guild, id string) storage.Key { return guildKey(guild, "apply#"+id) }

// SentSince lists the applications that were sent since a time, earliest first: an
// application has the ID of the interaction that sent it.
func SentSince(guild string, since time.Time) storage.Query {
	k := Key(guild, "")
	return storage.Query{Table: k.Table, Part: k.Part, Prefix: k.Sort, From: k.Sort + partnership.FirstAt(since), Limit: storage.DefaultLimit}
}

// NoticeKey is where the post of the direct message about a decision is kept.
func NoticeKey(guild, id string) storage.Key { return guildKey(guild, "notice#"+id) }

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

// Expire is the action that ends an application nobody decided on in time.
func Expire(guild, id string) action.Ref {
	return action.Ref{Name: "apply.expire", Guild: guild, Subject: id}
}

// Notify is the action that tells an applicant of the decision by direct
// message, if they asked for it.
func Notify(guild, id string) action.Ref {
	return action.Ref{Name: "apply.notify", Guild: guild, Subject: id}
}

// Compare is the action that brings in line what several people sent for one
// server: each card names the others, and none is open once it is a partner.
func Compare(guild, partner string) action.Ref {
	return action.Ref{Name: "apply.compare", Guild: guild, Subject: partner}
}

// Remind is the action that reminds a guild's managers of applications that wait.
func Remind(guild string) action.Ref {
	return action.Ref{Name: "queue.remind", Guild: guild, Subject: "pending"}
}

// MaxWaiting is how many applications of one member may be pending in a guild: some
// speak for several servers.
const MaxWaiting = 5

// Open refuses if the member with the given standing need not even fill in the
// form. It makes every check that needs no look-up, but for the blocklist: who is
// on it learns nothing by how fast they are refused.
func Open(s settings.Settings, from Source, c partnership.Counts, l partnership.Limits, applicant Standing, now time.Time) error {
	switch {
	case !s.Ready():
		return refuse.Because("apply.not-set-up")
	case s.Closed, s.Sources == settings.Sources{}:
		return refuse.Because("apply.closed")
	case !offered(s.Sources, from):
		return refuse.Because("apply.source-off")
	case len(applicant.Waiting) >= MaxWaiting:
		return refuse.Because("apply.many-own", "most", strconv.Itoa(MaxWaiting))
	case c.Pending >= l.Pending:
		return refuse.Because("apply.queue-full")
	}
	if err := c.Room(s.Active, l); err != nil {
		return err
	}
	return applicant.wait(s.CooldownTime(), now)
}

// offered reports whether applications are taken from a source.
func offered(s settings.Sources, from Source) bool {
	return from == Slash && s.Slash || from == Panel && s.Panel || from == Ticket && s.Ticket
}

// OpenKeys are what a caller of Open needs to have read, beside the settings.
func OpenKeys(guild, user string) []storage.Key {
	return []storage.Key{partnership.CountsKey(guild), UserKey(guild, user)}
}
