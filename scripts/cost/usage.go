package main

// A usage is how much a deployment has to do.
type usage struct {
	guilds, partners, joins float64
	polls                   float64 // of each guild in a month
}

// typical is a usage that is assumed, not measured: ten partners, one new each
// month, a hundred joins, polled each hour.
func typical(guilds float64) usage {
	return usage{guilds: guilds, partners: 10, joins: 100, polls: 730}
}

// stories says how often each counted story happens in a month, for each guild.
// The set-up is done once, and left out.
func (u usage) stories() map[string]float64 {
	return map[string]float64{
		"apply": 1, "approve": 1, "track": 1,
		"bump":  u.partners * 30 / 7,
		"list":  50,
		"join":  u.joins,
		"quiet": max(0, u.polls-u.joins),
	}
}

// seconds is how long an invocation takes, assumed: the worker waits for
// Discord, and the poller works up to 55 of 60 seconds.
func seconds(function string) float64 {
	return map[string]float64{"interactions": 0.05, "worker": 1, "scheduler": 0.5, "poller": 55}[function]
}
