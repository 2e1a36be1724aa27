package local_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/fakediscord"
)

// allied makes Lighthouse a partner, and clears the review channel.
func (s *stage) allied() {
	s.Helper()
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
	s.DeleteMessage(s.only(s.Review).Ref)
}

// changesAd changes the ad of Lighthouse as a user, by the form.
func (s *stage) changesAd(user string, form map[string]any) *fakediscord.Exchange {
	s.Helper()
	opened := s.command(user, "partner edit", fakediscord.Opt("partner", s.Lighthouse))
	if opened.Modal == nil {
		s.Fatalf("no form: %s", opened.Text())
	}
	return s.submit(user, opened, form)
}

func described(text string) map[string]any { return map[string]any{"description": text} }

// editOf returns what is kept of the latest edit of Lighthouse.
func (s *stage) editOf() edit.Edit {
	s.Helper()
	e, _ := recordOf[edit.Edit](s, edit.Key(s.Guild, s.Lighthouse))
	return e
}

// TestEdit follows a change of the contact's from the form to the listing.
func TestEdit(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	listing := s.only(s.Showcase).Ref
	opened := s.command(s.Rio, "partner edit") // the contact of exactly one
	if f, _ := opened.Modal.Field("highlights"); f.Value != "Show and tell every Friday" {
		t.Errorf("the form is not filled in: %q", f.Value)
	}
	ex := s.submit(s.Rio, opened, described("Now with a **library**."))
	s.says(ex.Current().Text(), "is with the managers")
	s.silent(s.only(s.Showcase).Text(), "library")
	card := s.only(s.Review)
	s.says(card.Text(), "Now with a **library**.")
	s.says(card.Text(), "build things") // as it was
	s.silent(card.Text(), "Show and tell every Friday")
	s.says(s.command(s.Rio, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "is pending")
	s.silent(s.command(s.Nora, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "is pending")

	s.says(s.press(s.Max, s.Review, "Approve").Text(), "**Approved** by <@"+s.Max+">")
	s.says(s.only(s.Showcase).Text(), "Now with a **library**.")
	if s.only(s.Showcase).Ref != listing {
		t.Error("the listing was posted anew")
	}
	s.says(ex.Current().Text(), "was approved")
	s.says(s.forged(s.Ada, card.Ref, "edit/approve:"+strings.Join([]string{ex.Interaction, s.Lighthouse, ex.Interaction}, ":")).Text(),
		"already handled: <@"+s.Max+"> approved it")
	s.says(s.changesAd(s.Rio, nil).Text(), "already says that")
}

// TestEditDenied has a manager say no, and tells the contact why.
func TestEditDenied(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	ex := s.changesAd(s.Rio, described("Buy now!"))
	asked := s.press(s.Max, s.Review, "Deny")
	s.submit(s.Max, asked, map[string]any{"reason": "Too loud. @everyone"})
	s.says(s.only(s.Review).Text(), "**Denied** by")
	s.says(ex.Current().Text(), "Too loud. @ everyone")
	s.silent(s.only(s.Showcase).Text(), "Buy now")
	s.says(s.command(s.Rio, "partner info", fakediscord.Opt("partner", s.Lighthouse)).Text(), "Too loud.")

	s.changesAd(s.Rio, described("Come and see"))
	if n := len(s.Messages(s.Review)); n != 2 {
		t.Errorf("%d cards, want that of the denied change and that of the new one", n)
	}
}

// TestEditReplaced sends a newer change while one waits: the card follows, and
// what stood on it cannot be approved any more.
func TestEditReplaced(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	s.changesAd(s.Rio, described("Second"))
	old, _ := s.only(s.Review).Button("Approve")
	opened := s.command(s.Rio, "partner edit")
	if f, _ := opened.Modal.Field("description"); f.Value != "Second" {
		t.Errorf("the form forgot what waits: %q", f.Value)
	}
	s.submit(s.Rio, opened, described("Third"))
	card := s.only(s.Review)
	s.says(card.Text(), "Third")
	s.silent(card.Text(), "Second")
	s.says(s.forged(s.Max, card.Ref, old.CustomID).Text(), "newer version")
	s.press(s.Max, s.Review, "Approve")
	s.says(s.only(s.Showcase).Text(), "Third")
}

// TestEditByManager changes an ad without another's approval.
func TestEditByManager(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	s.says(s.command(s.Nora, "partner edit", fakediscord.Opt("partner", s.Lighthouse)).Text(), "Only <@"+s.Rio+">")
	s.says(s.command(s.Nora, "partner edit").Text(), "not the contact of any partner")
	opened := s.command(s.Max, "partnerships edit", fakediscord.Opt("partner", s.Lighthouse))
	ex := s.submit(s.Max, opened, described("By hand"))
	s.says(ex.Text(), "is changed")
	s.says(s.only(s.Showcase).Text(), "By hand")
	if n := len(s.Messages(s.Review)); n != 0 {
		t.Errorf("%d cards", n)
	}
	// Whoever is a manager no more when the form comes is a member like any other.
	opened = s.command(s.Max, "partnerships edit", fakediscord.Opt("partner", s.Lighthouse))
	s.RevokeRole(s.Guild, s.Max, s.Reviewers)
	s.says(s.submit(s.Max, opened, described("Too late")).Text(), "Only <@"+s.Rio+">")
	s.says(s.only(s.Showcase).Text(), "By hand")
}

// TestEditOvertaken: of two managers who have the form open at once, the second does
// not undo unseen what the first did, but can if they mean it.
func TestEditOvertaken(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	first := s.command(s.Max, "partner edit", fakediscord.Opt("partner", s.Lighthouse))
	second := s.command(s.Ada, "partner edit", fakediscord.Opt("partner", s.Lighthouse))
	s.says(s.submit(s.Max, first, described("By Max.")).Current().Text(), "is changed")
	late := s.submit(s.Ada, second, map[string]any{"highlights": "By Ada."})
	s.says(late.Text(), "Somebody changed the ad of Lighthouse while you were writing")
	s.says(s.only(s.Showcase).Text(), "By Max.")
	s.silent(s.only(s.Showcase).Text(), "By Ada.")
	again := s.on(s.Ada, late.Message, "Edit and resend")
	if f, _ := again.Modal.Field("highlights"); f.Value != "By Ada." {
		t.Errorf("what was written is lost: %q", f.Value)
	}
	s.says(s.submit(s.Ada, again, nil).Text(), "is changed")
	s.silent(s.only(s.Showcase).Text(), "By Max.")
	s.says(s.only(s.Showcase).Text(), "By Ada.")
}

// TestEditInvite changes the invite: it is looked up, and must lead to the partner.
func TestEditInvite(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	_, elsewhere := s.AddPartner("Elsewhere", 50)
	refused := s.changesAd(s.Rio, map[string]any{"invite": elsewhere, "description": "Kept"})
	s.says(refused.Text(), "checking the invite")
	s.says(refused.Current().Text(), "leads to Elsewhere, not to Lighthouse")
	again := s.on(s.Rio, refused.Message, "Edit and resend")
	if f, _ := again.Modal.Field("description"); f.Value != "Kept" {
		t.Errorf("the form forgot what was written: %q", f.Value)
	}
	other := s.AddInvite(s.Lighthouse, fakediscord.Invite{})
	sent := s.submit(s.Rio, again, map[string]any{"invite": other})
	s.says(sent.Current().Text(), "is with the managers")
	s.press(s.Max, s.Review, "Approve")
	s.says(s.only(s.Showcase).Text(), other)
}

// TestEditBanner gives an ad another banner: the card shows it first, and the
// listing in place of the one before, whenever it is approved.
func TestEditBanner(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.withBanner("old.png", drawing(t, 800, 300)))
	s.press(s.Max, s.Review, "Approve")
	s.DeleteMessage(s.only(s.Review).Ref)
	s.changesAd(s.Rio, map[string]any{"banner": []string{s.Upload("new.png", drawing(t, 900, 300))}})
	card := s.only(s.Review)
	if len(card.Attachments) != 1 || card.Attachments[0].Name == "banner.png" {
		t.Fatalf("the card shows %+v", card.Attachments)
	}
	s.advance(48 * time.Hour) // the link that was handed in is over
	s.press(s.Max, s.Review, "Approve")
	listing := s.only(s.Showcase)
	if len(listing.Attachments) != 1 || listing.Attachments[0].Name != card.Attachments[0].Name {
		t.Errorf("the listing shows %+v, want %+v", listing.Attachments, card.Attachments)
	}
}

// TestEditEnds ends the partnership while a change waits.
func TestEditEnds(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	ex := s.changesAd(s.Rio, described("Too late"))
	approve, _ := s.only(s.Review).Button("Approve")
	s.ended(s.Max)
	s.says(s.only(s.Review).Text(), "the partnership ended")
	s.says(ex.Current().Text(), "has ended")
	s.says(s.forged(s.Max, s.only(s.Review).Ref, approve.CustomID).Text(), "has ended")
	if n := len(s.items(edit.Prefix)); n != 0 {
		t.Errorf("%d edits are kept of partners that are none", n)
	}
	s.quietly()
}

// quietly fails the test if anything is left to do now, or was given up.
func (s *stage) quietly() {
	s.Helper()
	if left := s.left(); left != (action.Census{}) {
		s.Errorf("left to do: %+v", left)
	}
	if dead := s.dead(); len(dead) > 0 {
		s.Errorf("given up: %v", dead)
	}
}

// TestEditRace has managers approve, deny and the contact replace a change, at
// once and over and over: one decision each, and members see what was approved.
func TestEditRace(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.allied()
	for round := range 8 {
		text := "Version " + strings.Repeat("i", round+1)
		ex := s.changesAd(s.Rio, described(text))
		e := s.editOf()
		if !e.Open() {
			t.Fatalf("nothing waits: %s", ex.Current().Text())
		}
		card := s.Messages(s.Review)[len(s.Messages(s.Review))-1].Ref
		id := strings.Join([]string{"", e.ID, e.Partner, e.Card}, ":")
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for n := range 8 {
			by, what := s.Max, "edit/approve"
			if n%2 == 1 {
				by = s.Ada
			}
			wg.Go(func() {
				p := s.As(by, s.Guild, s.Review)
				reply, err := p.ForgePress(s.Context(), card, what+id)
				if n%4 >= 2 && err == nil {
					reply, err = p.ForgePress(s.Context(), card, "edit/deny"+id)
					if err == nil && reply.Modal != nil {
						reply, err = p.Submit(s.Context(), reply, map[string]any{"reason": "no"})
					}
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				const update = 7
				if reply.Type == update {
					won++
				} else {
					s.says(reply.Text(), "already handled")
				}
			})
		}
		wg.Wait()
		s.drain()
		e = s.editOf()
		if e.Open() || won > 1 {
			t.Errorf("%d decisions, %+v", won, e)
		}
		if listed := strings.Contains(s.only(s.Showcase).Text(), text+"\n"); listed != (e.Status == edit.Approved) {
			t.Errorf("%s, and listed is %v:\n%s", e.Status, listed, s.only(s.Showcase).Text())
		}
	}
	s.quietly()
}
