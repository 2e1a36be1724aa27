package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// setUp lets Ada choose what has to be chosen, on the page.
func (b *browser) setUp(s *stage) {
	b.Helper()
	b.as("Ada", "#lobby")
	b.press("/partnerships setup")
	b.sees("Not ready")
	b.press("Choose", "menu", "setup/review", "value", s.Review)
	b.press("Choose", "menu", "setup/showcase", "value", s.Showcase)
	b.press("Choose", "menu", "setup/managers", "value", s.Reviewers)
	b.sees("Ready: people can apply", "Only Ada sees this.")
}

// apply lets Rio fill in the form.
func (b *browser) apply(invite, description string) {
	b.Helper()
	b.as("Rio", "#lobby")
	b.press("/partner apply")
	b.sees("Apply for a partnership", "It must never expire", "*")
	b.press("Submit", "f.invite", invite, "f.category", "Community", "f.description", description)
}

// TestWholePath takes an application from the setup to the showcase, as four
// people, on the page alone.
func TestWholePath(t *testing.T) {
	t.Parallel()
	b, s := openPage(t)
	b.setUp(s)
	b.apply("https://discord.gg/"+s.Invite, "We **build things**\r\nat night.")
	b.sees("Only Rio sees this.", "is with the managers")

	b.as("Max", "#reviews")
	b.sees("Lighthouse", "1,204 members", "build things", "@Rio", "a few seconds ago")
	if !strings.Contains(b.raw, "<strong>build things</strong><br>") {
		t.Error("markdown is not shown as Discord shows it")
	}
	b.press("Approve")
	b.sees("Approved by @Max")

	b.as("Nora", "#partners")
	b.sees("Lighthouse", "Partner since", "leads to https://discord.gg/"+s.Invite)
	b.press("About this partnership")
	b.sees("Only Nora sees this.", "Contact: @Rio")
	b.press("Dismiss")
	if strings.Contains(b.text, "Contact: @Rio") {
		t.Error("a dismissed reply still stands")
	}

	b.follow("#lobby")
	b.follow("/partner info …")
	if !strings.Contains(b.raw, `<option value="Lighthouse`) {
		t.Error("the partner is not suggested")
	}
	b.press("Send", "o.partner", "Lighthouse")
	b.sees("Contact: @Rio")
	b.as("Rio", "#lobby")
	b.sees("is now a partner of this server")
}

// TestForm shows a form again with what was written: once by the page, because
// Discord's client would refuse it, and once by Edit and resend.
func TestForm(t *testing.T) {
	t.Parallel()
	b, s := openPage(t)
	b.setUp(s)
	b.apply("https://discord.gg/"+s.AddInvite(s.Lighthouse, fakediscord.Invite{MaxAge: 3600e9}), "")
	if b.status != http.StatusUnprocessableEntity {
		t.Errorf("status %d for an empty description", b.status)
	}
	b.sees("Discord would not let Rio do this", "About your server")
	b.press("Submit", "f.description", "Stays in the form")
	b.sees("This invite expires")
	b.press("Edit and resend")
	if !strings.Contains(b.raw, "Stays in the form</textarea>") {
		t.Error("what was written is lost")
	}
	b.press("Submit", "f.invite", "https://discord.gg/"+s.Invite)
	b.sees("is with the managers")
	b.as("Max", "#reviews")
	b.press("Deny")
	b.press("Submit", "f.reason", "Not this time")
	b.sees("Denied by @Max", "Not this time")
}

// TestOffers tries every invite that the page offers, and sees what it says comes of it.
func TestOffers(t *testing.T) {
	t.Parallel()
	b, s := openPage(t)
	b.setUp(s)
	outcomes := []string{"with the managers", "with the managers", "with the managers", "This invite expires", "leads to a group chat", "leads to this very server", "does not know this invite"}
	codes := regexp.MustCompile(`<code>(https://discord\.gg/\w+)</code>`).FindAllStringSubmatch(b.raw, -1)
	if len(codes) != len(outcomes) {
		t.Fatalf("%d invites are offered, want %d", len(codes), len(outcomes))
	}
	for i, outcome := range outcomes {
		b.as("Rio", "#lobby")
		if i > 0 {
			b.press("Dismiss")
		}
		b.press("1 day") // so that no cooldown is met
		b.press("1 hour")
		b.apply(codes[i][1], "Server "+codes[i][1])
		b.sees(outcome)
	}
}

// TestWhoSeesWhat keeps from people what Discord keeps from them.
func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	b, s := openPage(t)
	b.as("Nora", "#lobby")
	if strings.Contains(b.raw, "/partnerships setup</button>") || strings.Contains(b.raw, ">#reviews") {
		t.Error("Nora sees what is for staff")
	}
	b.open("/?as=nora&in=" + s.Review)
	b.sees("#lobby A simulated Discord")
	b.request(http.MethodPost, b.base+"/command", url.Values{"as": {"nora"}, "in": {s.Lobby}, "command": {"partnerships setup"}})
	b.sees("Discord would not let Nora do this")
	b.setUp(s)
	b.as("Nora", "#lobby")
	if strings.Contains(b.text, "people can apply with") {
		t.Error("Nora sees the panel that only Ada sees")
	}
}

// TestClock moves the clock by the page.
func TestClock(t *testing.T) {
	t.Parallel()
	b, s := openPage(t)
	before := s.system.Now()
	b.press("1 week")
	if d := s.system.Now().Sub(before).Hours(); d < 168 || d > 169 {
		t.Errorf("a week ahead is %f hours", d)
	}
	b.sees(s.system.Now().Format("2 January 2006"))
}

// TestHostileText shows as text what would be a program.
func TestHostileText(t *testing.T) {
	t.Parallel()
	b, s := openPage(t)
	s.Say(s.Nora, s.Lobby, "<script>alert(1)</script> <img src=x onerror=alert(1)> ![x](http://evil.example/x.png) "+
		"[click](javascript:alert(1)) <@"+s.Rio+"> https://evil.example/\"><script> `<b>` <t:99999999999999999999:R>\n<div onclick=x>\n\n-# <i>small</i>\n>>> quoted\n<b>too")
	b.as("Nora", "#lobby")
	b.sees("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "@Rio", "<i>small</i>", "quoted", "<b>too", "(javascript:alert(1))")
	for _, bad := range []string{"<script", "<img", "<div onclick", `href="javascript`, `href="http`, `src="http`} {
		if strings.Contains(b.raw, bad) {
			t.Errorf("the page holds %s:\n%s", bad, b.raw)
		}
	}
	if !strings.Contains(b.raw, `<p class="small">`) || !strings.Contains(b.raw, "<blockquote>") {
		t.Error("small print or a quote is not shown as such")
	}
}

// TestStrangers refuses other machines, other names of this one, and other sites.
func TestStrangers(t *testing.T) {
	t.Parallel()
	b, s := openPage(t)
	mux := s.system.Handler(true)
	g, err := newPlayground(s)
	if err != nil {
		t.Fatal(err)
	}
	g.serve(mux)
	tests := []struct {
		name, method, path, remote, host, origin string
		want                                     int
	}{
		{"this machine", "GET", "/", "127.0.0.1:9", "127.0.0.1:8080", "", 200},
		{"by name", "GET", "/", "[::1]:9", "localhost:8080", "", 200},
		{"own page", "POST", "/clock", "127.0.0.1:9", "localhost:8080", "http://localhost:8080", 422},
		{"other machine", "GET", "/", "192.0.2.1:9", "127.0.0.1:8080", "", 403},
		{"other machine's control", "POST", "/dev/drain", "192.0.2.1:9", "127.0.0.1:8080", "", 403},
		{"rebound name", "GET", "/", "127.0.0.1:9", "evil.example:8080", "", 403},
		{"rebound name's form", "POST", "/clock", "127.0.0.1:9", "evil.example", "http://evil.example", 403},
		{"other site's form", "POST", "/clock", "127.0.0.1:9", "localhost:8080", "http://evil.example", 403},
		{"other site's control", "POST", "/dev/drain", "127.0.0.1:9", "localhost:8080", "null", 403},
		{"other port's form", "POST", "/press", "127.0.0.1:9", "localhost:8080", "http://localhost:3000", 403},
	}
	for _, tt := range tests {
		r := httptest.NewRequestWithContext(t.Context(), tt.method, tt.path, nil)
		r.RemoteAddr, r.Host = tt.remote, tt.host
		if tt.origin != "" {
			r.Header.Set("Origin", tt.origin)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != tt.want {
			t.Errorf("%s: status %d, want %d", tt.name, w.Code, tt.want)
		}
	}
	b.open("/no-such-page")
	if b.status != http.StatusNotFound {
		t.Errorf("status %d for no page", b.status)
	}
}

// TestWelcome starts the program as people do, and opens the page it names.
func TestWelcome(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, in := io.Pipe()
	ended := make(chan error, 1)
	args := []string{"-addr", "127.0.0.1:0", "-data", filepath.Join(t.TempDir(), "db")}
	go func() {
		ended <- run(ctx, args, func(string) string { return "" }, in, io.Discard)
		_ = in.Close()
	}()
	b := &browser{T: t}
	for lines := bufio.NewScanner(out); b.base == "" && lines.Scan(); {
		if address := strings.TrimSpace(lines.Text()); strings.HasPrefix(address, "http://127.0.0.1:") {
			b.base = address
		} else if strings.HasPrefix(address, "Ctrl+C") {
			t.Fatal("no address is printed")
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // the lines that follow; it ends with run
	b.open("/")
	b.sees("Harbour", "Invites you can try")
	b.client.CloseIdleConnections()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
