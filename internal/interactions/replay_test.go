package interactions_test

import (
	"bytes"
	"slices"
	"sync"
	"testing"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/fakediscord"
)

// repeats is how often a request is sent.
const repeats = 5

// refusals are interactions that are refused: beside the cases of all routes,
// what a repetition must not do twice either.
func refusals() map[string]routeCase {
	return map[string]routeCase{
		"without permission": func(s *stage) (fakediscord.Interaction, error) {
			return s.press(s.Nora, onCard("apply/approve", s.pending(s.Guild)))
		},
		"of a stale button": func(s *stage) (fakediscord.Interaction, error) {
			return s.press(s.Max, onCard("apply/approve", s.active(s.Guild)))
		},
		"of a form": func(s *stage) (fakediscord.Interaction, error) {
			return s.submit(s.newcomer(), nil, "apply/send:slash", filled{"invite", "no invite", ""}, filled{"category", "", "Community"})
		},
		"of a button that is gone": pressAs("apply/celebrate:1"),
	}
}

// TestRepeatedRequest sends the same signed request several times, one after
// another and at once: there is one effect, and the same reply each time.
func TestRepeatedRequest(t *testing.T) {
	t.Parallel()
	all := cases()
	for name, c := range refusals() {
		all["refusal "+name] = c
	}
	for _, how := range []string{"one after another", "at once"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			for name, c := range all {
				in, err := c(s)
				if err != nil {
					t.Fatal(err)
				}
				sent := len(s.queue.sent)
				wrote := s.store.wrote.Load()
				replies := s.repeat(in, how == "at once")
				for i, got := range replies {
					if got.Status != 200 || !bytes.Equal(got.Body, replies[0].Body) {
						t.Errorf("%s: reply %d is %d %s, the first was %d %s", name, i, got.Status, got.Body, replies[0].Status, replies[0].Body)
					}
				}
				if n := s.store.wrote.Load() - wrote; n > 1 {
					t.Errorf("%s: %d writes, want one at most", name, n)
				}
				for i, ref := range s.queue.sent[sent:] {
					if slices.Contains(s.queue.sent[sent:sent+i], ref) {
						t.Errorf("%s: a pointer to %v was sent twice", name, ref)
					}
				}
			}
		})
	}
}

// repeat sends the same signed request several times and returns the replies.
func (s *stage) repeat(in fakediscord.Interaction, atOnce bool) []fakediscord.RawReply {
	s.Helper()
	raw := s.SignRaw(in.Body)
	replies := make([]fakediscord.RawReply, repeats)
	var wg sync.WaitGroup
	for i := range replies {
		send := func() {
			var err error
			if replies[i], err = s.Send(s.Context(), raw); err != nil {
				s.Errorf("send: %v", err)
			}
		}
		if atOnce {
			wg.Go(send)
		} else {
			send()
		}
	}
	wg.Wait()
	return replies
}

// TestRepeatedEffects looks at what is kept after a repetition.
func TestRepeatedEffects(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	before := len(list[audit.Entry](s, s.Guild, "audit#"))

	form, err := submitForm(s)
	if err != nil {
		t.Fatal(err)
	}
	s.repeat(form, true)
	drafts := list[apply.Draft](s, s.Guild, "draft#")
	if len(drafts) != 1 || drafts[0].ID != form.ID {
		t.Fatalf("%d drafts, want one: %+v", len(drafts), drafts)
	}
	u, _ := read[apply.Standing](s, apply.UserKey(s.Guild, drafts[0].Applicant))
	if len(u.Tries) != 1 {
		t.Errorf("%d tries were counted, want 1", len(u.Tries))
	}

	for _, c := range []routeCase{pressCard("apply/approve"), submitDeny, refusals()["without permission"]} {
		in, err := c(s)
		if err != nil {
			t.Fatal(err)
		}
		s.repeat(in, true)
	}
	if n := len(list[audit.Entry](s, s.Guild, "audit#")) - before; n != 3 {
		t.Errorf("%d entries in the trail, want 3", n)
	}
}

// TestRepetitionAfterChange checks that the first reply is given again although
// the state moved on: here somebody approved, and the card is decided.
func TestRepetitionAfterChange(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a := s.pending(s.Guild)
	opens, err := s.press(s.Max, onCard("apply/deny", a))
	if err != nil {
		t.Fatal(err)
	}
	raw := s.SignRaw(opens.Body)
	first, err := s.Send(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	s.deliver(s.press(s.Ada, onCard("apply/approve", a)))
	again, err := s.Send(t.Context(), raw)
	if err != nil || !bytes.Equal(first.Body, again.Body) {
		t.Errorf("%v: the reply became %s", err, again.Body)
	}
}
