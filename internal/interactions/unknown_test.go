package interactions_test

import (
	"fmt"
	"strings"
	"testing"
)

const gone = "This is no longer available"

// about puts data of another type of interaction in the place of the command's.
func about(kind int, data string) string {
	body := strings.Replace(command, `"type":2`, fmt.Sprintf(`"type":%d`, kind), 1)
	return body[:strings.Index(body, `"data":`)] + `"data":` + data + `}`
}

// TestUnknown sends what no route leads to: a button of an earlier version, a
// command that is registered no more, an interaction type yet to come.
func TestUnknown(t *testing.T) {
	t.Parallel()
	press := func(customID string) string {
		return about(3, fmt.Sprintf(`{"component_type":2,"custom_id":%q}`, customID))
	}
	for name, body := range map[string]string{
		"type 0":                   about(0, `{}`),
		"type 6":                   about(6, `{}`),
		"type 99":                  about(99, `{"name":"partner"}`),
		"type -1":                  about(-1, `{}`),
		"command":                  about(2, `{"name":"canary-written"}`),
		"command without a name":   about(2, `{}`),
		"command without a sub":    about(2, `{"name":"partner"}`),
		"subcommand":               about(2, `{"name":"partner","options":[{"type":1,"name":"canary-written"}]}`),
		"subcommand as a value":    about(2, `{"name":"partner","options":[{"type":3,"name":"list","value":"x"}]}`),
		"group":                    about(2, `{"name":"partner","options":[{"type":2,"name":"list"}]}`),
		"no data":                  about(2, `null`),
		"button":                   press("canary-written"),
		"button without an ID":     press(""),
		"button of a modal":        press("apply/send:slash"),
		"button, other version":    press("apply/approve:1:2"),
		"button, longer":           press("apply/approve:1:2:3:4"),
		"button, shorter":          press("apply/approve"),
		"button, in capitals":      press("Apply/Approve:1:2:3"),
		"button, a command's name": press("partner list"),
		"button of a settled card": press("apply/settled:1"),
		"modal":                    about(5, `{"custom_id":"canary-written","components":[]}`),
		"modal of a button":        about(5, `{"custom_id":"apply/approve:1:2:3","components":[]}`),
		"modal, other version":     about(5, `{"custom_id":"apply/send:1:2","components":[]}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			e.replies(body, gone)
			e.untouched()
			lines := e.logs.take()
			if len(lines) != 1 || !strings.Contains(lines[0], `"outcome":"gone"`) || !strings.Contains(lines[0], `"level":"WARN"`) {
				t.Errorf("logged %q, want one line that says so", lines)
			}
			if strings.Contains(lines[0], "canary") {
				t.Errorf("the log holds what was sent: %s", lines[0])
			}
		})
	}
}

// TestUnknownSuggestions types into a command that is registered no more: no
// message can answer that.
func TestUnknownSuggestions(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	out := e.post(about(4, `{"name":"partner","options":[{"type":1,"name":"old","options":[{"type":3,"name":"x","value":"y","focused":true}]}]}`))
	if out.Status != 200 || string(out.Body) != `{"type":8,"data":{"choices":[]}}` {
		t.Errorf("%d %s", out.Status, out.Body)
	}
}

// TestUnforeseenFields sends what Discord may add, and what disgo stumbles over:
// it does not matter.
func TestUnforeseenFields(t *testing.T) {
	t.Parallel()
	with := func(fields string) string { return `{` + fields + `,` + command[1:] }
	for name, body := range map[string]string{
		"forum channel":   with(`"channel":{"id":"5","type":15,"available_tags":[{"id":"1"}],"flags":16}`),
		"media channel":   with(`"channel":{"id":"5","type":16}`),
		"future channel":  with(`"channel":{"id":"5","type":99,"guild_id":"6"}`),
		"channel a word":  with(`"channel":"forum"`),
		"future fields":   with(`"future":{"deep":[1,2,{"x":null}]},"context":7,"authorizing_integration_owners":{"9":"1"}`),
		"future version":  strings.Replace(command, `"data":{`, `"version":2,"data":{"future":[],`, 1),
		"entitlements":    with(`"entitlements":[{"id":"1","type":99}]`),
		"channel options": strings.Replace(command, `"data":{`, `"data":{"resolved":{"channels":{"5":{"id":"5","type":99,"permissions":"0"}},"users":{"1":{}},"attachments":{}},`, 1),
		"unknown locale":  strings.Replace(command, `"locale":"en-US"`, `"locale":"tlh-Piqd"`, 1),
		"no locale":       strings.Replace(command, `"locale":"en-US",`, ``, 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			e.replies(body, "Partnerships of this server")
		})
	}
}

// TestUnforeseenValues sends options and fields of types that a route does not
// ask for: it is as if they were not there.
func TestUnforeseenValues(t *testing.T) {
	t.Parallel()
	const notFound, notSetUp = "This server has no such partner", "not ready for applications"
	info := func(value string) string {
		return about(2, `{"name":"partner","options":[{"type":1,"name":"info","options":[{"type":3,"name":"partner","value":`+value+`}]}]}`)
	}
	for name, tt := range map[string]struct{ body, says string }{
		"a number":      {info(`5`), notFound},
		"a fraction":    {info(`5.5`), notFound},
		"a boolean":     {info(`true`), notFound},
		"null":          {info(`null`), "You have no application"},
		"an object":     {info(`{"a":["b"]}`), notFound},
		"21 digits":     {info(`"` + strings.Repeat("5", 21) + `"`), notFound},
		"other digits":  {info(`"٥٥"`), notFound},
		"a NUL":         {info(`"5\u0000"`), notFound},
		"half a letter": {info(`"\ud800"`), notFound},
		"no fields":     {about(5, `{"custom_id":"apply/send:slash"}`), notSetUp},
		"odd fields": {about(5, `{"custom_id":"apply/send:slash","components":[{"component":{"custom_id":"invite","value":{"a":1}}},
			{"component":null},{"components":[{"custom_id":"description","value":7}]},{"custom_id":"category","values":[]}]}`), notSetUp},
		"page a word":   {about(3, `{"component_type":2,"custom_id":"partner/list:next"}`), "no partners yet"},
		"page too high": {about(3, `{"component_type":2,"custom_id":"partner/list:99999999999999999999"}`), "no partners yet"},
		"page negative": {about(3, `{"component_type":2,"custom_id":"partner/list:-9"}`), "no partners yet"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			out := e.post(tt.body)
			if out.Status != 200 || !strings.Contains(string(out.Body), tt.says) {
				t.Errorf("%d %s, want %q", out.Status, out.Body, tt.says)
			}
		})
	}
}
