package main

// A usage is how much a deployment has to do in a month.
type usage struct{ guilds, partners, joins float64 }

// typical is a usage that is assumed, not measured: all guilds track joins and have
// ten partners, one new each month, and a hundred joins.
func typical(guilds float64) usage { return usage{guilds: guilds, partners: 10, joins: 100} }

// polled is how many guilds one run of the poller polls, at most: it spends its
// budget of 20 requests a second, for 50 seconds, however little there is to find.
const polled = 20 * 50

// polls is how many runs poll a guild, each perhaps several times: only the first
// asks the database.
func (u usage) polls() float64 { return minutes * min(1, polled/max(1, u.guilds)) }

// notes is after how many of these runs it is saved that the guild was quiet: of
// guilds that every run polls, every fifth. It is counted for one guild alone;
// those that are saved together cost up to half of that less.
func (u usage) notes() float64 {
	if u.guilds <= polled {
		return u.polls() / 5
	}
	return u.polls()
}

// censuses is how many polls count the members, too: one an hour, if there are as many.
func (u usage) censuses() float64 { return min(minutes/60, u.polls()) }

// stories says how often each counted story happens in a month, for each guild.
// The set-up is done once, and left out.
func (u usage) stories() map[string]float64 {
	return map[string]float64{
		"apply": 1, "approve": 1, "track": 1,
		"bump":  u.partners * 30 / 7, // with a daily look at the guild each, of which there are 30
		"list":  50,
		"join":  u.joins,
		"noted": u.notes(),
		// Once an hour, a poll is a census of the members, too.
		"census": u.censuses(),
		"quiet":  max(0, u.polls()-u.notes()-u.joins-u.censuses()),
	}
}

// seconds is how long an invocation takes, assumed: the worker waits for
// Discord, and the poller works up to 55 of 60 seconds.
func seconds(function string) float64 {
	return map[string]float64{"interactions": 0.05, "worker": 1, "scheduler": 0.5, "poller": 55}[function]
}
