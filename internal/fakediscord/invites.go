package fakediscord

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

const maxInvites = 1000

// inviteView writes an invite; with counts, with its metadata, and with uses, if asked for.
func (s *Server) inviteView(i *invite, counts, metadata, uses bool) object {
	view := object{"type": i.kind, "code": i.code, "expires_at": stamp(i.expires), "flags": i.flags}
	if i.inviter != "" {
		view["inviter"] = s.userView(i.inviter)
	}
	if g := s.guilds[i.guild]; g != nil {
		view["guild_id"], view["guild"] = g.id, object{
			"id": g.id, "name": g.info.Name, "icon": text(g.info.Icon), "description": text(g.info.Description),
			"splash": nil, "banner": nil, "features": g.features(), "verification_level": g.info.VerificationLevel,
			"vanity_url_code": g.vanityCode(), "nsfw_level": g.info.NSFWLevel,
			"nsfw": g.info.NSFWLevel == 1 || g.info.NSFWLevel == 3, "premium_subscription_count": 0, "premium_tier": 0,
		}
		if counts {
			view["approximate_member_count"], view["approximate_presence_count"] = g.memberCount(), g.info.Online
		}
		if len(i.roles) > 0 {
			view["roles"] = g.inviteRoles(i)
		}
	}
	view["channel"] = nil
	if ch := s.channels[i.channel]; ch != nil {
		view["channel"] = object{"id": ch.id, "type": ch.kind, "name": ch.name}
	}
	if metadata {
		view["max_uses"], view["max_age"], view["temporary"] = i.maxUses, i.maxAge, i.temporary
		view["created_at"] = stamp(i.created)
	}
	if uses {
		view["uses"] = i.uses
	}
	return view
}

func (g *guild) inviteRoles(i *invite) []object {
	list := []object{}
	for _, id := range i.roles {
		if r := g.roles[id]; r != nil {
			list = append(list, object{
				"id": r.id, "name": r.name, "position": r.position, "color": r.color,
				"colors": object{"primary_color": r.color}, "icon": nil, "unicode_emoji": nil,
			})
		}
	}
	return list
}

// liveInvite returns the invite with that code, forgetting it if it has lapsed.
func (s *Server) liveInvite(code string) *invite {
	i := s.invites[code]
	if i != nil && i.lapsed(s.now()) {
		delete(s.invites, code)
		return nil
	}
	return i
}

func (s *Server) getInvite(c *call) (any, error) {
	code := c.r.PathValue("code")
	i := s.liveInvite(code)
	if i == nil {
		i = s.vanityInvite(code)
	}
	if i == nil {
		return nil, fail(10006)
	}
	return s.inviteView(i, c.r.URL.Query().Get("with_counts") == "true", false, false), nil
}

func (s *Server) vanityInvite(code string) *invite {
	for _, g := range s.guilds {
		if g.vanity != nil && strings.EqualFold(g.vanity.code, code) {
			return g.vanity
		}
	}
	return nil
}

// listGuildInvites shows the metadata of invites, uses and times included, only to
// who may manage the server.
func (s *Server) listGuildInvites(c *call) (any, error) {
	g, err := s.guildOf(c)
	if err != nil {
		return nil, err
	}
	own := g.ownPermissions(s.appID)
	if !own.Has(ManageServer) && !own.Has(ViewAuditLog) {
		return nil, fail(50013)
	}
	list := []object{}
	for _, i := range s.invitesOf(g) {
		list = append(list, s.inviteView(i, false, own.Has(ManageServer), own.Has(ManageServer)))
	}
	return list, nil
}

// invitesOf returns the live invites of g, oldest first.
func (s *Server) invitesOf(g *guild) []*invite {
	list := []*invite{}
	for code, i := range s.invites {
		if i.guild == g.id && s.liveInvite(code) != nil {
			list = append(list, i)
		}
	}
	slices.SortFunc(list, func(a, b *invite) int {
		return cmp.Or(a.created.Compare(b.created), strings.Compare(a.code, b.code))
	})
	return list
}

func (s *Server) listChannelInvites(c *call) (any, error) {
	ch, err := s.channelWith(c, ManageChannels)
	if err != nil {
		return nil, err
	}
	list := []object{}
	for _, i := range s.invitesOf(s.guilds[ch.guild]) {
		if i.channel == ch.id {
			list = append(list, s.inviteView(i, false, true, true))
		}
	}
	return list, nil
}

func (s *Server) createInvite(c *call) (any, error) {
	ch, err := s.channelWith(c, CreateInvite)
	if err != nil {
		return nil, err
	}
	body := struct {
		MaxAge    int             `json:"max_age"`
		MaxUses   int             `json:"max_uses"`
		Temporary bool            `json:"temporary"`
		Unique    bool            `json:"unique"`
		Roles     json.RawMessage `json:"role_ids"`
	}{MaxAge: 86400}
	if err := c.into(&body); err != nil {
		return nil, err
	}
	if ch.kind == Category || ch.isThread() || ch.guild == "" {
		return nil, fail(50024)
	}
	g := s.guilds[ch.guild]
	roles, err := s.inviteRoles(g, body.Roles)
	if err != nil {
		return nil, err
	}
	if !body.Unique {
		for _, old := range s.invitesOf(g) {
			if old.channel == ch.id && old.inviter == s.appID && old.maxAge == body.MaxAge && old.maxUses == body.MaxUses && len(old.roles)+len(roles) == 0 {
				return s.inviteView(old, false, true, true), nil
			}
		}
	}
	if len(s.invitesOf(g)) >= maxInvites {
		return nil, fail(30016)
	}
	i := &invite{
		code: s.newCode(), guild: g.id, channel: ch.id, inviter: s.appID, roles: roles,
		maxAge: body.MaxAge, maxUses: body.MaxUses, temporary: body.Temporary, created: s.now(),
	}
	if i.maxAge > 0 {
		i.expires = i.created.Add(time.Duration(i.maxAge) * time.Second)
	}
	s.invites[i.code] = i
	s.note(g, auditInviteCreate, s.appID, "", c.reason, change("code", nil, i.code))
	return s.inviteView(i, false, true, true), nil
}

// inviteRoles checks the roles an invite shall grant: a list, or text as in a form.
func (s *Server) inviteRoles(g *guild, raw json.RawMessage) ([]string, error) {
	var ids []string
	if len(raw) > 0 && raw[0] == '[' {
		if err := json.Unmarshal(raw, &ids); err != nil {
			return nil, wrong("role_ids", err.Error())
		}
	}
	for _, id := range ids {
		r := g.roles[id]
		if r == nil {
			return nil, fail(10011)
		}
		if !g.ownPermissions(s.appID).Has(ManageRoles) {
			return nil, fail(50013)
		}
		if err := s.grantable(g, r); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func change(key string, from, to any) object {
	c := object{"key": key}
	if from != nil {
		c["old_value"] = from
	}
	if to != nil {
		c["new_value"] = to
	}
	return c
}

func (s *Server) newCode() string {
	for {
		code := rand.Text()[:8]
		if s.invites[code] == nil {
			return code
		}
	}
}

func (s *Server) deleteInvite(c *call) (any, error) {
	i := s.liveInvite(c.r.PathValue("code"))
	if i == nil {
		return nil, fail(10006)
	}
	g := s.guilds[i.guild]
	if g == nil || g.members[s.appID] == nil {
		return nil, fail(50001)
	}
	mayDelete := g.ownPermissions(s.appID).Has(ManageServer)
	if ch := s.channels[i.channel]; ch != nil {
		mayDelete = mayDelete || s.allowed(ch, ManageChannels)
	}
	if !mayDelete {
		return nil, fail(50013)
	}
	delete(s.invites, i.code)
	s.note(g, auditInviteDelete, s.appID, "", c.reason, change("code", i.code, nil), change("uses", i.uses, nil))
	return s.inviteView(i, false, false, false), nil
}
