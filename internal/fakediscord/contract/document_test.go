package contract_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord/contract"
)

// documentPath returns where Discord's OpenAPI document is. Without it the test
// is skipped; where CI is true it must be there.
func documentPath(t *testing.T) string {
	t.Helper()
	path := os.Getenv("DISCORD_OPENAPI")
	switch {
	case path != "":
	case os.Getenv("CI") == "true":
		t.Fatal("DISCORD_OPENAPI is not set: the contract tests must run where CI=true")
	default:
		t.Skip("SKIPPED: DISCORD_OPENAPI is not set, so nothing is checked against Discord's OpenAPI document")
	}
	return path
}

// asPublished writes a copy of the document as Discord publishes it, with the
// three changes undone.
func asPublished(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var doc any
	if err := decoder.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	undo(doc)
	data, err = json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "openapi.json")
	if err := os.WriteFile(copied, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return copied
}

func undo(v any) {
	switch v := v.(type) {
	case map[string]any:
		if v["additionalProperties"] == false {
			delete(v, "additionalProperties")
		}
		if p, ok := v["default_member_permissions"].(map[string]any); ok {
			p["type"], p["minimum"] = []any{"integer", "null"}, json.Number("0")
		}
		if uses, ok := v["max_uses"].(map[string]any); ok {
			uses["enum"] = []any{}
		}
		for _, child := range v {
			undo(child)
		}
	case []any:
		for _, child := range v {
			undo(child)
		}
	}
}

var bodies = []struct {
	name, method, path, body string
	refused                  string // part of the first problem, "" if it passes
}{
	{"message", "POST", "/channels/1/messages", `{"content":"hi","allowed_mentions":{"parse":[]},"nonce":"n","enforce_nonce":true}`, ""},
	{"unknown field", "POST", "/channels/1/messages", `{"contents":"hi"}`, "contents"},
	{"long nonce", "POST", "/channels/1/messages", `{"content":"x","nonce":"01234567890123456789012345"}`, "nonce"},
	{"long label, nested", "POST", "/channels/1/messages",
		`{"components":[{"type":17,"components":[{"type":1,"components":[{"type":2,"style":1,"custom_id":"a","label":"` + strings.Repeat("x", 81) + `"}]}]}]}`,
		"components.0.components.0.components.0.label: maxLength"},
	{"unknown component", "POST", "/channels/1/messages", `{"components":[{"type":77}]}`, "components.0: is none of the kinds"},
	{"uses of an invite", "POST", "/channels/1/invites", `{"max_uses":101}`, "max_uses"},
	{"invite", "POST", "/channels/1/invites", `{"max_uses":0,"max_age":0,"unique":true,"role_ids":["1"]}`, ""},
	{"permissions as text", "POST", "/applications/1/commands", `{"name":"x","description":"x","default_member_permissions":"32"}`, ""},
	{"media flags", "POST", "/channels/1/messages", `{"components":[{"type":12,"items":[{"media":{"url":"https://example.org/a.png","flags":0}}]}]}`, ""},
	{"new forum tag with an ID", "PATCH", "/channels/1", `{"available_tags":[{"id":"0","name":"Games"}]}`, ""},
	{"checkbox value", "POST", "/interactions/1/t/callback",
		`{"type":9,"data":{"custom_id":"a","title":"b","components":[{"type":18,"label":"c","component":{"type":23,"custom_id":"d","value":false}}]}}`, ""},
	{"choices", "POST", "/interactions/1/t/callback", `{"type":8,"data":{"choices":[{"name":"a","value":"b"}]}}`, ""},
	{"no body allowed", "PUT", "/guilds/1/members/2/roles/3", `{"x":1}`, "takes no body"},
	{"overwrite", "PUT", "/channels/1/permissions/2", `{"type":0,"allow":"1024","deny":"0"}`, ""},
}

func TestDocument(t *testing.T) {
	t.Parallel()
	strict := documentPath(t)
	for name, path := range map[string]string{"stricter": strict, "published": asPublished(t, strict)} {
		doc, err := contract.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range bodies {
			t.Run(name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				problems, err := doc.Check(tt.method, tt.path, []byte(tt.body))
				if err != nil {
					t.Fatal(err)
				}
				got := ""
				if len(problems) > 0 {
					got = problems[0].String()
				}
				if tt.refused == "" && got != "" || !strings.Contains(got, tt.refused) {
					t.Errorf("problems %v, want %q", problems, tt.refused)
				}
			})
		}
	}
}

func TestUnknownOperation(t *testing.T) {
	t.Parallel()
	doc, err := contract.Open(documentPath(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/channels/1/massages", "/channels", ""} {
		if _, err := doc.Check("POST", path, nil); !errors.Is(err, contract.ErrUnknownOperation) {
			t.Errorf("POST %q: %v", path, err)
		}
	}
	if _, err := doc.Check("POST", "/channels/1/messages", []byte("{")); err == nil {
		t.Error("broken JSON passes")
	}
}

func TestOpenNeedsADocument(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "x.json")
	if err := os.WriteFile(empty, []byte(`{}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{empty, empty + ".gone"} {
		if _, err := contract.Open(path); err == nil {
			t.Errorf("Open(%s) succeeds", filepath.Base(path))
		}
	}
}
