package fakediscord

import (
	"maps"
	"slices"
	"strings"
)

// messageView writes m as Discord does: with fresh attachment links.
func (s *Server) messageView(m *message) object {
	view := object{
		"id": m.id, "channel_id": m.channel, "type": m.kind, "content": m.content, "author": s.userView(m.author),
		"timestamp": stamp(m.created), "edited_timestamp": stamp(m.edited), "tts": false, "pinned": m.pinned,
		"mention_everyone": slices.Contains(m.pings, "everyone"), "mentions": s.mentionViews(m),
		"mention_roles": []string{}, "embeds": list(m.embeds), "components": list(s.resolveMedia(m, m.components)),
		"attachments": s.attachmentViews(m), "flags": m.flags,
	}
	if m.nonce != nil {
		view["nonce"] = m.nonce
	}
	if m.reference != nil {
		view["message_reference"] = m.reference
	}
	if in := m.answers; in != nil {
		view["webhook_id"], view["application_id"] = s.appID, s.appID
		view["interaction_metadata"] = object{
			"id": in.id, "type": in.kind, "user": s.userView(in.user),
			"authorizing_integration_owners": object{"0": in.guild},
		}
	}
	if th := s.channels[m.id]; th != nil && th.isThread() && th.id != m.channel {
		view["thread"] = s.channelView(th)
	}
	return view
}

// list never is null.
func list(v []any) []any {
	if v == nil {
		return []any{}
	}
	return v
}

func (s *Server) mentionViews(m *message) []object {
	views := []object{}
	for _, id := range m.pings {
		if s.users[id] != nil {
			views = append(views, s.userView(id))
		}
	}
	return views
}

func (s *Server) attachmentViews(m *message) []object {
	views := []object{}
	for _, a := range m.attachments {
		if refersTo(m.components, "attachment://"+a.name) || refersTo(m.embeds, "attachment://"+a.name) {
			continue // Discord lists it where it is used, not here
		}
		views = append(views, s.attachmentView(m.channel, a))
	}
	return views
}

// resolveMedia returns components with attachment:// replaced by real links.
func (s *Server) resolveMedia(m *message, v []any) []any {
	out := make([]any, len(v))
	for i, child := range v {
		out[i] = s.resolved(m, child)
	}
	return out
}

func (s *Server) resolved(m *message, v any) any {
	switch v := v.(type) {
	case []any:
		return s.resolveMedia(m, v)
	case object:
		copied := make(object, len(v))
		for key, child := range v {
			copied[key] = s.resolved(m, child)
		}
		name, internal := strings.CutPrefix(textOf(v["url"]), "attachment://")
		i := slices.IndexFunc(m.attachments, func(a *attachment) bool { return a.name == name })
		if internal && i >= 0 {
			file := s.attachmentView(m.channel, m.attachments[i])
			maps.Copy(copied, object{
				"url": file["url"], "proxy_url": file["proxy_url"], "content_type": file["content_type"],
				"attachment_id": file["id"], "loading_state": 2,
			})
		}
		return copied
	}
	return v
}

// refersTo reports whether any URL in v is link.
func refersTo(v any, link string) bool {
	switch v := v.(type) {
	case []any:
		for _, child := range v {
			if refersTo(child, link) {
				return true
			}
		}
	case object:
		if textOf(v["url"]) == link {
			return true
		}
		for _, child := range v {
			if refersTo(child, link) {
				return true
			}
		}
	}
	return false
}
