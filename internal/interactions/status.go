package interactions

import (
	"errors"
	"slices"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/roll"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

func needStatus(c *call) needs {
	blocked, homes := action.BlockedQuery(c.guild), showcase.Homes(c.guild)
	keys := append(settings.Keys(c.guild), roll.Look(c.guild).Key(), partnership.CountsKey(c.guild), partnership.NamesKey(c.guild), contact.AbsenceKey(c.guild), poll.Key(c.guild), setup.HealthKey(c.guild), setup.Check(c.guild).Key())
	return needs{keys: keys, list: &blocked, also: &homes}
}

// seldom is how long no invite should be unseen: each is looked at daily, as long as
// look-ups reach for that.
const seldom = 3 * 24 * time.Hour

// status shows how the guild stands.
func (c *call) status(retrying bool) (discord.MessageCreate, error) {
	stops, err := action.BlockedIn(c.page)
	health := setup.HealthOf(c.tx, c.guild)
	stops = append(health.Explain(stops, c.now), c.uncounted()...)
	stops = append(stops, c.ungiven(stops)...)
	move, err2 := showcase.MoveIn(c.other, c.settings())
	if c.now.Sub(move.Led) < seldom {
		move.Led = time.Time{} // as it should be
	}
	names, _ := storage.Read[partnership.Names](c.tx, partnership.NamesKey(c.guild))
	counts, chosen := partnership.CountsOf(c.tx, c.guild), c.settings()
	if health.Gone(chosen.Review) || health.Gone(chosen.Place()) {
		chosen.Review = "" // as if it was not chosen, as in the panel
	}
	return view.Status(c.say, chosen, counts, c.limits, move, stops, names, retrying, c.looking() && !retrying, contact.Left(c.tx, c.guild)...), errors.Join(err, err2)
}

// uncounted says what keeps joins from being counted, as if it were an action that
// is blocked: Retry, and every change of a setting, tries that again, too.
func (c *call) uncounted() []action.Stop {
	ref := action.Ref{Name: "joins.poll", Guild: c.guild, Subject: "all"}
	if w, _ := storage.Read[poll.Watch](c.tx, poll.Key(c.guild)); w.Lost != "" {
		return []action.Stop{{Ref: ref, Reason: action.Blocking("joins.poll-" + string(w.Lost)).Reason, Since: w.LostSince}}
	}
	h := setup.HealthOf(c.tx, c.guild)
	if slices.ContainsFunc(h.Now(c.settings()), func(f setup.Finding) bool { return f.Problem == setup.Paused }) {
		return []action.Stop{{Ref: ref, Reason: action.Blocking("joins.poll-paused").Reason, Since: h.At}}
	}
	return nil
}

// ungiven says what keeps the role of contacts from being given, as of the last look
// at the guild, even while there is nobody to be given it: as if it were an action
// that is blocked.
func (c *call) ungiven(stops []action.Stop) (list []action.Stop) {
	ref := contact.Sync(c.guild, "role")
	if slices.ContainsFunc(stops, func(s action.Stop) bool { return s.Name == ref.Name }) {
		return nil
	}
	h := setup.HealthOf(c.tx, c.guild)
	for _, f := range h.Now(c.settings()) {
		if f.Feature == setup.FeatureContact && f.Problem == setup.Beyond {
			list = append(list, action.Stop{Ref: ref, Since: h.At, Reason: action.Blocking("contact.role-"+string(f.Problem), "role", f.About).Reason})
		}
	}
	return list
}

// statusOpen handles /partnerships status.
func statusOpen(c *call) (discord.InteractionResponse, error) {
	m, err := c.status(false)
	return reply(hidden(m)), err
}

// statusRetry handles Retry: everything that is blocked is tried again, and what
// stands is looked at.
func statusRetry(c *call) (discord.InteractionResponse, error) {
	settings.Again(c.tx, c.guild, c.now)
	action.Cause(c.tx, setup.Check(c.guild), c.now)
	c.audit("status.retry", "", "button")
	m, err := c.status(true)
	return replace(m), err
}
