package fakediscord

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-bot/entente/internal/fakediscord/contract"
)

// keptFlags are the flags a bot may set on a message.
const keptFlags = 1<<2 | 1<<12 | flagComponentsV2

// draft makes a message of the bot's from body, without posting it. It checks
// what the bot may do in ch, its sending there apart.
func (s *Server) draft(c *call, ch *channel, body object) (*message, error) {
	m, err := s.compose(c, body, keptFlags)
	if err != nil {
		return nil, err
	}
	m.channel = ch.id
	if len(m.attachments) > 0 && !s.allowed(ch, AttachFiles) || len(m.embeds) > 0 && !s.allowed(ch, EmbedLinks) {
		return nil, fail(50013)
	}
	return m, nil
}

// compose makes a message of the bot's from body, keeping only some flags.
func (s *Server) compose(c *call, body object, flags int) (*message, error) {
	m := &message{author: s.appID, nonce: body["nonce"], reference: body["message_reference"]}
	m.flags = integer(body["flags"]) & flags
	files, err := s.attach(c, nil, body)
	if err != nil {
		return nil, err
	}
	if err := s.fill(m, body, files); err != nil {
		return nil, err
	}
	m.created = s.now()
	m.id = s.ids.next(m.created)
	return m, nil
}

// fill sets the content of m from body. Fields that are not stated stay.
func (s *Server) fill(m *message, body object, files []*attachment) error {
	next := *m
	next.attachments = files
	if content, stated := body["content"]; stated {
		next.content, _ = content.(string)
	}
	if embeds, stated := body["embeds"]; stated {
		next.embeds, _ = embeds.([]any)
	}
	if components, stated := body["components"]; stated {
		next.past = m.remembered()
		next.components, _ = components.([]any)
		number(next.components)
	}
	if strings.TrimSpace(next.content) == "" && len(next.embeds)+len(next.attachments)+len(next.components) == 0 {
		return fail(50006)
	}
	if err := next.refersToAttachments(); err != nil {
		return err
	}
	next.pings = pings(next.allText(), body["allowed_mentions"])
	*m = next
	return nil
}

// remembered is every button and menu that stands in m or did before, as it last stood.
func (m *message) remembered() map[string]any {
	past := maps.Clone(m.past)
	contract.Walk(m.components, func(_ string, c object) {
		if id := textOf(c["custom_id"]); id != "" && c["disabled"] != true {
			if past == nil {
				past = make(map[string]any)
			}
			past[id] = c
		}
	})
	return past
}

// revise applies the body of an edit to m.
func (s *Server) revise(c *call, m *message, body object) error {
	files, err := s.attach(c, m.attachments, body)
	if err != nil {
		return err
	}
	next := *m
	next.flags |= integer(body["flags"]) & flagComponentsV2
	if next.v2() && !m.v2() {
		next.content, next.embeds = "", nil
	}
	if err := s.fill(&next, body, files); err != nil {
		return err
	}
	next.edited = s.now()
	*m = next
	return nil
}

// attach returns the attachments a message has after body: those kept, then the new files.
func (s *Server) attach(c *call, old []*attachment, body object) ([]*attachment, error) {
	stated, isStated := body["attachments"].([]any)
	var list []*attachment
	if !isStated {
		list = append(list, old...)
		for i := range len(c.files) {
			stated = append(stated, object{"id": strconv.Itoa(i)})
		}
	}
	for i, v := range stated {
		entry, _ := v.(object)
		id := textOf(entry["id"])
		file := c.files[id]
		if j := slices.IndexFunc(old, func(a *attachment) bool { return a.id == id }); j >= 0 {
			file = old[j]
		}
		if file == nil {
			return nil, wrong(fmt.Sprintf("attachments.%d.id", i), "Unknown attachment")
		}
		if file.id == "" {
			file.id = s.ids.next(s.now())
		}
		if name, ok := entry["filename"].(string); ok && name != "" {
			file.name = name
		}
		if description, ok := entry["description"].(string); ok {
			file.description = description
		}
		list = append(list, file)
	}
	return list, nil
}

// refersToAttachments checks that every attachment:// URL names a file of the message.
func (m *message) refersToAttachments() error {
	var missing []contract.Problem
	check := func(at string, v any) {
		media, _ := v.(object)
		url, _ := media["url"].(string)
		name, internal := strings.CutPrefix(url, "attachment://")
		if internal && !slices.ContainsFunc(m.attachments, func(a *attachment) bool { return a.name == name }) {
			missing = append(missing, contract.Problem{At: at, Text: "The referenced attachment was not found"})
		}
	}
	contract.Walk(m.components, func(at string, component object) {
		at = "components." + at
		check(at+".media", component["media"])
		check(at+".file", component["file"])
		items, _ := component["items"].([]any)
		for i, item := range items {
			item, _ := item.(object)
			check(fmt.Sprintf("%s.items.%d.media", at, i), item["media"])
		}
	})
	if len(missing) > 0 {
		return invalid(missing...)
	}
	return nil
}

// number gives the components that have none their ID, as Discord does.
func number(components []any) {
	used := map[int]bool{}
	contract.Walk(components, func(_ string, component object) {
		used[integer(component["id"])] = true
	})
	next := 1
	contract.Walk(components, func(_ string, component object) {
		if integer(component["id"]) != 0 {
			return
		}
		for used[next] {
			next++
		}
		used[next] = true
		component["id"] = json.Number(strconv.Itoa(next))
	})
}

var mentionPattern = regexp.MustCompile(`<@(&?)!?(\d+)>|@(everyone|here)`)

// pings returns whom a text notifies under the given allowed mentions: IDs of
// users and roles, and "everyone". Without allowed mentions it is everyone named.
func pings(text string, allowed any) []string {
	if !strings.Contains(text, "@") {
		return nil // as most
	}
	rules, stated := allowed.(object)
	parse, _ := rules["parse"].([]any)
	may := func(kind, list, id string) bool {
		named, _ := rules[list].([]any)
		return !stated || slices.Contains(parse, any(kind)) || slices.Contains(named, any(id))
	}
	var found []string
	for _, match := range mentionPattern.FindAllStringSubmatch(text, -1) {
		id, ok := match[2], false
		switch {
		case match[3] != "":
			id, ok = "everyone", may("everyone", "", "")
		case match[1] == "&":
			ok = may("roles", "roles", id)
		default:
			ok = may("users", "users", id)
		}
		if ok && !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	return found
}

// textOf writes a JSON string or number as text.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}
