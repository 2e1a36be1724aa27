package contract_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord/contract"
)

func decode(t *testing.T, body string) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	var v map[string]any
	if err := decoder.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return v
}

func expect(t *testing.T, problems []contract.Problem, refused string) {
	t.Helper()
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.String())
	}
	got := strings.Join(lines, "\n")
	if refused == "" && got != "" || !strings.Contains(got, refused) {
		t.Errorf("problems %q, want %q", got, refused)
	}
}

// repeat returns n copies of format, each with its number filled in.
func repeat(n int, format string) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(format, i))
	}
	return strings.Join(list, ",")
}

func TestMessage(t *testing.T) {
	t.Parallel()
	const v2 = `"flags":32768,`
	text := func(n int) string { return fmt.Sprintf(`{"type":10,"content":%q}`, strings.Repeat("é", n)) }
	button := func(fields string) string {
		return `{"components":[{"type":1,"components":[{"type":2,` + fields + `}]}]}`
	}
	tests := []struct{ name, body, refused string }{
		{"40 components", `{` + v2 + `"components":[{"type":17,"components":[` + repeat(39, `{"type":10,"content":"%d"}`) + `]}]}`, ""},
		{"41 components", `{` + v2 + `"components":[{"type":17,"components":[` + repeat(40, `{"type":10,"content":"%d"}`) + `]}]}`, "limited to 40"},
		{"accessory counts", `{` + v2 + `"components":[` + repeat(13, `{"type":9,"components":[{"type":10,"content":"%d"}],"accessory":{"type":11,"media":{"url":"a"}}}`) + `,{"type":14},{"type":14}]}`, "has 41"},
		{"4000 characters", `{` + v2 + `"components":[` + text(2000) + `,` + text(2000) + `]}`, ""},
		{"4001 characters", `{` + v2 + `"components":[` + text(2000) + `,` + text(2001) + `]}`, "limited to 4000"},
		{"content beside V2", `{` + v2 + `"content":"x","components":[` + text(1) + `]}`, "content: cannot be used"},
		{"embeds beside V2", `{` + v2 + `"embeds":[{}],"components":[` + text(1) + `]}`, "embeds: cannot be used"},
		{"V2 component without flag", `{"components":[` + text(1) + `]}`, "needs the Components V2 flag"},
		{"content", fmt.Sprintf(`{"content":%q}`, strings.Repeat("é", 2000)), ""},
		{"long content", fmt.Sprintf(`{"content":%q}`, strings.Repeat("é", 2001)), "2000 or fewer"},
		{"embeds", fmt.Sprintf(`{"embeds":[{"description":%q},{"description":%q}]}`, strings.Repeat("x", 4000), strings.Repeat("x", 2001)), "6000"},
		{"button", button(`"style":1,"label":"a","custom_id":"b"`), ""},
		{"button without ID", button(`"style":1,"label":"a"`), "has a custom id"},
		{"button with both", button(`"style":1,"label":"a","custom_id":"b","url":"https://example.org"`), "has a custom id"},
		{"link with ID", button(`"style":5,"label":"a","custom_id":"b"`), "link button"},
		{"long ID", button(fmt.Sprintf(`"style":1,"label":"a","custom_id":%q`, strings.Repeat("x", 101))), "100 or fewer"},
		{"button without label", button(`"style":1,"custom_id":"b"`), "label or emoji"},
		{"same ID twice", `{"components":[{"type":1,"components":[{"type":2,"style":1,"label":"a","custom_id":"b"},{"type":2,"style":1,"label":"c","custom_id":"b"}]}]}`, "duplicated"},
		{"26 options", `{"components":[{"type":1,"components":[{"type":3,"custom_id":"a","options":[` + repeat(26, `{"label":"x","value":"%d"}`) + `]}]}]}`, "has 26"},
		{"same option twice", `{"components":[{"type":1,"components":[{"type":3,"custom_id":"a","options":[{"label":"x","value":"1"},{"label":"y","value":"1"}]}]}]}`, "already used"},
		{"two selects in a row", `{"components":[{"type":1,"components":[{"type":6,"custom_id":"a"},{"type":6,"custom_id":"b"}]}]}`, "one select"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			expect(t, contract.Message(decode(t, tt.body), false), tt.refused)
		})
	}
	expect(t, contract.Message(decode(t, `{"flags":0,"components":[]}`), true), "cannot be removed")
	expect(t, contract.Message(decode(t, `{"content":"x"}`), true), "cannot be used")
	expect(t, contract.Message(decode(t, `{"components":[{"type":10,"content":"x"}]}`), true), "")
}

func TestMentions(t *testing.T) {
	t.Parallel()
	for body, refused := range map[string]string{
		`{"allowed_mentions":{"parse":[]}}`:               "",
		`{"allowed_mentions":{"parse":[],"users":["1"]}}`: "",
		`{}`:                                       "is missing",
		`{"allowed_mentions":null}`:                "is missing",
		`{"allowed_mentions":{"parse":null}}`:      "not a list",
		`{"allowed_mentions":{"users":["1"]}}`:     "not a list",
		`{"allowed_mentions":{"parse":["roles"]}}`: "allows roles",
	} {
		expect(t, contract.Mentions(decode(t, body)), refused)
	}
}

func TestModal(t *testing.T) {
	t.Parallel()
	modal := func(title, components string) string {
		return fmt.Sprintf(`{"custom_id":"m","title":%q,"components":[%s]}`, title, components)
	}
	const field = `{"type":18,"label":"l","component":{"type":4,"style":1,"custom_id":"f%d"}}`
	tests := []struct{ name, body, refused string }{
		{"five", modal("t", repeat(5, field)), ""},
		{"six", modal("t", repeat(6, field)), "between 1 and 5"},
		{"none", modal("t", ""), "between 1 and 5"},
		{"long title", modal(strings.Repeat("x", 46), repeat(1, field)), "45 or fewer"},
		{"long label", modal("t", `{"type":18,"label":"`+strings.Repeat("x", 46)+`","component":{"type":4,"style":1,"custom_id":"f"}}`), "components.0.label: must be 45"},
		{"same ID twice", modal("t", `{"type":18,"label":"a","component":{"type":4,"style":1,"custom_id":"f"}},{"type":18,"label":"b","component":{"type":4,"style":1,"custom_id":"f"}}`), "duplicated"},
		{"button", modal("t", `{"type":2,"style":1,"label":"a","custom_id":"b"}`), "cannot stand"},
		{"value over its own limit", modal("t", `{"type":18,"label":"a","component":{"type":4,"style":1,"custom_id":"f","value":"abc","max_length":2}}`), "max_length"},
		{"optional but required", modal("t", `{"type":18,"label":"a","component":{"type":19,"custom_id":"f","min_values":0}}`), "must be false"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			expect(t, contract.Modal(decode(t, tt.body)), tt.refused)
		})
	}
}

func TestCallback(t *testing.T) {
	t.Parallel()
	const command, component, autocomplete, modal = 2, 3, 4, 5
	form := `{"type":9,"data":{"custom_id":"m","title":"t","components":[{"type":18,"label":"l","component":{"type":4,"style":1,"custom_id":"f"}}]}}`
	hi := `{"type":%d,"data":{"content":"hi","allowed_mentions":{"parse":[]}}}`
	tests := []struct {
		name      string
		kind      int
		onMessage bool
		body      string
		refused   string
	}{
		{"command, message", command, false, fmt.Sprintf(hi, 4), ""},
		{"command, update", command, false, fmt.Sprintf(hi, 7), "cannot answer"},
		{"component, update", component, true, fmt.Sprintf(hi, 7), ""},
		{"modal from a command, update", modal, false, fmt.Sprintf(hi, 7), "no message to update"},
		{"modal answered by a modal", modal, true, form, "cannot answer"},
		{"component answered by a modal", component, true, form, ""},
		{"choices to a command", command, false, `{"type":8,"data":{"choices":[]}}`, "cannot answer"},
		{"message to an autocompletion", autocomplete, false, fmt.Sprintf(hi, 4), "cannot answer"},
		{"26 choices", autocomplete, false, `{"type":8,"data":{"choices":[` + repeat(26, `{"name":"a","value":"%d"}`) + `]}}`, "25 or fewer"},
		{"deferred with V2", command, false, `{"type":5,"data":{"flags":32768}}`, "no flag but ephemeral"},
		{"no mentions", command, false, `{"type":4,"data":{"content":"hi"}}`, "data.allowed_mentions: is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			expect(t, contract.Callback(tt.kind, tt.onMessage, false, decode(t, tt.body)), tt.refused)
		})
	}
}
