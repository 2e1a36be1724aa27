package local_test

import (
	"bytes"
	"context"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/fakediscord/contract"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/local"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/text"
)

// document is Discord's OpenAPI document, read once for all tests: nil if none is named.
var document = sync.OnceValues(func() (*contract.Document, error) {
	path := os.Getenv("DISCORD_OPENAPI")
	if path == "" {
		return nil, nil
	}
	return contract.Open(path)
})

// texts are read once for all tests, too.
var texts = sync.OnceValues(text.Load)

// beginning is when every story begins: in the future, so that DynamoDB's TTL, which
// goes by the real time, does not interfere.
func beginning() time.Time { return time.Date(2040, 6, 1, 12, 0, 0, 0, time.UTC) }

// A stage is the whole system playing on a scene: the real handlers, the
// embedded store, and the simulated Discord.
type stage struct {
	*testing.T
	*scene.Scene
	*local.System
	logs *syncBuffer
	data string
	down context.CancelFunc

	clock  *local.Clock
	tamper func(*stage)                    // changes the system before it works; nil for none
	front  func(http.Handler) http.Handler // stands before its endpoint; nil for none
}

// newStage starts a system on a scene that is set up.
func newStage(t *testing.T) *stage {
	t.Helper()
	s := newBareStage(t)
	s.setUp()
	return s
}

// newBareStage starts a system on a scene where nothing was chosen yet.
func newBareStage(t *testing.T) *stage {
	t.Helper()
	clock := local.NewClock(beginning())
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	sc, err := scene.New(fakediscord.Options{
		Now: clock.Now, Document: doc,
		ReplyWithin: time.Minute, // how fast a shared machine is today is not what is tested
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{T: t, Scene: sc, logs: new(syncBuffer), data: filepath.Join(t.TempDir(), "db"), clock: clock}
	s.start()
	t.Cleanup(func() {
		s.namesAgree()
		s.givesReasons()
		s.down()
		if v := s.Violations(); len(v) > 0 {
			t.Errorf("Discord would have refused:\n%s", strings.Join(v, "\n"))
		}
		_ = s.Scene.Close()
		if t.Failed() {
			t.Logf("logs:\n%s", s.logs)
		}
	})
	return s
}

// start opens the system on the stage's data, and lets it work.
func (s *stage) start() {
	s.Helper()
	key, err := interactions.ParseKey(s.PublicKey())
	if err != nil {
		s.Fatal(err)
	}
	catalog, err := texts()
	if err != nil {
		s.Fatal(err)
	}
	s.System, err = local.Open(context.Background(), local.Config{
		Key: key, ApplicationID: s.ApplicationID(), Token: s.Token(), DiscordURL: s.URL(), Data: s.data, Unsynced: true, Clock: s.clock, Text: catalog,
		Log: slog.New(slog.NewTextHandler(s.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		s.Fatal(err)
	}
	s.Interactions.Within = 20 * time.Second // as above, and before who asked gives up
	if s.tamper != nil {
		s.tamper(s)
	}
	var h http.Handler = s.Handler(true)
	if s.front != nil {
		h = s.front(h)
	}
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // tests abort requests
	srv.Start()
	s.SetInteractionsURL(srv.URL + interactions.Path)
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		s.System.Run(ctx)
	}()
	s.down = sync.OnceFunc(func() {
		srv.Close()
		cancel()
		<-ran
		_ = s.System.Close()
	})
}

// restart ends the system and opens another on the same data.
func (s *stage) restart() {
	s.Helper()
	s.down()
	s.start()
}

// drain does what is due.
func (s *stage) drain() {
	s.Helper()
	if _, err := s.Drain(s.Context()); err != nil {
		s.Fatal(err)
	}
}

// apply sends a form and does what follows.
func (s *stage) apply(user string, form map[string]any) *fakediscord.Exchange {
	s.Helper()
	ex, err := s.Apply(s.Context(), user, form)
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
	return ex
}

// press presses a button on the only message of a channel, and does what follows.
func (s *stage) press(user, channel, button string) *fakediscord.Exchange {
	s.Helper()
	ex, err := s.As(user, s.Guild, channel).Press(s.Context(), s.only(channel).Ref, button)
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
	return ex
}

// only returns the one message that stands in a channel.
func (s *stage) only(channel string) fakediscord.Message {
	s.Helper()
	list := s.Messages(channel)
	if len(list) != 1 {
		s.Fatalf("%d messages stand in the channel, want 1", len(list))
	}
	return list[0]
}

// says fails the test unless text holds part.
func (s *stage) says(text, part string) {
	s.Helper()
	if !strings.Contains(text, part) {
		s.Errorf("it says:\n%s\nwant in it: %s", text, part)
	}
}

// A syncBuffer is a buffer that many may write to at once.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
