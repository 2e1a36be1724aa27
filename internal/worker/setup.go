package worker

import (
	"context"
	"slices"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// setupCheck looks at a guild, keeps what is wrong there, and shows it in the
// panels that are open.
func setupCheck(ctx context.Context, j *job) error {
	found, err := j.Discord.Survey(ctx, j.Guild)
	if err != nil {
		return err
	}
	err = j.save(ctx, setup.RecordKeys(j.Guild), func(tx *storage.Tx) error {
		now := j.Actions.Now()
		for _, f := range setup.Record(tx, j.Guild, found, now) {
			audit.Write(tx, j.Guild, string(f), audit.Entry{At: now, By: audit.System, What: "setup." + string(f), Surface: "worker"})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := j.unmarkHarmful(ctx, found); err != nil {
		return err
	}
	return j.showPanels(ctx)
}

// unmarkHarmful has those partners looked at whose marker role came to allow more
// than may be given.
func (j *job) unmarkHarmful(ctx context.Context, found setup.Facts) error {
	tx, err := j.read(ctx, joins.LedgerKey(j.Guild))
	if err != nil {
		return err
	}
	var refs []action.Ref
	for _, a := range joins.LedgerOf(tx, j.Guild).Accounts {
		if found.Harmful(j.Guild, a.Role) {
			refs = append(refs, joins.Sync(j.Guild, a.Partner))
		}
	}
	if _, err := tx.Changes(); err != nil {
		return err
	}
	return j.causeAll(ctx, refs)
}

// showPanels shows the panels that are open as things stand. Somebody may turn
// to another section while it does: then it shows them once more, as they are.
func (j *job) showPanels(ctx context.Context) error {
	var shown []setup.Panel
	for {
		open, now, err := j.openPanels(ctx)
		if err != nil || slices.Equal(open, shown) {
			return err
		}
		for _, p := range open {
			now.Section = p.Section
			err := j.editReply(ctx, p.Token, view.Update(view.Setup(j.speak(p.Locale), now)))
			if err != nil && !replyOver(err) {
				return err
			}
		}
		shown = open
	}
}

// openPanels returns the panels that are open, and what they should show.
func (j *job) openPanels(ctx context.Context) ([]setup.Panel, view.Configuration, error) {
	page, err := j.Actions.DB.List(ctx, action.BlockedQuery(j.Guild))
	if err != nil {
		return nil, view.Configuration{}, err
	}
	stops, err := action.BlockedIn(page)
	if err != nil {
		return nil, view.Configuration{}, err
	}
	tx, err := j.read(ctx, append(setup.Keys(j.Guild), settings.Key(j.Guild), partnership.CountsKey(j.Guild), partnership.NamesKey(j.Guild))...)
	if err != nil {
		return nil, view.Configuration{}, err
	}
	open, _ := storage.Read[setup.Panels](tx, setup.PanelsKey(j.Guild))
	now := view.Configuration{
		Settings: settings.Of(tx, j.Guild), Health: setup.HealthOf(tx, j.Guild),
		Active: partnership.CountsOf(tx, j.Guild).Active,
	}
	now.Names, _ = storage.Read[partnership.Names](tx, partnership.NamesKey(j.Guild))
	now.Stops = now.Health.Explain(stops, j.Actions.Now())
	if _, err := tx.Changes(); err != nil {
		return nil, view.Configuration{}, err
	}
	if page, err = j.Actions.DB.List(ctx, showcase.Homes(j.Guild)); err != nil {
		return nil, view.Configuration{}, err
	}
	now.Move, err = showcase.MoveIn(page, now.Settings)
	return open.At(j.Actions.Now()), now, err
}

// replyOver reports whether a reply cannot be changed any more: its token is
// over, or who saw it dismissed it.
func replyOver(err error) bool {
	switch action.Code(err) {
	case unknownWebhook, unknownInteraction, tokenOver, unknownMessage:
		return true
	}
	return false
}
