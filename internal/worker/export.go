package worker

import (
	"bytes"
	"context"
	"net/http"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/export"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// exportSend puts the export of a guild together and attaches it to the reply in
// which it was asked for, as long as Discord lets that reply be changed.
func exportSend(ctx context.Context, j *job) error {
	tx, err := j.read(ctx, export.Key(j.Guild))
	if err != nil {
		return err
	}
	r, alive := storage.Read[export.Request](tx, export.Key(j.Guild))
	if _, err := tx.Changes(); err != nil || !alive || r.Sent {
		return err
	}
	most := export.MaxSize
	if j.Attempts > 2 { // perhaps the way to Discord is too slow for all of it
		most /= 4
	}
	err = j.sendExport(ctx, r, most)
	if tooMuch(err) { // Discord takes less than it did: what is latest is better than nothing
		err = j.sendExport(ctx, r, export.MaxSize/4)
	}
	switch code := action.Code(err); {
	case tooMuch(err):
		err = j.editReply(ctx, r.Token, view.Update(view.ExportTooLarge(j.speak(r.Locale))))
	case code == noPermission, code == missingAccess:
		err = j.editReply(ctx, r.Token, view.Update(view.ExportElsewhere(j.speak(r.Locale))))
	}
	if err != nil && !replyOver(err) {
		return err
	}
	return j.save(ctx, []storage.Key{export.Key(j.Guild)}, func(tx *storage.Tx) error {
		export.Sent(tx, j.Guild, r)
		return nil
	})
}

// sendExport sends an export of at most so many bytes. Sent again, its files take
// the place of those that are there: an edit with files names all that stay.
func (j *job) sendExport(ctx context.Context, r export.Request, most int) error {
	made, err := export.Gather(ctx, j.Actions.DB, j.Guild, most, j.Actions.Now())
	if err != nil {
		return err
	}
	return j.editReplyTo(ctx, r.Token, func() discord.MessageUpdate {
		m := view.Update(view.Export(j.speak(r.Locale), made))
		for _, f := range made.Files {
			m.Files = append(m.Files, discord.NewFile(f.Name, "", bytes.NewReader(f.Data)))
		}
		return m
	})
}

// Discord's code for a request with more bytes than it takes.
const requestTooLarge = 40005

func tooMuch(err error) bool {
	code := action.Code(err)
	return code == requestTooLarge || code == http.StatusRequestEntityTooLarge
}
