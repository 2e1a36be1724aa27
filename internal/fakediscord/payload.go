package fakediscord

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
)

// An Interaction is a payload as Discord would send it, not sent yet.
type Interaction struct {
	ID, Token string
	Body      []byte // to be signed and posted
	kind      int
}

// BuildCommand makes the payload of a slash command without sending it.
func (p Person) BuildCommand(name string, options ...Option) (Interaction, error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	data, err := p.commandData(name, options, "")
	if err != nil {
		return Interaction{}, err
	}
	return p.build(kindCommand, data, nil)
}

// BuildAutocomplete makes the payload of an autocompletion without sending it.
func (p Person) BuildAutocomplete(name, focused, typed string, options ...Option) (Interaction, error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	data, err := p.commandData(name, append(options, Option{Name: focused, Value: typed}), focused)
	if err != nil {
		return Interaction{}, err
	}
	return p.build(kindAutocomplete, data, nil)
}

// BuildComponent makes the payload of a press or a choice without sending it.
func (p Person) BuildComponent(on Ref, data map[string]any) (Interaction, error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	m := p.s.lookUp(on)
	if m == nil {
		m = &message{id: on.ID, channel: on.Channel, author: p.s.appID, created: p.s.now()}
	}
	if data["id"] == nil {
		data["id"] = 1
	}
	return p.In(on.Channel).build(kindComponent, data, m)
}

// BuildModal makes the payload of a submitted modal without sending it. Opened is
// the exchange the modal came from; nil for one nobody opened.
func (p Person) BuildModal(opened *Exchange, customID string, components []any, resolved map[string]any) (Interaction, error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	data := object{"custom_id": customID, "components": components}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	var source *message
	if opened != nil {
		if before := p.s.interactions[opened.Token]; before != nil {
			source = before.source
			p.Channel = before.channel
		}
	}
	return p.build(kindModal, data, source)
}

// build wraps data into a payload and remembers the interaction. The caller holds the lock.
func (p Person) build(kind int, data object, source *message) (Interaction, error) {
	s := p.s
	now := s.now()
	in := &interaction{
		id: s.ids.next(now), token: rand.Text() + rand.Text(), kind: kind,
		user: p.User, guild: p.Guild, channel: p.Channel, source: source, created: now,
	}
	locale := "en-US"
	if u := s.users[p.User]; u != nil && u.locale != "" {
		locale = u.locale
	}
	payload := object{
		"id": in.id, "application_id": s.appID, "type": kind, "token": in.token, "version": 1, "data": data,
		"channel_id": p.Channel, "locale": locale, "entitlements": []any{}, "attachment_size_limit": 10 << 20,
		"authorizing_integration_owners": object{"0": p.Guild},
	}
	if source != nil {
		payload["message"] = s.messageView(source)
	}
	if err := p.place(payload); err != nil {
		return Interaction{}, err
	}
	body, err := json.Marshal(payload)
	if err != nil {
		return Interaction{}, fmt.Errorf("encode interaction: %w", err)
	}
	s.interactions[in.token] = in
	return Interaction{ID: in.id, Token: in.token, Body: body, kind: kind}, nil
}

// place adds who and where to a payload.
func (p Person) place(payload object) error {
	s := p.s
	ch := s.channels[p.Channel]
	if ch == nil && p.Guild == "" {
		s.mustUser(p.User)
		ch = s.directMessage(p.User)
		payload["channel_id"] = ch.id
	}
	if ch == nil {
		// The channel vanished while the person was looking at it.
		ch = &channel{id: p.Channel, guild: p.Guild, kind: TextChannel}
	}
	if ch.guild != p.Guild {
		return fmt.Errorf("channel %s is not in guild %q", p.Channel, p.Guild)
	}
	view := s.channelView(ch)
	payload["channel"] = view
	if p.Guild == "" {
		payload["context"], payload["user"] = 1, s.userView(p.User)
		payload["app_permissions"] = All
		return nil
	}
	g := s.mustGuild(p.Guild)
	m := g.members[p.User]
	if m == nil {
		return fmt.Errorf("user %s is no member of %s", p.User, g.info.Name)
	}
	own := g.permissionsIn(ch, p.User)
	view["permissions"] = own
	member := s.memberView(m)
	member["permissions"] = own
	payload["member"], payload["context"] = member, 0
	payload["guild_id"], payload["guild_locale"] = g.id, g.locale()
	payload["guild"] = object{"id": g.id, "locale": g.locale(), "features": g.features()}
	payload["app_permissions"] = g.appPermissions(ch, s.appID)
	return nil
}

// appPermissions is what the application may do in ch. Without a bot member it
// is what @everyone may.
func (g *guild) appPermissions(ch *channel, appID string) Permission {
	if g.members[appID] == nil {
		return g.overwritten(g.roles[g.id].permissions, ch.overwrites, "")
	}
	return g.permissionsIn(ch, appID)
}
