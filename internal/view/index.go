package view

import (
	"strconv"
	"unicode/utf16"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/index"
	"github.com/entente-bot/entente/internal/partnership"
)

const (
	maxIndex     = 3700 // characters of one page of the index: beside its button they stay below Discord's 4,000
	maxIndexName = 60   // characters of a name in it
)

// Index is the pages of the index of a guild's partners: at least one. A page
// shows nothing that changes with other pages, and nothing that changes every day:
// so most of them can be left alone. Each carries a button that does nothing: by
// its custom ID the page is found again.
func Index(s Speaker, groups []index.Group) []discord.MessageCreate {
	if len(groups) == 0 {
		return []discord.MessageCreate{indexPage(s, 0, []string{s.Say("index.title"), s.Say("index.empty")})}
	}
	var pages []discord.MessageCreate
	lines, used := []string{s.Say("index.title")}, indexLength(s.Say("index.title"))
	for _, g := range groups {
		head := "### " + partnership.Plain(partnership.CleanLine(g.Category, partnership.MaxCategory))
		for i, e := range g.Entries {
			line := indexEntry(s, e)
			next := []string{line}
			if i == 0 {
				next = []string{head, line}
			}
			if used+indexLength(next...) > maxIndex { // a category that goes on says so on each page
				pages = append(pages, indexPage(s, len(pages), lines))
				lines, used, next = nil, 0, []string{head, line}
			}
			lines, used = append(lines, next...), used+indexLength(next...)
		}
	}
	return append(pages, indexPage(s, len(pages), lines))
}

func indexPage(s Speaker, page int, lines []string) discord.MessageCreate {
	button := discord.NewSecondaryButton(s.Say("index.page", "page", strconv.Itoa(page+1)), ID("index/page", strconv.Itoa(page)))
	return Message(discord.NewContainer(Text(lines...), discord.NewActionRow(button.AsDisabled())).WithAccentColor(blurple))
}

// indexEntry is the line of a partner. The name is no link's text: Discord shows the
// backslashes in those.
func indexEntry(s Speaker, e index.Entry) string {
	return s.Say("index.line", "server", called(e.Name, e.Partner, maxIndexName), "link", e.Link)
}

// indexLength is how long lines are, each with its line break, as Discord counts at most.
func indexLength(lines ...string) (n int) {
	for _, l := range lines {
		n += len(utf16.Encode([]rune(l))) + 1
	}
	return n
}

// IndexMark is on a page of the index.
func IndexMark(page int) Mark { return Mark{[]string{"index/page"}, strconv.Itoa(page)} }

// Place is where a channel or post can be seen.
func Place(guild, channel string) string {
	return "https://discord.com/channels/" + guild + "/" + channel
}
