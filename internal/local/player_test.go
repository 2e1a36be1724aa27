package local_test

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
)

func newPlayer(t *testing.T) *player {
	p := &player{
		stage: newBareStage(t), had: make(map[string][]*fakediscord.Exchange), names: make(map[string]string),
		shown: make(map[string]string), stood: make(map[string]string), housed: make(map[string]string),
	}
	p.people = map[string]string{"ada": p.Ada, "max": p.Max, "nora": p.Nora, "rio": p.Rio}
	for name, id := range p.people {
		p.names[id] = name
	}
	p.places = map[string]string{"reviews": p.Review, "showcase": p.Showcase, "lobby": p.Lobby}
	for name, id := range p.places {
		p.names[id] = name
	}
	p.names[p.Category], p.names[p.Forum] = "category", "forum"
	p.names[p.Guild], p.names[p.ApplicationID()] = "harbour", "entente"
	p.names[p.Contacts] = "contacts"
	p.names[p.Reviewers], p.names[p.Lighthouse], p.names[p.Invite] = "reviewers", "lighthouse", "to-lighthouse"
	return p
}

// filled puts IDs and codes in the place of the names in braces.
func (p *player) filled(line string) string {
	for id, name := range p.names {
		line = strings.ReplaceAll(line, "{"+name+"}", id)
	}
	return line
}

var (
	unknownID   = regexp.MustCompile(`\b\d{17,20}\b`)
	unknownCode = regexp.MustCompile(`discord\.gg/[A-Z0-9]{8}\b`)
	someDay     = regexp.MustCompile(`\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b`)
	moment      = regexp.MustCompile(`<t:(\d+):(.)>`)
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
	text = someDay.ReplaceAllString(text, "{day}")
	text = unknownCode.ReplaceAllString(text, "discord.gg/{code}")
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
