package interactions

import (
	"slices"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/view"
)

// applyBlock handles Block on a review card: it asks for how long, and why.
func applyBlock(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if a, err := about.LoadPending(c.tx, c.guild); err != nil {
		return c.late(a, err)
	}
	one := 1
	who := discord.StringSelectMenuComponent{CustomID: "who", MinValues: &one, MaxValues: 1, Required: true,
		Options: []discord.StringSelectMenuOption{
			{Label: c.say.Say("block.who-server"), Value: "server", Default: true},
			{Label: c.say.Say("block.who-both"), Value: "both"},
		}}
	reason := discord.NewParagraphTextInput("reason").WithRequired(false).WithMaxLength(block.MaxReason)
	days := discord.NewShortTextInput("days").WithRequired(false).WithMaxLength(4)
	return modal(view.ID("apply/block", about.ID, about.Partner, about.Applicant), c.say.Say("block.title"),
		field(c.say.Say("block.who"), c.say.Say("block.who-hint"), who),
		field(c.say.Say("block.reason"), c.say.Say("block.reason-hint"), reason),
		field(c.say.Say("block.days"), c.say.Say("block.days-hint"), days)), nil
}

func needBlockCase(c *call) needs {
	about, err := c.aboutCase()
	if err != nil {
		return needs{}
	}
	return needs{keys: about.BlockKeys(c.guild)}
}

// applyBlocked handles the sent form of Block: it denies and blocklists at once.
func applyBlocked(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if a, err := about.LoadPending(c.tx, c.guild); err != nil {
		return c.late(a, err)
	}
	days, err := block.Days(c.fields["days"])
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	both := c.fields["who"] == "both"
	e := block.Entry{Reason: c.fields["reason"], By: c.caller.User, At: c.now, Until: block.After(days, c.now)}
	a, err := about.Block(c.tx, c.guild, e, both, c.limits)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	c.audit("apply.deny", a.ID, "modal")
	c.note("block.add", block.Target{What: block.Server, ID: about.Partner}, "modal")
	if both {
		c.note("block.add", block.Target{What: block.User, ID: about.Applicant}, "modal")
	}
	return c.card(a), nil
}

func needWaiting(c *call) needs {
	q := apply.Queued(c.guild)
	return needs{list: &q}
}

// partnerWithdraw handles /partner withdraw: it shows the caller's applications
// that wait, and asks which one to take back.
func partnerWithdraw(c *call) (discord.InteractionResponse, error) {
	list, err := apply.WaitingIn(c.page)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	list = slices.DeleteFunc(list, func(w apply.Waiting) bool { return w.Applicant != c.caller.User })
	if len(list) == 0 {
		return discord.InteractionResponse{}, refuse.Because("apply.nothing-waits")
	}
	return c.whisper(view.Withdrawals(c.say, list)...), nil
}

// applyRegret handles Withdraw on the answer to a form: it asks once more.
func applyRegret(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	a, err := about.Own(c.tx, c.guild, c.caller.User)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	return c.whisper(view.Regret(c.say, a)...), nil
}

// applyWithdraw handles the confirmation: the application is taken back.
func applyWithdraw(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	a, err := about.Withdraw(c.tx, c.guild, c.caller.User, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	c.audit("apply.withdraw", a.ID, "button")
	return replace(view.Answer(c.say, apply.Draft{}, a)), nil
}

// applyNotify handles Tell me by direct message, and its opposite.
func applyNotify(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	wanted := c.about[3] == "on"
	a, changed, err := about.AskNotice(c.tx, c.guild, c.caller.User, wanted, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if changed {
		c.own("apply.notify-"+map[bool]string{true: "on", false: "off"}[wanted], a.ID, "button")
	}
	return replace(view.Answer(c.say, apply.Draft{}, a)), nil
}

// applyStop handles the button of a direct message: there are to be no more.
func applyStop(c *call) (discord.InteractionResponse, error) {
	about, err := c.aboutCase()
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	a, changed, err := about.Stop(c.tx, c.guild, c.caller.User, c.now)
	if err != nil {
		return discord.InteractionResponse{}, err
	}
	if a.Status == apply.Pending { // no message of ours has such a button then
		return discord.InteractionResponse{}, refuse.Because("apply.not-found")
	}
	if changed {
		c.own("apply.notify-off", a.ID, "direct")
	}
	return replace(view.Stopped(c.say, a)), nil
}
