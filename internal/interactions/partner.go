package interactions

import (
	"slices"
	"strconv"
	"strings"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// needPartners reads the active partnerships: no guild has more than 1,000.
func needPartners(c *call) needs {
	return needs{list: &storage.Query{
		Table: storage.Records, Part: "guild#" + c.guild, Prefix: partnership.Prefix, Limit: 1000,
	}}
}

// partners returns the active partnerships, by category and name.
func (c *call) partners() ([]partnership.Partnership, error) {
	var list []partnership.Partnership
	for _, it := range c.page.Items {
		p, err := storage.Decode[partnership.Partnership](it)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	slices.SortStableFunc(list, func(a, b partnership.Partnership) int {
		return strings.Compare(a.Ad.Category+"\x00"+strings.ToLower(a.Server.Name), b.Ad.Category+"\x00"+strings.ToLower(b.Server.Name))
	})
	return list, nil
}

// partnerList handles /partner list and its page buttons.
func partnerList(c *call) (discord.InteractionResponse, error) {
	list, err := c.partners()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	all := len(list)
	list = slices.DeleteFunc(list, func(p partnership.Partnership) bool { return !p.Offered() })
	if len(c.about) == 0 {
		return reply(hidden(view.List(c.say, list, all, 0))), nil
	}
	page, _ := strconv.Atoi(c.about[0]) // anything else is the first page
	return replace(view.List(c.say, list, all, page)), nil
}

// hidden is m for the caller alone.
func hidden(m discord.MessageCreate) discord.MessageCreate {
	m.Flags |= discord.MessageFlagEphemeral
	return m
}

// partnerSuggest suggests partners whose names hold what is typed.
func partnerSuggest(c *call) (discord.InteractionResponse, error) {
	return suggestions(c.partnerChoices(c.names.partners)), nil
}

// ownNames are the names of the partners whose contact the caller is.
func (c *call) ownNames() []partnership.Name {
	return slices.DeleteFunc(slices.Clone(c.names.partners), func(n partnership.Name) bool { return n.Contact != c.caller.User })
}

// partnerChoices are those of list that hold what is typed.
func (c *call) partnerChoices(list []partnership.Name) []discord.AutocompleteChoice {
	typed := strings.ToLower(strings.TrimSpace(c.typed))
	var choices []discord.AutocompleteChoice
	for _, n := range list {
		if strings.Contains(strings.ToLower(n.Name), typed) {
			choices = append(choices, discord.AutocompleteChoiceString{Name: n.Name, Value: n.ID})
		}
	}
	return choices
}

// optionPartner is the option of commands that names a partner.
const optionPartner = "partner"

// wanted is the partner that /partner info or a listing's button is about: ""
// if the caller asked for their own application.
func (c *call) wanted() string {
	if len(c.about) > 0 {
		return c.about[0]
	}
	return c.options[optionPartner]
}

func needInfo(c *call) needs {
	n := needs{keys: []storage.Key{apply.UserKey(c.guild, c.caller.User)}}
	if p := c.wanted(); isID(p) {
		n.keys = append(n.keys, partnership.Key(c.guild, p), showcase.Key(c.guild, p), bump.Key(c.guild, p), edit.Key(c.guild, p), joins.LedgerKey(c.guild))
	}
	return n
}

// partnerInfo handles /partner info and the button of a listing.
func partnerInfo(c *call) (discord.InteractionResponse, error) {
	wanted := c.wanted()
	if wanted == "" {
		standing, _ := storage.Read[apply.Standing](c.tx, apply.UserKey(c.guild, c.caller.User))
		if d, ok := standing.Unsent(c.now); ok {
			return reply(view.Unsent(c.say, d)), nil
		}
		return c.whisper(append([]discord.LayoutComponent{view.Latest(c.say, standing.Latest)}, view.LatestRow(c.say, standing.Latest)...)...), nil
	}
	if !isID(wanted) {
		return discord.InteractionResponse{}, refuse.Because("partnership.not-found")
	}
	p, ok := storage.Read[partnership.Partnership](c.tx, partnership.Key(c.guild, wanted))
	if !ok {
		return discord.InteractionResponse{}, refuse.Because("partnership.not-found")
	}
	listing, _ := storage.Read[post.Post](c.tx, showcase.Key(c.guild, wanted))
	parts := []discord.LayoutComponent{view.Info(c.say, c.guild, p, listing, c.bumps(p))}
	if hidden := view.HiddenState(c.say, p, p.Contact == c.caller.User || c.direct()); hidden != "" {
		parts = append(parts, view.Text(hidden))
	}
	if p.Contact == c.caller.User || c.direct() { // what waits for a manager is nobody else's concern
		if lines := view.EditState(c.say, p, edit.Of(c.tx, c.guild, p.Partner)); len(lines) > 0 {
			parts = append(parts, view.Text(lines...))
		}
	}
	if p.Ad.Banner.Lost && p.Contact == c.caller.User { // who alone can mend it
		parts = append(parts, view.Text(c.say.Say("banner.gone")))
	}
	if p.Contact == c.caller.User {
		parts = append(parts, view.Joins(c.say, joins.LedgerOf(c.tx, c.guild), p.Partner, true)...)
	}
	return c.whisper(parts...), nil
}
