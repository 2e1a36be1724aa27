package fakediscord_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/fakediscord/contract"
)

// A world is a simulated Discord with one guild, its bot, and a client of the bot's.
type world struct {
	*fakediscord.Server
	t       *testing.T
	clock   *clock
	guild   string
	channel string // general
	user    string
	rest    rest.Rest
}

// A clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// everything the bot could ask for, short of being administrator.
const botPermissions = fakediscord.All &^ fakediscord.Administrator

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)}}
	server, err := fakediscord.New(fakediscord.Options{Now: w.clock.Now, Document: document(t), ReplyWithin: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	w.Server = server
	w.guild = server.AddGuild(fakediscord.Guild{Name: "Harbour", MemberCount: 420, Online: 42})
	w.InstallBot(w.guild, botPermissions)
	w.channel = server.Channels(w.guild)[0].ID
	w.user = server.AddUser("ada")
	w.AddMember(w.guild, w.user)
	w.rest = rest.New(w.client(), rest.WithDefaultAllowedMentions(quiet()))
	return w
}

// opened is Discord's OpenAPI document, nil where the environment names none.
var opened = sync.OnceValues(func() (*contract.Document, error) {
	path := os.Getenv("DISCORD_OPENAPI")
	if path == "" {
		return nil, nil
	}
	return contract.Open(path)
})

func document(t *testing.T) *contract.Document {
	t.Helper()
	doc, err := opened()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func (w *world) client() rest.Client {
	return rest.NewClient(w.Token(),
		rest.WithURL(w.URL()),
		rest.WithUserAgent("DiscordBot (https://example.org, 1)"),
		rest.WithHTTPClient(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}),
		rest.WithRateLimiter(rest.NewNoopRateLimiter()),
		rest.WithLogger(slog.New(slog.DiscardHandler)))
}

// quiet notifies nobody.
func quiet() discord.AllowedMentions {
	return discord.AllowedMentions{
		Parse: []discord.AllowedMentionType{}, Roles: []snowflake.ID{}, Users: []snowflake.ID{},
	}
}

// call makes one request as the bot, and returns status and body.
func (w *world) call(method, path, body string) (int, string) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.URL()+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bot "+w.Token())
	request.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return response.StatusCode, string(data)
}

// wants makes a call and checks its status and Discord's code (0 for none).
func (w *world) wants(status, code int, method, path, body string) string {
	w.t.Helper()
	got, text := w.call(method, path, body)
	var e struct {
		Code int `json:"code"`
	}
	if got >= 400 {
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			w.t.Fatalf("%s %s: %d %q: %v", method, path, got, text, err)
		}
	}
	if got != status || e.Code != code {
		w.t.Errorf("%s %s = %d with code %d, want %d with %d: %s", method, path, got, e.Code, status, code, text)
	}
	return text
}

// noViolations fails the test if the bot broke the contract.
func (w *world) noViolations() {
	w.t.Helper()
	for _, v := range w.Violations() {
		w.t.Errorf("violation: %s", v)
	}
}

// answers makes the interactions endpoint reply to whatever comes. It checks the signature.
func (w *world) answers(reply func(discord.Interaction) string) {
	w.t.Helper()
	key, err := hex.DecodeString(w.PublicKey())
	if err != nil {
		w.t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		signature, _ := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		if !ed25519.Verify(key, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), signature) {
			rw.WriteHeader(http.StatusUnauthorized)
			return
		}
		in, err := discord.UnmarshalInteraction(bytes.TrimSpace(body))
		if err != nil {
			w.t.Errorf("disgo cannot read the payload: %v\n%s", err, body)
			rw.WriteHeader(http.StatusBadRequest)
			return
		}
		rw.Header().Set("Content-Type", "application/json")
		io.WriteString(rw, reply(in))
	}))
	w.t.Cleanup(server.Close)
	w.SetInteractionsURL(server.URL)
}

// always replies the same.
func always(body string) func(discord.Interaction) string {
	return func(discord.Interaction) string { return body }
}

func id(s string) snowflake.ID { return snowflake.MustParse(s) }
