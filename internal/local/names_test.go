package local_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// namesAgree fails the test if the names that are suggested in the guild are others
// than those of its partners: every story ends with it.
func (s *stage) namesAgree() {
	s.Helper()
	ctx := context.Background()
	n, whole := s.names(ctx, partnership.NamesKey(s.Guild))
	if !whole {
		return
	}
	page, err := s.DB.List(ctx, storage.Query{Table: storage.Records, Part: "guild#" + s.Guild, Prefix: partnership.Prefix, Limit: storage.MaxLimit})
	if err != nil {
		s.Fatal(err)
	}
	var want []partnership.Name
	for _, it := range page.Items {
		p, err := storage.Decode[partnership.Partnership](it)
		if err != nil {
			s.Fatal(err)
		}
		want = append(want, p.Name())
	}
	byID := func(a, b partnership.Name) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(n, byID)
	if slices.SortFunc(want, byID); !slices.Equal(n, want) {
		s.Errorf("the names are\n%+v\nthe partners\n%+v", n, want)
	}
}

// names returns the names under a key, and whether they are whole.
func (s *stage) names(ctx context.Context, key storage.Key) ([]partnership.Name, bool) {
	s.Helper()
	items, err := s.DB.Get(ctx, key)
	if err != nil {
		s.Fatal(err)
	}
	if items[0].Value == nil {
		return nil, false
	}
	n, err := storage.Decode[partnership.Names](items[0])
	if err != nil {
		s.Fatal(err)
	}
	return n.List, n.Whole
}

// suggested returns the names that are suggested to a user.
func (s *stage) suggested(user, command, option, typed string) []string {
	s.Helper()
	choices, err := s.As(user, s.Guild, s.Lobby).Autocomplete(s.Context(), command, option, typed)
	if err != nil {
		s.Fatal(err)
	}
	var shown []string
	for _, c := range choices {
		shown = append(shown, c.Name)
	}
	return shown
}

// TestNamesFollowPartners: what is suggested is what the partners are called now,
// through all that can happen to one.
func TestNamesFollowPartners(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.apply(s.Rio, s.Form())
	if got := s.suggested(s.Nora, "partner info", "partner", ""); len(got) != 0 {
		t.Errorf("suggested before the approval: %q", got)
	}
	s.press(s.Max, s.Review, "Approve")
	if got := s.suggested(s.Nora, "partner info", "partner", "light"); len(got) != 1 || !strings.Contains(got[0], "Lighthouse") {
		t.Errorf("suggested: %q", got)
	}
	s.command(s.Ada, "partnerships edit", fakediscord.Opt("partner", s.Lighthouse), fakediscord.Option{Name: "contact", Value: s.Nora, Type: 6})
	if mine, theirs := s.suggested(s.Nora, "partner end", "partner", ""), s.suggested(s.Rio, "partner end", "partner", ""); len(mine) != 1 || len(theirs) != 0 {
		t.Errorf("the contact is suggested %q, who was it %q", mine, theirs)
	}
	s.DeleteMessage(s.only(s.Review).Ref)
	s.EditGuild(s.Lighthouse, func(g *fakediscord.Guild) { g.Name = "Beacon Bay" })
	s.advance(2 * 24 * time.Hour)
	s.press(s.Max, s.Review, "Accept") // until then members see the old name
	if got := s.suggested(s.Nora, "partner info", "partner", ""); !slices.Equal(got, []string{"Beacon Bay"}) {
		t.Errorf("after it was renamed: %q", got)
	}
	opened := s.command(s.Ada, "partnerships end", fakediscord.Opt("partner", "beacon bay"))
	s.submit(s.Ada, opened, map[string]any{"reason": "Over.", "farewell": ""})
	if got := s.suggested(s.Nora, "partner info", "partner", ""); len(got) != 0 {
		t.Errorf("after the end: %q", got)
	}
	if got := s.suggested(s.Ada, "partnerships block", "server", "beacon"); len(got) != 1 {
		t.Errorf("a partner of the past, to be blocked: %q", got)
	}
}
