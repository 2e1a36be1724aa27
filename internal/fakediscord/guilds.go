package fakediscord

import (
	"strconv"
)

func (g *guild) features() []string {
	if g.info.Features == nil {
		return []string{}
	}
	return g.info.Features
}

// memberCount is what Discord calls approximate: bots included, and people
// nobody made by hand too.
func (g *guild) memberCount() int { return max(g.info.MemberCount, len(g.members)) }

func (s *Server) getGuild(c *call) (any, error) {
	g := s.guilds[c.r.PathValue("guild")]
	if g == nil || g.members[s.appID] == nil {
		return nil, fail(10004)
	}
	view := object{
		"id": g.id, "name": g.info.Name, "icon": text(g.info.Icon), "description": text(g.info.Description),
		"splash": nil, "discovery_splash": nil, "banner": nil, "owner_id": g.owner,
		"features": g.features(), "emojis": []any{}, "stickers": []any{}, "roles": g.roleViews(),
		"verification_level": g.info.VerificationLevel, "nsfw_level": g.info.NSFWLevel, "nsfw": g.info.NSFWLevel == 1 || g.info.NSFWLevel == 3,
		"default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0,
		"application_id": nil, "afk_channel_id": nil, "afk_timeout": 300, "widget_enabled": false, "widget_channel_id": nil,
		"system_channel_id": nil, "system_channel_flags": 0, "rules_channel_id": nil, "public_updates_channel_id": nil,
		"safety_alerts_channel_id": nil, "max_members": 500000, "max_presences": nil, "vanity_url_code": g.vanityCode(),
		"premium_tier": 0, "premium_subscription_count": 0, "premium_progress_bar_enabled": false,
		"preferred_locale": g.locale(), "region": "deprecated", "max_video_channel_users": 25, "max_stage_video_channel_users": 50,
	}
	if c.r.URL.Query().Get("with_counts") == "true" {
		view["approximate_member_count"] = g.memberCount()
		view["approximate_presence_count"] = g.info.Online
	}
	return view, nil
}

func (g *guild) locale() string {
	if g.info.Locale == "" {
		return "en-US"
	}
	return g.info.Locale
}

func (g *guild) vanityCode() any {
	if g.vanity == nil {
		return nil
	}
	return g.vanity.code
}

func (s *Server) getVanity(c *call) (any, error) {
	g, err := s.guildWith(c, ManageServer)
	if err != nil {
		return nil, err
	}
	if g.vanity == nil {
		return object{"code": nil, "uses": 0}, nil
	}
	return object{"code": g.vanity.code, "uses": g.vanity.uses}, nil
}

// Audit log events this package writes.
const (
	auditChannelCreate  = 10
	auditChannelUpdate  = 11
	auditChannelDelete  = 12
	auditBanAdd         = 22
	auditBanRemove      = 23
	auditMemberRoles    = 25
	auditRoleCreate     = 30
	auditRoleUpdate     = 31
	auditRoleDelete     = 32
	auditInviteCreate   = 40
	auditInviteDelete   = 42
	auditMessageDelete  = 72
	auditThreadCreate   = 110
	auditThreadUpdate   = 111
	auditThreadDelete   = 112
	auditEntriesAtMost  = 100
	auditEntriesDefault = 50
)

// note adds an entry to the audit log of g.
func (s *Server) note(g *guild, event int, actor, target, reason string, changes ...object) {
	entry := object{
		"id": s.ids.next(s.now()), "action_type": event, "user_id": actor, "target_id": text(target),
	}
	if reason != "" {
		entry["reason"] = reason
	}
	if len(changes) > 0 {
		entry["changes"] = changes
	}
	g.audit = append([]object{entry}, g.audit...)
}

func (s *Server) getAuditLog(c *call) (any, error) {
	g, err := s.guildWith(c, ViewAuditLog)
	if err != nil {
		return nil, err
	}
	limit, err := c.limit(auditEntriesDefault, auditEntriesAtMost)
	if err != nil {
		return nil, err
	}
	query := c.r.URL.Query()
	entries, users := []object{}, map[string]object{}
	for _, e := range g.audit {
		id, _ := e["id"].(string)
		actor, _ := e["user_id"].(string)
		if kind := query.Get("action_type"); kind != "" && kind != strconv.Itoa(e["action_type"].(int)) ||
			query.Get("user_id") != "" && query.Get("user_id") != actor ||
			query.Get("before") != "" && !older(id, query.Get("before")) || len(entries) == limit {
			continue
		}
		entries = append(entries, e)
		users[actor] = s.userView(actor)
	}
	return object{
		"audit_log_entries": entries, "users": sorted(users), "application_commands": []any{},
		"auto_moderation_rules": []any{}, "guild_scheduled_events": []any{}, "integrations": []any{},
		"threads": []any{}, "webhooks": []any{},
	}, nil
}
