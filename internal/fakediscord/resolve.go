package fakediscord

// What an interaction says about the people, roles, channels and files it names.

// resolveInto adds what one option's value stands for. The caller holds the lock.
func (p Person) resolveInto(resolved object, optionType int, value any) {
	id, ok := value.(string)
	if !ok {
		return
	}
	kinds := map[int]int{
		optionUser: componentUser, optionRole: componentRole, optionChannel: componentChannel,
		optionMentionable: componentMentionable, optionAttachment: componentFiles,
	}
	if kind, named := kinds[optionType]; named {
		p.addResolved(resolved, kind, id)
	}
}

// resolved returns what the values of a select menu, or of a file upload, stand for.
// The caller holds the lock.
func (p Person) resolved(kind int, values []string) object {
	out := object{}
	for _, id := range values {
		p.addResolved(out, kind, id)
	}
	return out
}

func (p Person) addResolved(out object, kind int, id string) {
	put := func(group string, view object) {
		if out[group] == nil {
			out[group] = object{}
		}
		out[group].(object)[id] = view
	}
	g := p.s.guilds[p.Guild]
	mentionable := kind == componentMentionable
	if (kind == componentUser || mentionable) && p.s.users[id] != nil {
		put("users", p.s.userView(id))
		if g != nil && g.members[id] != nil {
			member := p.s.memberView(g.members[id])
			delete(member, "user")
			member["permissions"] = g.ownPermissions(id)
			put("members", member)
		}
	}
	if (kind == componentRole || mentionable) && g != nil && g.roles[id] != nil {
		put("roles", g.roles[id].view())
	}
	if kind == componentChannel && g != nil && g.channels[id] != nil {
		put("channels", p.partialChannel(g, g.channels[id]))
	}
	if kind == componentFiles && p.s.uploads[id] != nil {
		view := p.s.attachmentView(p.Channel, p.s.uploads[id])
		view["ephemeral"] = true
		put("attachments", view)
	}
}

func (p Person) partialChannel(g *guild, ch *channel) object {
	view := p.s.channelView(ch)
	partial := object{"permissions": g.permissionsIn(ch, p.User)}
	for _, field := range []string{"id", "name", "type", "parent_id", "thread_metadata"} {
		if value, ok := view[field]; ok {
			partial[field] = value
		}
	}
	return partial
}
