package fakediscord_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// TestFaultsWithoutNetwork: a client that goes by no network sees what the others see.
func TestFaultsWithoutNetwork(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault         fakediscord.Fault
		within        time.Duration // how long the client waits; 0 for as long as it takes
		reply, broken error         // nil for none; errAny for one that has no name
	}{
		"as it is":         {},
		"refused":          {fault: fakediscord.Fault{Status: 500}},
		"reset":            {fault: fakediscord.Fault{Reset: true}, reply: errAny},
		"reset afterwards": {fault: fakediscord.Fault{Reset: true, After: true}, reply: errAny},
		"truncated":        {fault: fakediscord.Fault{Truncate: 10}, broken: errAny},
		"slow":             {fault: fakediscord.Fault{Delay: time.Hour}, within: time.Millisecond, reply: context.DeadlineExceeded},
		"given up before":  {within: -1, reply: context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if tt.fault != (fakediscord.Fault{}) {
				w.Fail(tt.fault)
			}
			ctx := t.Context()
			if tt.within != 0 {
				within, stop := context.WithTimeout(ctx, tt.within)
				defer stop()
				ctx = within
			}
			status, body, err := w.inside(ctx, "/channels/"+w.channel)
			if !like(err, tt.reply) {
				t.Fatalf("the reply is an error: %v, want %v", err, tt.reply)
			}
			if err != nil {
				return
			}
			if want := max(tt.fault.Status, 200); status != want {
				t.Errorf("status %d, want %d", status, want)
			}
			if err := body(); !like(err, tt.broken) {
				t.Errorf("the body is an error: %v, want %v", err, tt.broken)
			}
		})
	}
}

var errAny = errors.New("any")

func like(err, want error) bool { return errors.Is(err, want) || err != nil && want == errAny }

// inside asks the server by no network for what is at a path, and returns the status
// and what reads the body.
func (w *world) inside(ctx context.Context, path string) (status int, body func() error, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.URL()+path, nil)
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bot "+w.Token())
	r.Header.Set("User-Agent", "DiscordBot (https://example.com, 1)")
	resp, err := w.Transport().RoundTrip(r)
	if err != nil {
		return 0, nil, err
	}
	return resp.StatusCode, func() error { _, err := io.ReadAll(resp.Body); return err }, nil
}
