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

	// tokenWait is how long we send nothing once the bot token was refused.
	tokenWait = 2 * time.Minute

	// probeWait is when to ask again while only another request can tell whether
	// Discord answers us again.
	probeWait = 10 * time.Second

	// outageWait is how long nobody must have been answered, of outageGuilds or more,
	// for us to take it for an outage, and how long we send nothing then: twice as
	// long each time, up to tokenWait.
	outageWait   = 15 * time.Second
	outageGuilds = 3

	// shares is into how many the invalid answers that we may have are divided: a
	// guild that used one up is parked, and the others go on.
	shares = 20
)

// A circuit stops requests while they would do harm: Discord bans the address,
// which others in the same cloud share, of whoever goes on sending requests that it
// refuses. One guild in trouble is parked alone. What concerns the whole bot stops
// all; when its time is over, one request goes ahead, and the others follow if that
// is answered.
type circuit struct {
	limit int             // how many invalid answers open it
	bad   []refusal       // the invalid answers of the last banWindow, oldest first
	dark  map[string]bool // the guilds that got no answer since anybody last got one
	heard time.Time       // when anybody last got one

	until time.Time     // while set, nothing leaves but a probe after this time
	wait  time.Duration // for how long an outage opened it last; 0 if it was none
	token bool          // it was the bot token that was refused: only a request with it can tell
	probe *passage      // the request that tries, if one is under way
}

// A refusal is an invalid answer, to a request for a guild.
type refusal struct {
	at    time.Time
	guild string // "" if it was for none
}

// A passage is a request under way.
type passage struct {
	*rest.CompiledEndpoint
	bucket *bucket
	guild  string        // for which it is; "" for none
	over   chan struct{} // closed when it is answered, or lost
}

// shut returns for how long no request for a guild leaves, 0 if one may; or what it
// has to wait for.
func (c *circuit) shut(now time.Time, bot bool, guild string) (time.Duration, <-chan struct{}) {
	if wait := c.parked(now, guild); bot && wait > 0 {
		return wait, nil
	}
	switch {
	case c.until.IsZero():
		return 0, nil
	case now.Before(c.until):
		return c.until.Sub(now), nil
	case c.token && !bot:
		return probeWait, nil
	case c.probe != nil:
		return 0, c.probe.over
	}
	return 0, nil
}

// parked returns for how long nothing is sent for a guild that was refused too
// often: until enough of that is forgotten.
func (c *circuit) parked(now time.Time, guild string) time.Duration {
	if guild == "" {
		return 0
	}
	share, last := max(1, c.limit/shares), time.Time{}
	for _, r := range slices.Backward(c.bad) {
		if r.guild != guild {
			continue
		}
		if share--; share == 0 {
			last = r.at
			break
		}
	}
	if last.IsZero() {
		return 0
	}
	return max(0, last.Add(banWindow).Sub(now))
}

// left records that a request leaves: it is the probe if the circuit is open.
func (c *circuit) left(p *passage) {
	if !c.until.IsZero() {
		c.probe = p
	}
}

// lost records that p got no answer. It returns what the people who run the bot must
// know, if that opened the circuit.
func (c *circuit) lost(now time.Time, p *passage) (alarm string) {
	tried := c.probe == p
	if tried {
		c.probe = nil
	}
	if p.guild != "" && len(c.dark) < outageGuilds {
		c.dark[p.guild] = true
	}
	dark := len(c.dark) >= outageGuilds && now.Sub(c.heard) >= outageWait
	if open := !c.until.IsZero(); tried && c.wait > 0 || !open && dark {
		c.wait = min(max(outageWait, 2*c.wait), tokenWait)
		c.until = now.Add(c.wait)
		if !open {
			return "Discord answers nobody: nothing is sent but a request now and then. See https://discordstatus.com"
		}
	}
	return ""
}

// saw records the answer to p. It returns what the people who run the bot must
// know, if a opened the circuit.
func (c *circuit) saw(now time.Time, p *passage, a answer) (alarm string) {
	if a.status >= http.StatusInternalServerError {
		return c.lost(now, p)
	}
	clear(c.dark)
	c.heard = now
	if a.invalid() {
		oldest := now.Add(-banWindow)
		c.bad = slices.DeleteFunc(c.bad, func(r refusal) bool { return !r.at.After(oldest) })
		c.bad = append(c.bad, refusal{now, p.guild})
	}
	tried := c.probe == p
	if tried {
		c.probe = nil
	}
	open := !c.until.IsZero() && !tried
	switch {
	case a.status == http.StatusUnauthorized && a.bot:
		c.until, c.token, c.wait = latest(c.until, now.Add(tokenWait)), true, 0
		alarm = "Discord refuses the bot token: nothing is sent. Put a valid one into DISCORD_TOKEN or the secret of DISCORD_TOKEN_SECRET and start again"
	case a.cloudflare:
		c.until, c.wait = latest(c.until, now.Add(max(banWindow, a.retry))), 0
		alarm = "Cloudflare refuses this address: nothing is sent. If it stays so, leave through another address"
	case a.invalid() && len(c.bad) >= c.limit:
		c.until, c.bad, c.wait = latest(c.until, now.Add(banWindow)), nil, 0
		alarm = "Discord refused too many requests: nothing is sent, lest it bans this address. Look for what is blocked"
	case tried:
		c.until, c.token, c.wait = time.Time{}, false, 0
	}
	if open {
		return "" // these were under way when it opened, and it was told then
	}
	return alarm
}
