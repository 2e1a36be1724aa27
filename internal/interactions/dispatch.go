package interactions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// A call is one interaction, as its handler sees it.
type call struct {
	id      string
	guild   string
	caller  access.Caller
	token   string
	locale  string            // of the caller
	home    string            // the guild's locale
	where   string            // the channel it was used in, if everybody can be told something there
	place   string            // the same, if private threads can stand below it
	bare    bool              // the message whose component was used shows no picture
	copy    bool              // … and only the caller sees it
	about   []string          // what a custom ID refers to
	options map[string]string // of a command
	values  []string          // of a select
	fields  map[string]string // of a modal
	typed   string            // what is being typed, for suggestions
	known   resolved

	now    time.Time
	limits partnership.Limits
	say    view.Speaker // to the caller
	tx     *storage.Tx  // the items the route reads, and the guild's settings
	page   storage.Page // the list the route reads
	other  storage.Page // the other list, if it reads two
	names  names        // whose names the route reads
}

// settings returns the guild's settings.
func (c *call) settings() settings.Settings { return settings.Of(c.tx, c.guild) }

// public speaks to everybody in the guild.
func (c *call) public() view.Speaker {
	return view.Speaker{Catalog: c.say.Catalog, Locale: c.settings().Locale}
}

// audit notes in the guild's trail that the caller did what to about. What is
// done to the application of a card concerns its partner, too.
func (c *call) audit(what, about, surface string) {
	audit.Write(c.tx, c.guild, c.id, c.entry(what, about, surface))
}

// own is audit for what is the caller's own affair, and can be done over and over.
func (c *call) own(what, about, surface string) {
	e := c.entry(what, about, surface)
	e.Own = true
	audit.Write(c.tx, c.guild, c.id, e)
}

func (c *call) entry(what, about, surface string) audit.Entry {
	e := audit.Entry{At: c.now, By: c.caller.User, What: what, About: about, Surface: surface}
	if len(c.about) >= 3 && c.about[0] == about {
		e.Partner = c.about[1]
	}
	return e
}

// replyRecord is the first reply to an interaction, given again if the same
// request comes again: byte by byte, so it is kept as text, not as fields.
type replyRecord struct {
	Body  string    `json:"body"`
	Until time.Time `json:"until"`
}

// Kind implements [storage.Record].
func (replyRecord) Kind() (string, int) { return "reply", 1 }

// ExpiresAt implements [storage.Expiring].
func (r replyRecord) ExpiresAt() time.Time { return r.Until }

// replyKept is how long a reply is kept: longer than a signature stays fresh.
const replyKept = 2 * (maxAge + maxAhead)

func replyKey(id string) storage.Key {
	return storage.Key{Table: storage.Actions, Part: "interaction#" + id, Sort: "reply"}
}

// answer finds the route of an interaction, runs it and turns what went wrong
// into words. It writes one log line.
func (s *Server) answer(ctx context.Context, in interaction) (body json.RawMessage) {
	start := s.Clock()
	name, about := in.route()
	say := view.Speaker{Catalog: s.Text, Locale: in.Locale}
	outcome, cause := "ok", error(nil)
	defer func() {
		if p := recover(); p != nil {
			outcome, cause = "failed", fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			body = in.apology(say.Say("reply.fault", "id", in.ID))
		}
		s.log(ctx, in, name, outcome, cause, s.Clock().Sub(start))
	}()
	r, ok := s.find(in, name, len(about))
	if d, has := directs()[name]; has && in.direct() && len(about) == d.about {
		r, ok, in, about = d, true, in.within(about[0]), about[1:]
	}
	switch {
	case !ok:
		outcome = "gone"
		return in.apology(say.Say("reply.gone"))
	case !isID(in.Guild) || !isID(in.Member.User.ID):
		outcome = "refused"
		return in.apology(say.Say("reply.guild-only"))
	}
	body, cause = s.run(ctx, in, name, r, s.call(in, about, say))
	if no := new(refuse.Error); errors.As(cause, &no) {
		outcome, cause = "refused", nil
	} else if errors.Is(cause, storage.ErrConflict) {
		outcome, body = "busy", in.apology(say.Say("reply.busy"))
	} else if cause != nil {
		outcome, body = "failed", in.apology(say.Say("reply.fault", "id", in.ID))
	}
	return body
}

// log writes the line of an interaction: never what people wrote, nor a token.
func (s *Server) log(ctx context.Context, in interaction, route, outcome string, cause error, took time.Duration) {
	if outcome == "gone" {
		route = "?" // it may hold anything
	}
	args := []any{"id", in.ID, "guild", in.Guild, "type", in.Type, "route", route, "outcome", outcome, "ms", took.Milliseconds()}
	if cause != nil {
		args = append(args, "err", cause)
	}
	levels := map[string]slog.Level{"failed": slog.LevelError, "busy": slog.LevelWarn, "gone": slog.LevelWarn}
	s.Log.Log(ctx, levels[outcome], "interaction", args...) // all else is Info
}

func (s *Server) call(in interaction, about []string, say view.Speaker) *call {
	c := &call{
		id: in.ID, guild: in.Guild, token: in.Token, locale: in.Locale, home: in.GuildLocale, about: about, bare: in.Message.Bare, copy: in.Message.Copy,
		caller: access.Caller{User: in.Member.User.ID, Roles: in.Member.Roles, Permissions: in.Member.Permissions},
		values: in.Data.Values, known: in.Data.Resolved, limits: s.Limits, say: say,
	}
	if postable(in.Channel.Type) && isID(in.Channel.ID) {
		c.where = in.Channel.ID
	}
	if in.Channel.Type == int(discord.ChannelTypeGuildText) {
		c.place = c.where
	}
	switch in.Type {
	case typeCommand, typeAutocomplete:
		var focused string
		c.options, focused = in.options()
		c.typed = c.options[focused]
	case typeModal:
		c.fields = in.fields()
	}
	return c
}

// run reads, checks the permission, lets the handler decide, and writes, again
// from the start while somebody else is faster. A refusal is a reply, and an
// error too.
func (s *Server) run(ctx context.Context, in interaction, name string, r route, c *call) (json.RawMessage, error) {
	if in.Type == typeAutocomplete {
		return s.complete(ctx, name, r, c)
	}
	if err := s.resolve(ctx, in, name, c); err != nil {
		return c.told(err), err
	}
	for try := 1; ; try++ {
		body, again, err := s.once(ctx, in, name, r, c)
		switch {
		case err != nil && try > 1 && ctx.Err() != nil, again && storage.Pause(ctx, try) != nil:
			return nil, storage.ErrConflict // others were faster until the time was up
		case !again:
			return body, err
		}
	}
}

// once is run without the repetition. again means that somebody was faster.
func (s *Server) once(ctx context.Context, in interaction, name string, r route, c *call) (body json.RawMessage, again bool, err error) {
	c.now = s.Now()
	keys := append(append(audit.Keys(c.guild), settings.Key(c.guild), replyKey(c.id)), removal.AskKeys(c.guild)...)
	if err := s.read(ctx, r, c, keys...); err != nil {
		return nil, false, fmt.Errorf("read for %s: %w", name, err)
	}
	if first, ok := storage.Read[replyRecord](c.tx, replyKey(c.id)); ok {
		return json.RawMessage(first.Body), false, nil
	}
	reply, refused := s.decide(name, r, c)
	if no := new(refuse.Error); refused != nil && !errors.As(refused, &no) {
		return nil, false, fmt.Errorf("%s: %w", name, refused)
	}
	if body = marshal(reply); reply.Type == 0 { // nothing but the reason
		body = c.told(refused)
	}
	c.miss()
	c.tx.Set(replyKey(c.id), replyRecord{string(body), c.now.Add(replyKept)})
	items, err := c.tx.Changes()
	if err != nil {
		return nil, false, fmt.Errorf("%s: %w", name, err)
	}
	err = s.DB.Put(ctx, items...)
	if errors.Is(err, storage.ErrConflict) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("write for %s: %w", name, err)
	}
	s.send(ctx, action.DueAmong(items, c.now))
	return body, false, refused
}

// told is the reply that says why err refuses; nil if it does not.
func (c *call) told(err error) json.RawMessage {
	no := new(refuse.Error)
	if !errors.As(err, &no) {
		return nil
	}
	return marshal(c.whisper(view.Text(c.say.Why(no.Key, no.Args...))))
}

// complete suggests values for what is being typed. It changes nothing, and is asked
// for with every key: it reads no more than it suggests, and who may see it.
func (s *Server) complete(ctx context.Context, name string, r route, c *call) (json.RawMessage, error) {
	c.now = s.Now()
	if err := s.read(ctx, r, c, settings.Key(c.guild)); err != nil {
		return nil, fmt.Errorf("read for %s: %w", name, err)
	}
	if !c.caller.Allow(r.right, c.settings().Staff()) {
		return marshal(suggestions(nil)), refuse.Because("reply.no-right-view")
	}
	var err error
	if c.names, err = s.whole(ctx, c.guild, c.names); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	reply, err := r.handle(c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return marshal(reply), nil
}

// read fetches keys and what the route needs: the items in one round trip, and the
// lists, if it needs any, at the same time.
func (s *Server) read(ctx context.Context, r route, c *call, keys ...storage.Key) error {
	needs := needs{}
	if r.needs != nil {
		needs = r.needs(c)
	}
	var listing sync.WaitGroup
	var listed, also, named error
	defer listing.Wait() // also if Begin panics
	beside := func(failed *error, read func() error) { listing.Go(func() { *failed = sound(read) }) }
	beside(&listed, func() (err error) { c.page, err = s.list(ctx, needs.list); return })
	beside(&also, func() (err error) { c.other, err = s.list(ctx, needs.also); return })
	beside(&named, func() (err error) { c.names, err = s.names(ctx, c.guild, needs.names); return })
	tx, err := storage.Begin(ctx, s.DB, append(keys, needs.keys...)...)
	listing.Wait()
	c.tx = tx
	return errors.Join(err, listed, also, named)
}

// list fetches a list, if there is one to fetch.
func (s *Server) list(ctx context.Context, q *storage.Query) (storage.Page, error) {
	if q == nil {
		return storage.Page{}, nil
	}
	return s.DB.List(ctx, *q)
}

// sound is do, whose panic becomes an error: beside the rest it would end the process.
func sound(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do()
}

// decide lets the handler run, if the caller may call it. A refusal changes
// nothing, but an attempt without permission is noted. Where the bot is no member,
// nothing can be done but what needs nobody there: see stays.
func (s *Server) decide(name string, r route, c *call) (discord.InteractionResponse, error) {
	if _, out := removal.Of(c.tx, c.guild); out && !stays(name) {
		return discord.InteractionResponse{}, removal.Ask(c.tx, c.guild, c.now)
	}
	if c.caller.Allow(r.right, c.settings().Staff()) {
		reply, err := r.handle(c)
		if err != nil {
			c.tx.Discard()
		}
		return reply, err
	}
	audit.Write(c.tx, c.guild, c.id, audit.Entry{At: c.now, By: c.caller.User, What: name, Surface: "interaction", Refused: true})
	if r.right == access.View {
		return discord.InteractionResponse{}, refuse.Because("reply.no-right-view")
	}
	return discord.InteractionResponse{}, refuse.Because("reply.no-right-edit")
}

// send tells the worker at once what is due. What does not arrive is found by
// the scheduler, so a failure is not the caller's concern.
func (s *Server) send(ctx context.Context, refs []action.Ref) {
	if len(refs) == 0 {
		return
	}
	if err := s.Queue.Send(ctx, refs...); err != nil {
		s.Log.WarnContext(ctx, "pointers not sent; the scheduler will", "actions", len(refs), "err", err)
	}
}

// apology is the reply where there is none: one line that only the caller sees.
// To what is being typed nothing can be said: it gets no suggestions.
func (in interaction) apology(line string) json.RawMessage {
	if in.Type == typeAutocomplete {
		return marshal(suggestions(nil))
	}
	return marshal(discord.InteractionResponse{
		Type: discord.InteractionResponseTypeCreateMessage,
		Data: view.Whisper(view.Text(line)),
	})
}
