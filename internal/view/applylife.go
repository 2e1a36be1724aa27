package view

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/apply"
)

// waiting tells an applicant that their application waits, with what they can do
// about it: ask for a direct message about the decision, or take it back.
func waiting(s Speaker, a apply.Application) discord.MessageCreate {
	c := apply.CaseOf(a)
	line, label, wish := "apply.ask-notice", "apply.notify-on", "on"
	if !a.Asked.IsZero() {
		line, label, wish = "apply.asked-notice", "apply.notify-off", "off"
	}
	return Whisper(
		Text(s.Say("apply.queued", "server", name(a.Server)), subtext(s.Say(line))),
		discord.NewActionRow(
			discord.NewSecondaryButton(s.Say(label), ID("apply/notify", c.ID, c.Partner, c.Applicant, wish)),
			discord.NewSecondaryButton(s.Say("apply.withdraw"), ID("apply/regret", c.ID, c.Partner, c.Applicant)),
		))
}

// denied says that an application was not accepted, and why if managers said so.
func denied(s Speaker, server, reason string) []string {
	lines := []string{s.Say("apply.answer-denied", "server", server)}
	if reason != "" {
		lines = append(lines, s.Say("apply.answer-reason", "reason", reason))
	}
	return lines
}

// Regret asks an applicant whether they mean to take an application back.
func Regret(s Speaker, a apply.Application) []discord.LayoutComponent {
	c := apply.CaseOf(a)
	return []discord.LayoutComponent{
		Text(s.Say("apply.regret", "server", name(a.Server))),
		discord.NewActionRow(discord.NewDangerButton(s.Say("apply.withdraw"), ID("apply/withdraw", c.ID, c.Partner, c.Applicant))),
	}
}

// maxWithdrawals is how many applications can be taken back from one message: at
// most 300 characters and 3 components each, they fit.
const maxWithdrawals = 10

// Withdrawals shows an applicant their applications that wait, each with a
// button that takes it back.
func Withdrawals(s Speaker, list []apply.Waiting) []discord.LayoutComponent {
	parts := []discord.LayoutComponent{Text(s.Say("apply.withdraw-which"))}
	for _, w := range list[:min(len(list), maxWithdrawals)] {
		line := s.Say("apply.withdraw-line", "server", called(w.Name, w.Partner, 100), "sent", ago(w.Sent))
		parts = append(parts, discord.NewSection(Text(line)).WithAccessory(
			discord.NewDangerButton(s.Say("apply.withdraw"), ID("apply/withdraw", w.ID, w.Partner, w.Applicant))))
	}
	if more := len(list) - maxWithdrawals; more > 0 {
		parts = append(parts, Text(s.Say("apply.withdraw-more", "more", s.Count(more))))
	}
	return parts
}

// Notice is the direct message that tells an applicant of the decision. Its
// button tells where it came from: in a direct message there is no guild.
func Notice(s Speaker, guild, guildName string, a apply.Application) discord.MessageCreate {
	c := apply.CaseOf(a)
	return Message(notice(s, called(guildName, guild, 100), a, s.Say("apply.notice")), discord.NewActionRow(
		discord.NewLinkButton(s.Say("apply.notice-open"), "https://discord.com/channels/"+guild),
		discord.NewSecondaryButton(s.Say("apply.stop"), ID("apply/stop", guild, c.ID, c.Partner, c.Applicant)),
	))
}

// Stopped is Notice after its reader wanted no more of them.
func Stopped(s Speaker, a apply.Application) discord.MessageCreate {
	return Message(notice(s, "", a, s.Say("apply.stopped")))
}

// notice says what became of a, with a line that says why we write.
func notice(s Speaker, guild string, a apply.Application, why string) discord.TextDisplayComponent {
	lines := []string{s.Say("apply.answer-"+string(a.Status), "server", name(a.Server))}
	if guild != "" {
		lines = append([]string{"### " + guild}, lines...)
	}
	if a.Reason != "" {
		lines = append(lines, s.Say("apply.answer-reason", "reason", written(a.Reason)))
	}
	return Text(append(lines, "", subtext(why))...)
}
