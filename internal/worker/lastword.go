package worker

import (
	"context"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/export"
	"github.com/entente-bot/entente/internal/forget"
	"github.com/entente-bot/entente/internal/stats"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// A promise is a reply in which somebody waits for an action: the token of it and
// their language, as they are kept.
type promise struct {
	said func(view.Speaker) string // what they read if the action is stopped
	keys func(action.Action) []storage.Key
	read func(tx *storage.Tx, a action.Action) (token, locale string)
}

// promises are those of the actions that somebody waits for.
func promises() map[string]promise {
	form := func(said func(view.Speaker) string) promise {
		return promise{said, func(a action.Action) []storage.Key {
			return []storage.Key{apply.TokenKey(a.Subject), apply.DraftKey(a.Guild, a.Subject)}
		}, func(tx *storage.Tx, a action.Action) (token, locale string) {
			t, _ := storage.Read[apply.Token](tx, apply.TokenKey(a.Subject))
			d, _ := storage.Read[apply.Draft](tx, apply.DraftKey(a.Guild, a.Subject))
			return t.Token, d.Locale
		}}
	}
	change := func(said func(view.Speaker) string) promise {
		return promise{said, func(a action.Action) []storage.Key {
			return []storage.Key{edit.TokenKey(a.Subject), edit.DraftKey(a.Guild, a.Subject)}
		}, func(tx *storage.Tx, a action.Action) (token, locale string) {
			t, _ := storage.Read[edit.Token](tx, edit.TokenKey(a.Subject))
			d, _ := storage.Read[edit.Draft](tx, edit.DraftKey(a.Guild, a.Subject))
			return t.Token, d.Locale
		}}
	}
	return map[string]promise{
		"apply.check":  form(unlooked),
		"apply.answer": form(unanswered),
		"edit.check":   change(unlooked),
		"edit.answer":  change(unanswered),
		"export.send": {unshown, func(a action.Action) []storage.Key {
			return []storage.Key{export.Key(a.Guild)}
		}, func(tx *storage.Tx, a action.Action) (token, locale string) {
			r, _ := storage.Read[export.Request](tx, export.Key(a.Guild))
			return r.Token, r.Locale
		}},
		"stats.send": {unshown, func(a action.Action) []storage.Key {
			return []storage.Key{stats.Key(a.Guild, a.Subject)}
		}, func(tx *storage.Tx, a action.Action) (token, locale string) {
			r, _ := storage.Read[stats.Request](tx, stats.Key(a.Guild, a.Subject))
			return r.Token, r.Locale
		}},
		"forget.user": {unforgotten, func(a action.Action) []storage.Key {
			return []storage.Key{forget.AnswerKey(a.Guild, a.Subject)}
		}, func(tx *storage.Tx, a action.Action) (token, locale string) {
			r, _ := storage.Read[forget.Answer](tx, forget.AnswerKey(a.Guild, a.Subject))
			return r.Token, r.Locale
		}},
	}
}

// lastWord tells whoever waits for a, which is blocked or given up, that what they
// were promised does not come now. It is tried again; they need not look here.
func (w *Worker) lastWord(ctx context.Context, a action.Action) {
	p, promised := promises()[a.Name]
	if !promised {
		return
	}
	j := &job{Worker: w, Action: a}
	tx, err := j.read(ctx, p.keys(a)...)
	if err == nil {
		token, locale := p.read(tx, a)
		if _, err = tx.Changes(); err == nil && token != "" {
			err = j.editReply(ctx, token, view.Update(view.Whisper(view.Text(p.said(j.speak(locale))))))
		}
	}
	if err != nil && !replyOver(err) {
		w.Log.WarnContext(ctx, "no last word for who waits", "action", a.Name, "guild", a.Guild, "err", err)
	}
}

func unlooked(s view.Speaker) string    { return s.Say("worker.unlooked") }
func unanswered(s view.Speaker) string  { return s.Say("worker.unanswered") }
func unshown(s view.Speaker) string     { return s.Say("worker.unshown") }
func unforgotten(s view.Speaker) string { return s.Say("worker.unforgotten") }
