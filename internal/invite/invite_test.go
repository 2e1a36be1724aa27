package invite_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/invite"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// A bench is a desk with a clock that only the test moves, and a Discord of
// which the test knows when it was asked.
type bench struct {
	*testing.T
	desk *invite.Desk

	mu    sync.Mutex
	now   time.Time
	asked []time.Time
	says  func(code string) (partnership.Invite, error)
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{T: t, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), says: toServer("7")}
	db, err := bolt.Open(filepath.Join(t.TempDir(), "db"), b.clock, bolt.Unsynced)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	b.desk = &invite.Desk{DB: db, Now: b.clock, Ask: b.ask}
	return b
}

// toServer says that every invite leads to a server, for ever.
func toServer(id string) func(string) (partnership.Invite, error) {
	return func(string) (partnership.Invite, error) {
		return partnership.Invite{Type: partnership.GuildInvite, Permanent: true, Server: partnership.Server{ID: id}}, nil
	}
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) later(by time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(by)
}

func (b *bench) ask(_ context.Context, code string) (partnership.Invite, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, b.now)
	return b.says(code)
}

// stranger is somebody in a guild of their own.
func stranger(id string) invite.Asker {
	return invite.Asker{Guild: "guild-" + id, User: "user-" + id, ID: id}
}

func (b *bench) look(code string) partnership.Invite {
	b.Helper()
	in, err := b.desk.Look(b.Context(), code, stranger(code))
	if err != nil {
		b.Fatal(err)
	}
	return in
}

// wantAsked fails the test unless Discord was asked n times so far.
func (b *bench) wantAsked(n int) {
	b.Helper()
	if len(b.asked) != n {
		b.Errorf("Discord was asked %d times, want %d", len(b.asked), n)
	}
}

func TestAnswersAreRemembered(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		says  partnership.Invite
		trust time.Duration
	}{
		{"permanent", partnership.Invite{Type: partnership.GuildInvite, Permanent: true, Server: partnership.Server{ID: "7"}}, 6 * time.Hour},
		{"expires one day", partnership.Invite{Type: partnership.GuildInvite, Server: partnership.Server{ID: "7"}}, 10 * time.Minute},
		{"none", partnership.Invite{Type: partnership.NoInvite}, 10 * time.Minute},
		{"group", partnership.Invite{Type: partnership.GroupDMInvite, Permanent: true}, 10 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.says = func(string) (partnership.Invite, error) { return tt.says, nil }
			first := b.look("abc")
			b.later(tt.trust - time.Second)
			if again := b.look("abc"); again.Code != "abc" || again.Type != tt.says.Type || again.Server.ID != first.Server.ID {
				t.Errorf("remembered as %+v, but Discord said %+v", again, first)
			}
			b.wantAsked(1)
			b.look("def") // is another one
			b.wantAsked(2)
			b.later(time.Second)
			b.look("abc")
			b.wantAsked(3)
		})
	}
}

// TestCodeThatAnotherServerTook: codes are used again by strangers after they lapse.
func TestCodeThatAnotherServerTook(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if in := b.look("abc"); in.Server.ID != "7" {
		t.Fatalf("%+v", in)
	}
	b.says = toServer("8")
	b.later(6 * time.Hour)
	if in := b.look("abc"); in.Server.ID != "8" {
		t.Errorf("still %+v, but the code leads to another server", in)
	}
}

func TestFailuresAreNotRemembered(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	down := errors.New("down")
	b.says = func(string) (partnership.Invite, error) { return partnership.Invite{}, down }
	if _, err := b.desk.Look(t.Context(), "abc", stranger("1")); !errors.Is(err, down) {
		t.Fatalf("Look = %v, want Discord's error", err)
	}
	b.says = toServer("7")
	b.look("abc")
	b.wantAsked(2)
}
