package local_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
)

func newPlayer(t *testing.T) *player {
	p := &player{
		stage: newBareStage(t), had: make(map[string][]*fakediscord.Exchange), names: make(map[string]string),
		pressed: make(map[string]fakediscord.Button), on: make(map[string]fakediscord.Ref), shown: make(map[string]string),
	}
	for name, id := range p.users() {
		p.names[id] = name
	}
	p.names[p.Guild], p.names[p.Lobby], p.names[p.Review], p.names[p.Showcase] = "harbour", "lobby", "reviews", "showcase"
	p.names[p.Reviewers], p.names[p.Lighthouse], p.names[p.Invite] = "reviewers", "lighthouse", "to-lighthouse"
	return p
}

func (p *player) users() map[string]string {
	return map[string]string{"ada": p.Ada, "max": p.Max, "nora": p.Nora, "rio": p.Rio}
}

// filled puts IDs and codes in the place of the names in braces.
func (p *player) filled(line string) string {
	for id, name := range p.names {
		line = strings.ReplaceAll(line, "{"+name+"}", id)
	}
	return line
}

var (
	unknownID = regexp.MustCompile(`\b\d{17,20}\b`)
	moment    = regexp.MustCompile(`<t:(\d+):(.)>`)
)

// masked puts names in the place of IDs and codes, and in that of times how far
// away they are.
func (p *player) masked(text string) string {
	for id, name := range p.names {
		text = strings.ReplaceAll(text, id, "{"+name+"}")
	}
	text = moment.ReplaceAllStringFunc(text, func(stamp string) string {
		m := moment.FindStringSubmatch(stamp)
		at, _ := strconv.ParseInt(m[1], 10, 64)
		return "<t:" + away(time.Unix(at, 0).Sub(p.Now())) + ":" + m[2] + ">"
	})
	return unknownID.ReplaceAllString(text, "{id}")
}

// away says how far away a moment is, roughly enough to be the same in every run.
func away(d time.Duration) string {
	switch minutes := int(math.Round(d.Minutes())); {
	case minutes == 0:
		return "now"
	case minutes%60 != 0 && minutes > -48*60:
		return fmt.Sprintf("%+dm", minutes)
	case minutes%(24*60) != 0 && minutes > -48*60:
		return fmt.Sprintf("%+dh", minutes/60)
	}
	return fmt.Sprintf("%+dd", int(math.Round(d.Hours()/24)))
}

// quote writes a text below what it is.
func (p *player) quote(what, text string) string {
	return what + ": " + strings.ReplaceAll(p.masked(text), "\n", "\n  ")
}

// changes returns what is new or gone in the channels, and in the replies that
// people see.
func (p *player) changes() (out []string) {
	for place, channel := range map[string]string{"reviews": p.Review, "showcase": p.Showcase} {
		for _, m := range p.Messages(channel) {
			out = append(out, p.change(place, m)...)
		}
	}
	for who, had := range p.had {
		for _, ex := range had {
			if m := ex.Current(); m.ID != "" && m.Ephemeral {
				out = append(out, p.change(who+"'s reply", m)...)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (p *player) change(place string, m fakediscord.Message) []string {
	if text := m.Text(); p.shown[m.ID] != text {
		p.shown[m.ID] = text
		return []string{p.quote("= "+place, text)}
	}
	return nil
}

// hand does what no person does with the bot.
func (p *player) hand(words []string) {
	p.Helper()
	do, ok := hands()[words[0]]
	if !ok {
		p.Fatalf("nothing is known of %q", words[0])
	}
	do(p, words[1:])
}

// hands lists what can happen behind the bot's back. Names that it makes can be
// used in braces.
func hands() map[string]func(p *player, words []string) {
	return map[string]func(p *player, words []string){
		"setup": func(p *player, _ []string) { p.try(p.SetUp(p.Context())) },
		"later": func(p *player, w []string) { // later 24h
			by, err := time.ParseDuration(w[0])
			p.try(err)
			p.advance(by)
		},
		"partner": func(p *player, w []string) { // partner Name members
			members, err := strconv.Atoi(w[1])
			p.try(err)
			guild, code := p.AddPartner(w[0], members)
			p.names[guild], p.names[code] = strings.ToLower(w[0]), "to-"+strings.ToLower(w[0])
		},
		"invite": func(p *player, w []string) { // invite name type age
			kind, err := strconv.Atoi(w[1])
			p.try(err)
			age, err := time.ParseDuration(w[2])
			p.try(err)
			guild := map[int]string{0: p.Lighthouse}[kind]
			p.names[p.AddInvite(guild, fakediscord.Invite{Type: kind, MaxAge: age})] = w[0]
		},
		"home": func(p *player, w []string) { p.names[p.AddInvite(p.Guild, fakediscord.Invite{})] = w[0] },
		"forbid": func(p *player, w []string) { // the bot to write in a channel
			p.SetOverwrite(w[0], fakediscord.Overwrite{ID: p.ApplicationID(), Type: 1, Deny: fakediscord.SendMessages})
		},
		"allow": func(p *player, w []string) {
			p.SetOverwrite(w[0], fakediscord.Overwrite{ID: p.ApplicationID(), Type: 1, Allow: fakediscord.SendMessages})
		},
		"settings": func(p *player, w []string) { p.set(w[0], w[1:]) },
		"history": func(p *player, w []string) { // history active pending
			active, err1 := strconv.Atoi(w[0])
			pending, err2 := strconv.Atoi(w[1])
			p.try(err1)
			p.try(err2)
			p.history(active, pending)
		},
	}
}

func (p *player) try(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}
