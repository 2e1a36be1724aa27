package fakediscord_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"

	"github.com/entente-bot/entente/internal/fakediscord"
)

const messagesRoute = "/channels/{channel}/messages"

// says creates a message with a client that repeats nothing by itself.
func (w *world) says(text string) error {
	_, err := w.rest.CreateMessage(id(w.channel), discord.MessageCreate{Content: text})
	return err
}

func TestFaultBeforeAndAfterTheEffect(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault fakediscord.Fault
		stand int // messages afterwards
	}{
		"reset before":     {fakediscord.Fault{Reset: true}, 0},
		"reset after":      {fakediscord.Fault{Reset: true, After: true}, 1},
		"500 before":       {fakediscord.Fault{Status: 500}, 0},
		"502 after":        {fakediscord.Fault{Status: 502, HTML: true, After: true}, 1},
		"coded":            {fakediscord.Fault{Status: 403, Code: 50013}, 0},
		"truncated answer": {fakediscord.Fault{Truncate: 20}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			tt.fault.Method, tt.fault.Route = "POST", messagesRoute
			w.Fail(tt.fault)
			if err := w.says("one"); err == nil {
				t.Error("no error")
			}
			if n := len(w.Messages(w.channel)); n != tt.stand {
				t.Errorf("%d messages, want %d", n, tt.stand)
			}
			if err := w.says("two"); err != nil {
				t.Errorf("the fault goes on: %v", err)
			}
			if log := w.Requests(); len(log) != 2 || !log[0].Faulted || log[1].Faulted || log[1].Status != 200 {
				t.Errorf("log = %+v", log)
			}
		})
	}
}

func TestFaultSkipsAndCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Fail(fakediscord.Fault{Method: "POST", Route: messagesRoute, Skip: 1, Times: 2, Status: 500})
	var got []string
	for range 4 {
		got = append(got, map[bool]string{true: "ok", false: "failed"}[w.says("x") == nil])
	}
	if want := "ok failed failed ok"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	w.Fail(fakediscord.Fault{Status: 403, Code: 50001, Times: -1, Route: "/channels/" + w.channel})
	w.wants(403, 50001, "GET", "/channels/"+w.channel, "")
	w.wants(403, 50001, "GET", "/channels/"+w.channel, "")
	w.ClearFaults()
	w.wants(200, 0, "GET", "/channels/"+w.channel, "")
}

func TestDelayAndDrip(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Fail(fakediscord.Fault{Route: "/channels/{channel}", Delay: 20 * time.Millisecond})
	w.Fail(fakediscord.Fault{Route: "/channels/{channel}", Drip: 10 * time.Microsecond})
	start := time.Now()
	w.wants(200, 0, "GET", "/channels/"+w.channel, "")
	if d := time.Since(start); d < 20*time.Millisecond {
		t.Errorf("answered after %v", d)
	}
	if body := w.wants(200, 0, "GET", "/channels/"+w.channel, ""); !strings.Contains(body, w.channel) {
		t.Errorf("dripped body = %s", body)
	}
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	get := func(path string) *http.Response {
		request, _ := http.NewRequestWithContext(t.Context(), "GET", w.URL()+path, nil)
		request.Header.Set("Authorization", "Bot "+w.Token())
		request.Header.Set("User-Agent", "DiscordBot (x, 1)")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
		return response
	}
	if h := get("/users/@me").Header; h.Get("X-RateLimit-Bucket") == "" || h.Get("X-RateLimit-Remaining") == "" {
		t.Errorf("no rate limit headers: %v", h)
	}
	w.LimitRates(fakediscord.Limit{Route: "/users/@me", Requests: 1, Per: time.Hour})
	get("/users/@me")
	if r := get("/users/@me"); r.StatusCode != 429 || r.Header.Get("Retry-After") == "" ||
		r.Header.Get("X-RateLimit-Scope") != "user" || r.Header.Get("X-RateLimit-Remaining") != "0" {
		t.Errorf("second = %d %v", r.StatusCode, r.Header)
	}
	if r := get("/guilds/" + w.guild); r.StatusCode != 200 {
		t.Errorf("another route = %d", r.StatusCode)
	}
	w.LimitRates(fakediscord.Limit{Requests: 1, Per: time.Hour, Global: true})
	get("/users/@me")
	if r := get("/guilds/" + w.guild); r.StatusCode != 429 || r.Header.Get("X-RateLimit-Bucket") != "" ||
		r.Header.Get("X-RateLimit-Scope") != "global" {
		t.Errorf("global = %d %v", r.StatusCode, r.Header)
	}
}

func TestCallersAreChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stranger := rest.New(rest.NewClient("wrong", rest.WithURL(w.URL()), rest.WithUserAgent("DiscordBot (x, 1)")))
	var failure *rest.Error
	if _, err := stranger.GetCurrentUser(""); !errors.As(err, &failure) || failure.Response.StatusCode != 401 {
		t.Errorf("wrong token: %v", err)
	}
	w.noViolations()
	nameless := rest.New(rest.NewClient(w.Token(), rest.WithURL(w.URL())))
	if _, err := nameless.GetCurrentUser(""); err == nil {
		t.Error("a client without User-Agent is served")
	}
	w.wants(404, 0, "GET", "/no/such/route", "")
	w.wants(405, 0, "PUT", "/users/@me", "{}")
	if n := len(w.Violations()); n != 3 {
		t.Errorf("violations = %q, want 3", w.Violations())
	}
}

func TestAttachmentLinksExpire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.rest.CreateMessage(id(w.channel), discord.MessageCreate{Content: "x"}.AddFiles(discord.NewFile("b.png", "", strings.NewReader("picture")))); err != nil {
		t.Fatal(err)
	}
	get := func(link string) (int, string) {
		response, err := http.Get(link)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return response.StatusCode, string(body)
	}
	link := w.Messages(w.channel)[0].Attachments[0].URL
	if status, body := get(link); status != 200 || body != "picture" {
		t.Errorf("fresh link = %d %q", status, body)
	}
	if status, _ := get(strings.Replace(link, "hm=", "hm=0", 1)); status != 404 {
		t.Errorf("forged link = %d", status)
	}
	w.clock.Advance(24 * time.Hour)
	if status, _ := get(link); status != 404 {
		t.Errorf("old link = %d", status)
	}
	if status, _ := get(w.Messages(w.channel)[0].Attachments[0].URL); status != 200 {
		t.Errorf("link read again = %d", status)
	}
}
