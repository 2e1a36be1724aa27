package fakediscord

import (
	"maps"
	"slices"
)

const maxCommands = 100

// scope returns the guild whose commands a call is about, "" for the global ones.
func (s *Server) scope(c *call) (string, error) {
	if err := s.foreignApplication(c); err != nil {
		return "", err
	}
	id := c.r.PathValue("guild")
	if id != "" && s.guilds[id] == nil {
		return "", fail(10004)
	}
	if id != "" && s.guilds[id].members[s.appID] == nil && !s.commandsOnly[id] {
		return "", fail(50001)
	}
	return id, nil
}

func (s *Server) listCommands(c *call) (any, error) {
	scope, err := s.scope(c)
	if err != nil {
		return nil, err
	}
	list := append([]object{}, s.commands[scope]...)
	if c.r.URL.Query().Get("with_localizations") != "true" {
		for i := range list {
			list[i], _ = unlocalized(list[i]).(object)
		}
	}
	return list, nil
}

// unlocalized is v without the texts in other languages, which Discord lists only
// if it is asked for them.
func unlocalized(v any) any {
	switch v := v.(type) {
	case object:
		short := object{}
		for name, field := range v {
			if name != "name_localizations" && name != "description_localizations" {
				short[name] = unlocalized(field)
			}
		}
		return short
	case []any:
		short := make([]any, len(v))
		for i := range v {
			short[i] = unlocalized(v[i])
		}
		return short
	}
	return v
}

// setCommands replaces all commands of a scope. A command that keeps its name keeps its ID.
func (s *Server) setCommands(c *call) (any, error) {
	scope, err := s.scope(c)
	if err != nil {
		return nil, err
	}
	bodies, _ := c.body.([]any)
	var list []object
	for i, v := range bodies {
		body, _ := v.(object)
		if err := s.checkCommand(body, i); err != nil {
			return nil, err
		}
		if named(list, body) >= 0 {
			return nil, wrong("", "Application command names must be unique")
		}
		list = append(list, s.newCommand(scope, body))
	}
	if len(list) > maxCommands {
		return nil, fail(30032)
	}
	s.commands[scope] = list
	return append([]object{}, list...), nil
}

// named returns the index of the command with the name and type of body, or -1.
func named(list []object, body object) int {
	return slices.IndexFunc(list, func(c object) bool {
		return c["name"] == body["name"] && max(integer(c["type"]), 1) == max(integer(body["type"]), 1)
	})
}

// newCommand completes body as Discord does.
func (s *Server) newCommand(scope string, body object) object {
	cmd := object{
		"type": body["type"], "application_id": s.appID, "version": s.ids.next(s.now()), "nsfw": false,
		"default_member_permissions": nil, "dm_permission": true, "integration_types": []int{0}, "contexts": nil,
		"name_localizations": nil, "description_localizations": nil, "description": "",
	}
	maps.Copy(cmd, body)
	if cmd["type"] == nil {
		cmd["type"] = one
	}
	if n := textOf(cmd["default_member_permissions"]); n != "" {
		cmd["default_member_permissions"] = n
	}
	if scope != "" {
		cmd["guild_id"] = scope
	}
	cmd["id"] = s.ids.next(s.now())
	if i := named(s.commands[scope], body); i >= 0 {
		cmd["id"] = s.commands[scope][i]["id"]
	}
	return cmd
}

func (s *Server) createCommand(c *call) (any, error) {
	scope, err := s.scope(c)
	if err != nil {
		return nil, err
	}
	body := c.object()
	if err := s.checkCommand(body, -1); err != nil {
		return nil, err
	}
	cmd := s.newCommand(scope, body)
	if i := named(s.commands[scope], body); i >= 0 {
		s.commands[scope][i] = cmd
		return cmd, nil
	}
	if len(s.commands[scope]) >= maxCommands {
		return nil, fail(30032)
	}
	s.commands[scope] = append(s.commands[scope], cmd)
	return created{cmd}, nil
}

// commandOf returns the scope and the index of the command in the path.
func (s *Server) commandOf(c *call) (string, int, error) {
	scope, err := s.scope(c)
	if err != nil {
		return "", 0, err
	}
	id := c.r.PathValue("command")
	i := slices.IndexFunc(s.commands[scope], func(cmd object) bool { return cmd["id"] == id })
	if i < 0 {
		return "", 0, fail(10063)
	}
	return scope, i, nil
}

func (s *Server) getCommand(c *call) (any, error) {
	scope, i, err := s.commandOf(c)
	if err != nil {
		return nil, err
	}
	return s.commands[scope][i], nil
}

func (s *Server) editCommand(c *call) (any, error) {
	scope, i, err := s.commandOf(c)
	if err != nil {
		return nil, err
	}
	next := maps.Clone(s.commands[scope][i])
	maps.Copy(next, c.object())
	if err := s.checkCommand(next, -1); err != nil {
		return nil, err
	}
	next["version"] = s.ids.next(s.now())
	s.commands[scope][i] = next
	return next, nil
}

func (s *Server) deleteCommand(c *call) (any, error) {
	scope, i, err := s.commandOf(c)
	if err != nil {
		return nil, err
	}
	s.commands[scope] = slices.Delete(s.commands[scope], i, i+1)
	return nil, nil
}
