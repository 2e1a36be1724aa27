package fakediscord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

// A Person is a user who sits in a channel of a guild and uses the bot there.
type Person struct {
	s                    *Server
	User, Guild, Channel string
	late                 bool
}

// As returns a person. An empty guild means a direct message with the bot.
func (s *Server) As(userID, guildID, channelID string) Person {
	return Person{s: s, User: userID, Guild: guildID, Channel: channelID}
}

// In returns the same person in another channel.
func (p Person) In(channelID string) Person {
	p.Channel = channelID
	return p
}

// Late returns the same person whose client was not told yet of the last edits: they
// can press, by its custom ID, what stood in a message before, or was not disabled.
func (p Person) Late() Person {
	p.late = true
	return p
}

// ErrNotPossible means that Discord's client would not let a person do this:
// there is no such button, a field is missing, the command is hidden.
// Nothing was sent.
var ErrNotPossible = errors.New("not possible in Discord's client")

func notPossible(format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), ErrNotPossible)
}

// Command uses a slash command, such as "partner apply", with options. If
// commands are registered, it must be one of them, its options must fit, and
// the person must be allowed to see it.
func (p Person) Command(ctx context.Context, name string, options ...Option) (*Exchange, error) {
	in, err := p.BuildCommand(name, options...)
	if err != nil {
		return nil, err
	}
	return p.s.Deliver(ctx, in)
}

// Autocomplete types into an option of a command, and returns the choices that
// are offered. Other options may have been filled in before.
func (p Person) Autocomplete(ctx context.Context, name, focused, typed string, options ...Option) ([]Choice, error) {
	in, err := p.BuildAutocomplete(name, focused, typed, options...)
	if err != nil {
		return nil, err
	}
	ex, err := p.s.Deliver(ctx, in)
	if err != nil {
		return nil, err
	}
	return ex.Choices, nil
}

// Press presses the button with that label or custom ID on a message.
func (p Person) Press(ctx context.Context, on Ref, button string) (*Exchange, error) {
	m, err := p.sees(on, button)
	if err != nil {
		return nil, err
	}
	b, ok := m.Button(button)
	switch {
	case !ok:
		return nil, notPossible("press a button: it is not there")
	case b.Disabled:
		return nil, notPossible("press %q: it is disabled", b.Label)
	case b.CustomID == "":
		return nil, notPossible("press %q: it is a link", b.Label)
	}
	return p.ForgePress(ctx, on, b.CustomID)
}

// Choose picks values in the select menu with that custom ID or placeholder.
func (p Person) Choose(ctx context.Context, on Ref, menu string, values ...string) (*Exchange, error) {
	m, err := p.sees(on, menu)
	if err != nil {
		return nil, err
	}
	for _, sel := range m.Selects() {
		if sel.CustomID != menu && sel.Placeholder != menu {
			continue
		}
		if err := sel.accepts(values); err != nil {
			return nil, err
		}
		return p.ForgeChoice(ctx, on, sel.CustomID, sel.Type, values...)
	}
	return nil, notPossible("choose in a menu: it is not there")
}

// accepts checks values as the client would.
func (m Select) accepts(values []string) error {
	name := cmp.Or(m.Placeholder, "the menu")
	switch {
	case m.Disabled:
		return notPossible("choose in %q: it is disabled", name)
	case len(values) < m.Min || len(values) > m.Max:
		return notPossible("choose in %q: %d values, takes %d to %d", name, len(values), m.Min, m.Max)
	case m.Type != componentString:
		return nil
	}
	for _, v := range values {
		if !offered(m.Options, v) {
			return notPossible("choose in %q: one value is not offered", name)
		}
	}
	return nil
}

func offered(options []SelectOption, value string) bool {
	for _, o := range options {
		if o.Value == value {
			return true
		}
	}
	return false
}

// sees returns a message as it stands, if the person can see it; for who is late, with
// the button or menu of that custom ID as it stood.
func (p Person) sees(on Ref, customID string) (Message, error) {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.lookUp(on)
	switch {
	case m == nil:
		return Message{}, notPossible("look at the message: it is gone")
	case m.seenBy != "" && m.seenBy != p.User:
		return Message{}, notPossible("look at the message: only someone else sees it")
	}
	ch := s.channels[on.Channel]
	if ch.guild == "" && ch.recipient != p.User ||
		ch.guild != "" && !s.guilds[ch.guild].permissionsIn(ch, p.User).Has(ViewChannel) {
		return Message{}, notPossible("look at the message: #%s is hidden from this person", ch.name)
	}
	seen := s.snapshot(m)
	if was := m.past[customID]; p.late && was != nil {
		seen.Components = append([]any{was}, seen.Components...)
	}
	return seen, nil
}

// ForgePress sends a press of a button with any custom ID, whether or not the
// message has it or the person sees it: what an attacker would send if Discord
// did not check. The message is taken as it stands; if it is gone, an
// empty one with its ID.
func (p Person) ForgePress(ctx context.Context, on Ref, customID string) (*Exchange, error) {
	in, err := p.BuildComponent(on, object{"component_type": componentButton, "custom_id": customID})
	if err != nil {
		return nil, err
	}
	return p.s.Deliver(ctx, in)
}

// ForgeChoice sends a choice of any values in a select menu of any type and custom ID.
func (p Person) ForgeChoice(ctx context.Context, on Ref, customID string, kind int, values ...string) (*Exchange, error) {
	data := object{"component_type": kind, "custom_id": customID, "values": append([]string{}, values...)}
	if kind != componentString {
		p.s.mu.Lock()
		data["resolved"] = p.resolved(kind, values)
		p.s.mu.Unlock()
	}
	in, err := p.BuildComponent(on, data)
	if err != nil {
		return nil, err
	}
	return p.s.Deliver(ctx, in)
}
