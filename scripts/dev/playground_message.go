package main

import (
	"cmp"
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// maxWhispers is how many private replies are kept for each person.
const maxWhispers = 20

// A shownMessage is a message as the page shows it.
type shownMessage struct {
	On      target
	Author  string
	Bot     bool
	When    string
	Edited  bool
	Loading bool
	HTML    template.HTML // of a message without components
	Parts   []part
}

// message shows m.
func (e eyes) message(m fakediscord.Message) shownMessage {
	on := target{As: e.player.Key, In: e.place.ID, Channel: m.Channel, Message: m.ID}
	shown := shownMessage{
		On: on, Author: e.user(m.Author), Bot: m.Author == e.ApplicationID(), When: m.Created.UTC().Format("2 Jan 15:04"),
		Edited: !m.Edited.IsZero(), Loading: m.Loading, HTML: written(e.markdown, m.Content),
	}
	parts, err := e.parts(m.Components, on)
	if err != nil {
		parts = []part{{Kind: "note", Text: err.Error()}}
	}
	shown.Parts = append(e.embeds(m.Embeds), parts...)
	stands, _ := json.Marshal(m.Components) // it was read before
	for _, a := range m.Attachments {
		if !strings.Contains(string(stands), `"attachment_id":"`+a.ID+`"`) { // else it is shown there
			shown.Parts = append(shown.Parts, e.filed(a.Name, a.URL, a.Size))
		}
	}
	return shown
}

// A box is an embed, the box of a message without components.
type box struct {
	Color       *int                           `json:"color"`
	Author      struct{ Name string }          `json:"author"`
	Title       string                         `json:"title"`
	Description string                         `json:"description"`
	Fields      []struct{ Name, Value string } `json:"fields"`
	Footer      struct{ Text string }          `json:"footer"`
}

// embeds shows the embeds of a message as containers.
func (e eyes) embeds(list []any) []part {
	var read []box
	data, err := json.Marshal(list)
	if err != nil || json.Unmarshal(data, &read) != nil {
		return []part{{Kind: "note", Text: "(an embed, which this page cannot read)"}}
	}
	var parts []part
	for _, em := range read {
		lines := []string{em.Author.Name, strings.TrimPrefix("**"+em.Title+"**", "****"), em.Description}
		for _, f := range em.Fields {
			lines = append(lines, "**"+f.Name+"**\n"+f.Value)
		}
		lines = append(lines, em.Footer.Text)
		text := strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n\n")
		parts = append(parts, e.container(component{Accent: em.Color, Components: []component{{Type: 10, Content: text}}}, target{}))
	}
	return parts
}

// keep remembers a reply that only one person sees.
func (g *playground) keep(user string, ex *fakediscord.Exchange) {
	if ex == nil || !ex.Ephemeral || ex.Message.ID == "" {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	list := slices.DeleteFunc(g.whispers[user], func(old *fakediscord.Exchange) bool { return old.Message == ex.Message })
	list = append(list, ex)
	g.whispers[user] = list[max(0, len(list)-maxWhispers):]
}

// forget forgets the private reply that is the message with that ID.
func (g *playground) forget(user, id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.whispers[user] = slices.DeleteFunc(g.whispers[user], func(ex *fakediscord.Exchange) bool { return ex.Message.ID == id })
}

// private shows the replies that only the player sees where they look, as they
// now stand, oldest first.
func (e eyes) private() []shownMessage {
	e.mu.Lock()
	list := slices.Clone(e.whispers[e.player.ID])
	e.mu.Unlock()
	var standing []fakediscord.Message
	for _, ex := range list {
		standing = append(append(standing, ex.Current()), ex.FollowUps()...)
	}
	slices.SortStableFunc(standing, func(a, b fakediscord.Message) int { return cmp.Compare(a.ID, b.ID) })
	var shown []shownMessage
	for _, m := range slices.CompactFunc(standing, func(a, b fakediscord.Message) bool { return a.ID == b.ID }) {
		if m.Channel == e.place.ID && m.Ephemeral {
			shown = append(shown, e.message(m))
		}
	}
	return shown
}
