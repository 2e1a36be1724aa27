package apply

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A Form is what an applicant wrote, as they wrote it.
type Form = partnership.Form

// A Draft is a form as it was sent, and what became of it.
type Draft struct {
	ID        string    `json:"id"`
	Applicant string    `json:"applicant"`
	Form      Form      `json:"form"`
	Sent      time.Time `json:"sent"`
	Locale    string    `json:"locale"` // Discord's, of the applicant
	Source    Source    `json:"source"`
	Ticket    string    `json:"ticket,omitempty"` // the ticket whose form it is
	By        string    `json:"by,omitempty"`     // with Manual: the manager, who is answered

	Checked bool          `json:"checked"`          // became an application, or was refused
	Refused action.Reason `json:"refused,omitzero"` // why it did not become one
	Server  string        `json:"server,omitempty"` // the name of the partner, once it was looked up
	Warned  bool          `json:"warned,omitempty"` // with Manual: server or contact is on the blocklist
}

// Kind implements [storage.Record].
func (Draft) Kind() (string, int) { return "draft", 1 }

// ExpiresAt implements [storage.Expiring]: a form that waits for its check is
// kept, one that was checked for a week.
func (d Draft) ExpiresAt() time.Time {
	if !d.Checked {
		return time.Time{}
	}
	return d.Sent.Add(partnership.FormsFor)
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

// DraftKey is where a draft is kept.
func DraftKey(guild, id string) storage.Key { return guildKey(guild, "draft#"+id) }

// Drafts lists the drafts of a guild.
func Drafts(guild string) storage.Query {
	k := DraftKey(guild, "")
	return storage.Query{Table: k.Table, Part: k.Part, Prefix: k.Sort, Limit: storage.DefaultLimit}
}

// TokenKey is where the token of the interaction that sent a form is kept.
func TokenKey(id string) storage.Key {
	return storage.Key{Table: storage.Actions, Part: "token#" + id, Sort: "token"}
}

// Check is the action that looks a draft's invite up and decides what becomes of it.
func Check(guild, id string) action.Ref {
	return action.Ref{Name: "apply.check", Guild: guild, Subject: id}
}

// Tries is how many forms one user may send in TriesWindow, and ManualTries how
// many a manager may who adds partners by hand: each costs a look-up. A form whose
// invite is no good is a mistake, and no try: of these there may be Misses.
const (
	Tries       = 5
	ManualTries = 50
	Misses      = 20
	TriesWindow = 10 * time.Minute
)

// SendKeys are what Send needs to have read, beside the settings.
func SendKeys(guild, user, id string) []storage.Key {
	return append(OpenKeys(guild, user), DraftKey(guild, id), Check(guild, id).Key(), partnership.FormsKey(guild, user))
}

// sender is who filled the form in.
func (d Draft) sender() string { return cmp.Or(d.By, d.Applicant) }

// Send records a form and has it checked. It makes every check that needs no
// look-up: the applicant learns of those at once. See Keep for a form that it
// refuses. The reply's token lets the worker answer later.
func Send(tx *storage.Tx, guild string, d Draft, token string, l partnership.Limits, now time.Time) error {
	s := settings.Of(tx, guild)
	standing, _ := storage.Read[Standing](tx, UserKey(guild, d.sender()))
	if d.Source != Manual {
		if err := Open(s, d.Source, partnership.CountsOf(tx, guild), l, standing, now); err != nil {
			return err
		}
	}
	if err := d.Form.Check(s.Topics); err != nil {
		return err
	}
	most := Tries
	if d.Source == Manual {
		most = ManualTries
	}
	if _, err := try(standing.Misses, Misses, now); err != nil {
		return err
	}
	var err error
	if standing.Tries, err = try(standing.Tries, most, now); err != nil {
		return err
	}
	d.Sent = now
	if d.Source != Manual {
		standing.Tried = Tried{ID: d.ID, Ticket: d.Ticket, At: now}
	}
	tx.Set(UserKey(guild, d.sender()), standing)
	tx.Set(DraftKey(guild, d.ID), d)
	tx.Index(TokenKey(d.ID), Token{token, now.Add(action.TokenLife)})
	action.Cause(tx, Check(guild, d.ID), now)
	return nil
}

// Keep records a form that Send refused, so that it can be edited and sent
// again. tx must have read what SendKeys says, and must not hold changes of Send.
func Keep(tx *storage.Tx, guild string, d Draft, no *refuse.Error, now time.Time) Draft {
	d.Sent, d.Checked, d.Refused = now, true, action.Reason{Key: no.Key, Args: no.Args}
	d.keep(tx, guild, now)
	return d
}

// keep keeps a form that was checked, among the latest of its sender.
func (d Draft) keep(tx *storage.Tx, guild string, now time.Time) {
	tx.Set(DraftKey(guild, d.ID), d)
	partnership.NoteForm(tx, guild, d.sender(), DraftKey(guild, d.ID), now)
}

// within returns what of when is not over yet.
func within(when []int64, now time.Time) []int64 {
	oldest := now.Add(-TriesWindow).Unix()
	return slices.DeleteFunc(slices.Clone(when), func(at int64) bool { return at <= oldest })
}

// try returns when with one more try at now, or refuses if there were as many as
// most lately.
func try(when []int64, most int, now time.Time) ([]int64, error) {
	kept := within(when, now)
	if len(kept) >= most {
		until := time.Unix(kept[len(kept)-most], 0).Add(TriesWindow)
		return nil, refuse.Because("apply.too-many-tries", "most", strconv.Itoa(most), "until", refuse.When(until))
	}
	return append(kept, now.Unix()), nil
}
