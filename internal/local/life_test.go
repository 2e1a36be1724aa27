package local_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// TestWithdraw takes an application back from the answer to its form, and from
// /partner withdraw.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	form := s.apply(s.Rio, s.Form())
	card := s.only(s.Review)
	approve, _ := card.Button("Approve")

	ask := s.on(s.Rio, form.Message, "Withdraw")
	s.says(ask.Text(), "take back your application for **Lighthouse**")
	confirm, _ := ask.Current().Button("Withdraw")
	missing := s.forged(s.Nora, card.Ref, "apply/withdraw:1:2:3").Text()
	for _, id := range []string{confirm.CustomID, strings.Replace(confirm.CustomID, s.Rio, s.Nora, 1), "apply/withdraw:x:y:z"} {
		if got := s.forged(s.Nora, card.Ref, id).Text(); got != missing {
			t.Errorf("somebody else is told %q, and of what is missing %q", got, missing)
		}
	}
	if c := s.counted(); c.Pending != 1 {
		t.Fatalf("%+v", c)
	}

	s.says(s.on(s.Rio, ask.Message, "Withdraw").Text(), "was taken back")
	s.says(form.Current().Text(), "was taken back")
	s.says(s.only(s.Review).Text(), "Withdrawn** by the applicant")
	s.says(s.command(s.Rio, "partner info").Text(), "withdrawn")
	if c := s.counted(); c.Pending != 0 {
		t.Errorf("%+v", c)
	}
	s.says(s.forged(s.Max, card.Ref, approve.CustomID).Text(), "took it back")
	s.says(s.forged(s.Rio, ask.Message, confirm.CustomID).Text(), "you took back your application")
	s.says(s.command(s.Rio, "partner withdraw").Text(), "You have no pending application")
	s.says(s.command(s.Rio, "partner apply").Text(), "pause between two applications")

	s.advance(25 * time.Hour)
	form = s.apply(s.Rio, s.Form())
	s.says(form.Current().Text(), "with the managers")
	s.says(s.command(s.Nora, "partner withdraw").Text(), "You have no pending application")
	list := s.command(s.Rio, "partner withdraw")
	s.says(list.Text(), "**Lighthouse**")
	s.on(s.Rio, list.Message, "Withdraw")
	s.says(form.Current().Text(), "was taken back")
	s.counted()
}

// TestExpiry ends an application nobody decided on; one whose guild waits longer
// by then waits on.
func TestExpiry(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	form := s.apply(s.Rio, s.Form())
	s.on(s.Rio, form.Message, "Send me a DM")
	s.expireAfter(60)
	s.advance(59 * 24 * time.Hour)
	if c := s.counted(); c.Pending != 1 {
		t.Fatalf("after 59 of 60 days: %+v", c)
	}
	s.advance(25 * time.Hour)
	if c := s.counted(); c.Pending != 0 {
		t.Fatalf("after 60 days: %+v", c)
	}
	s.says(s.only(s.Review).Text(), "Expired**")
	s.says(s.command(s.Rio, "partner info").Text(), "expired")
	s.says(s.command(s.Rio, "partner withdraw").Text(), "You have no pending application")
	dms := s.DMs(s.Rio)
	if len(dms) != 1 {
		t.Fatalf("%d direct messages", len(dms))
	}
	s.says(dms[0].Text(), "Nobody decided on your application for **Lighthouse** in time")
	s.says(s.apply(s.Rio, s.Form()).Current().Text(), "with the managers")
}

// TestExpiresSooner ends an application when the guild waits no longer.
func TestExpiresSooner(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.advance(10 * 24 * time.Hour)
	s.expireAfter(11)
	if c := s.counted(); c.Pending != 1 {
		t.Fatalf("after 10 of 11 days: %+v", c)
	}
	s.advance(25 * time.Hour)
	if c := s.counted(); c.Pending != 0 {
		t.Fatalf("after 11 days: %+v", c)
	}
}

// expireAfter has applications expire after so many days, without reminders before.
func (s *stage) expireAfter(days int) {
	s.Helper()
	err := storage.Update(s.Context(), s.DB, settings.Keys(s.Guild), func(tx *storage.Tx) error {
		chosen := settings.Of(tx, s.Guild)
		chosen.Expiry, chosen.Remind = days, 0
		settings.Save(tx, s.Guild, chosen, s.Now())
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	s.drain()
}

// TestNotice tells of the decision by direct message, with consent and until it
// is taken back.
func TestNotice(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	form := s.apply(s.Rio, s.Form())
	asked := s.on(s.Rio, form.Message, "Send me a DM")
	s.says(asked.Text(), "You get a DM about the decision")
	s.on(s.Rio, form.Message, "No DM")
	s.on(s.Rio, form.Message, "Send me a DM")
	if n := len(s.DMs(s.Rio)); n != 0 {
		t.Errorf("%d direct messages before the decision", n)
	}
	s.press(s.Max, s.Review, "Approve")
	dms := s.DMs(s.Rio)
	if len(dms) != 1 {
		t.Fatalf("%d direct messages", len(dms))
	}
	s.says(dms[0].Text(), "Harbour")
	s.says(dms[0].Text(), "**Lighthouse** is now a partner")

	stop, _ := dms[0].Button("Stop these DMs")
	press := func(user, customID string) *fakediscord.Exchange {
		t.Helper()
		ex, err := s.As(user, "", "").ForgePress(t.Context(), dms[0].Ref, customID)
		if err != nil {
			t.Fatal(err)
		}
		return ex
	}
	for _, tt := range []struct{ user, id string }{
		{s.Nora, stop.CustomID}, // somebody else's, which no client would send
		{s.Rio, strings.Replace(stop.CustomID, s.Guild, s.Lighthouse, 1)},      // of another guild
		{s.Rio, strings.Replace(stop.CustomID, ":"+s.Rio, ":"+s.Nora, 1)},      // of another applicant
		{s.Rio, "apply/stop:" + s.Guild + ":x:y:z"},                            // of nothing
		{s.Nora, strings.Replace(stop.CustomID, ":"+s.Rio, ":"+s.Nora, 1)},     // of nobody
		{s.Rio, strings.Replace(stop.CustomID, "apply/stop", "apply/none", 1)}, // no such route
	} {
		text := press(tt.user, tt.id).Text()
		if !strings.Contains(text, "no such application") && !strings.Contains(text, "no longer available") {
			t.Errorf("%s: %s", tt.id, text)
		}
	}
	s.says(press(s.Rio, strings.TrimPrefix(strings.Replace(stop.CustomID, "apply/stop:"+s.Guild, "apply/approve", 1), ":")).Text(), "works in servers only")
	s.says(press(s.Rio, "apply/stop:x:1:2:3").Text(), "works in servers only")
	s.says(press(s.Rio, stop.CustomID).Text(), "no more DMs")
	s.says(s.DMs(s.Rio)[0].Text(), "**Lighthouse** is now a partner")

	// In a guild, the button of a direct message leads nowhere.
	s.says(s.forged(s.Rio, form.Message, stop.CustomID).Text(), "no longer available")
}

// TestNoConsent sends no direct message that nobody asked for.
func TestNoConsent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
	if n := len(s.DMs(s.Rio)); n != 0 {
		t.Errorf("%d direct messages", n)
	}
}

// TestNoticeRefused notes that the applicant takes no direct messages, and never
// tries again.
func TestNoticeRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	form := s.apply(s.Rio, s.Form())
	s.on(s.Rio, form.Message, "Send me a DM")
	s.RefuseDMs(s.Rio, true)
	s.press(s.Max, s.Review, "Approve")
	s.says(s.only(s.Review).Text(), "Could not DM the applicant")
	s.RefuseDMs(s.Rio, false)
	s.advance(25 * time.Hour)
	if n := len(s.DMs(s.Rio)); n != 0 {
		t.Errorf("%d direct messages", n)
	}
	left, err := s.Worker.Actions.Count(t.Context())
	if err != nil || left.Pending != 0 || left.Blocked != 0 {
		t.Errorf("%+v, %v", left, err)
	}
}

// FAULTS R2: whatever happens to the requests of a direct message, there is one.
func TestNoticeFaults(t *testing.T) {
	t.Parallel()
	for _, f := range []fakediscord.Fault{
		{Method: "POST", Route: "/users/@me/channels", Status: 500},
		{Method: "POST", Route: "/users/@me/channels", Reset: true, After: true},
		{Method: "POST", Status: 503},
		{Method: "POST", Reset: true, After: true},
		{Method: "POST", Skip: 1, Reset: true, After: true},
		{Method: "POST", Skip: 1, Status: 502, After: true},
		{Method: "GET", Route: "/guilds/{guild}", Status: 500},
	} {
		t.Run(fmt.Sprint(f.Method, f.Route, f.Skip, f.Status, f.Reset), func(t *testing.T) {
			s := newStage(t)
			form := s.apply(s.Rio, s.Form())
			s.on(s.Rio, form.Message, "Send me a DM")
			modal := s.press(s.Max, s.Review, "Deny")
			s.Scene.Fail(f)
			s.submit(s.Max, modal, map[string]any{"reason": "Too far away."})
			for range 6 {
				s.advance(time.Minute)
			}
			dms := s.DMs(s.Rio)
			if len(dms) != 1 {
				t.Fatalf("%d direct messages", len(dms))
			}
			s.says(dms[0].Text(), "Too far away.")
		})
	}
}

// FAULTS R10, S23: 64 presses that settle the same application: one counts, the
// others learn whose.
func TestSettledOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	form := s.apply(s.Rio, s.Form())
	card := s.only(s.Review)
	ids := map[string]string{}
	for _, b := range card.Buttons() {
		ids[b.Label] = b.CustomID
	}
	max, ada, rio := s.As(s.Max, s.Guild, s.Review), s.As(s.Ada, s.Guild, s.Review), s.As(s.Rio, s.Guild, s.Lobby)
	deny, block := s.press(s.Ada, s.Review, "Deny"), s.press(s.Max, s.Review, "Block")
	withdraw := strings.Replace(ids["Approve"], "apply/approve", "apply/withdraw", 1)
	ways := []func() (*fakediscord.Exchange, error){
		func() (*fakediscord.Exchange, error) { return max.ForgePress(t.Context(), card.Ref, ids["Approve"]) },
		func() (*fakediscord.Exchange, error) { return ada.ForgePress(t.Context(), card.Ref, ids["Approve"]) },
		func() (*fakediscord.Exchange, error) {
			return ada.Submit(t.Context(), deny, map[string]any{"reason": "no"})
		},
		func() (*fakediscord.Exchange, error) { return rio.ForgePress(t.Context(), form.Message, withdraw) },
		func() (*fakediscord.Exchange, error) {
			return max.Submit(t.Context(), block, map[string]any{"reason": "no"})
		},
	}
	var wg sync.WaitGroup
	replies := make([]string, 64)
	for i := range replies {
		wg.Go(func() {
			ex, err := ways[i%len(ways)]()
			if err != nil {
				replies[i] = err.Error()
				return
			}
			replies[i] = ex.Text()
		})
	}
	wg.Wait()
	s.drain()
	won := 0
	for _, r := range replies {
		if !strings.Contains(r, "already handled") {
			won++
		}
	}
	if won != 1 {
		t.Errorf("%d presses counted:\n%s", won, strings.Join(replies, "\n"))
	}
	c := s.counted()
	applications := s.items("apply#")
	a, err := storage.Decode[apply.Application](applications[0])
	if err != nil || len(applications) != 1 {
		t.Fatal(len(applications), err)
	}
	approved := a.Status == apply.Approved
	if c.Pending != 0 || c.Active > 1 || (c.Active == 1) != approved || c.Blocks > 1 || c.Blocks == 1 && a.Status != apply.Denied {
		t.Errorf("it is %s, and the counts are %+v", a.Status, c)
	}
	if listings := len(s.Messages(s.Showcase)); listings != c.Active {
		t.Errorf("%d listings of %d partners", listings, c.Active)
	}
	s.says(s.only(s.Review).Text(), map[apply.Status]string{
		apply.Approved: "Approved**", apply.Denied: "Denied**", apply.Withdrawn: "Withdrawn**",
	}[a.Status])
}

// FAULTS S25: 64 members apply for the same server at once: no more applications
// wait than may for one server.
// Then the server is blocked, and none does.
func TestOneServerAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	people := make([]string, 64)
	for i := range people {
		people[i] = s.AddUser(fmt.Sprint("rep ", i))
		s.AddMember(s.Guild, people[i])
	}
	var wg sync.WaitGroup
	for _, p := range people {
		wg.Go(func() {
			if _, err := s.Apply(t.Context(), p, s.Form()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.drain()
	if c := s.counted(); c.Pending != apply.MaxRivals || len(s.items("apply#")) != apply.MaxRivals {
		t.Errorf("%+v; %d applications", c, len(s.items("apply#")))
	}
	if n := len(s.Messages(s.Review)); n != apply.MaxRivals {
		t.Errorf("%d cards", n)
	}
	s.command(s.Ada, "partnerships block", fakediscord.Opt("server", s.Lighthouse))
	if c := s.counted(); c.Pending != 0 || c.Blocks != 1 {
		t.Errorf("%+v", c)
	}
}
