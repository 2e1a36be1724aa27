package local_test

import "strconv"

// joinsHands lists what can happen about joins behind the bot's back.
func joinsHands() map[string]func(p *player, words []string) {
	return map[string]func(p *player, words []string){
		"tracks": func(p *player, w []string) { p.tracks(len(w) > 0) }, // tracks [markers]
		"intent": func(p *player, w []string) { p.SetMembersIntent(w[0] == "on") },
		"joins": func(p *player, w []string) { // so many, by the invite of the Lighthouse
			n, err := strconv.Atoi(w[0])
			p.try(err)
			p.joined(p.account().Code, n)
		},
	}
}
