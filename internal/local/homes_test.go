package local_test

import (
	"fmt"
	"strings"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
)

// homes lists the channels and posts that the bot made for listings, and names
// those that are new.
func (p *player) homes() (list []fakediscord.ChannelState) {
	for _, ch := range p.Channels(p.Guild) {
		if ch.Type == fakediscord.TextChannel && ch.Parent != "" {
			list = append(list, ch)
		}
	}
	list = append(list, p.Threads(p.Forum)...)
	for _, h := range list {
		if p.names[h.ID] == "" {
			p.made++
			p.names[h.ID] = fmt.Sprintf("home-%d", p.made)
		}
	}
	return list
}

// homing returns which homes of listings are new, other than they were, or gone.
func (p *player) homing() (out []string) {
	there := make(map[string]bool)
	for _, h := range p.homes() {
		there[h.ID] = true
		line := fmt.Sprintf("(the channel %s below %s)", h.Name, p.names[h.Parent])
		if h.Parent == p.Forum {
			line = fmt.Sprintf("(the post %q, tagged %s)", h.Name, strings.Join(h.Tags, ", "))
		}
		if h.Archived && h.Locked {
			line = "(closed and locked) " + line
		}
		if p.housed[h.ID] != line {
			p.housed[h.ID] = line
			out = append(out, "= "+p.names[h.ID]+": "+line)
		}
	}
	for id, line := range p.housed {
		if !there[id] {
			delete(p.housed, id)
			out = append(out, "= "+p.names[id]+": (gone) "+line)
		}
	}
	return out
}

// showcaseHands lists what can happen to the showcase.
func showcaseHands() map[string]func(p *player, words []string) {
	return map[string]func(p *player, words []string){
		"mode":    func(p *player, w []string) { p.mode(settings.Mode(w[0])) }, // Ada turns to another channel mode
		"archive": func(p *player, _ []string) { p.chooses(func(s *settings.Settings) { s.Archive = true }) },
		"unlist": func(p *player, _ []string) { // somebody deletes every listing of Lighthouse
			for _, m := range p.listings(p.Lighthouse) {
				p.DeleteMessage(m.Ref)
			}
		},
		"untag": func(p *player, w []string) { // and the tags of a forum
			p.EditChannel(w[0], func(c *fakediscord.Channel) { c.Tags = nil })
		},
	}
}
