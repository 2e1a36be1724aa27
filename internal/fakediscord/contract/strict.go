package contract

import (
	"slices"
	"strings"
)

// strict makes the published document an oracle, in place:
//
//  1. sets of permissions also accept a string, which is what the documentation
//     shows and clients send: default_member_permissions, and the allow, deny
//     and permissions of overwrites and roles;
//  2. an empty enum, which nothing can satisfy, is dropped;
//  3. objects in request bodies take no properties that are not listed.
//     Without this a union accepts anything.
func strict(doc map[string]any) {
	loosen(doc)
	s := sealer{doc: doc, seen: make(map[string]bool)}
	paths, _ := doc["paths"].(map[string]any)
	for _, item := range paths {
		methods, _ := item.(map[string]any)
		for _, op := range methods {
			if schema, ok := dig(op, "requestBody", "content", "application/json", "schema"); ok {
				s.seal(schema)
			}
		}
	}
}

// loosen applies the first two changes everywhere below v.
func loosen(v any) {
	switch v := v.(type) {
	case map[string]any:
		if enum, ok := v["enum"].([]any); ok && len(enum) == 0 {
			delete(v, "enum")
		}
		properties, _ := v["properties"].(map[string]any)
		for _, name := range []string{"default_member_permissions", "allow", "deny", "permissions"} {
			acceptString(properties[name])
		}
		for _, child := range v {
			loosen(child)
		}
	case []any:
		for _, child := range v {
			loosen(child)
		}
	}
}

// acceptString lets an integer that may be null be a string too.
func acceptString(schema any) {
	object, _ := schema.(map[string]any)
	if kinds, _ := object["type"].([]any); !slices.Contains(kinds, any("integer")) {
		return
	}
	object["type"] = []any{"integer", "string", "null"}
	for _, bound := range []string{"minimum", "maximum", "format"} {
		delete(object, bound)
	}
}

// A sealer closes every object a schema leads to.
type sealer struct {
	doc  map[string]any
	seen map[string]bool // references already followed
}

func (s sealer) seal(v any) {
	schema, ok := v.(map[string]any)
	if !ok {
		return
	}
	if ref, ok := schema["$ref"].(string); ok && !s.seen[ref] {
		s.seen[ref] = true
		if target, ok := dig(s.doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...); ok {
			s.seal(target)
		}
	}
	properties, isObject := schema["properties"].(map[string]any)
	if _, decided := schema["additionalProperties"]; isObject && !decided {
		schema["additionalProperties"] = false
	}
	for _, property := range properties {
		s.seal(property)
	}
	s.seal(schema["items"])
	s.seal(schema["additionalProperties"])
	for _, union := range []string{"oneOf", "anyOf"} {
		// allOf is left alone: its parts are read together.
		alternatives, _ := schema[union].([]any)
		for _, alternative := range alternatives {
			s.seal(alternative)
		}
	}
}
