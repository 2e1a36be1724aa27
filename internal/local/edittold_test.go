package local_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// consents makes Lighthouse a partner whose contact asked to be told of decisions,
// and was told of the first.
func (s *stage) consents() {
	s.Helper()
	form := s.apply(s.Rio, s.Form())
	s.on(s.Rio, form.Message, "Send me a DM")
	s.press(s.Max, s.Review, "Approve")
	s.DeleteMessage(s.only(s.Review).Ref)
}

// heard returns what the direct messages to Rio say that hold a text.
func (s *stage) heard(part string) (list []fakediscord.Message) {
	s.Helper()
	for _, m := range s.DMs(s.Rio) {
		if strings.Contains(m.Text(), part) {
			list = append(list, m)
		}
	}
	return list
}

// TestEditTold tells a contact by direct message how a change was decided, who
// asked for it, until they want no more.
func TestEditTold(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.consents()
	s.changesAd(s.Rio, described("Loud!"))
	if n := len(s.DMs(s.Rio)); n != 1 {
		t.Errorf("%d direct messages before the decision, want that on the application", n)
	}
	s.submit(s.Max, s.press(s.Max, s.Review, "Deny"), map[string]any{"reason": "Too loud. @everyone"})
	denied := s.heard("was not accepted")
	if len(denied) != 1 || len(s.DMs(s.Rio)) != 2 {
		t.Fatalf("%d direct messages, %d of them about the change", len(s.DMs(s.Rio)), len(denied))
	}
	s.says(denied[0].Text(), "Harbour")
	s.says(denied[0].Text(), "Too loud. @ everyone")
	s.DeleteMessage(s.only(s.Review).Ref)

	s.changesAd(s.Rio, described("Come and see"))
	stop, _ := denied[0].Button("Stop these DMs")
	for _, user := range []string{s.Nora, s.Rio} {
		ex, err := s.As(user, "", "").ForgePress(t.Context(), denied[0].Ref, stop.CustomID)
		if err != nil {
			t.Fatal(err)
		}
		s.says(ex.Text(), map[string]string{s.Nora: "no such application", s.Rio: "no more DMs"}[user])
	}
	s.says(s.heard("no more DMs")[0].Text(), "Too loud.")
	s.press(s.Max, s.Review, "Approve")
	if n := len(s.DMs(s.Rio)); n != 2 {
		t.Errorf("%d direct messages, and no more were wanted", n)
	}
	if left := s.items("edit-notice#"); len(left) != 0 {
		t.Errorf("left: %v", left[0].Key)
	}
	s.quietly()
}

// TestEditUntold writes to nobody who did not ask for it, or is no contact any more,
// and holds nothing up for whoever takes no direct messages.
func TestEditUntold(t *testing.T) {
	t.Parallel()
	for name, about := range map[string]struct {
		consents func(*stage)
		then     func(*stage)
	}{
		"without consent": {(*stage).allied, func(*stage) {}},
		"handed over":     {(*stage).consents, func(s *stage) { s.handsTo(s.Nora) }},
		"takes none": {(*stage).consents, func(s *stage) {
			s.Scene.Fail(fakediscord.Fault{Method: http.MethodPost, Route: "/users/@me/channels", Status: 403, Code: 50007, Times: -1})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			about.consents(s)
			before := len(s.DMs(s.Rio))
			s.changesAd(s.Rio, described("Now with a library."))
			about.then(s)
			s.press(s.Max, s.Review, "Approve")
			s.says(s.only(s.Showcase).Text(), "library")
			if n := len(s.DMs(s.Rio)) + len(s.DMs(s.Nora)); n != before {
				t.Errorf("%d direct messages, want %d", n, before)
			}
			if left := s.items("edit-notice#"); len(left) != 0 {
				t.Errorf("left: %v", left[0].Key)
			}
			s.quietly()
		})
	}
}

// TestEditToldOnce loses the answer to the direct message, and kills the process
// at each step of telling: it is told once.
func TestEditToldOnce(t *testing.T) {
	t.Parallel()
	deaths(t, 8, func(t *testing.T, m *mortal) {
		s := newStage(t)
		s.consents()
		s.changesAd(s.Rio, described("Now with a library."))
		m.possess(s, true)
		s.restart()
		approve, _ := s.only(s.Review).Button("Approve")
		_, err := s.As(s.Max, s.Guild, s.Review).ForgePress(t.Context(), s.only(s.Review).Ref, approve.CustomID)
		_, _ = s.Drain(t.Context())
		if died := m.dead(); died != "" {
			new(mortal).immortal().possess(s, true)
			s.restart()
			s.drain()
		}
		if err != nil {
			s.forged(s.Max, s.only(s.Review).Ref, approve.CustomID)
		}
		s.drain()
		if n := len(s.heard("was approved")); n != 1 {
			t.Errorf("died %s: told %d times", m.dead(), n)
		}
		s.quietly()
	})
}
