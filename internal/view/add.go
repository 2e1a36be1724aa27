package view

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
)

// added tells a manager what became of a partner they add by hand.
func added(s Speaker, d apply.Draft) discord.MessageCreate {
	switch {
	case d.Refused.Key != "":
		return Whisper(
			Text("**"+s.Say("add.refused")+"**", s.Why(d.Refused.Key, d.Refused.Args...)),
			discord.NewActionRow(discord.NewPrimaryButton(s.Say("apply.edit"), ID("add/edit", d.ID))))
	case !d.Checked:
		return Whisper(Text(s.Say("apply.checking")))
	}
	server := partnership.Plain(partnership.CleanLine(d.Server, 100))
	lines := []string{s.Say("add.done", "server", server, "contact", Mention(d.Applicant)), s.Say("contact.tell")}
	if d.Warned {
		lines = append(lines, s.Say("add.warned"))
	}
	return Whisper(Text(lines...))
}
