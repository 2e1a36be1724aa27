package showcase

import (
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A Move is how far the listings of a guild have followed a change of where they
// are to stand. The zero Move is over.
type Move struct {
	Moved int // stand where they are to stand
	All   int // stand anywhere

	Led    time.Time // when the invite was looked at that was unseen longest; zero if there is none
	Paused string    // what the servers are called that let nobody join for now
}

// MoveIn returns how far the listings are whose homes a [Homes] query listed.
// While no place is chosen, none moves.
func MoveIn(page storage.Page, chosen settings.Settings) (Move, error) {
	var m Move
	for _, it := range page.Items {
		h, err := storage.Decode[Home](it)
		if err != nil {
			return Move{}, err
		}
		if h.Paused != "" {
			m.Paused = strings.TrimPrefix(m.Paused+", "+h.Paused, ", ")
		}
		if h.Place == "" || chosen.Place() == "" {
			continue
		}
		m.All++
		if !h.Led.IsZero() && (m.Led.IsZero() || h.Led.Before(m.Led)) {
			m.Led = h.Led
		}
		if h.Mode == chosen.Mode && h.Parent == chosen.Place() {
			m.Moved++
		}
	}
	return m, nil
}

// Over reports whether none is left to move.
func (m Move) Over() bool { return m.Moved >= m.All }
