package view

import (
	"strings"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/partnership"
)

// Listing is the message that stands in the showcase for a partnership.
// It carries a button with a custom ID, so that it can be found again.
func Listing(s Speaker, p partnership.Partnership) discord.MessageCreate {
	parts := []discord.ContainerSubComponent{headed(p.Server, head(s, p)...)}
	parts = append(parts, picture(p.Ad)...)
	parts = append(parts, body(s, p.Ad)...)
	parts = append(parts,
		discord.NewSmallSeparator(),
		Text(foot(s, p)...),
		join(s, p))
	return Message(discord.NewContainer(parts...).WithAccentColor(blurple))
}

// head is what a listing begins with.
func head(s Speaker, p partnership.Partnership) []string {
	return []string{
		"## " + name(p.Server),
		s.Say("ad.category", "category", partnership.Plain(p.Ad.Category)),
		s.Say("ad.members", "members", s.Members(p.Server.Members)),
	}
}

// foot is what a listing ends with: since when it stands, as of when it counts, and
// what is asked of those who join.
func foot(s Speaker, p partnership.Partnership) []string {
	since := s.Say("ad.since", "since", date(p.Since))
	if !p.Server.Seen.IsZero() {
		since = s.Say("ad.since-seen", "since", date(p.Since), "seen", date(p.Server.Seen))
	}
	return []string{subtext(since), subtext(s.Say("ad.rules"))}
}

// join are the buttons of a listing.
func join(s Speaker, p partnership.Partnership) discord.ActionRowComponent {
	return discord.NewActionRow(
		discord.NewLinkButton(s.Say("ad.join"), InviteURL(p.Ad.Invite)),
		about(s, p),
	)
}

func about(s Speaker, p partnership.Partnership) discord.ButtonComponent {
	return discord.NewSecondaryButton(s.Say("ad.about"), ID("partner/info", p.Partner))
}

// PlainListing is Listing as an embed, for where Discord takes no components of
// the newer kind: at the beginning of a forum's post, it may be.
func PlainListing(s Speaker, p partnership.Partnership) discord.MessageCreate {
	lines := append(head(s, p), "", written(p.Ad.Description))
	if p.Ad.Highlights != "" {
		lines = append(lines, "", "**"+s.Say("ad.highlights")+"**", written(p.Ad.Highlights))
	}
	lines = append(append(lines, ""), foot(s, p)...)
	embed := discord.Embed{Color: blurple, Description: strings.Join(lines, "\n")}
	if url := icon(p.Server); url != "" {
		embed.Thumbnail = &discord.EmbedResource{URL: url}
	}
	if p.Ad.Banner.Shown() {
		embed.Image = &discord.EmbedResource{URL: "attachment://" + p.Ad.Banner.File()}
	}
	return discord.MessageCreate{
		Embeds: []discord.Embed{embed}, Components: []discord.LayoutComponent{join(s, p)}, AllowedMentions: NoMentions(),
	}
}

// Ended is the listing of a partnership that is over, where it is kept: nobody
// is sent there any more. plain says that it stands as an embed.
func Ended(s Speaker, e partnership.Ended, plain bool) discord.MessageCreate {
	e.Ad.Banner.Bare = true
	ended := s.Say("showcase.over", "since", date(e.Since), "ended", date(e.At))
	if plain {
		embed := discord.Embed{Color: grey, Description: "## " + name(e.Server) + "\n" + ended + "\n\n" + written(e.Ad.Description)}
		return discord.MessageCreate{
			Embeds: []discord.Embed{embed}, Components: []discord.LayoutComponent{discord.NewActionRow(over(s, e.Partnership))},
			AllowedMentions: NoMentions(),
		}
	}
	parts := []discord.ContainerSubComponent{headed(e.Server, "## "+name(e.Server), ended)}
	parts = append(parts, body(s, e.Ad)...)
	parts = append(parts, discord.NewActionRow(over(s, e.Partnership)))
	return Message(discord.NewContainer(parts...).WithAccentColor(grey))
}

// over is the button of a listing that is over. It does nothing: by its custom ID
// what is kept is told from a listing that stands.
func over(s Speaker, p partnership.Partnership) discord.ButtonComponent {
	return about(s, p).WithCustomID(ID("showcase/over", p.Partner)).AsDisabled()
}

// Lifted is the message by which a bump lifts the forum post of a partner. Its
// button does nothing: by its custom ID the message is found again.
func Lifted(s Speaker, p partnership.Partnership, by string) discord.MessageCreate {
	button := discord.NewSecondaryButton(s.Say("showcase.lifted-button"), ID("showcase/lifted", p.Partner)).AsDisabled()
	return Message(Text(s.Say("showcase.lifted", "server", name(p.Server), "by", Mention(by))),
		discord.NewActionRow(discord.NewLinkButton(s.Say("ad.join"), InviteURL(p.Ad.Invite)), button))
}
