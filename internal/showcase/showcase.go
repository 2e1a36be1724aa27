// Package showcase decides where the listings of a guild's partners stand.
//
// It keeps:
//
//	guild#<g>   listing#<p>   one Post: the listing of partner <p>, as published
package showcase

import (
	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// Key is where the post of a partner's listing is kept.
func Key(guild, partner string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "listing#" + partner}
}

// Place returns the channel in which listings are published. It fails with an
// [action.Failure] that blocks while none is chosen.
func Place(s settings.Settings) (string, error) {
	if s.Showcase == "" {
		return "", action.Blocking("worker.no-showcase-channel")
	}
	return s.Showcase, nil
}
