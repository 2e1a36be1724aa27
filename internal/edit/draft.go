package edit

import (
	"errors"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A Draft is a form as it was sent, and what became of it.
type Draft struct {
	ID      string           `json:"id"`
	Partner string           `json:"partner"`
	By      string           `json:"by"`
	Direct  bool             `json:"direct,omitempty"` // a manager sent it: it needs no approval
	Form    partnership.Form `json:"form"`
	Base    string           `json:"base,omitempty"` // the ad that the form was filled in with: see BaseOf
	Sent    time.Time        `json:"sent"`
	Locale  string           `json:"locale"` // Discord's, of who sent it

	Checked bool          `json:"checked"`          // it became an edit, or was refused
	Refused action.Reason `json:"refused,omitzero"` // why it did not become one
	Card    string        `json:"card,omitempty"`   // of the edit it became
	Server  string        `json:"server,omitempty"` // the partner's name
}

// Kind implements [storage.Record].
func (Draft) Kind() (string, int) { return "edit-draft", 1 }

// ExpiresAt implements [storage.Expiring]: a form that waits for its check is
// kept, one that was checked for a week.
func (d Draft) ExpiresAt() time.Time {
	if !d.Checked {
		return time.Time{}
	}
	return d.Sent.Add(partnership.FormsFor)
}

// DraftKey is where a draft is kept.
func DraftKey(guild, id string) storage.Key { return guildKey(guild, "edit-draft#"+id) }

// Drafts lists the drafts of a guild.
func Drafts(guild string) storage.Query {
	k := DraftKey(guild, "")
	return storage.Query{Table: k.Table, Part: k.Part, Prefix: k.Sort, Limit: storage.DefaultLimit}
}

// A Token lets the worker change the reply to an interaction. It is kept apart
// from all else, for as long as Discord honours it.
type Token struct {
	Token string    `json:"token"`
	Until time.Time `json:"until"`
}

// Kind implements [storage.Record].
func (Token) Kind() (string, int) { return "token", 1 }

// ExpiresAt implements [storage.Expiring].
func (t Token) ExpiresAt() time.Time { return t.Until }

// TokenKey is where the token of the interaction that sent a form is kept.
func TokenKey(id string) storage.Key {
	return storage.Key{Table: storage.Actions, Part: "token#" + id, Sort: "edit"}
}

// Check is the action that looks the invite of a draft up, if it is another one.
func Check(guild, id string) action.Ref {
	return action.Ref{Name: "edit.check", Guild: guild, Subject: id}
}

// Tries is how many forms with another invite may be sent for one partner in
// TriesWindow: each costs a look-up.
const (
	Tries       = 5
	TriesWindow = 10 * time.Minute
)

// Openings is how many changes of an ad may come before managers in OpeningsWindow:
// each has a card, which one that is changed while it waits keeps.
const (
	Openings       = 10
	OpeningsWindow = time.Hour
)

// FormKeys are what Filled needs to have read.
func FormKeys(guild, partner string) []storage.Key {
	return []storage.Key{partnership.Key(guild, partner), Key(guild, partner)}
}

// Filled is the form with the ad of a partner, as it is changed from now on: the
// one that waits, or else the one that members see. Only the contact may, or a
// manager.
func Filled(tx *storage.Tx, guild, partner, by string, direct bool) (partnership.Form, error) {
	p, err := mine(tx, guild, partner, by, direct)
	if err != nil {
		return partnership.Form{}, err
	}
	if e := Of(tx, guild, partner); e.Open() && !direct {
		return FormOf(e.Ad), nil
	}
	return FormOf(p.Ad), nil
}

// FormOf is the form that an ad came from.
func FormOf(ad partnership.Ad) partnership.Form {
	return partnership.Form{
		Invite: "https://discord.gg/" + ad.Invite, Category: ad.Category, Description: ad.Description, Highlights: ad.Highlights,
	}
}

// BaseOf stands for the ad that a form is filled in with: by it is noticed that the
// ad became another one since.
func BaseOf(f partnership.Form) string {
	h := fnv.New64a()
	for _, field := range []string{f.Invite, f.Category, f.Description, f.Highlights} {
		h.Write([]byte(field + "\x00"))
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// mine returns the partnership with partner, if by may change its ad.
func mine(tx *storage.Tx, guild, partner, by string, direct bool) (partnership.Partnership, error) {
	p, ok := storage.Read[partnership.Partnership](tx, partnership.Key(guild, partner))
	switch {
	case !ok:
		return p, refuse.Because("partnership.not-found")
	case !direct && p.Contact != by:
		return p, refuse.Because("edit.not-contact", "server", partnership.Named(p.Server), "contact", p.Contact)
	case !direct && settings.Of(tx, guild).Review == "":
		return p, refuse.Because("edit.not-set-up")
	}
	return p, nil
}

// SendKeys are what Send and Resolve need to have read, beside the settings.
func SendKeys(guild, partner, by, id string) []storage.Key {
	return append(partnership.ChangeKeys(guild, partner), Key(guild, partner), DraftKey(guild, id),
		Card(guild, partner).Key(), Check(guild, id).Key(), Answer(guild, id).Key(),
		partnership.FormsKey(guild, by))
}

// Send records a form. If it holds another invite, or comes with a picture, those are
// looked at first; otherwise it does at once what Resolve does. See Keep for a form that it
// refuses. The reply's token lets the worker answer later.
func Send(tx *storage.Tx, guild string, d Draft, token string, now time.Time) (Draft, error) {
	d.Sent = now
	p, err := mine(tx, guild, d.Partner, d.By, d.Direct)
	if err != nil {
		return d, err
	}
	if err := d.Form.Check(settings.Of(tx, guild).Topics); err != nil {
		return d, err
	}
	tx.Index(TokenKey(d.ID), Token{token, now.Add(action.TokenLife)})
	code, _ := partnership.ParseInvite(d.Form.Invite) // the form was checked
	e := Of(tx, guild, d.Partner)
	known := code == p.Ad.Invite || e.Open() && code == e.Ad.Invite
	if known && d.Form.Banner == (partnership.Banner{}) && len(d.Form.Beside(code)) == 0 {
		return resolve(tx, guild, d, p, code, now)
	}
	if e.Tries, err = try(e.Tries, Tries, TriesWindow, now); err != nil {
		return d, err
	}
	tx.Set(Key(guild, d.Partner), e)
	tx.Set(DraftKey(guild, d.ID), d)
	action.Cause(tx, Check(guild, d.ID), now)
	return d, nil
}

// Keep records a form that was refused, so that it can be sent again. tx must not
// hold changes of Send.
func Keep(tx *storage.Tx, guild string, d Draft, no *refuse.Error, now time.Time) Draft {
	d.Sent, d.Checked, d.Refused = now, true, action.Reason{Key: no.Key, Args: no.Args}
	d.keep(tx, guild, now)
	return d
}

// keep keeps a form that was checked, among the latest of its sender.
func (d Draft) keep(tx *storage.Tx, guild string, now time.Time) {
	tx.Set(DraftKey(guild, d.ID), d)
	partnership.NoteForm(tx, guild, d.By, DraftKey(guild, d.ID), now)
}

// Judge notes what the picture of a draft turned out to be, for Resolve.
func Judge(tx *storage.Tx, guild, id string, picture partnership.Banner) {
	if d, ok := storage.Read[Draft](tx, DraftKey(guild, id)); ok && !d.Checked {
		d.Form.Banner = picture
		tx.Set(DraftKey(guild, id), d)
	}
}

// Resolve decides what becomes of a draft now that its invite was looked up: it
// waits for a manager, or stands at once if one sent it, or is refused with the
// reason kept in it. Whoever sent it is answered. It returns what was done, for
// the audit trail; "" if nothing was.
func Resolve(tx *storage.Tx, guild, id string, found partnership.Invite, now time.Time) (did string, err error) {
	d, ok := storage.Read[Draft](tx, DraftKey(guild, id))
	if !ok || d.Checked {
		return "", nil
	}
	action.Cause(tx, Answer(guild, id), now)
	d, err = admit(tx, guild, d, found, now)
	if no := new(refuse.Error); errors.As(err, &no) {
		Keep(tx, guild, d, no, d.Sent)
		return "", nil
	}
	return d.Did(), err
}

// admit refuses a draft whose invite does not lead to the partner.
func admit(tx *storage.Tx, guild string, d Draft, found partnership.Invite, now time.Time) (Draft, error) {
	p, err := mine(tx, guild, d.Partner, d.By, d.Direct)
	if err != nil {
		return d, err
	}
	if err := found.Acceptable(guild, 0); err != nil {
		return d, err
	}
	if err := d.Form.Banner.Check(); err != nil { // by its bytes it may be another type, or none
		return d, err
	}
	if found.Server.ID != d.Partner {
		return d, refuse.Because("edit.other-server", "server", partnership.Named(found.Server), "partner", partnership.Named(p.Server))
	}
	return resolve(tx, guild, d, p, found.Code, now)
}

// Did names what became of a draft that was not refused, for the audit trail.
func (d Draft) Did() string {
	switch {
	case !d.Checked:
		return ""
	case d.Direct:
		return "edit.change"
	case d.Card == "":
		return "edit.withdraw"
	}
	return "edit.send"
}

// resolve makes d what it is to become.
func resolve(tx *storage.Tx, guild string, d Draft, p partnership.Partnership, code string, now time.Time) (Draft, error) {
	e, ad := Of(tx, guild, d.Partner), d.Form.Ad(code)
	if e.Open() && e.Application != p.Application { // nobody settled it yet
		e.settle(Dropped, "", now)
		e = keep(tx, guild, e, now)
	}
	waits := e.Open() && !d.Direct
	card := d.ID
	if waits {
		card = e.Card
	}
	switch {
	case d.Form.Banner != (partnership.Banner{}):
		ad.Banner.Edit, ad.Banner.Card = d.ID, card
	case d.Form.Bare: // it goes without
	case waits:
		ad.Banner = e.Ad.Banner
	default:
		ad.Banner = p.Ad.Banner
	}
	d.Checked, d.Server = true, p.Server.Called(100)
	switch {
	case waits && ad == e.Ad:
		return d, refuse.Because("edit.same-waits")
	case waits && ad == p.Ad:
		e.Before = p.Ad
		e.settle(Withdrawn, "", now)
		keep(tx, guild, e, now)
	case ad == p.Ad:
		return d, refuse.Because("edit.no-change", "server", partnership.Named(p.Server))
	case d.Direct && d.Base != "" && d.Base != BaseOf(FormOf(p.Ad)):
		d.Base = BaseOf(FormOf(p.Ad)) // who sends it again means it
		return d, refuse.Because("edit.overtaken", "server", partnership.Named(p.Server))
	case d.Direct:
		if e.Open() {
			e.Ad = rebased(e.Ad, p.Ad, ad)
			tx.Set(Key(guild, d.Partner), e)
		}
		p.Ad = ad
		if ad.Banner.Edit == d.ID {
			p.Ad.Banner.Card = "" // there is no card
		}
		partnership.Change(tx, guild, p, now)
	default:
		if !waits {
			var err error
			if e.Opened, err = try(e.Opened, Openings, OpeningsWindow, now); err != nil {
				return d, err
			}
		}
		d.Card = card
		tx.Set(Key(guild, d.Partner), Edit{
			ID: d.ID, Card: card, Partner: d.Partner, Application: p.Application, Server: p.Server.Name, By: d.By,
			Status: Waiting, Sent: now, Ad: ad, Cards: e.Cards, Tries: e.Tries, Opened: e.Opened,
		})
		action.Cause(tx, Card(guild, d.Partner), now)
	}
	d.keep(tx, guild, now)
	return d, nil
}

// rebased is the ad of an edit that waits, after the ad it changes became another
// one: what the edit leaves as it was stays as it is.
func rebased(waits, was, is partnership.Ad) partnership.Ad {
	if waits.Invite == was.Invite {
		waits.Invite = is.Invite
	}
	if waits.Category == was.Category {
		waits.Category = is.Category
	}
	if waits.Description == was.Description {
		waits.Description = is.Description
	}
	if waits.Highlights == was.Highlights {
		waits.Highlights = is.Highlights
	}
	if waits.Banner == was.Banner {
		waits.Banner = is.Banner
	}
	return waits
}

// try returns when with one more try at now, or refuses if there were too many
// lately.
func try(when []int64, most int, window time.Duration, now time.Time) ([]int64, error) {
	oldest := now.Add(-window).Unix()
	kept := slices.DeleteFunc(slices.Clone(when), func(at int64) bool { return at <= oldest })
	if len(kept) >= most {
		until := time.Unix(kept[len(kept)-most], 0).Add(window)
		return nil, refuse.Because("apply.too-many-tries", "most", strconv.Itoa(most), "until", refuse.When(until))
	}
	return append(kept, now.Unix()), nil
}
