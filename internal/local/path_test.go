package local_test

import "testing"

// TestPath takes one application from the form to the showcase.
func TestPath(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ex := s.apply(s.Rio, s.Form())
	if !ex.Ephemeral {
		t.Error("everybody sees the answer to the applicant")
	}
	s.says(ex.Text(), "Entente is checking the invite")
	s.says(ex.Current().Text(), "with the managers")

	card := s.only(s.Review).Text()
	s.says(card, "Lighthouse")
	s.says(card, "1,204 members")
	s.says(card, "build things")

	s.press(s.Max, s.Review, "Approve")
	s.says(s.only(s.Review).Text(), "Approved** by <@"+s.Max+">")
	listing := s.only(s.Showcase)
	s.says(listing.Text(), "Lighthouse")
	s.says(listing.Text(), "Show and tell every Friday")
	s.says(ex.Current().Text(), "is now a partner")

	list, err := s.As(s.Nora, s.Guild, s.Lobby).Command(t.Context(), "partner list")
	if err != nil {
		t.Fatal(err)
	}
	s.says(list.Text(), "Lighthouse")
	choices, err := s.As(s.Nora, s.Guild, s.Lobby).Autocomplete(t.Context(), "partner info", "partner", "light")
	if err != nil || len(choices) != 1 {
		t.Fatalf("suggestions: %v, %v", choices, err)
	}
}
