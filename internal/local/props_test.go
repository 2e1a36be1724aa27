package local_test

import (
	"strconv"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// hand does what no person does with the bot.
func (p *player) hand(words []string) {
	p.Helper()
	do, ok := hands()[words[0]]
	if !ok {
		do, ok = moreHands()[words[0]]
	}
	if !ok {
		do, ok = showcaseHands()[words[0]]
	}
	if !ok {
		do, ok = joinsHands()[words[0]]
	}
	if !ok {
		do, ok = holdHands()[words[0]]
	}
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
		"speaks": func(p *player, w []string) { // speaks de somebody …; the guild is somebody, too
			for _, who := range w[1:] {
				if who == p.Guild {
					p.EditGuild(who, func(g *fakediscord.Guild) { g.Locale = w[0] })
				} else {
					p.Speaks(p.people[who], w[0])
				}
			}
		},
		"home": func(p *player, w []string) { p.names[p.AddInvite(p.Guild, fakediscord.Invite{})] = w[0] },
		"forbid": func(p *player, w []string) { // the bot to write in a channel
			p.SetOverwrite(w[0], fakediscord.Overwrite{ID: p.ApplicationID(), Type: 1, Deny: fakediscord.SendMessages})
		},
		"allow": func(p *player, w []string) {
			p.SetOverwrite(w[0], fakediscord.Overwrite{ID: p.ApplicationID(), Type: 1, Allow: fakediscord.SendMessages})
		},
		"settings": func(p *player, w []string) { p.set(w[0], w[1:]) },
		"chosen":   func(p *player, w []string) { p.chooses(choices(p)[w[0]](w[1:])) }, // chosen setting values
		"history": func(p *player, w []string) { // history active pending
			active, err1 := strconv.Atoi(w[0])
			pending, err2 := strconv.Atoi(w[1])
			p.try(err1)
			p.try(err2)
			p.history(active, pending)
		},
	}
}

// choices lists what can be chosen without showing the panel of the settings.
func choices(p *player) map[string]func(values []string) func(*settings.Settings) {
	type change = func(*settings.Settings)
	number := func(at func(*settings.Settings) *int) func([]string) change {
		return func(w []string) change {
			n, err := strconv.Atoi(w[0])
			p.try(err)
			return func(s *settings.Settings) { *at(s) = n }
		}
	}
	return map[string]func([]string) change{
		"minimum":     number(func(s *settings.Settings) *int { return &s.Minimum }),
		"cooldown":    number(func(s *settings.Settings) *int { return &s.Cooldown }),
		"remind":      number(func(s *settings.Settings) *int { return &s.Remind }),
		"bump":        number(func(s *settings.Settings) *int { return &s.Bump }),
		"most":        number(func(s *settings.Settings) *int { return &s.Active }),
		"log":         func(w []string) change { return func(s *settings.Settings) { s.Log = w[0] } },
		"tickets":     func(w []string) change { return func(s *settings.Settings) { s.Tickets = w[0] } },
		"viewers":     func(w []string) change { return func(s *settings.Settings) { s.Viewers = w } },
		"index":       func(w []string) change { return func(s *settings.Settings) { s.Index = w[0] } },
		"contact":     func(w []string) change { return func(s *settings.Settings) { s.Contact = w[0] } },
		"no-showcase": func([]string) change { return func(s *settings.Settings) { s.Showcase = "" } },
		"sources":     func(w []string) change { return func(s *settings.Settings) { p.try(s.SetSources(w)) } },
		"closed":      func([]string) change { return func(s *settings.Settings) { s.Closed = true } },
		"open":        func([]string) change { return func(s *settings.Settings) { s.Closed = false } },
	}
}

// moreHands lists what else can happen behind the bot's back.
func moreHands() map[string]func(p *player, words []string) {
	return map[string]func(p *player, words []string){
		"channel": func(p *player, w []string) { // channel name [voice]
			kind := map[string]int{"voice": fakediscord.VoiceChannel}[strings.Join(w[1:], "")]
			id := p.AddChannel(p.Guild, fakediscord.Channel{Name: w[0], Type: kind})
			p.names[id], p.places[w[0]] = w[0], id
		},
		"role": func(p *player, w []string) { // role name [what is wrong with it]
			r := map[string]fakediscord.Role{
				"administrator": {Permissions: fakediscord.Administrator},
				"moderator":     {Permissions: fakediscord.ManageRoles | fakediscord.ManageMessages},
				"of-a-bot":      {Managed: true}, "above": {Position: 99}, "high": {Position: 10},
			}[strings.Join(w[1:], "")]
			r.Name = w[0]
			p.names[p.AddRole(p.Guild, r)] = w[0]
		},
		"member": func(p *player, w []string) {
			p.people[w[0]] = p.AddUser(w[0])
			p.AddMember(p.Guild, p.people[w[0]])
			p.names[p.people[w[0]]] = w[0]
		},
		"removed":   func(p *player, _ []string) { p.RemoveBot(p.Guild) },
		"installed": func(p *player, _ []string) { p.install() },
		"gives":     func(p *player, w []string) { p.AddMember(p.Guild, w[0], w[1:]...) },
		"picture": func(p *player, w []string) { // picture name width height [MB more]
			width, err1 := strconv.Atoi(w[1])
			height, err2 := strconv.Atoi(w[2])
			data := drawing(p.T, width, height)
			for range len(w) - 3 {
				data = append(data, make([]byte, 8<<20)...)
			}
			p.try(err1)
			p.try(err2)
			p.names[p.Upload(w[0]+".png", data)] = w[0]
		},
		"page": func(p *player, w []string) { p.names[p.Upload(w[0]+".svg", []byte("<svg/>"))] = w[0] },
		"lose": func(p *player, _ []string) {
			p.Scene.Fail(fakediscord.Fault{Method: "GET", Route: cdn, Status: 404, Times: -1})
		},
		"refuses": func(p *player, w []string) { p.RefuseDMs(p.people[w[0]], true) },
		"leaves":  func(p *player, w []string) { p.RemoveMember(p.Guild, p.people[w[0]]) },
		"delete":  func(p *player, w []string) { p.DeleteChannel(w[0]) },
		"clear": func(p *player, w []string) { // every message of a channel
			for _, m := range p.Messages(w[0]) {
				p.DeleteMessage(m.Ref)
			}
		},
		"queue": func(p *player, w []string) { // so many applications
			n, err := strconv.Atoi(w[0])
			p.try(err)
			p.queue(n)
		},
		"trail": func(p *player, w []string) { // so many entries
			n, err := strconv.Atoi(w[0])
			p.try(err)
			p.note("", 1, n)
		},
		"blocks": func(p *player, w []string) { // as if there were so many more
			n, err := strconv.Atoi(w[0])
			p.try(err)
			k := partnership.CountsKey(p.Guild)
			p.update([]storage.Key{k}, func(tx *storage.Tx) error {
				c := partnership.CountsOf(tx, p.Guild)
				c.Blocks += n
				tx.Set(k, c)
				return nil
			})
		},
	}
}

func (p *player) try(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}
