package poll

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Shares are how many of the latest joins came by which invite. In a record they are
// one text, "invite share invite share": all watches are read each minute, and that
// is read several times as fast as an object.
type Shares map[string]float64

var errShares = errors.New("poll: shares are not pairs of an invite and a number")

// MarshalText implements [encoding.TextMarshaler].
func (s Shares) MarshalText() ([]byte, error) {
	var text []byte
	for _, invite := range slices.Sorted(maps.Keys(s)) {
		if len(text) > 0 {
			text = append(text, ' ')
		}
		text = append(append(text, invite...), ' ')
		text = strconv.AppendFloat(text, s[invite], 'f', -1, 64)
	}
	return text, nil
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (s *Shares) UnmarshalText(text []byte) error {
	rest := string(text)
	*s = make(Shares, strings.Count(rest, " ")/2+1)
	for rest != "" {
		var invite, share string
		invite, rest, _ = strings.Cut(rest, " ")
		share, rest, _ = strings.Cut(rest, " ")
		x, err := strconv.ParseFloat(share, 64)
		if err != nil || invite == "" {
			return errShares
		}
		(*s)[invite] = x
	}
	return nil
}
