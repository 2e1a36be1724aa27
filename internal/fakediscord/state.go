package fakediscord

import (
	"slices"
	"time"
)

// An object is a JSON object.
type object = map[string]any

// Channel types.
const (
	TextChannel    = 0
	DirectMessage  = 1
	VoiceChannel   = 2
	Category       = 4
	Announcement   = 5
	PublicThread   = 11
	PrivateThread  = 12
	Forum          = 15
	MediaChannel   = 16
	newsThread     = 10
	flagPinned     = 1 << 1 // of a thread
	flagRequireTag = 1 << 4 // of a forum
)

// Message flags.
const (
	flagEphemeral    = 1 << 6
	flagLoading      = 1 << 7
	flagComponentsV2 = 1 << 15
)

// world is everything there is.
type world struct {
	users        map[string]*user
	guilds       map[string]*guild
	channels     map[string]*channel // of every guild, threads and DMs too
	invites      map[string]*invite
	interactions map[string]*interaction // by token
	nonces       map[string]nonce        // by nonce
	uploads      map[string]*attachment  // files people uploaded, not yet part of a message
	commands     map[string][]object     // by guild, "" for the global ones
	commandsOnly map[string]bool         // guilds with the commands but without the bot
}

func newWorld() world {
	return world{
		users:        make(map[string]*user),
		guilds:       make(map[string]*guild),
		channels:     make(map[string]*channel),
		invites:      make(map[string]*invite),
		interactions: make(map[string]*interaction),
		nonces:       make(map[string]nonce),
		uploads:      make(map[string]*attachment),
		commands:     make(map[string][]object),
		commandsOnly: make(map[string]bool),
	}
}

type user struct {
	id         string
	name       string
	avatar     string
	bot        bool
	refusesDMs bool
	locale     string // of the client, "" for en-US
}

type guild struct {
	id       string
	info     Guild
	owner    string
	vanity   *invite
	roles    map[string]*role // the one with the guild's ID is @everyone
	members  map[string]*member
	channels map[string]*channel // threads too
	bans     map[string]string   // user to reason
	audit    []object            // newest first
	now      func() time.Time
}

type role struct {
	id          string
	name        string
	permissions Permission
	position    int
	color       int
	hoist       bool
	mentionable bool
	managed     bool
	botID       string
}

type member struct {
	user   string
	nick   string
	roles  []string
	joined time.Time
	quiet  time.Time // timed out until then; zero if never
}

func (m *member) has(roleID string) bool { return m != nil && slices.Contains(m.roles, roleID) }

type channel struct {
	id         string
	guild      string // "" for a direct message
	kind       int
	name       string
	topic      string
	parent     string
	position   int
	nsfw       bool
	slowmode   int
	flags      int
	overwrites []Overwrite
	tags       []object // of a forum
	recipient  string   // of a direct message
	messages   []*message
	last       string // ID of the last message ever sent
	created    time.Time

	// Threads only.
	owner         string
	archived      bool
	locked        bool
	invitable     bool
	archiveAfter  int // minutes of silence
	archivedAt    time.Time
	active        time.Time // last activity
	appliedTags   []string
	threadMembers map[string]bool
}

func (ch *channel) isThread() bool {
	return ch.kind == PublicThread || ch.kind == PrivateThread || ch.kind == newsThread
}

func (ch *channel) isForum() bool { return ch.kind == Forum || ch.kind == MediaChannel }

// settle archives a thread that has been silent for too long. Pinned posts stay.
func (ch *channel) settle(now time.Time) {
	silence := time.Duration(ch.archiveAfter) * time.Minute
	if ch.isThread() && !ch.archived && ch.flags&flagPinned == 0 && now.Sub(ch.active) > silence {
		ch.archived, ch.archivedAt = true, ch.active.Add(silence)
	}
}

type message struct {
	id          string
	channel     string
	author      string
	kind        int
	content     string
	embeds      []any
	components  []any
	attachments []*attachment
	flags       int
	nonce       any
	reference   any
	pings       []string // user and role IDs, "everyone"
	pinned      bool
	created     time.Time
	edited      time.Time      // zero if never
	seenBy      string         // the one user who sees an ephemeral message
	answers     *interaction   // nil unless it is a reply or follow-up
	past        map[string]any // by custom ID: buttons and menus that stood there before an edit
}

func (m *message) v2() bool { return m.flags&flagComponentsV2 != 0 }

type nonce struct {
	message string
	channel string
	at      time.Time
}

type invite struct {
	code      string
	kind      int // 0 guild, 1 group DM, 2 friend
	guild     string
	channel   string
	inviter   string
	uses      int
	maxUses   int
	maxAge    int // seconds, 0 for ever
	temporary bool
	flags     int // 1 for a guest invite
	roles     []string
	created   time.Time
	expires   time.Time // zero for never
}

func (i *invite) lapsed(now time.Time) bool {
	return !i.expires.IsZero() && !now.Before(i.expires) || i.maxUses > 0 && i.uses >= i.maxUses
}

type attachment struct {
	id          string
	channel     string
	name        string
	kind        string // content type
	description string
	data        []byte
}
