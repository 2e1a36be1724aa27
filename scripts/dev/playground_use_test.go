package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// partner lets Rio apply for a server, and Max approve it.
func (b *browser) partner(invite, description string) {
	b.Helper()
	b.apply("https://discord.gg/"+invite, description)
	b.as("Max", "#reviews")
	b.press("Approve")
}

// TestSuggestions sends the value of what is suggested: two partners of one name are
// two, whether they are picked or typed by hand.
func TestSuggestions(t *testing.T) {
	t.Parallel()
	b, s := openPage(t)
	b.setUp(s)
	_, invite := s.AddPartner("Lighthouse", 77)
	b.partner(s.Invite, "The first of the name")
	b.press("1 day") // so that no cooldown is met
	b.press("1 hour")
	b.partner(invite, "The second of the name")
	seen := make(map[string]bool)
	for _, typed := range []string{"Lighthouse", "Lighthouse (2)", " lighthouse (2) "} {
		b.as("Nora", "#lobby")
		b.follow("/partner info …")
		for _, label := range []string{"Lighthouse", "Lighthouse (2)"} {
			if !strings.Contains(b.raw, `<option value="`+label+`"></option>`) {
				t.Errorf("%s is not suggested", label)
			}
		}
		b.press("Send", "o.partner", typed)
		about := regexp.MustCompile(`The (first|second) of the name`).FindString(b.text)
		if seen[about] != (typed[0] == ' ') || about == "" {
			t.Errorf("%q leads to %q:\n%s", typed, about, b.text)
		}
		seen[about] = true
		b.press("Dismiss")
	}
}

// TestStale presses and chooses what stood on a page that is old by now: Entente answers.
func TestStale(t *testing.T) {
	t.Parallel()
	b, s := openPage(t)
	b.setUp(s)
	old := *b
	b.press("Choose", "menu", "setup/section", "value", "joins")
	old.press("Choose", "menu", "setup/showcase", "value", s.Lobby)
	stale := old
	old.press("Choose", "menu", "setup/section", "value", "start")
	if stale.status != http.StatusOK || !strings.Contains(old.raw, `value="`+s.Lobby+`" selected`) {
		t.Errorf("status %d after a choice on an old page:\n%s", stale.status, stale.text)
	}
	b.apply("https://discord.gg/"+s.Invite, "We build things.")
	b.as("Max", "#reviews")
	old = *b
	b.press("Approve")
	old.press("Deny")
	old.sees("already handled")
}

// TestNotPossible says what Discord's client would not do, without an ID in it.
func TestNotPossible(t *testing.T) {
	t.Parallel()
	b, s := openPage(t)
	b.setUp(s)
	b.apply("https://discord.gg/"+s.Invite, "We build things.")
	b.as("Max", "#reviews")
	card := s.Messages(s.Review)[0]
	approve, _ := card.Button("Approve")
	tests := []struct {
		path, as, message string
		fields            url.Values
		says              string
	}{
		{"/press", "max", card.ID, url.Values{"button": {"never/there:1"}}, "press a button: it is not there"},
		{"/choose", "max", card.ID, url.Values{"menu": {"never/there:1"}, "value": {"x"}}, "choose in a menu: it is not there"},
		{"/press", "max", "1", url.Values{"button": {approve.CustomID}}, "look at the message: it is gone"},
		{"/press", "nora", card.ID, url.Values{"button": {approve.CustomID}}, "look at the message: #reviews is hidden from this person"},
		{"/command", "max", "", url.Values{"command": {"partner list"}, "in": {s.Forum}}, "use a command that is not shown"},
	}
	for _, tt := range tests {
		for name, value := range map[string]string{"as": tt.as, "in": s.Review, "channel": s.Review, "message": tt.message} {
			if !tt.fields.Has(name) {
				tt.fields.Set(name, value)
			}
		}
		b.request(http.MethodPost, b.base+tt.path, tt.fields)
		if b.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", tt.says, b.status)
		}
		b.sees("do this: " + tt.says + ".")
	}
	b.as("Ada", "#lobby")
	b.press("Choose", "menu", "setup/section", "value", "")
	b.sees(`choose in "Choose what to see": 0 values`)
}

// TestPosts shows the posts of a forum under it.
func TestPosts(t *testing.T) {
	t.Parallel()
	b, s := openPage(t)
	b.setUp(s)
	b.as("Nora", "▤ partner-forum")
	b.sees("No posts stand in this forum yet", "In a forum, commands are used in its posts")
	b.partner(s.Invite, "We build things.")
	if err := s.Turn(t.Context(), "forum"); err != nil {
		t.Fatal(err)
	}
	b.as("Nora", "▤ partner-forum")
	b.sees("▤ partner-forum ↳Lighthouse")
	if strings.Contains(b.raw, `name="command"`) {
		t.Error("a command can be used in a forum itself")
	}
	b.follow("↳Lighthouse")
	b.sees("↳Lighthouse A simulated Discord", "We build things.")
}

// TestJoining lets people join by the invite of a partner, and counts them.
func TestJoining(t *testing.T) {
	t.Parallel()
	b, s := openPage(t)
	b.setUp(s)
	b.press("Choose", "menu", "setup/section", "value", "joins")
	b.press("Count joins")
	b.partner(s.Invite, "We build things.")
	invites := s.Invites(s.Guild)
	code := invites[len(invites)-1].Code
	b.sees(code + " of Entente, used 0×")
	b.press("5 join", "code", code)
	b.press("1 joins", "code", " https://discord.gg/"+code)
	b.sees(code + " of Entente, used 6×")
	b.as("Rio", "#lobby")
	b.press("1 hour")
	b.follow("/partner stats …")
	b.press("Send")
	b.press("1 hour")
	b.sees("Joins counted: 6")
	for _, nowhere := range []string{"nowhere404", "https://discord.gg/", ""} {
		b.press("1 joins", "code", nowhere)
		b.sees("Discord knows no such invite to a server")
	}
	for _, crowd := range []string{"0", "-1", "51", "x"} {
		b.request(http.MethodPost, b.base+"/join", url.Values{"as": {"rio"}, "in": {s.Lobby}, "code": {code}, "people": {crowd}})
		b.sees("From 1 to 50 people can join at once.")
	}
	b.sees(code + " of Entente, used 6×")
}

// TestFilesOnce shows a file of a message as a link, unless it is shown in the message.
func TestFilesOnce(t *testing.T) {
	t.Parallel()
	_, s := openPage(t)
	g := must(newPlayground(s))
	files := []fakediscord.Attachment{
		{ID: "11", Name: "list.csv", URL: g.origin() + "/attachments/1/11/list.csv", Size: 9},
		{ID: "12", Name: "joins.png", URL: g.origin() + "/attachments/1/12/joins.png", Size: 9},
	}
	m := fakediscord.Message{Author: s.Ada, Attachments: files, Components: []any{map[string]any{
		"type": 12, "items": []any{map[string]any{"media": map[string]any{"url": files[1].URL, "attachment_id": "12"}}},
	}}}
	var b strings.Builder
	if err := g.page.ExecuteTemplate(&b, "message", g.look("ada", s.Lobby).message(m)); err != nil {
		t.Fatal(err)
	}
	for url, times := range map[string]int{
		`<a href="` + files[0].URL + `" `: 1, `<img class="picture" src="` + files[1].URL + `"`: 1, files[1].URL: 1, files[0].URL: 1,
	} {
		if got := strings.Count(b.String(), url); got != times {
			t.Errorf("%s stands there %d times, want %d:\n%s", url, got, times, b.String())
		}
	}
}

// TestLook keeps menus inside what they stand in, and pictures at their size.
func TestLook(t *testing.T) {
	t.Parallel()
	_, s := openPage(t)
	mux := http.NewServeMux()
	must(newPlayground(s)).serve(mux)
	css := ask(t, mux, httptest.NewRequest(http.MethodGet, "/page.css", nil)).Body.String()
	for rule, want := range map[string]string{
		".menu": "min-width: 0;", "fieldset": "min-width: 0;", ".picture": "max-width: 100%; height: auto;", ".body": "min-width: 0;",
	} {
		found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(rule) + ` \{([^}]*)\}`).FindString(css)
		if !strings.Contains(found, want) {
			t.Errorf("%s has no %s: %s", rule, want, found)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^[^{}]*\.picture \{[^}]*\}`).FindAllString(css, -1) {
		if bad := regexp.MustCompile(`[ ;](width|height): [\d.]+rem|object-fit`).FindString(m); bad != "" && !strings.HasPrefix(m, "span.") {
			t.Errorf("a picture is given a size: %s", m)
		}
	}
}

// TestRelative counts days, hours and minutes as people do.
func TestRelative(t *testing.T) {
	t.Parallel()
	for n, want := range map[time.Duration]string{1: "in a few seconds", 60: "in 1 minute", -3600: "1 hour ago", 86400: "in 1 day", -172800: "2 days ago"} {
		if got := relative(n * time.Second); got != want {
			t.Errorf("%d seconds are %q, want %q", n, got, want)
		}
	}
}
