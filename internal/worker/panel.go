package worker

import (
	"context"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/panel"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// panelSync brings the panel of a channel in line: it shows the settings as they
// are, and is posted anew each time it was asked for.
func panelSync(ctx context.Context, j *job) error {
	stands := panel.PostKey(j.Guild, j.Subject)
	tx, err := j.read(ctx, panel.Key(j.Guild, j.Subject), settings.Key(j.Guild))
	if err != nil {
		return err
	}
	p, wanted := panel.Of(tx, j.Guild, j.Subject)
	s := settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	if !wanted {
		return j.publish(ctx, stands, wish{mark: view.PanelMark(j.Subject)})
	}
	if p.Shown < p.Turn {
		if err := j.panelTurn(ctx); err != nil {
			return err
		}
	}
	asked := j.daily(p.Channel, s)
	if s.Changed.After(asked) {
		asked = s.Changed
	}
	err = j.publish(ctx, stands, wish{
		channel: p.Channel, mark: view.PanelMark(p.Channel), asked: asked,
		message: view.Panel(j.speak(s.Locale), p.Channel, s),
	})
	if action.Code(err) == unknownChannel {
		return j.panelGone(ctx)
	}
	return err
}

// panelTurn takes leave of the message of the turn before: it is deleted once
// the new one stands.
func (j *job) panelTurn(ctx context.Context) error {
	key, stands := panel.Key(j.Guild, j.Subject), panel.PostKey(j.Guild, j.Subject)
	return j.save(ctx, []storage.Key{key, stands}, func(tx *storage.Tx) error {
		p, ok := storage.Read[panel.Panel](tx, key)
		if !ok || p.Shown == p.Turn {
			return nil
		}
		m, _ := storage.Read[post.Post](tx, stands)
		p.Shown = p.Turn
		tx.Set(key, p)
		tx.Set(stands, m.Leaving())
		return nil
	})
}

// panelGone forgets a panel whose channel was deleted.
func (j *job) panelGone(ctx context.Context) error {
	key, stands := panel.Key(j.Guild, j.Subject), panel.PostKey(j.Guild, j.Subject)
	return j.save(ctx, []storage.Key{key, stands}, func(tx *storage.Tx) error {
		tx.Delete(key)
		tx.Delete(stands)
		audit.Write(tx, j.Guild, j.Subject, audit.Entry{
			At: j.Actions.Now(), By: audit.System, What: "panel.gone", About: j.Subject, Surface: "worker",
		})
		return nil
	})
}

// panelRefresh has every panel of a guild brought in line with its settings.
func panelRefresh(ctx context.Context, j *job) error {
	q := panel.All(j.Guild)
	for {
		page, err := j.Actions.DB.List(ctx, q)
		if err != nil {
			return err
		}
		for _, it := range page.Items {
			p, err := storage.Decode[panel.Panel](it)
			if err != nil {
				return err
			}
			r := panel.Sync(j.Guild, p.Channel)
			if err := j.offerAll(ctx, []action.Ref{r}); err != nil {
				return err
			}
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return nil
		}
	}
}
