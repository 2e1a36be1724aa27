package apply

import (
	"slices"

	"github.com/entente-bot/entente/internal/storage"
)

// Known lists the partners that ever applied in a guild, for [KnownIn]: as many
// as fit a page, the oldest servers left out.
func Known(guild string) storage.Query {
	k := partnerKey(guild, "")
	return storage.Query{Table: k.Table, Part: k.Part, Prefix: k.Sort, Descending: true, Limit: storage.MaxLimit}
}

// KnownIn returns what became of the partners of a page of [Known], latest first.
func KnownIn(page storage.Page) ([]Latest, error) {
	var list []Latest
	for _, it := range page.Items {
		s, err := storage.Decode[Standing](it)
		if err != nil {
			return nil, err
		}
		if s.Latest.Partner != "" {
			list = append(list, s.Latest)
		}
	}
	slices.SortStableFunc(list, func(a, b Latest) int { return b.At.Compare(a.At) })
	return list, nil
}
