package view

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/stats"
)

// Stats are the statistics of one partner, or of all, as somebody asked for them.
type Stats struct {
	joins.Report
	Partner string // or stats.All
	Name    string // of the partner, as its server says
	Active  bool   // the partnership is
	Period  int    // the days that were asked for
	ID      string // of the interaction that began the reply

	Staff    bool // whoever asked may see what is wrong
	Settings settings.Settings
	Findings []setup.Finding // of what is wrong with the joins of the guild
	Lost     time.Time       // since when the invites cannot be read; zero if they can
	Blind    time.Time       // since when members are not listed, so that nobody is identified; zero if they are

	Shares []joins.Share     // of all
	Names  map[string]string // of partners, by ID
}

// StatsFile is the name of the picture.
const StatsFile = "joins.png"

// maxAlt is how long Discord lets the description of a picture be.
const maxAlt = 1024

// How many characters the partners, the gaps and what is missing may take: together
// with all else they stay below Discord's 4,000.
const (
	maxShares  = 1500
	maxGapText = 1000
	maxMissing = 1000
)

// StatsWaits tells people that their statistics are being put together.
func StatsWaits(s Speaker) discord.TextDisplayComponent { return Text(s.Say("stats.waits")) }

// StatsButton leads to the statistics of a partner.
func StatsButton(s Speaker, partner string) discord.ButtonComponent {
	return discord.NewSecondaryButton(s.Say("stats.open"), ID("stats/open", partner))
}

// Joins shows in short the joins that a partner brought, to its contact or to staff,
// and leads to more: nothing, if none are counted.
func Joins(s Speaker, l joins.Ledger, partner string, contact bool) []discord.LayoutComponent {
	a, ok := l.Account(partner)
	if !ok {
		return nil
	}
	var lines []string
	switch link := InviteURL(a.Code); {
	case a.Code == "":
	case contact:
		lines = append(lines, s.Say("stats.invite", "invite", link))
	default:
		lines = append(lines, s.Say("stats.invite-staff", "invite", link))
	}
	brief := s.Say("stats.brief", "since", date(a.Since), "count", s.Count(a.Counted))
	if a.Here != nil {
		brief = s.Say("stats.brief-here", "since", date(a.Since), "count", s.Count(a.Counted), "here", s.Count(*a.Here))
	}
	return []discord.LayoutComponent{Text(append(lines, brief)...), discord.NewActionRow(StatsButton(s, partner))}
}

// StatsOf shows x: with the picture, if there is one, that is to be attached.
func StatsOf(s Speaker, x Stats, picture bool) discord.MessageCreate {
	title := s.Say("stats.title-all")
	if x.Partner != stats.All {
		title = s.Say("stats.title", "server", called(x.Name, x.Partner, 100))
	}
	parts := []discord.LayoutComponent{Text(title, subtext(x.when(s)))}
	if picture {
		parts = append(parts, discord.NewMediaGallery(discord.MediaGalleryItem{
			Media: discord.UnfurledMediaItem{URL: "attachment://" + StatsFile}, Description: StatsAlt(s, x),
		}))
	}
	for _, lines := range [][]string{x.sums(s), x.shares(s), x.gaps(s), x.missing(s)} {
		if len(lines) > 0 {
			parts = append(parts, Text(lines...))
		}
	}
	var row []discord.InteractiveComponent
	for _, n := range stats.Periods() {
		days := strconv.Itoa(n)
		row = append(row, discord.NewSecondaryButton(s.Say("stats.button", "days", days), ID("stats/show", x.Partner, days, x.ID)).WithDisabled(n == x.Period))
	}
	return Message(append(parts, discord.NewActionRow(row...))...)
}

// StatsNoPicture says why there is no picture.
func StatsNoPicture(s Speaker) discord.TextDisplayComponent {
	return Text(subtext(s.Say("stats.no-picture")))
}

// StatsDay names a day, in UTC, without its year.
func StatsDay(s Speaker, day time.Time) string {
	months := strings.Fields(s.Say("stats.months"))
	return s.Say("stats.day", "day", strconv.Itoa(day.Day()), "month", months[(int(day.Month())-1)%len(months)])
}

// when says which days x is about.
func (x Stats) when(s Speaker) string {
	if len(x.Days) == 0 {
		return s.Say("stats.last", "days", strconv.Itoa(x.Period))
	}
	first, last := x.Days[0].Date, x.Days[len(x.Days)-1].Date
	return s.Say("stats.days", "days", strconv.Itoa(len(x.Days)), "from", StatsDay(s, first), "to", StatsDay(s, last))
}

// Known reports whether it is known of joins who they were.
func (x Stats) Known() bool {
	if x.Sum.Identified > 0 {
		return true
	}
	marked := x.Partner == stats.All || x.Role != ""
	return marked && x.Settings.Track && x.Settings.Markers && x.Blind.IsZero() && !x.finds(setup.Intent)
}

func (x Stats) finds(p setup.Problem) bool {
	for _, f := range x.Findings {
		if f.Problem == p {
			return true
		}
	}
	return false
}

// sums are the books of all the days together. They balance.
func (x Stats) sums(s Speaker) []string {
	var lines []string
	if x.Sum.Counted > 0 || !x.Since.IsZero() { // else it is not that nobody came
		lines = append(lines, s.Say("stats.counted", "count", s.Count(x.Sum.Counted)))
	}
	if x.Known() {
		lines = append(lines,
			s.Say("stats.identified", "count", s.Count(x.Sum.Identified)),
			s.Say("stats.unidentified", "count", s.Count(x.Sum.Unidentified())),
			s.Say("stats.early", "count", s.Count(x.Sum.Early)),
			s.Say("stats.returned", "count", s.Count(x.Sum.Returned)),
			s.Say("stats.young", "count", s.Count(x.Sum.Young)))
	}
	if x.Sum.Here != nil {
		lines = append(lines, s.Say("stats.here", "count", s.Count(*x.Sum.Here)))
	}
	if !x.Since.IsZero() {
		lines = append(lines, subtext(s.Say("stats.ever", "count", s.Count(x.Ever), "since", date(x.Since))))
	}
	if x.Partner != stats.All && !x.Active {
		lines = append(lines, subtext(s.Say("stats.ended")))
	}
	return lines
}

// shares are what each partner brought, and what came by none.
func (x Stats) shares(s Speaker) []string {
	var partners, others []string
	for _, share := range x.Shares {
		switch share.Partner {
		case joins.ByVanity:
			others = append(others, s.Say("stats.vanity", "count", s.Count(share.Counted)))
		case joins.ByOther:
			others = append(others, s.Say("stats.other", "count", s.Count(share.Counted)))
		default:
			partners = append(partners, s.Say("stats.share", "server", x.named(share.Partner), "numbers", x.numbers(s, share.Books)))
		}
	}
	if shown := within(s, partners, maxShares); len(shown) < len(partners) {
		shown[len(shown)-1] = subtext(s.Say("stats.more", "count", s.Count(len(partners)-len(shown)+1)))
		partners = shown
	}
	return append(partners, others...)
}

// named is a partner's name, or its ID if it is no partner any more.
func (x Stats) named(partner string) string {
	if n, ok := x.Names[partner]; ok {
		return called(n, partner, 50)
	}
	return "`" + partner + "`"
}

// numbers are those of one partner among all.
func (x Stats) numbers(s Speaker, b joins.Books) string {
	parts := []string{s.Say("stats.share-counted", "count", s.Count(b.Counted))}
	if x.Known() {
		parts = append(parts, s.Say("stats.share-identified", "count", s.Count(b.Identified)))
	}
	if b.Here != nil {
		parts = append(parts, s.Say("stats.share-here", "count", s.Count(*b.Here)))
	}
	return strings.Join(parts, " · ")
}

// gaps says when nobody could count, and why.
func (x Stats) gaps(s Speaker) []string {
	switch {
	case len(x.Gaps) == 0:
		return nil
	case x.Partner == stats.All:
		return []string{s.Say("stats.gaps-all", "count", s.Count(len(x.Gaps)))}
	}
	var list []string
	for _, g := range x.Gaps {
		list = append(list, s.Say("stats.gap-"+string(g.Why), "from", moment(g.From), "to", moment(g.To)))
	}
	return append([]string{s.Say("stats.gaps")}, within(s, list, maxGapText)...)
}

// missing says what is not known, and how that can be mended.
func (x Stats) missing(s Speaker) []string {
	var list []string
	switch {
	case !x.Settings.Track:
		list = append(list, s.Say("stats.off"))
	case x.Partner == stats.All:
	case x.Active && !x.Open:
		list = append(list, s.Say("stats.not-yet"))
	case x.Active && x.Code == "":
		list = append(list, s.Say("stats.no-invite"))
	case x.Active && x.Settings.Markers && x.Role == "":
		list = append(list, s.Say("stats.unmarked"))
	}
	if x.Settings.Track && !x.Lost.IsZero() {
		list = append(list, s.Say("stats.lost", "since", moment(x.Lost)))
	}
	if x.Settings.Track && !x.Settings.Markers {
		list = append(list, s.Say("stats.no-markers"))
	}
	if x.Settings.Track && x.Settings.Markers && !x.Blind.IsZero() {
		list = append(list, s.Say("stats.blind", "since", moment(x.Blind)))
	}
	for _, f := range x.Findings {
		switch {
		case f.Problem == setup.Intent && !x.Blind.IsZero(): // it was said
		case x.Staff:
			list = append(list, "- "+finding(s, f))
		default:
			list = append(list, s.Say("stats.incomplete"))
		}
	}
	list = slices.Compact(list)
	if len(list) == 0 {
		return nil
	}
	return append([]string{s.Say("stats.missing")}, within(s, list, maxMissing)...)
}

// StatsAlt describes the picture for who does not see it: the same numbers, by week
// if they are too long by day.
func StatsAlt(s Speaker, x Stats) string {
	if len(x.Days) == 0 {
		return s.Say("stats.title-all")
	}
	text := ""
	for _, every := range []int{1, 7, 30} {
		if text = x.alt(s, every); len([]rune(text)) <= maxAlt {
			return text
		}
	}
	return partnership.Cut(text, maxAlt)
}

// alt is StatsAlt with the numbers of so many days together.
func (x Stats) alt(s Speaker, every int) string {
	var numbers, here []string
	for i := len(x.Days); i > 0; i -= every {
		var sum joins.Books
		for _, d := range x.Days[max(0, i-every):i] {
			sum.Counted, sum.Identified = sum.Counted+d.Counted, sum.Identified+d.Identified
			if d.Here != nil {
				sum.Here = d.Here
			}
		}
		n := strconv.Itoa(sum.Counted)
		if x.Known() {
			n += " (" + strconv.Itoa(sum.Identified) + ")"
		}
		numbers = append([]string{n}, numbers...)
		if sum.Here != nil {
			here = append([]string{strconv.Itoa(*sum.Here)}, here...)
		}
	}
	from, to, all := StatsDay(s, x.Days[0].Date), StatsDay(s, x.Days[len(x.Days)-1].Date), strings.Join(numbers, ", ")
	words := []string{s.Say("stats.alt-days", "from", from, "to", to, "numbers", all)}
	if every > 1 {
		words = []string{s.Say("stats.alt-spans", "from", from, "to", to, "numbers", all, "every", strconv.Itoa(every))}
	}
	if x.Known() {
		words = append(words, s.Say("stats.alt-identified"))
	}
	if len(here) > 0 {
		words = append(words, s.Say("stats.alt-here", "numbers", strings.Join(here, ", ")))
	}
	if len(x.Gaps) > 0 {
		words = append(words, s.Say("stats.alt-gaps", "count", strconv.Itoa(len(x.Gaps))))
	}
	return strings.Join(words, " ")
}
