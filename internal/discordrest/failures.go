package discordrest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/entente-bot/entente/internal/action"
)

// The reasons why Discord refuses what a guild's managers can mend: keys of the
// text catalog, with the arguments that their sentences may use.
const (
	permission       = "discord.permission"        // no arguments
	permissionSend   = "discord.permission_send"   // channel
	permissionRead   = "discord.permission_read"   // channel
	permissionRole   = "discord.permission_role"   // role
	permissionThread = "discord.permission_thread" // channel: its threads, or itself if it is one
	permissionServer = "discord.permission_server" // no arguments

	permissionForum    = "discord.permission_forum"    // channel: a forum
	permissionTags     = "discord.permission_tags"     // channel: a forum
	permissionCategory = "discord.permission_category" // channel: a category
	permissionChannel  = "discord.permission_channel"  // channel: it, or a post

	guildGone     = "discord.guild_gone"
	channelGone   = "discord.channel_gone"
	channelType   = "discord.channel_type"
	messageGone   = "discord.message_gone"
	roleGone      = "discord.role_gone"
	inviteGone    = "discord.invite_gone"
	memberGone    = "discord.member_gone"
	threadClosed  = "discord.thread_closed"
	channelLimit  = "discord.channel_limit"
	roleLimit     = "discord.role_limit"
	inviteLimit   = "discord.invite_limit"
	threadLimit   = "discord.thread_limit"
	textRefused   = "discord.text_refused"
	needTwoFactor = "discord.two_factor"
	tagRequired   = "discord.tag_required"
	bannedThere   = "discord.banned_there"
	quarantined   = "discord.quarantined"
	unforeseen    = "discord.unforeseen" // code: Discord's, or the HTTP status
)

// ofCall stands for the reason that a call itself gives for not being allowed.
const ofCall = ""

// A rule is what becomes of a call that Discord answered with an error.
type rule struct {
	verdict action.Verdict
	means   string // for operators
	reason  string // with [action.Block]: why, for the guild's managers
}

// notForeseen is what becomes of a call that is refused with a code that is not
// in the table: Discord adds codes at any time, so it is no mistake of ours.
var notForeseen = rule{action.Block, "not foreseen", unforeseen}

// rules is what we make of Discord's error codes.
//
// That something is gone has a consequence of its own each time: callers look at
// [action.Code] first. The verdict is for those that do not.
func rules() map[int]rule {
	return map[int]rule{
		10003: {action.Block, "unknown channel", channelGone},
		10004: {action.Block, "unknown guild", guildGone},
		10006: {action.Block, "unknown invite", inviteGone},
		10007: {action.Block, "unknown member", memberGone},
		10008: {action.Block, "unknown message", messageGone},
		10011: {action.Block, "unknown role", roleGone},
		10013: {action.Block, "unknown user", memberGone},

		50001: {action.Block, "no access", ofCall},
		50013: {action.Block, "no permission", ofCall},
		60003: {action.Block, "two-factor authentication needed", needTwoFactor},

		30005:  {action.Block, "as many roles as a guild can have", roleLimit},
		30013:  {action.Block, "as many channels as a guild can have", channelLimit},
		30016:  {action.Block, "as many invites as a guild can have", inviteLimit},
		160006: {action.Block, "as many active threads as a guild can have", threadLimit},
		40067:  {action.Block, "no post without a tag", tagRequired},

		40007:  {action.Block, "the bot is banned there", bannedThere},
		20026:  {action.Block, "the bot is quarantined as spam", quarantined},
		50008:  {action.Block, "no messages in this type of channel", channelType},
		50024:  {action.Block, "not in this type of channel", channelType},
		50083:  {action.Block, "the thread is archived", threadClosed},
		160005: {action.Block, "the thread is locked", threadClosed},
		200000: {action.Block, "AutoMod refused the text", textRefused},
		200001: {action.Block, "AutoMod refused the title", textRefused},
		240000: {action.Block, "the filter for harmful links refused the text", textRefused},

		// Never to be tried again, and nothing to mend: callers record it.
		50007: {verdict: action.Bury, means: "the user takes no direct messages"},
		50278: {verdict: action.Bury, means: "the user shares no server with the bot"},

		// The interaction is over: what its reply was to tell stands all the same.
		10015: {verdict: action.Bury, means: "unknown webhook: the interaction's token ended"},
		10062: {verdict: action.Bury, means: "unknown interaction"},
		40060: {verdict: action.Bury, means: "the interaction was answered already"},
		50027: {verdict: action.Bury, means: "the interaction's token ended"},

		50035: {verdict: action.Bury, means: "our body is invalid"},

		20022:  {verdict: action.Again, means: "too many announcements edited"},
		20028:  {verdict: action.Again, means: "too many messages in the channel"},
		20029:  {verdict: action.Again, means: "too many messages in the guild"},
		30046:  {verdict: action.Again, means: "too many edits of messages older than an hour"},
		40003:  {verdict: action.Again, means: "direct messages opened too fast"},
		40004:  {verdict: action.Again, means: "sending is switched off for now"},
		40006:  {verdict: action.Again, means: "the feature is switched off for now"},
		110000: {verdict: action.Again, means: "not ready yet"},
		110001: {verdict: action.Again, means: "not ready yet"},
		130000: {verdict: action.Again, means: "overloaded"},
		40333:  {verdict: action.Again, means: "refused by Cloudflare"},
		1015:   {verdict: action.Again, means: "refused by Cloudflare"},
	}
}

// Reasons returns every key of the text catalog that a failure of this package
// may give, sorted. "discord.permission_send", "discord.permission_read" and
// "discord.permission_thread", and those of a forum, its tags, a category and a
// channel of listings, come with the argument channel,
// "discord.permission_role" with the argument role: IDs, as they stand in a
// mention. "discord.unforeseen" comes with the argument code. The others need none.
func Reasons() []string {
	keys := map[string]bool{
		permission: true, permissionSend: true, permissionRead: true, permissionRole: true, permissionThread: true, permissionServer: true,
		permissionForum: true, permissionTags: true, permissionCategory: true, permissionChannel: true, unforeseen: true,
	}
	for _, r := range rules() {
		if r.verdict == action.Block && r.reason != ofCall {
			keys[r.reason] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// ruleFor returns what becomes of a call that was answered with a. What stands
// between us and Discord comes before what Discord says.
func ruleFor(a answer) rule {
	known, ok := rules()[a.code]
	switch {
	case a.cloudflare:
		return rule{verdict: action.Again, means: "refused by Cloudflare"}
	case a.status == http.StatusTooManyRequests:
		return rule{verdict: action.Again, means: "rate limited"}
	case a.status == http.StatusUnauthorized && a.bot:
		return rule{verdict: action.Again, means: "the bot token was refused"}
	case ok:
		return known
	case a.broken:
		return rule{verdict: action.Again, means: "the answer was cut short"}
	case a.status >= 500, a.status < 400, a.status == http.StatusRequestTimeout:
		return rule{verdict: action.Again, means: "out of order"}
	}
	return notForeseen
}

// refused returns the failure of call k that Discord answered with a.
func (k call) refused(a answer) *action.Failure {
	r := ruleFor(a)
	f := &action.Failure{Verdict: r.verdict, Code: a.code, Err: fmt.Errorf("%s: status %d: %s%s", k.doing, a.status, r.means, faults(a.errors))}
	if f.Code == 0 {
		f.Code = a.status
	}
	switch {
	case r.verdict == action.Again:
		f.After, f.Outage = a.retry, true
	case r == notForeseen:
		f.Reason = action.Reason{Key: r.reason, Args: []string{"code", strconv.Itoa(f.Code)}}
	case r.verdict == action.Block:
		f.Reason = action.Reason{Key: r.reason, Args: k.args}
		if r.reason == ofCall {
			f.Reason.Key = k.need
		}
	}
	return f
}

// bug returns the failure of call k for a mistake of ours. Nothing was sent.
func (k call) bug(what string) *action.Failure {
	return &action.Failure{Verdict: action.Bury, Err: fmt.Errorf("%s: not sent: %s", k.doing, what)}
}
