package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// maxJoining is how many people join at a press.
const maxJoining = 50

// Doors are the invites to the server by which people can join.
func (s sheet) Doors() []fakediscord.InviteState { return s.Invites(s.Guild) }

// join lets people whom nobody knows join by an invite.
func (g *playground) join(r *http.Request, _ eyes) (*fakediscord.Exchange, error) {
	people, err := strconv.Atoi(r.PostFormValue("people"))
	if err != nil || people < 1 || people > maxJoining {
		return nil, mistake(fmt.Sprintf("From 1 to %d people can join at once.", maxJoining))
	}
	typed := strings.TrimSpace(r.PostFormValue("code"))
	code := typed[strings.LastIndex(typed, "/")+1:]
	for range people {
		if err := g.UseInvite(code, g.AddUser("Newcomer")); err != nil {
			return nil, mistake(fmt.Sprintf("Nobody more can join by %q: Discord knows no such invite to a server.", code))
		}
	}
	return nil, nil
}

// A mistake is what the page itself refuses, in a sentence for who made it.
type mistake string

func (m mistake) Error() string { return string(m) }
