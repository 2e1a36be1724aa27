package setup

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/action"
)

// timedOut returns until when the bot may write nothing, whatever its roles give it.
// Discord times out nobody who may do everything.
func (f Facts) timedOut(guild string) time.Time {
	if f.server(guild) == everything {
		return time.Time{}
	}
	return f.TimedOut
}

// Explain returns stops with the true reason of those that seem to want for a
// permission while the bot is timed out.
func (h Health) Explain(stops []action.Stop, now time.Time) []action.Stop {
	if !h.TimedOut.After(now) {
		return stops
	}
	stops = slices.Clone(stops)
	for i, stop := range stops {
		if Lacks(stop) {
			stops[i].Reason = h.TimeOut()
		}
	}
	return stops
}

// TimeOut is the reason of what the bot cannot do while it is timed out.
func (h Health) TimeOut() action.Reason {
	return action.Blocking("setup.timed-out", "until", strconv.FormatInt(h.TimedOut.Unix(), 10)).Reason
}

// Lacks reports whether a stop seems to want for a permission.
func Lacks(stop action.Stop) bool { return strings.Contains(stop.Reason.Key, "permission") }
