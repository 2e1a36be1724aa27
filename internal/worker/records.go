package worker

import (
	"context"
	"strings"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/panel"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
)

// A span is kinds of a guild's records that one query lists: from one to another, in
// the order of their keys. No kind between them is kept for ever.
type span struct{ from, to string }

// standingSpans have what messages of ours stand for.
func standingSpans(guild string) []span {
	tickets := ticket.All(guild).Prefix
	return []span{{panel.All(guild).Prefix, apply.Queued(guild).Prefix}, {tickets, tickets}}
}

// lookSpans have all that a look reads of a guild, but for the latest applications.
func lookSpans(guild string) []span {
	forms, past, makings := edit.Drafts(guild).Prefix, edit.Past(guild).Prefix, joins.Makings(guild).Prefix
	return append(standingSpans(guild), []span{
		{block.Query(guild).Prefix, bump.All(guild).Prefix},
		{contact.All(guild).Prefix, edit.All(guild).Prefix},
		{forms, forms}, {past, past}, {makings, makings},
		{partnership.EndedPrefix(""), homePrefix},
		{listingPrefix, listingPrefix},
	}...)
}

// What the records of what stands of partners begin with.
const (
	homePrefix    = "home#"
	listingPrefix = "listing#"
)

// records are records of a guild, by what their Sort begins with.
type records map[string][]storage.Item

// listSpans reads spans. They may be stale where nothing was changed just now that they
// are looked at for: whatever is written plans itself what follows from it.
func (j *job) listSpans(ctx context.Context, spans []span, stale bool) (records, error) {
	r := records{}
	for _, s := range spans {
		q := storage.Query{
			Table: storage.Records, Part: "guild#" + j.Guild, From: s.from, Before: strings.TrimSuffix(s.to, "#") + "$",
			Limit: storage.MaxLimit, Stale: stale,
		}
		for {
			page, err := j.Actions.DB.List(ctx, q)
			if err != nil {
				return nil, err
			}
			for _, it := range page.Items {
				kind, _, _ := strings.Cut(it.Key.Sort, "#")
				r[kind+"#"] = append(r[kind+"#"], it)
			}
			if q.Cursor = page.Cursor; q.Cursor == "" {
				break
			}
		}
	}
	return r, nil
}

// among returns those of r that a query lists.
func among[T storage.Record](r records, q storage.Query) (list []T, err error) {
	for _, it := range r[q.Prefix] {
		v, err := storage.Decode[T](it)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// subjects returns what the records are about whose Sort begins with prefix.
func (r records) subjects(prefix string) (list []string) {
	for _, it := range r[prefix] {
		list = append(list, it.Key.Sort[len(prefix):])
	}
	return list
}
