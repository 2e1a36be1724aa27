package contract

import (
	"fmt"
	"unicode/utf8"
)

// Limits that the document cannot express, or states too loosely.
const (
	maxComponents  = 40   // in a message, counting nested ones
	maxText        = 4000 // characters over all text displays of a message
	maxContent     = 2000 // characters
	maxEmbedText   = 6000 // characters over all embeds of a message
	maxCustomID    = 100
	maxLabel       = 80 // of a button
	maxOptions     = 25 // of a select
	maxModalTitle  = 45
	maxModalLabel  = 45
	maxModalLayout = 5 // top-level components of a modal
)

// Message flags that change what a body may hold.
const (
	flagEphemeral    = 1 << 6
	flagComponentsV2 = 1 << 15
)

// A checker collects problems.
type checker struct{ problems []Problem }

func (c *checker) add(at, format string, args ...any) {
	c.problems = append(c.problems, Problem{At: at, Text: fmt.Sprintf(format, args...)})
}

func (c *checker) length(at string, v any, max int) {
	s, _ := v.(string)
	if n := utf8.RuneCountInString(s); n > max {
		c.add(at, "must be %d or fewer in length, has %d", max, n)
	}
}

// Message returns what is wrong with the body of a message that is created or
// edited, beyond the OpenAPI document. V2 says that the message already is a
// Components V2 message: the flag cannot be taken away by an edit.
func Message(body map[string]any, v2 bool) []Problem {
	var c checker
	flags, hasFlags := number(body["flags"])
	switch {
	case v2 && hasFlags && flags&flagComponentsV2 == 0:
		c.add("flags", "the Components V2 flag cannot be removed")
	case flags&flagComponentsV2 != 0:
		v2 = true
	}
	if v2 {
		for _, field := range []string{"content", "embeds", "poll", "sticker_ids"} {
			if present(body[field]) {
				c.add(field, "cannot be used together with the Components V2 flag")
			}
		}
	}
	c.length("content", body["content"], maxContent)
	c.embeds(body["embeds"])
	c.components(body["components"], v2)
	return c.problems
}

// present reports whether a field holds anything. Emptying a field is allowed.
func present(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	}
	return true
}

func (c *checker) embeds(v any) {
	list, _ := v.([]any)
	total := 0
	for _, e := range list {
		embed, _ := e.(map[string]any)
		total += characters(embed, "title", "description")
		total += characters(object(embed["footer"]), "text") + characters(object(embed["author"]), "name")
		fields, _ := embed["fields"].([]any)
		for _, f := range fields {
			total += characters(object(f), "name", "value")
		}
	}
	if total > maxEmbedText {
		c.add("embeds", "embed size exceeds maximum size of %d, has %d", maxEmbedText, total)
	}
}

func characters(o map[string]any, fields ...string) int {
	n := 0
	for _, f := range fields {
		s, _ := o[f].(string)
		n += utf8.RuneCountInString(s)
	}
	return n
}

// Mentions returns what is wrong with the allowed mentions of a body that
// creates or edits a message. This is the rule of the house, not of Discord:
// every such body states its allowed mentions, and parses nobody implicitly.
func Mentions(body map[string]any) []Problem {
	allowed, ok := body["allowed_mentions"].(map[string]any)
	if !ok {
		return []Problem{{At: "allowed_mentions", Text: "is missing (rule of the house)"}}
	}
	parse, ok := allowed["parse"].([]any)
	if !ok {
		return []Problem{{At: "allowed_mentions.parse", Text: "is not a list (rule of the house)"}}
	}
	for _, kind := range parse {
		if kind == "everyone" || kind == "roles" {
			return []Problem{{At: "allowed_mentions.parse", Text: fmt.Sprintf("allows %v (rule of the house)", kind)}}
		}
	}
	return nil
}

func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}
