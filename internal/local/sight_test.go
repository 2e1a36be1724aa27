package local_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// The methods of this file are what the people of a conversation see.

// changes returns what is new, changed or gone in the channels, threads and
// direct messages, and in the replies that people see.
func (p *player) changes() (out []string) {
	there := make(map[string]bool)
	for place, list := range p.standing() {
		for _, m := range list {
			there[m.ID] = true
			out = append(out, p.change(place, m)...)
		}
	}
	for id, place := range p.stood {
		if !there[id] {
			title, _, _ := strings.Cut(p.shown[id], "\n")
			out = append(out, p.quote("= "+place, "(gone) "+title))
			delete(p.stood, id)
		}
	}
	out = append(append(out, p.threads()...), p.homing()...)
	slices.SortStableFunc(out, func(a, b string) int { return strings.Compare(ordered(a), ordered(b)) })
	return out
}

// ordered is by what a change is sorted: those of the log stay in the order in
// which they were posted.
func ordered(change string) string {
	if strings.HasPrefix(change, "= log:") {
		return "= log:"
	}
	return change
}

// standing is what stands where it is looked for.
func (p *player) standing() map[string][]fakediscord.Message {
	all := make(map[string][]fakediscord.Message)
	for place, channel := range p.places {
		all[place] = p.Messages(channel)
		for _, th := range p.Threads(channel) {
			if p.names[th.ID] == "" {
				p.tickets++
				p.names[th.ID] = fmt.Sprintf("ticket-%d", p.tickets)
			}
			all[p.names[th.ID]] = p.Messages(th.ID)
		}
	}
	for _, h := range p.homes() {
		all[p.names[h.ID]] = p.Messages(h.ID)
	}
	for who, id := range p.people {
		all["direct message to "+who] = p.DMs(id)
	}
	for who, had := range p.had {
		for _, ex := range had {
			if m := ex.Current(); m.ID != "" && m.Ephemeral {
				all[who+"'s reply"] = append(all[who+"'s reply"], m)
			}
		}
	}
	return all
}

// change returns what a message shows, if that is new.
func (p *player) change(place string, m fakediscord.Message) []string {
	p.stood[m.ID] = place
	before, text := p.shown[m.ID], m.Text()
	p.shown[m.ID] = text
	if before != "" && (before == text || p.masked(before) == p.masked(text)) { // a time in it may be a second later
		return nil
	}
	p.notice(m)
	if pings := p.pinged(m); pings != "" {
		place += " (" + pings + ")"
	}
	return []string{p.quote("= "+place, text)}
}

// pinged says whom a message notifies.
func (p *player) pinged(m fakediscord.Message) string {
	var names []string
	for _, id := range m.Pings {
		names = append(names, p.masked(id))
	}
	slices.Sort(names)
	if len(names) == 0 || !m.Edited.IsZero() {
		return ""
	}
	return "notifies " + strings.Join(names, ", ")
}

// threads returns which tickets are new, or have other people in them, or were
// closed or opened.
func (p *player) threads() (out []string) {
	for _, channel := range p.places {
		for _, th := range p.Threads(channel) {
			var who []string
			for _, id := range th.Members {
				if id != p.ApplicationID() {
					who = append(who, p.masked(id))
				}
			}
			slices.Sort(who)
			state := "open"
			if th.Archived && th.Locked {
				state = "closed and locked"
			}
			if line := fmt.Sprintf("%s, below %s, with %s", state, p.names[channel], strings.Join(who, ", ")); p.shown[th.ID] != line {
				p.shown[th.ID] = line
				out = append(out, "= "+p.names[th.ID]+": ("+line+")")
			}
		}
	}
	return out
}

// notice remembers the buttons of a message.
func (p *player) notice(m fakediscord.Message) {
	for _, b := range m.Buttons() {
		if b.CustomID != "" && !b.Disabled {
			p.seen = append(p.seen, pressable{b, m.Ref, p.masked(m.Text())})
		}
	}
}

// asked is a label, and a text of the message that the button is on.
func asked(rest string) (label, text string) {
	label, text, _ = strings.Cut(rest, " on ")
	return label, text
}

// findButton returns the button with a label that a person sees last: their own
// replies come after the channels.
func (p *player) findButton(d deed) pressable {
	p.Helper()
	label, text := asked(d.rest)
	all := p.standing()
	var list []fakediscord.Message
	for place, here := range all {
		if !strings.HasSuffix(place, "'s reply") && !strings.HasPrefix(place, "direct message") {
			list = append(list, here...)
		}
	}
	slices.SortFunc(list, func(a, b fakediscord.Message) int { return a.Created.Compare(b.Created) })
	list = append(append(list, all["direct message to "+d.who]...), all[d.who+"'s reply"]...)
	for _, m := range slices.Backward(list) {
		if b, ok := m.Button(label); ok && b.CustomID != "" && !b.Disabled && strings.Contains(m.Text(), text) {
			return pressable{b, m.Ref, p.masked(m.Text())}
		}
	}
	p.Fatalf("%s sees no button %s", d.who, d.rest)
	return pressable{}
}

// recall returns the button with a label that anybody saw or pressed last.
func (p *player) recall(d deed) pressable {
	p.Helper()
	label, text := asked(d.rest)
	for _, b := range slices.Backward(p.seen) {
		if b.Label == label && strings.Contains(b.text, p.masked(text)) {
			return b
		}
	}
	p.Fatalf("nobody ever saw a button %s", d.rest)
	return pressable{}
}

// findMenu returns the message with a select menu that a person saw last.
func (p *player) findMenu(who, id string) fakediscord.Ref {
	p.Helper()
	for _, ex := range slices.Backward(p.had[who]) {
		m := ex.Current()
		if slices.ContainsFunc(m.Selects(), func(s fakediscord.Select) bool { return s.CustomID == id }) {
			return m.Ref
		}
	}
	p.Fatalf("%s sees no menu %s", who, id)
	return fakediscord.Ref{}
}

// opened is the form that a person opened last.
func (p *player) opened(who string) *fakediscord.Exchange {
	p.Helper()
	for _, ex := range slices.Backward(p.had[who]) {
		if ex.Modal != nil {
			return ex
		}
	}
	p.Fatalf("%s has no form open", who)
	return nil
}

// atOnce lets people do things at the same moment. Who comes first is open, so
// those who do the same stand as {one}, {two} … in what they and all others see
// from then on, in the order of their answers. If they do different things, only
// the answer of the first and that of all others is shown: it must name the first
// to staff, and must not to the applicant.
func (p *player) atOnce(deeds []deed) (out []string) {
	p.Helper()
	var wg sync.WaitGroup
	answers := make([]*fakediscord.Exchange, len(deeds))
	acts := make([]func() (*fakediscord.Exchange, error), len(deeds))
	for i, d := range deeds {
		acts[i] = p.aim(d)
	}
	for i, act := range acts {
		wg.Go(func() {
			var err error
			if answers[i], err = act(); err != nil {
				p.Errorf("%v: %v", deeds[i], err)
			}
		})
	}
	wg.Wait()
	if p.Failed() {
		p.FailNow()
	}
	same := true
	for i, d := range deeds {
		p.reply(d, answers[i]) // what it says is shown below, once it is known who was first
		same = same && d.verb+d.rest == deeds[0].verb+deeds[0].rest
	}
	p.drain()
	if same {
		return p.alike(deeds, answers)
	}
	p.changes() // which there are depends on who was first
	return p.unlike(deeds, answers)
}

// alike shows the answers to people who did the same.
func (p *player) alike(deeds []deed, answers []*fakediscord.Exchange) (out []string) {
	final := func(i int) string { return kindOf(answers[i]) + answers[i].Current().Text() }
	order := make([]int, len(deeds))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(final(a), final(b)) })
	for n, i := range order {
		p.names[p.people[deeds[i].who]] = [...]string{"one", "two", "three", "four"}[n]
	}
	for _, i := range order {
		out = append(out, p.quote("< "+kindOf(answers[i]), answers[i].Text()))
	}
	changes := p.changes()
	for i := range changes { // whose reply it is, too
		for _, d := range deeds {
			changes[i] = strings.Replace(changes[i], "= "+d.who+"'s", "= "+p.names[p.people[d.who]]+"'s", 1)
		}
	}
	slices.SortStableFunc(changes, func(a, b string) int { return strings.Compare(ordered(a), ordered(b)) })
	return append(out, changes...)
}

// unlike shows that one of several different things was done.
func (p *player) unlike(deeds []deed, answers []*fakediscord.Exchange) (out []string) {
	p.Helper()
	first := slices.IndexFunc(answers, func(ex *fakediscord.Exchange) bool { return kindOf(ex) == "update" })
	if first < 0 {
		p.Fatal("nobody was first")
	}
	out = append(out, "< update, of one: it is done")
	for i, ex := range answers {
		if i == first {
			continue
		}
		told, _, handled := strings.Cut(ex.Text(), ":")
		staff := deeds[i].who != "rio"
		if !handled || strings.Contains(ex.Text(), p.people[deeds[first].who]) != staff {
			p.Errorf("%v reads: %s\nwant that %v was first", deeds[i], ex.Text(), deeds[first])
		}
		out = append(out, "< "+kindOf(ex)+", of another: "+told+": …")
	}
	return out
}
