package partnership

import (
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// An Ending is by whom and why a partnership ends.
type Ending struct {
	At       time.Time `json:"ended"`
	EndedBy  string    `json:"ended_by"`           // user
	Why      string    `json:"why"`                // one of the Why constants
	Reason   string    `json:"reason,omitempty"`   // for managers, whoever wrote it
	Farewell string    `json:"farewell,omitempty"` // for the other side
}

// An Ended is a partnership that is over. It is kept: who partnered with whom,
// and why no more, is part of what a guild knows.
type Ended struct {
	Partnership
	Ending
	Told bool `json:"told"` // both sides were told, as far as they want to be
}

// Why a partnership ended.
const (
	WhyBlocked = "blocked" // its server was put on the blocklist
	WhyContact = "contact" // its contact wanted it
	WhyManager = "manager" // a manager wanted it
)

// The longest texts of an end, as [Cut] counts.
const (
	MaxReason   = 400
	MaxFarewell = 1000
)

// Kind implements [storage.Record].
func (Ended) Kind() (string, int) { return "ended", 1 }

// EndedPrefix is what the Sort of every partnership with partner that is over
// begins with; "" stands for all partners.
func EndedPrefix(partner string) string {
	if partner == "" {
		return "ended#"
	}
	return "ended#" + partner + "#"
}

// EndedKey is where a partnership that is over is kept. A partner may have had
// several: each came from another application.
func EndedKey(guild, partner, application string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: EndedPrefix(partner) + application}
}

// EndedWith lists the partnerships with a partner that are over, latest first,
// for [EndedIn].
func EndedWith(guild, partner string, most int) storage.Query {
	return storage.Query{
		Table: storage.Records, Part: "guild#" + guild, Prefix: EndedPrefix(partner), Descending: true, Limit: most,
	}
}

// EndedIn returns the partnerships of a page of [EndedWith].
func EndedIn(page storage.Page) ([]Ended, error) {
	var list []Ended
	for _, it := range page.Items {
		e, err := storage.Decode[Ended](it)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// Tell is the action that tells both sides of the partnerships with partner that
// are over, and of which they were not told.
func Tell(guild, partner string) action.Ref {
	return action.Ref{Name: "end.tell", Guild: guild, Subject: partner}
}

// EndKeys are what End needs to have read. Whoever ends a partnership knows
// which one they mean: the one that came from an application, or, if that is "",
// whichever is active.
func EndKeys(guild, partner, application string) []storage.Key {
	keys := append(StartKeys(guild, partner), Tell(guild, partner).Key(), OthersKey(guild), Review(guild, partner).Key())
	if application != "" {
		keys = append(keys, EndedKey(guild, partner, application))
	}
	return keys
}

// Load returns the active partnership with partner that came from an
// application. It refuses if there is none: if it is over, it tells who ended
// it. tx must have read [EndKeys].
func Load(tx *storage.Tx, guild, partner, application string) (Partnership, error) {
	p, active := storage.Read[Partnership](tx, Key(guild, partner))
	if active && p.Application == application {
		return p, nil
	}
	e, over := storage.Read[Ended](tx, EndedKey(guild, partner, application))
	if over {
		return e.Partnership, refuse.Because("end.already", "server", Named(e.Server), "by", e.EndedBy, "when", refuse.When(e.At))
	}
	return p, refuse.Because("partnership.not-found")
}

// End ends the active partnership with partner, has everything follow that
// should, and both sides told. It reports false, and changes nothing, if there
// is none. tx must have read [EndKeys].
func End(tx *storage.Tx, guild, partner string, why Ending) (Ended, bool) {
	p, ok := storage.Read[Partnership](tx, Key(guild, partner))
	if !ok {
		return Ended{}, false
	}
	why.Reason, why.Farewell = Clean(why.Reason, MaxReason), Clean(why.Farewell, MaxFarewell)
	e := Ended{Partnership: p, Ending: why}
	c := CountsOf(tx, guild)
	c.Active--
	tx.Set(CountsKey(guild), c)
	tx.Delete(Key(guild, partner))
	unname(tx, guild, p)
	tx.Create(EndedKey(guild, partner, p.Application), e)
	follow(tx, guild, partner, why.At)
	action.Cause(tx, Tell(guild, partner), why.At)
	if p.Drift.Held() || !p.Offered() { // there is a card
		action.Cause(tx, Review(guild, partner), why.At)
	}
	return e, true
}
