package showcase

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// A Found is a channel, category, forum or post as Discord has it.
type Found struct {
	ID, Name   string
	Topic      string
	Parent     string // its category, or a post's forum; "" if it has none
	Category   bool
	Forum      bool
	Archived   bool // of a post
	Overwrites []Overwrite
	Tags       []Tag    // of a forum: those there are
	Applied    []string // of a post: IDs of its tags
}

// An Overwrite changes permissions in a channel for a role or a member.
type Overwrite struct {
	ID     string `json:"id"`
	Member bool   `json:"member,omitempty"`
	Allow  uint64 `json:"allow"`
	Deny   uint64 `json:"deny"`
}

// A Draft is a channel or category to make, or what one is to be changed to:
// what is left out stays as it is.
type Draft struct {
	Category   bool
	Name       string
	Topic      string
	Below      string      // the category; "" for none
	Overwrites []Overwrite // beside the bot's own, which the adapter knows
	Tags       []string    // of a post, IDs
	Tagged     bool        // Tags is to be set, even if empty
}

// Why a channel cannot stand below a category.
var (
	ErrFull       = errors.New("showcase: the category has as many channels as Discord allows")
	ErrNoCategory = errors.New("showcase: the category is gone")
)

// Discord's permissions that matter here.
const (
	view          = 1 << 10
	send          = 1 << 11
	history       = 1 << 16
	privateThread = 1 << 36
	sendThreads   = 1 << 38
)

// writing is what members must not do in a listing's channel. What is not here
// the bot may lack itself, and nobody can take from others what they lack.
const writing = send | privateThread | sendThreads

// Own is what the bot allows itself in the channels it makes.
const Own = view | send | history

// Closed returns the overwrites of a listing's channel in guild, below a
// category with the given overwrites: who sees that sees the channel, and nobody
// writes in it.
func Closed(guild string, category []Overwrite) []Overwrite {
	list := []Overwrite{{ID: guild, Deny: writing}}
	for _, o := range category {
		o.Allow, o.Deny = o.Allow&(view|history), o.Deny&(view|history)
		switch {
		case o.ID == guild:
			list[0].Allow, list[0].Deny = o.Allow, o.Deny|writing
		case o.Allow|o.Deny != 0:
			list = append(list, o)
		}
	}
	return list
}

// Shut reports whether members cannot write in f, a channel of guild.
func (f Found) Shut(guild string) bool {
	return slices.ContainsFunc(f.Overwrites, func(o Overwrite) bool { return o.ID == guild && o.Deny&send != 0 })
}

// Mark is in the topic of a partner's channel: by it the channel is found again.
func Mark(partner string) string { return "[" + partner + "]" }

// Marked reports whether f is the channel of a partner.
func (f Found) Marked(partner string) bool {
	return !f.Category && !f.Forum && strings.Contains(f.Topic, Mark(partner))
}

// maxName is the most characters that Discord takes in the name of a channel or post.
const maxName = 100

// word is a run of letters and digits with the marks and joiners that belong to them.
var word = regexp.MustCompile(`[\p{L}\p{Nd}](?:[\p{L}\p{Nd}\p{Mn}\p{Mc}\x{200c}\x{200d}]*[\p{L}\p{Nd}\p{Mn}\p{Mc}])?`)

// ChannelName makes the name of a channel of what a server is called: lower
// case, hyphens for all that is no part of a word.
func ChannelName(server, partner string) string {
	words := word.FindAllString(strings.ToLower(pictures.ReplaceAllString(server, "")), -1)
	if name := cut(strings.Join(words, "-"), maxName); name != "" {
		return name
	}
	return PlainName(partner)
}

// PlainName is the name of a channel or post where no other can be had.
func PlainName(partner string) string { return "partner-" + partner[max(len(partner)-4, 0):] }

// pictures choose how a character is drawn: they are marks, and part of no word.
var pictures = regexp.MustCompile(`[\x{fe00}-\x{fe0f}]`)

// PostName makes the name of a post of what a server is called.
func PostName(server, partner string) string {
	if name := cut(strings.TrimSpace(server), maxName); name != "" {
		return name
	}
	return "partner-" + partner[max(len(partner)-4, 0):]
}

// cut cuts a name to so many characters.
func cut(name string, most int) string {
	if r := []rune(name); len(r) > most {
		return strings.TrimRight(string(r[:most]), "- ")
	}
	return name
}
