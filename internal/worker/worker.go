// Package worker does the actions: it brings Discord in line with what the
// database says, one action at a time, as often as it takes.
//
// Start reading at routes.go: it is the map of the program.
package worker

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/forget"
	"github.com/entente-bot/entente/internal/invite"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/text"
	"github.com/entente-bot/entente/internal/ticket"
	"github.com/entente-bot/entente/internal/view"
)

// Discord is what the worker needs of Discord. Errors are [action.Failure]s.
type Discord interface {
	CreateMessage(ctx context.Context, channel string, m discord.MessageCreate) (discord.Message, error)
	EditMessage(ctx context.Context, channel, message string, m discord.MessageUpdate) error

	// DeleteMessage succeeds if the message is gone already.
	DeleteMessage(ctx context.Context, channel, message, reason string) error

	// FindMessage looks for a message of the bot's own that matches, among the
	// latest of a channel: as many pages of 100 as told. Where the history may not
	// be read, it finds none.
	FindMessage(ctx context.Context, channel string, pages int, match func(discord.Message) bool) (discord.Message, bool, error)

	// Message returns a message, with fresh links to its files.
	Message(ctx context.Context, channel, message string) (discord.Message, error)

	// File returns the file behind a link to Discord's, of at most so many
	// bytes. Whatever is not Discord's is not asked for. An error other than
	// [action.Again] means that the file cannot be had any more.
	File(ctx context.Context, link string, most int) ([]byte, error)

	// OpenThread makes a private thread below a text channel. If it fails with
	// [action.Again], the thread may be there: see FindThread.
	OpenThread(ctx context.Context, channel, name, reason string) (ticket.Thread, error)

	// FindThread looks for a private thread of the bot's own below a channel.
	FindThread(ctx context.Context, guild, channel string, match func(ticket.Thread) bool) (ticket.Thread, bool, error)

	// Thread returns a thread. That it is gone is an error, code 10003.
	Thread(ctx context.Context, id string) (ticket.Thread, error)
	EditThread(ctx context.Context, thread string, archived, locked bool, reason string) error

	// AddThreadMember succeeds if the user is in the thread already.
	AddThreadMember(ctx context.Context, thread, user string) error

	// Places returns a guild's channels and categories, Place one of them, or a post.
	// That it is gone is an error, code 10003.
	Places(ctx context.Context, guild string) ([]showcase.Found, error)
	Place(ctx context.Context, id string) (showcase.Found, error)

	// Posts returns the bot's posts in a forum, of the archived ones the latest.
	Posts(ctx context.Context, guild, forum string) ([]showcase.Found, error)

	// MakePlace makes a channel or category, MakePost a forum's post that begins
	// with m: its ID is that of its first message, too. If they fail with
	// [action.Again], it may be there: see Places and Posts. Below a category it may
	// be [showcase.ErrFull] or [showcase.ErrNoCategory] that keeps a channel from
	// being made, or put there with ShapePlace.
	MakePlace(ctx context.Context, guild string, d showcase.Draft, reason string) (id string, err error)
	MakePost(ctx context.Context, forum string, d showcase.Draft, m discord.MessageCreate, reason string) (id string, err error)
	ShapePlace(ctx context.Context, id string, d showcase.Draft, reason string) error

	// DeletePlace succeeds if the channel, category or post is gone already.
	DeletePlace(ctx context.Context, id, reason string) error

	// SetTags gives a forum these tags and no others, and returns them.
	SetTags(ctx context.Context, forum string, tags []showcase.Tag, reason string) ([]showcase.Tag, error)

	// EditReply changes the reply to the interaction with the given token.
	EditReply(ctx context.Context, token string, m discord.MessageUpdate) error

	// DirectChannel returns the channel of direct messages with a user, who need
	// not take any: CreateMessage fails there with code 50007 then.
	DirectChannel(ctx context.Context, user string) (channel string, err error)

	// Guild returns a guild's name and what else it says of itself.
	Guild(ctx context.Context, guild string) (discord.RestGuild, error)

	// Presence returns in how many guilds the bot is, about. It fails unless the token
	// is that of the right application: with another, the bot is out of every guild.
	Presence(ctx context.Context) (guilds int, err error)

	// Member returns a member of a guild. That there is none is an error, code 10007.
	Member(ctx context.Context, guild, user string) (discord.Member, error)

	// AddRole gives a member a role. It does nothing if they have it.
	AddRole(ctx context.Context, guild, user, role, reason string) error

	// RemoveRole takes a role from a member. It does nothing if they lack it.
	RemoveRole(ctx context.Context, guild, user, role, reason string) error

	// GuildInvites returns the invites of a guild. DeletedInvites returns the last
	// uses, by code, of those that were deleted, as far as the audit log tells.
	GuildInvites(ctx context.Context, guild string) ([]joins.Invite, error)
	DeletedInvites(ctx context.Context, guild string) (map[string]int, error)

	// Remover returns who caused the latest event of a kind about a target, by the
	// audit log: "" if that does not tell.
	Remover(ctx context.Context, guild string, event int, target string) (user string, err error)

	// MakeInvite makes an invite to a channel that never ends, and gives roles. If it
	// fails with [action.Again], it may be there: see GuildInvites. DeleteInvite
	// succeeds if the invite is gone already.
	MakeInvite(ctx context.Context, channel string, roles []string, reason string) (joins.Invite, error)
	DeleteInvite(ctx context.Context, code, reason string) error

	// MarkerRoles returns the roles of a guild. MakeRole makes one without rights: if
	// it fails with [action.Again], it may be there. DeleteRole succeeds if the role is
	// gone already.
	MarkerRoles(ctx context.Context, guild string) ([]joins.Role, error)
	MakeRole(ctx context.Context, guild, name, reason string) (id string, err error)
	DeleteRole(ctx context.Context, guild, role, reason string) error

	// Survey looks at a guild's roles and channels, and at what the bot may do there.
	Survey(ctx context.Context, guild string) (setup.Facts, error)

	// Ask looks an invite up: see [invite.Desk].
	Ask(ctx context.Context, code string) (partnership.Invite, error)
}

// A Queue takes pointers to actions that are due. It may lose them. With each it
// keeps how many in a row led to it: [action.Hops].
type Queue interface {
	Send(ctx context.Context, refs ...action.Ref) error
}

// A Worker does actions. All fields must be set; see [New].
type Worker struct {
	Actions *action.Holder
	Discord Discord
	Invites *invite.Desk
	Queue   Queue
	Text    *text.Catalog
	Limits  partnership.Limits
	Grace   time.Duration // how long the data of a guild is kept that the bot is out of
	Log     *slog.Logger

	files  chan struct{} // holds one for each action that holds a file
	shares shares        // of what ServeSQS does
}

// New returns a worker with the default limits and a name of its own for its leases.
func New(db storage.DB, d Discord, q Queue, texts *text.Catalog, log *slog.Logger, now func() time.Time) *Worker {
	return &Worker{
		Actions: &action.Holder{DB: db, Now: now, Owner: rand.Text()},
		Discord: d,
		Invites: &invite.Desk{DB: db, Now: now, Ask: d.Ask},
		Queue:   q, Text: texts, Limits: partnership.DefaultLimits(), Grace: removal.Grace, Log: log,
		files: make(chan struct{}, filesAtOnce),
	}
}

// within is how long one action may take: less than its lease.
const within = action.Lease - 5*time.Second

// A job is an action in hand.
type job struct {
	*Worker
	action.Action

	holds bool // a file: see holdFile
}

// Do takes the action r and does it, unless it is done already, or somebody
// else's to do: it reports whether it tried. An error means that the pointer
// should come again: the database could not be reached, or the action is dead
// and an operator has to look at it.
func (w *Worker) Do(ctx context.Context, r action.Ref) (tried bool, err error) {
	a, err := w.Actions.Take(ctx, r)
	if errors.Is(err, action.ErrNotYours) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("take %s: %w", r.Name, err)
	}
	start := time.Now()
	outcome := w.attempt(ctx, a)

	// The lease ends even if ctx has: else the action would wait for the lease to lapse.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if errors.Is(outcome, action.ErrNotYours) {
		w.log(ctx, a, "lost", nil, start)
		return true, nil
	}
	left, waits, err := w.Actions.Finish(ctx, a, outcome)
	if err != nil {
		w.log(ctx, a, "unfinished", err, start)
		return true, fmt.Errorf("finish %s: %w", r.Name, err)
	}
	w.log(ctx, a, result(left, waits), outcome, start)
	w.suspect(ctx, a, outcome)
	w.helped(ctx, a, left, outcome)
	if !waits {
		return true, nil
	}
	if left.State == action.Dead || left.State == action.Blocked {
		w.lastWord(action.ForGuild(ctx, a.Guild), a)
	}
	if left.State == action.Dead {
		return true, fmt.Errorf("%s is dead: %w", r.Name, outcome)
	}
	if left.State == action.Blocked {
		return true, w.overtaken(ctx, a, left)
	}
	if left.State == action.Due && !left.Due.After(w.Actions.Now()) {
		w.send(ctx, []action.Ref{left.Ref})
	}
	return true, nil
}

// helped has those follow that are stopped by what stopped a, if that is over. That
// this is lost is no harm: they are tried in a few hours.
func (w *Worker) helped(ctx context.Context, a, left action.Action, outcome error) {
	cause := a.Cause()
	if cause == "" || outcome != nil && (left.State != action.Blocked || left.Cause() == cause) {
		return
	}
	r := action.Ref{Name: settings.Retry(a.Guild).Name, Guild: a.Guild, Subject: cause}
	err := storage.Update(ctx, w.Actions.DB, action.Keys(r), func(tx *storage.Tx) error {
		action.Cause(tx, r, w.Actions.Now())
		return nil
	})
	if err != nil {
		w.Log.WarnContext(ctx, "what else was stopped is not tried yet", "guild", a.Guild, "err", err)
		return
	}
	w.send(ctx, []action.Ref{r})
}

// overtaken has a tried again if settings were changed, or all was to be retried,
// while it was blocking: it may have seen how things were before, and the retry
// may have looked for blocked actions before a was one.
func (w *Worker) overtaken(ctx context.Context, a, left action.Action) error {
	keys := append(action.Keys(left.Ref), settings.Key(a.Guild))
	return storage.Update(ctx, w.Actions.DB, keys, func(tx *storage.Tx) error {
		if taken := a.Until.Add(-action.Lease); !settings.Of(tx, a.Guild).Touched().Before(taken) {
			action.Retry(tx, left.Ref, w.Actions.Now())
		}
		return nil
	})
}

// result names how an action was left.
func result(left action.Action, waits bool) string {
	if !waits {
		return "done"
	}
	return string(left.State)
}

// attempt does a and returns what came of it. A panic buries the action: it is
// a bug, and would come again.
func (w *Worker) attempt(ctx context.Context, a action.Action) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &action.Failure{Verdict: action.Bury, Err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
		}
	}()
	handle, ok := routes()[a.Name]
	if !ok {
		return &action.Failure{Verdict: action.Bury, Err: errors.New("no such action")}
	}
	ctx, cancel := context.WithTimeout(action.ForGuild(ctx, a.Guild), within)
	defer cancel()
	if err := w.away(ctx, a); err != nil {
		return err
	}
	j := &job{Worker: w, Action: a}
	defer j.over()
	return handle(ctx, j)
}

// log writes the line of an action.
func (w *Worker) log(ctx context.Context, a action.Action, outcome string, cause error, start time.Time) {
	level := slog.LevelInfo
	switch outcome {
	case string(action.Dead), "unfinished":
		level = slog.LevelError
	case string(action.Blocked), "lost":
		level = slog.LevelWarn
	}
	if cause != nil && level == slog.LevelInfo {
		level = slog.LevelWarn
	}
	subject := a.Subject
	if a.Name == forget.User(a.Guild, subject).Name {
		subject = forget.Alias(a.Guild, subject)
	}
	args := []any{"action", a.Name, "guild", a.Guild, "subject", subject, "attempt", a.Attempts, "outcome", outcome, "ms", time.Since(start).Milliseconds()}
	if cause != nil {
		args = append(args, "err", cause)
	}
	w.Log.Log(ctx, level, "action", args...)
}

// send tells whoever is free what is due. What is lost, the scheduler finds, as it
// does what would be the end of too long a chain.
func (w *Worker) send(ctx context.Context, refs []action.Ref) {
	hops := action.Hops(ctx) + 1
	if len(refs) == 0 || hops > action.MaxHops {
		return
	}
	if err := w.Queue.Send(action.WithHops(ctx, hops), refs...); err != nil {
		w.Log.WarnContext(ctx, "pointers not sent; the scheduler will", "actions", len(refs), "err", err)
	}
}

// read fetches items that the job only looks at.
func (j *job) read(ctx context.Context, keys ...storage.Key) (*storage.Tx, error) {
	return storage.Begin(ctx, j.Actions.DB, keys...)
}

// save stores what write makes of the items under keys, if the job is still
// ours, and sends pointers to what follows from it.
func (j *job) save(ctx context.Context, keys []storage.Key, write func(*storage.Tx) error) error {
	var last *storage.Tx
	keys = append(audit.Keys(j.Guild), keys...) // what is changed is noted
	err := j.Actions.Save(ctx, j.Action, keys, func(tx *storage.Tx) error {
		last = tx
		return write(tx)
	})
	if err != nil {
		return err
	}
	items, err := last.Changes()
	if err != nil {
		return err
	}
	j.send(ctx, action.DueAmong(items, j.Actions.Now()))
	return nil
}

// speak says texts in the language of locale.
func (j *job) speak(locale string) view.Speaker {
	return view.Speaker{Catalog: j.Text, Locale: locale}
}

// reason is what Discord's audit log says of what the job does, in a language.
func (j *job) reason(locale string) string { return j.speak(locale).Say("reason." + j.Name) }

// reasonUnread is the reason where the settings of the guild were not read: in English
// if its language cannot be found out, which is no reason to do nothing.
func (j *job) reasonUnread(ctx context.Context) string {
	var chosen settings.Settings
	if tx, err := j.read(ctx, settings.Key(j.Guild)); err == nil {
		chosen = settings.Of(tx, j.Guild)
	}
	return j.reason(chosen.Locale)
}
