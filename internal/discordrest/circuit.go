package discordrest

import (
	"net/http"
	"slices"
	"time"

	"github.com/disgoorg/disgo/rest"
)

const (
	// banWindow is over which time Discord counts invalid requests, and how long
	// we send nothing once we had too many or Cloudflare refused us.
	banWindow = 10 * time.Minute

	// probeWait is when to ask again while a first request tries whether
	// Discord answers us again.
	probeWait = 10 * time.Second
)

// A circuit stops all requests while they would do harm: Discord bans the
// address, which others in the same cloud share, of whoever goes on sending
// requests that it refuses. When its time is over, one request goes ahead, and
// the others follow if that is answered.
type circuit struct {
	limit int         // how many invalid answers open it
	bad   []time.Time // the invalid answers of the last banWindow, oldest first

	until time.Time              // while set, nothing leaves but a probe after this time
	token bool                   // it was the bot token that was refused: only a request with it can tell
	probe *rest.CompiledEndpoint // the request that tries, if one is under way
}

// shut returns for how long no request leaves: 0 if one may.
func (c *circuit) shut(now time.Time, bot bool) time.Duration {
	switch {
	case c.until.IsZero():
		return 0
	case now.Before(c.until):
		return c.until.Sub(now)
	case c.probe != nil, c.token && !bot:
		return probeWait
	}
	return 0
}

// left records that request e leaves: it is the probe if the circuit is open.
func (c *circuit) left(e *rest.CompiledEndpoint) {
	if !c.until.IsZero() {
		c.probe = e
	}
}

// lost records that e got no answer.
func (c *circuit) lost(e *rest.CompiledEndpoint) {
	if c.probe == e {
		c.probe = nil
	}
}

// saw records the answer to e. It returns what the people who run the bot must
// know, if a opened the circuit.
func (c *circuit) saw(now time.Time, e *rest.CompiledEndpoint, a answer) (alarm string) {
	if a.invalid() {
		oldest := now.Add(-banWindow)
		c.bad = slices.DeleteFunc(c.bad, func(t time.Time) bool { return !t.After(oldest) })
		c.bad = append(c.bad, now)
	}
	tried := c.probe == e
	c.lost(e)
	open := !c.until.IsZero() && !tried
	switch {
	case a.status == http.StatusUnauthorized && a.bot:
		c.until, c.token = latest(c.until, now.Add(banWindow)), true
		alarm = "Discord refuses the bot token: nothing is sent. Put a valid one into DISCORD_TOKEN or the secret of DISCORD_TOKEN_SECRET and start again"
	case a.cloudflare:
		c.until = latest(c.until, now.Add(max(banWindow, a.retry)))
		alarm = "Cloudflare refuses this address: nothing is sent. If it stays so, leave through another address"
	case a.invalid() && len(c.bad) >= c.limit:
		c.until, c.bad = latest(c.until, now.Add(banWindow)), nil
		alarm = "Discord refused too many requests: nothing is sent, lest it bans this address. Look for what is blocked"
	case tried:
		c.until, c.token = time.Time{}, false
	}
	if open {
		return "" // these were under way when it opened, and it was told then
	}
	return alarm
}
