package joins

import (
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// A Past is the account of a partnership that is over.
type Past struct {
	Account
	Application string    `json:"application"` // that the partnership came from
	Closed      time.Time `json:"closed"`      // when its invite was gone
}

// Kind implements [storage.Record].
func (Past) Kind() (string, int) { return "past", 1 }

const pastPrefix = "joins-past#"

// PastKey is where the Past of a partnership is kept.
func PastKey(guild, partner, application string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: pastPrefix + partner + "#" + application}
}

// Pasts lists the accounts of the partnerships with a partner that are over; of all
// partners, if that is "".
func Pasts(guild, partner string) storage.Query {
	prefix := pastPrefix
	if partner != "" {
		prefix += partner + "#"
	}
	return storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: prefix, Limit: storage.MaxLimit}
}

// PastsIn returns the accounts of a page of [Pasts].
func PastsIn(page storage.Page) ([]Past, error) {
	var list []Past
	for _, it := range page.Items {
		p, err := storage.Decode[Past](it)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// CloseKeys are what Close needs to have read.
func CloseKeys(guild, partner, application string, now time.Time) []storage.Key {
	return []storage.Key{LedgerKey(guild), DayKey(guild, now), PastKey(guild, partner, application)}
}

// Close moves the account of a partner to the past, once its invite is gone. Last is
// how many uses that had in the end, if Discord told: what the latest poll did not see
// yet is booked then. Else it may have brought somebody since, and nobody knows. An
// account that never had an invite leaves nothing.
func Close(tx *storage.Tx, guild, partner, application string, last map[string]int, now time.Time) {
	l := LedgerOf(tx, guild)
	a, ok := l.Account(partner)
	if !ok {
		return
	}
	if a.Code != "" {
		a = a.end(tx, guild, l.Rebase, last, now)
	}
	if l = l.Without(partner); !a.Seen.IsZero() {
		tx.Set(PastKey(guild, partner, application), Past{Account: a, Application: application, Closed: now})
	}
	tx.Set(LedgerKey(guild), l)
}

// end returns a after its invite was deleted.
func (a Account) end(tx *storage.Tx, guild string, rebase Mark, last map[string]int, now time.Time) Account {
	uses, told := last[a.Code]
	if !told || uses < a.Uses || a.Seen.Before(rebase.At) {
		a.Gaps = widen(a.Gaps, Gap{a.Seen, now, Ended})
	} else if n := uses - a.Uses; n > 0 {
		a.Counted += n
		tx.Set(DayKey(guild, now), DayOf(tx, guild, now).Add(map[string]int{a.Partner: n}))
	}
	a.Code, a.Created, a.Channel, a.Uses, a.Missing = "", time.Time{}, "", 0, time.Time{}
	return a
}
