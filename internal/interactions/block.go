package interactions

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// targets are what /partnerships block names: a server, a user, or both.
func (c *call) targets() []block.Target {
	var list []block.Target
	for _, what := range []string{block.Server, block.User} {
		if t, ok := block.Parse(what + "#" + strings.TrimSpace(c.options[what])); ok {
			list = append(list, t)
		}
	}
	return list
}

// blockKeys are what it takes to block targets, and to end the partnership with
// one that is a partner.
func (c *call) blockKeys(targets []block.Target) (keys []storage.Key) {
	for _, t := range targets {
		keys = append(keys, block.Keys(c.guild, t)...)
		if t.What == block.Server {
			keys = append(keys, apply.KnownKey(c.guild, t.ID))
			keys = append(keys, partnership.EndKeys(c.guild, t.ID, "")...)
		}
	}
	return keys
}

func needBlock(c *call) needs { return needs{keys: c.blockKeys(c.targets()), names: onlyPartners} }

// blockAdd handles /partnerships block. An active partner is blocked only after
// a confirmation.
func blockAdd(c *call) (discord.InteractionResponse, error) {
	entries, err := c.entries()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if entries[0].What != block.Server {
		return c.block(entries, "command")
	}
	p, active := storage.Read[partnership.Partnership](c.tx, partnership.Key(c.guild, entries[0].ID))
	if !active {
		return c.block(entries, "command")
	}
	user := ""
	if len(entries) > 1 {
		user = entries[1].ID
	}
	c.tx.Create(block.QuestionKey(c.guild, c.id), block.Question{By: c.caller.User, Entries: entries, Asked: c.now})
	return c.whisper(view.BlockPartner(c.say, c.id, p, user)...), nil
}

// entries are what /partnerships block is to put on the list: the server first.
func (c *call) entries() ([]block.Entry, error) {
	days, err := block.Days(c.options["days"])
	if err != nil {
		return nil, err
	}
	targets := c.targets()
	server := strings.TrimSpace(c.options[block.Server])
	switch {
	case server == c.guild:
		return nil, refuse.Because("block.this-server")
	case server != "" && (len(targets) == 0 || targets[0].What != block.Server):
		return nil, refuse.Because("block.not-a-server")
	case len(targets) == 0:
		return nil, refuse.Because("block.nothing")
	}
	var list []block.Entry
	for _, t := range targets {
		list = append(list, block.Entry{
			Target: t, Name: c.nameOf(t), Reason: c.options["reason"],
			By: c.caller.User, At: c.now, Until: block.After(days, c.now),
		})
	}
	return list, nil
}

// nameOf is how a target is called, as far as the guild knows.
func (c *call) nameOf(t block.Target) string {
	if t.What == block.User {
		return c.known.Users[t.ID].Name
	}
	if p, ok := storage.Read[partnership.Partnership](c.tx, partnership.Key(c.guild, t.ID)); ok {
		return p.Server.Name
	}
	standing, _ := storage.Read[apply.Standing](c.tx, apply.KnownKey(c.guild, t.ID))
	return standing.Latest.Name
}

// block puts entries on the list, ends the partnership with a server that is a
// partner, and tells the caller.
func (c *call) block(entries []block.Entry, surface string) (discord.InteractionResponse, error) {
	ended := ""
	for _, e := range entries {
		if err := block.Add(c.tx, c.guild, e, c.limits); err != nil {
			return discord.InteractionResponse{}, err
		}
		c.note("block.add", e.Target, surface)
		if e.What != block.Server {
			continue
		}
		if p, ok := partnership.End(c.tx, c.guild, e.ID, partnership.Ending{At: c.now, EndedBy: c.caller.User, Why: partnership.WhyBlocked, Reason: e.Reason}); ok {
			ended = p.Server.Called(100)
			c.audit("partnership.end", e.ID, surface)
		}
	}
	return c.whisper(append([]discord.LayoutComponent{view.Blocked(c.say, entries, ended)}, c.barring(entries)...)...), nil
}

// barring asks about the partners whose contact is among entries, but for those that
// are among them, too.
func (c *call) barring(entries []block.Entry) (parts []discord.LayoutComponent) {
	about := func(what, id string) bool {
		return slices.ContainsFunc(entries, func(e block.Entry) bool { return e.What == what && e.ID == id })
	}
	for _, e := range entries {
		if e.What == block.User {
			parts = append(parts, view.BarredContact(c.say, e.ID, slices.DeleteFunc(slices.Clone(c.names.partners), func(p partnership.Name) bool {
				return p.Contact != e.ID || about(block.Server, p.ID)
			}))...)
		}
	}
	return parts
}

// note is audit for one of several targets of the same interaction.
func (c *call) note(what string, t block.Target, surface string) {
	audit.Write(c.tx, c.guild, c.id+"-"+t.What, audit.Entry{At: c.now, By: c.caller.User, What: what, About: t.ID, Surface: surface})
}

// toConfirm are the targets of a question, as its button names them.
func (c *call) toConfirm() []block.Target {
	list := []block.Target{{What: block.Server, ID: c.about[1]}}
	if c.about[2] != "0" {
		list = append(list, block.Target{What: block.User, ID: c.about[2]})
	}
	return list
}

func needQuestion(c *call) needs {
	if !isID(c.about[0]) || !isID(c.about[1]) || !isID(c.about[2]) {
		return needs{}
	}
	return needs{keys: append(c.blockKeys(c.toConfirm()), block.QuestionKey(c.guild, c.about[0])), names: onlyPartners}
}

// blockConfirm handles the confirmation that a partner is to be blocked.
func blockConfirm(c *call) (discord.InteractionResponse, error) {
	if !isID(c.about[0]) || !isID(c.about[1]) || !isID(c.about[2]) {
		return discord.InteractionResponse{}, refuse.Because("block.question-gone")
	}
	q, ok := storage.Read[block.Question](c.tx, block.QuestionKey(c.guild, c.about[0]))
	var about []block.Target
	for _, e := range q.Entries {
		about = append(about, e.Target)
	}
	if !ok || q.By != c.caller.User || !slices.Equal(about, c.toConfirm()) {
		return discord.InteractionResponse{}, refuse.Because("block.question-gone")
	}
	c.tx.Delete(block.QuestionKey(c.guild, c.about[0]))
	reply, err := c.block(q.Entries, "button")
	reply.Type = discord.InteractionResponseTypeUpdateMessage
	if m, ok := reply.Data.(discord.MessageCreate); ok {
		reply.Data = view.Update(m)
	}
	return reply, err
}

// listed are what /partnerships unblock may mean by what was typed: an entry, or
// the ID of a server or a user.
func (c *call) listed() []block.Target {
	typed := strings.TrimSpace(c.options["entry"])
	if t, ok := block.Parse(typed); ok {
		return []block.Target{t}
	}
	server, ok1 := block.Parse(block.Server + "#" + typed)
	user, ok2 := block.Parse(block.User + "#" + typed)
	if !ok1 || !ok2 {
		return nil
	}
	return []block.Target{server, user}
}

func needUnblock(c *call) (n needs) {
	for _, t := range c.listed() {
		n.keys = append(n.keys, block.Keys(c.guild, t)...)
	}
	return n
}

// blockRemove handles /partnerships unblock.
func blockRemove(c *call) (discord.InteractionResponse, error) {
	var removed []block.Entry
	for _, t := range c.listed() {
		if e, err := block.Remove(c.tx, c.guild, t); err == nil {
			removed = append(removed, e)
			action.Cause(c.tx, block.Enforce(c.guild, t), c.now) // a contact has their role again
			c.note("block.remove", t, "command")
		}
	}
	if len(removed) == 0 {
		return discord.InteractionResponse{}, refuse.Because("block.not-listed")
	}
	return c.whisper(view.Unblocked(c.say, removed)), nil
}

func needBlocklist(c *call) needs {
	q := block.Query(c.guild)
	return needs{list: &q}
}

// blockList handles /partnerships blocklist and its page buttons.
func blockList(c *call) (discord.InteractionResponse, error) {
	list, err := block.In(c.page, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if len(c.about) == 0 {
		return reply(hidden(view.Blocklist(c.say, list, c.limits.Blocks, 0))), nil
	}
	page, _ := strconv.Atoi(c.about[0]) // anything else is the first page
	return replace(view.Blocklist(c.say, list, c.limits.Blocks, page)), nil
}

func needBlocklistTyped(c *call) needs {
	n := needBlocklist(c)
	n.list.Stale = true
	return n
}

// blockSuggestEntry suggests entries of the blocklist, latest first.
func blockSuggestEntry(c *call) (discord.InteractionResponse, error) {
	list, err := block.In(c.page, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	var choices []discord.AutocompleteChoice
	for _, e := range list {
		choices = c.suggest(choices, cmp.Or(e.Name, e.ID), e.ID, e.String())
	}
	return suggestions(choices), nil
}

// suggestKnown suggests servers that the guild knows: the partners, then those
// that applied or were partners lately.
func suggestKnown(c *call) (discord.InteractionResponse, error) {
	var choices []discord.AutocompleteChoice
	for _, n := range slices.Concat(c.names.partners, c.names.others) {
		choices = c.suggest(choices, n.Name, n.ID, n.ID)
	}
	return suggestions(choices), nil
}

// suggest adds a choice to choices, if its name or its ID holds what is typed.
func (c *call) suggest(choices []discord.AutocompleteChoice, name, id, value string) []discord.AutocompleteChoice {
	typed := strings.ToLower(strings.TrimSpace(c.typed))
	if !strings.Contains(strings.ToLower(name), typed) && !strings.HasPrefix(id, typed) {
		return choices
	}
	shown := partnership.NameOf(name, id, 70) + " · " + id
	return append(choices, discord.AutocompleteChoiceString{Name: shown, Value: value})
}
