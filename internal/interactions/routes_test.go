package interactions_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/storage"
)

// eachRoute plays the case of every route. The subtests share a stage, one after
// another. A route without a case fails.
func eachRoute(t *testing.T, s *stage, play func(t *testing.T, route string, in fakediscord.Interaction)) {
	t.Helper()
	for _, route := range interactions.Routes() {
		t.Run(strings.ReplaceAll(route, "/", "."), func(t *testing.T) {
			in, err := caseOf(t, route)(s)
			if err != nil {
				t.Fatal(err)
			}
			s.logs.take()
			play(t, route, in)
		})
	}
	for route := range cases() {
		if !slices.Contains(interactions.Routes(), route) {
			t.Errorf("%s has a case, and is no route", route)
		}
	}
}

// reply is a callback, as far as the tests look at it.
type reply struct {
	Type int `json:"type"`
	Data struct {
		Mentions *struct {
			Parse []string `json:"parse"`
			Users []string `json:"users"`
			Roles []string `json:"roles"`
		} `json:"allowed_mentions"`
	} `json:"data"`
}

// mentionsNobody checks the allowed mentions of a reply that is a message.
func mentionsNobody(t *testing.T, body []byte) {
	t.Helper()
	var r reply
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatal(err)
	}
	const message, update = 4, 7
	if r.Type != message && r.Type != update {
		return
	}
	m := r.Data.Mentions
	if m == nil || m.Parse == nil || len(m.Parse)+len(m.Users)+len(m.Roles) > 0 {
		t.Errorf("allowed mentions %+v, want an empty parse and nobody: %s", m, body)
	}
}

// tellsNothing checks log lines: one is there, none holds a token or what people wrote.
func tellsNothing(t *testing.T, lines []string, in fakediscord.Interaction) {
	t.Helper()
	if n := len(slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return !strings.Contains(l, `"msg":"interaction"`) })); n != 1 {
		t.Errorf("%d lines for one interaction: %q", n, lines)
	}
	for _, line := range lines {
		if strings.Contains(line, "canary-written") || strings.Contains(line, "evil.example") {
			t.Errorf("the log holds what people wrote: %s", line)
		}
		if strings.Contains(line, in.Token) {
			t.Errorf("the log holds the interaction's token: %s", line)
		}
	}
}

// TestEveryRoute takes every route to its end and looks at what goes out. The
// stage checks that Discord accepts it.
func TestEveryRoute(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	eachRoute(t, s, func(t *testing.T, route string, in fakediscord.Interaction) {
		ex, err := s.Server.Deliver(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		lines := s.logs.take()
		tellsNothing(t, lines, in)
		if !strings.Contains(lines[0], `"outcome":"ok"`) {
			t.Errorf("the case does not reach the end: %s", lines[0])
		}
		mentionsNobody(t, ex.Reply)
		if strings.Contains(string(ex.Reply), in.Token) {
			t.Errorf("the reply holds the token: %s", ex.Reply)
		}
	})
}

// TestEveryRouteOnBrokenStore lets each call of the store fail, and panic, on every route.
func TestEveryRouteOnBrokenStore(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	down := errors.New("unreachable")
	faults := map[string]func() error{
		"fails":  func() error { return down },
		"panics": func() error { panic(down) },
	}
	eachRoute(t, s, func(t *testing.T, route string, in fakediscord.Interaction) {
		for _, call := range []string{"Get", "List", "Put"} {
			for how, fault := range faults {
				var hit atomic.Bool
				s.store.breaks = func(c string) error {
					if c != call {
						return nil
					}
					hit.Store(true)
					return fault()
				}
				got, err := s.Send(t.Context(), s.SignRaw(in.Body))
				s.store.breaks = nil
				if err != nil || got.Status != 200 {
					t.Fatalf("%s %s: status %d, %v", call, how, got.Status, err)
				}
				lines := s.logs.take()
				tellsNothing(t, lines, in)
				if !hit.Load() {
					continue // the route never asks for that
				}
				sorry := strings.Contains(string(got.Body), "Something went wrong on our side") && strings.Contains(string(got.Body), in.ID)
				suggests := strings.HasPrefix(route, "suggest ")
				if !sorry && !suggests || suggests && string(got.Body) != `{"type":8,"data":{"choices":[]}}` {
					t.Errorf("%s %s: the reply is %s", call, how, got.Body)
				}
				if !strings.Contains(lines[0], `"outcome":"failed"`) || !strings.Contains(lines[0], `"level":"ERROR"`) {
					t.Errorf("%s %s: logged %s", call, how, lines[0])
				}
				mentionsNobody(t, got.Body)
			}
		}
	})
}

// TestEveryRouteOnBrokenQueue checks that nobody is told of a lost pointer: the
// scheduler finds what it pointed at.
func TestEveryRouteOnBrokenQueue(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.queue.err = errors.New("unreachable")
	eachRoute(t, s, func(t *testing.T, route string, in fakediscord.Interaction) {
		if _, err := s.Server.Deliver(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		lines := s.logs.take()
		tellsNothing(t, lines, in)
		if !strings.Contains(lines[len(lines)-1], `"outcome":"ok"`) {
			t.Errorf("logged %q", lines)
		}
	})
}

// TestTokenIsKeptApart checks that the token of an interaction is in no record
// and in no pointer: only where the worker takes it from, and only while it lives.
func TestTokenIsKeptApart(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	in, err := submitForm(s)
	if err != nil {
		t.Fatal(err)
	}
	s.deliver(in, nil)
	page, err := s.store.DB.List(t.Context(), storage.Query{Table: storage.Records, Part: "guild#" + s.Guild})
	if err != nil || len(page.Items) == 0 {
		t.Fatal("no records", err)
	}
	for _, it := range page.Items {
		if strings.Contains(string(it.Value), in.Token) {
			t.Errorf("%v holds the token", it.Key)
		}
	}
	for _, ref := range s.queue.sent {
		if strings.Contains(action.Encode(ref, 0), in.Token) {
			t.Errorf("the pointer %v holds the token", ref)
		}
	}
	kept, ok := read[apply.Token](s, apply.TokenKey(in.ID))
	if !ok || kept.Token != in.Token || time.Until(kept.ExpiresAt()) > 15*time.Minute {
		t.Errorf("the token is kept as %+v", kept)
	}
}
