package discordrest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/snowflake/v2"

	"github.com/entente-bot/entente/internal/action"
)

func TestCreateMessage(t *testing.T) {
	t.Parallel()
	var sent tape
	c := open(sent.on(always(200, `{"id":"55","channel_id":"7","content":"hi","nonce":"n1"}`)))
	m, err := c.CreateMessage(t.Context(), "7", discord.MessageCreate{Content: "hi", Nonce: "n1", EnforceNonce: true})
	if err != nil || m.ID != 55 || m.Nonce != "n1" {
		t.Fatalf("got %v, %v", m.ID, err)
	}
	want := `{"nonce":"n1","content":"hi","allowed_mentions":{"parse":[],"roles":[],"users":[],"replied_user":false},"enforce_nonce":true}`
	if string(sent.body) != want || sent.lines[0] != "POST /channels/7/messages" {
		t.Errorf("%s %s\nwant %s", sent.lines[0], sent.body, want)
	}
	for name, want := range map[string]string{
		"Authorization": "Bot " + botToken,
		"User-Agent":    "DiscordBot (https://github.com/entente-bot/entente, 1.2.3)",
		"Content-Type":  "application/json",
	} {
		if got := sent.head.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestMentionsAreNamedOrNone(t *testing.T) {
	t.Parallel()
	var sent tape
	c := open(sent.on(always(200, `{"id":"55"}`)))
	named := &discord.AllowedMentions{Users: []snowflake.ID{5}}
	if _, err := c.CreateMessage(t.Context(), "7", discord.MessageCreate{Content: "<@5> @everyone", AllowedMentions: named}); err != nil {
		t.Fatal(err)
	}
	if want := `"allowed_mentions":{"parse":[],"roles":[],"users":["5"],"replied_user":false}`; !strings.Contains(string(sent.body), want) {
		t.Errorf("sent %s", sent.body)
	}
	if named.Parse != nil || named.Roles != nil {
		t.Error("the caller's value was changed")
	}
	everyone := &discord.AllowedMentions{Parse: []discord.AllowedMentionType{discord.AllowedMentionTypeEveryone}}
	before := sent.count()
	for name, err := range map[string]error{
		"create": second(c.CreateMessage(t.Context(), "7", discord.MessageCreate{Content: "x", AllowedMentions: everyone})),
		"edit":   c.EditMessage(t.Context(), "7", "8", discord.MessageUpdate{AllowedMentions: everyone}),
		"reply":  c.EditReply(t.Context(), "t", discord.MessageUpdate{AllowedMentions: everyone}),
		"follow": c.FollowUp(t.Context(), "t", discord.MessageCreate{AllowedMentions: everyone}),
	} {
		if failure(t, err).Verdict != action.Bury {
			t.Errorf("%s: %v", name, err)
		}
	}
	if sent.count() != before {
		t.Errorf("sent %q", sent.lines[before:])
	}
}

func TestFilesGoOnceMoreAfterARateLimit(t *testing.T) {
	t.Parallel()
	var sent tape
	var bodies []string
	c := open(sent.on(func(*http.Request) (*http.Response, error) {
		bodies = append(bodies, string(sent.body))
		if len(bodies) == 1 {
			return answer(429, `{"retry_after":0.001,"global":false}`), nil
		}
		return answer(200, `{"id":"55"}`), nil
	}))
	file := func(name string) []*discord.File {
		return []*discord.File{{Name: name, Reader: strings.NewReader("PNG")}}
	}
	if _, err := c.CreateMessage(t.Context(), "7", discord.MessageCreate{Files: file("a.png")}); err != nil {
		t.Fatal(err)
	}
	if len(bodies) != 2 || bodies[0] != bodies[1] || !strings.Contains(bodies[1], "PNG") || !strings.Contains(bodies[1], `"parse":[]`) {
		t.Errorf("sent %q", bodies)
	}
	for _, name := range []string{"a\".png", "a\r\nX: y", "a\\", "\x00"} {
		if _, err := c.CreateMessage(t.Context(), "7", discord.MessageCreate{Files: file(name)}); failure(t, err).Verdict != action.Bury {
			t.Errorf("file %q: %v", name, err)
		}
	}
	broken := []*discord.File{{Name: "a", Reader: brokenReader{}}}
	if err := c.EditMessage(t.Context(), "7", "8", discord.MessageUpdate{Files: broken}); failure(t, err).Verdict != action.Bury || strings.Contains(err.Error(), content) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New(content) }

func TestDeletedAlreadyIsDeleted(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int{`{"code":10008}`: 0, `{"code":10003}`: 10003} {
		var sent tape
		err := open(sent.on(always(404, body))).DeleteMessage(t.Context(), "7", "8", "the partnership ended — ü/%")
		if action.Code(err) != want || (err == nil) != (want == 0) {
			t.Errorf("%s: %v", body, err)
		}
		if got := sent.head.Get("X-Audit-Log-Reason"); got != "the%20partnership%20ended%20%E2%80%94%20%C3%BC%2F%25" {
			t.Errorf("reason %q", got)
		}
	}
}

func TestAuditReasonFits(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]string{
		"":                         "Entente",
		" \n":                      "Entente",
		strings.Repeat("x", 600):   strings.Repeat("x", 512),
		strings.Repeat("é", 600):   strings.Repeat("%C3%A9", 85),
		"a\r\nAuthorization: \xff": "a%0D%0AAuthorization:%20",
	} {
		var sent tape
		c := open(sent.on(always(204, "")))
		if err := c.AddRole(t.Context(), "1", "2", "3", reason); err != nil {
			t.Fatal(err)
		}
		if got := sent.head.Get("X-Audit-Log-Reason"); got != want {
			t.Errorf("%.20q: got %q, want %q", reason, got, want)
		}
		if sent.lines[0] != "PUT /guilds/1/members/2/roles/3" {
			t.Error(sent.lines[0])
		}
	}
}

func TestReplies(t *testing.T) {
	t.Parallel()
	var sent tape
	c := open(sent.on(always(204, "")))
	text := "done"
	if err := c.EditReply(t.Context(), "to/../ken?", discord.MessageUpdate{Content: &text}); err != nil {
		t.Fatal(err)
	}
	if err := c.FollowUp(t.Context(), "token", discord.MessageCreate{Content: "x"}); err != nil {
		t.Fatal(err)
	}
	if sent.lines[0] != "PATCH /webhooks/99/to%2F..%2Fken%3F/messages/@original" || sent.lines[1] != "POST /webhooks/99/token" {
		t.Errorf("sent %q", sent.lines)
	}
	if sent.head.Get("Authorization") != "" {
		t.Error("the bot token went along")
	}
	for _, token := range []string{"", ".", ".."} {
		if err := c.EditReply(t.Context(), token, discord.MessageUpdate{}); failure(t, err).Verdict != action.Bury {
			t.Errorf("token %q: %v", token, err)
		}
	}
	if sent.count() != 2 {
		t.Errorf("sent %q", sent.lines)
	}
}

// TestOddMessageHidesNoOther: a page holds what others wrote, and Discord adds to that
// at any time.
func TestOddMessageHidesNoOther(t *testing.T) {
	t.Parallel()
	const odd = `[{"id":"1001","author":{"id":"x"}},{"id":"1000","author":7},`
	pages := map[string]string{
		"limit=100":            odd + strings.TrimPrefix(page(999, 98, "5"), "["),
		"before=902&limit=100": odd + strings.TrimPrefix(page(901, 3, "42"), "["),
	}
	c := open(trip(func(rq *http.Request) (*http.Response, error) {
		if strings.HasSuffix(rq.URL.Path, "/users/@me") {
			return answer(200, `{"id":"42"}`), nil
		}
		return answer(200, pages[rq.URL.RawQuery]), nil
	}))
	m, found, err := c.FindMessage(t.Context(), "7", 3, func(discord.Message) bool { return true })
	if err != nil || !found || m.ID != 901 {
		t.Errorf("%v %v %v, want message 901", m.ID, found, err)
	}
}

// page makes a page of a channel, newest first, as Discord does.
func page(from, n int, author string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`{"id":"%d","author":{"id":%q},"content":"c%[1]d","type":999,"components":[{"type":99}]}`, from-i, author)
	}
	return "[" + strings.Join(list, ",") + "]"
}

func TestFindMessage(t *testing.T) {
	t.Parallel()
	pages := map[string]string{
		"limit=100":            page(1000, 100, "42"),
		"before=901&limit=100": page(900, 100, "5"),
		"before=801&limit=100": page(800, 30, "42"),
		"before=771&limit=100": "none asks for this",
	}
	var sent tape
	c := open(sent.on(func(rq *http.Request) (*http.Response, error) {
		if rq.URL.Path == "/api/v10/users/@me" {
			return answer(200, `{"id":"42","bot":true}`), nil
		}
		return answer(200, pages[rq.URL.RawQuery]), nil
	}))
	tests := []struct {
		pages int
		find  string
		want  string // ID, or "" if it is not found
		asked int    // for pages
	}{
		{5, "c950", "950", 1},
		{5, "c880", "", 3}, // another's
		{5, "c775", "775", 3},
		{2, "c775", "", 2},
		{0, "c1000", "1000", 1},
		{9, "none", "", 3}, // the third page is the last
	}
	for i, tt := range tests {
		before := sent.count()
		m, found, err := c.FindMessage(t.Context(), "7", tt.pages, func(m discord.Message) bool { return m.Content == tt.find })
		if err != nil || found != (tt.want != "") || found && m.ID.String() != tt.want {
			t.Errorf("%s: %v %v %v", tt.find, m.ID, found, err)
		}
		if i == 0 {
			before++ // asks once who it is
		}
		if got := sent.count() - before; got != tt.asked {
			t.Errorf("%s: asked for %d pages, want %d", tt.find, got, tt.asked)
		}
	}
}

// What Discord adds tomorrow must not lose a message that was posted today.
func TestMessagesOfTheFuture(t *testing.T) {
	t.Parallel()
	for name, extra := range map[string]string{
		"fields":                `"new":{"a":[1]}`,
		"enums":                 `"type":999,"flags":4611686018427387904`,
		"component":             `"components":[{"type":99,"x":1},{"type":17,"components":[{"type":98}]}]`,
		"component of no row":   `"components":[{"type":2,"custom_id":"x","style":1}]`,
		"components of strings": `"components":["x"]`,
		"other types":           `"embeds":7,"reactions":"x","tts":"yes","resolved":{"channels":{"1":{"id":"1","type":77}}}`,
		"number as ID":          `"webhook_id":[1]`,
	} {
		body := `{"id":"55","channel_id":"7","content":"hi","author":{"id":"42"},` + extra + `}`
		if !json.Valid([]byte(body)) {
			t.Fatal(body)
		}
		m, err := open(always(200, body)).Message(t.Context(), "7", "55")
		if err != nil || m.ID != 55 || m.Content != "hi" || m.Author.ID != 42 {
			t.Errorf("%s: %v %q, %v", name, m.ID, m.Content, err)
		}
	}
	for _, body := range []string{`{"content":"x"}`, `{"id":"x"}`, `{"id":[]}`, `[]`, `null`, `7`} {
		if _, err := open(always(200, body)).Message(t.Context(), "7", "55"); failure(t, err).Verdict != action.Again {
			t.Errorf("%s: %v", body, err)
		}
	}
}
