package interactions

import (
	"cmp"
	"errors"
	"slices"
	"strconv"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// needSetup reads what the panel shows: the settings, the guild's health, what is
// blocked, and where the listings stand.
func needSetup(c *call) needs {
	blocked, homes := action.BlockedQuery(c.guild), showcase.Homes(c.guild)
	keys := append(settings.Keys(c.guild), partnership.CountsKey(c.guild), partnership.NamesKey(c.guild))
	return needs{keys: append(keys, setup.Keys(c.guild)...), list: &blocked, also: &homes}
}

// setupOpen handles /partnerships setup: it shows the panel, and has the guild
// looked at.
func setupOpen(c *call) (discord.InteractionResponse, error) {
	action.Cause(c.tx, setup.Check(c.guild), c.now)
	m, err := c.configuration(setup.Start)
	return reply(hidden(m)), err
}

// setupSection handles the select of the section.
func setupSection(c *call) (discord.InteractionResponse, error) {
	section := setup.Start
	if len(c.values) > 0 && slices.Contains(setup.Sections(), c.values[0]) {
		section = c.values[0]
	}
	m, err := c.configuration(section)
	return replace(m), err
}

// setupCheck handles Check again: the worker looks at the guild, at everything of
// ours that stands there, too, and changes the panel.
func setupCheck(c *call) (discord.InteractionResponse, error) {
	settings.Again(c.tx, c.guild, c.now)
	action.Cause(c.tx, setup.Check(c.guild), c.now)
	c.audit("status.retry", "", "button")
	m, err := c.configuration(c.section())
	return replace(m), err
}

// section is the one that the caller's panel shows.
func (c *call) section() string {
	all, _ := storage.Read[setup.Panels](c.tx, setup.PanelsKey(c.guild))
	p, _ := all.Of(c.caller.User)
	return p.Section
}

// configuration is the panel with a section of the settings as they now are. It
// notes that the caller sees it, so that the worker keeps it in line.
func (c *call) configuration(section string) (discord.MessageCreate, error) {
	setup.Show(c.tx, c.guild, setup.Panel{User: c.caller.User, Section: section, Locale: c.locale, Token: c.token}, c.now)
	blocked, err := action.BlockedIn(c.page)
	move, err2 := showcase.MoveIn(c.other, c.settings())
	if setup.Checking(c.tx, c.guild) { // a look that is nearly over may not see this panel
		action.Cause(c.tx, setup.Check(c.guild), c.now)
	}
	health := setup.HealthOf(c.tx, c.guild)
	names, _ := storage.Read[partnership.Names](c.tx, partnership.NamesKey(c.guild))
	return view.Setup(c.say, view.Configuration{
		Settings: c.settings(), Health: health, Checking: setup.Checking(c.tx, c.guild),
		Stops: health.Explain(blocked, c.now), Names: names, Section: section, Active: partnership.CountsOf(c.tx, c.guild).Active, Move: move,
	}), errors.Join(err, err2)
}

// change stores what choose makes of the settings, has the guild looked at, and
// shows the panel anew.
func (c *call) change(what, section, surface string, choose func(*settings.Settings) error) (discord.InteractionResponse, error) {
	s := c.settings()
	if err := choose(&s); err != nil {
		return discord.InteractionResponse{}, err
	}
	before := c.settings()
	s.Locale = cmp.Or(c.home, s.Locale)
	settings.Save(c.tx, c.guild, s, c.now)
	action.Cause(c.tx, setup.Check(c.guild), c.now)
	e := c.entry("setup."+what, "", surface)
	e.Changes = settings.Changes(before, s)
	audit.Write(c.tx, c.guild, c.id, e)
	if before.Log != "" && before.Log != s.Log {
		audit.Farewell(c.tx, c.guild, c.id, before.Log, e)
	}
	m, err := c.configuration(section)
	return replace(m), err
}

// setupReview handles the select of the review channel.
func setupReview(c *call) (discord.InteractionResponse, error) {
	return c.changeChannel(setup.FeatureReview, setup.Start, func(s *settings.Settings) *string { return &s.Review })
}

// setupLog handles the select of the log channel.
func setupLog(c *call) (discord.InteractionResponse, error) {
	return c.changeChannel(setup.FeatureLog, setup.Channels, func(s *settings.Settings) *string { return &s.Log })
}

// setupTickets handles the select of the channel of the tickets.
func setupTickets(c *call) (discord.InteractionResponse, error) {
	return c.changeChannel(setup.FeatureTickets, setup.Channels, func(s *settings.Settings) *string { return &s.Tickets })
}

// changeChannel stores the channel that was chosen for a feature.
func (c *call) changeChannel(f setup.Feature, section string, at func(*settings.Settings) *string) (discord.InteractionResponse, error) {
	return c.change(string(f), section, "select", func(s *settings.Settings) (err error) {
		*at(s), err = c.channel(f)
		return err
	})
}

// channel returns the channel that was chosen for a feature, "" if the choice was
// taken back. What was not resolved by Discord is not a channel of this guild.
func (c *call) channel(f setup.Feature) (string, error) {
	if len(c.values) == 0 {
		return "", nil
	}
	id := c.values[0]
	known, ok := c.known.Channels[id]
	switch {
	case !ok || !isID(id):
		return "", refuse.Because("setup.unknown-channel")
	case !f.Fits(known.Type):
		return "", refuse.Because("setup.wrong-type-"+string(f), "channel", id)
	}
	return id, nil
}

// setupManagers handles the select of the manager roles.
func setupManagers(c *call) (discord.InteractionResponse, error) {
	return c.change("managers", setup.Start, "select", func(s *settings.Settings) error {
		if err := c.trusted(setup.FeatureManagers, s.Managers); err != nil {
			return err
		}
		return s.SetManagers(c.values)
	})
}

// setupViewers handles the select of the viewer roles.
func setupViewers(c *call) (discord.InteractionResponse, error) {
	return c.change("viewers", setup.Channels, "select", func(s *settings.Settings) error {
		if err := c.trusted(setup.FeatureViewers, s.Viewers); err != nil {
			return err
		}
		return s.SetViewers(c.values)
	})
}

// trusted refuses roles that cannot be chosen for a feature. Those that were
// chosen before stay: the panel says what is wrong with them.
func (c *call) trusted(f setup.Feature, before []string) error {
	health, added := setup.HealthOf(c.tx, c.guild), []string(nil)
	for _, id := range c.values {
		if slices.Contains(before, id) {
			continue
		}
		known, ok := c.known.Roles[id]
		rights, err := strconv.ParseUint(known.Permissions, 10, 64)
		if !ok || !isID(id) || err != nil {
			return refuse.Because("setup.unknown-role")
		}
		if f.Given() && !c.caller.Manages() { // a role is not given by way of Entente by who could not give it
			return refuse.Because("setup.role-not-yours", "role", id)
		}
		if setup.Clash(c.settings(), f, id) {
			return refuse.Because("setup.role-staff", "role", id)
		}
		r := setup.Role{ID: id, Position: known.Position, Managed: known.Managed, Rights: setup.Rights(rights)}
		if found, no := health.Distrust(c.guild, f, r, c.caller); no {
			return refuse.Because("setup.role-"+string(found.Problem), "role", id, "permissions", view.Permissions(c.say, found.Rights))
		}
		added = append(added, id)
	}
	setup.Trust(c.tx, c.guild, f, added, c.caller)
	return nil
}

// setupSources handles the select of the ways in which applications are taken.
func setupSources(c *call) (discord.InteractionResponse, error) {
	return c.change("sources", setup.Intake, "select", func(s *settings.Settings) error { return s.SetSources(c.values) })
}

// setupIntake handles Open applications and Close applications.
func setupIntake(c *call) (discord.InteractionResponse, error) {
	return c.change("intake", c.section(), "button", func(s *settings.Settings) error {
		s.Closed = c.about[0] == "close"
		return nil
	})
}
