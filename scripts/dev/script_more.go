package main

import (
	"context"
	"strings"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// An exchange is what a step does.
type exchange = func(context.Context) (*fakediscord.Exchange, error)

// more is the rest of the demo: the other ways to become a partner.
func (s *stage) more() []step {
	ada, nora := s.As(s.Ada, s.Guild, s.Lobby), s.As(s.Nora, s.Guild, s.Lobby)
	observatory, invite := s.AddPartner("Observatory", 5430)
	_, bread := s.AddPartner("Night Bakery", 61)
	var last *fakediscord.Exchange
	keep := func(do exchange) exchange {
		return func(ctx context.Context) (_ *fakediscord.Exchange, err error) {
			last, err = do(ctx)
			return last, err
		}
	}
	stars := map[string]any{"invite": "https://discord.gg/" + invite, "category": []string{"Science & learning"}, "description": "Star gazers of all levels."}
	bake := map[string]any{"category": []string{"Other"}, "description": "We bake while you sleep."}
	return []step{
		{"Ada", "turns to the section Applications of /partnerships setup", keep(func(ctx context.Context) (*fakediscord.Exchange, error) {
			ex, err := ada.Command(ctx, "partnerships setup")
			if err != nil {
				return nil, err
			}
			return ada.Choose(ctx, ex.Message, "setup/section", "intake")
		}), "", "Minimum"},
		{"Ada", "lets people apply by panel and by ticket, too", keep(func(ctx context.Context) (*fakediscord.Exchange, error) {
			return ada.Choose(ctx, last.Message, "setup/sources", "slash", "panel", "ticket")
		}), "", "icket"},
		{"Ada", "posts a panel with /partnerships panel", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return ada.Command(ctx, "partnerships panel")
		}, s.Lobby, "Open a ticket"},
		{"Nora", "presses Open a ticket on the panel", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return nora.Press(ctx, s.panel(), "Open a ticket")
		}, "", "ticket"},
		{"Nora", "presses the button in the ticket, and sends the form", func(ctx context.Context) (*fakediscord.Exchange, error) {
			ticket, form := s.ticket()
			ex, err := nora.In(ticket).Press(ctx, form, "ticket/form:"+s.formID(form))
			if err != nil {
				return nil, err
			}
			return nora.In(ticket).Submit(ctx, ex, stars)
		}, s.Review, "Observatory"},
		{"Max", "presses Approve on the card of Observatory", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return s.As(s.Max, s.Guild, s.Review).Press(ctx, s.card(observatory), "Approve")
		}, s.Showcase, "Observatory"},
		{"Ada", "adds a friend of the server by hand with /partnerships add", keep(func(ctx context.Context) (*fakediscord.Exchange, error) {
			return ada.Command(ctx, "partnerships add", fakediscord.Opt("invite", "discord.gg/"+bread), fakediscord.Opt("contact", s.Nora))
		}), "", "About"},
		{"Ada", "sends the ad of Night Bakery, a server of 61 people", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return ada.Submit(ctx, last, bake)
		}, s.Showcase, "Night Bakery"},
	}
}

// panel is the message in the lobby that has an Apply button.
func (s *stage) panel() fakediscord.Ref {
	for _, m := range s.Messages(s.Lobby) {
		if _, ok := m.Button("Open a ticket"); ok {
			return m.Ref
		}
	}
	return fakediscord.Ref{Channel: s.Lobby}
}

// ticket is the open ticket, with the message in it that has the form's button.
func (s *stage) ticket() (thread string, form fakediscord.Ref) {
	for _, th := range s.Threads(s.Lobby) {
		for _, m := range s.Messages(th.ID) {
			if len(m.Buttons()) > 0 {
				return th.ID, m.Ref
			}
		}
	}
	return s.Lobby, fakediscord.Ref{Channel: s.Lobby}
}

// formID is the ticket that a form's button is about.
func (s *stage) formID(form fakediscord.Ref) string {
	m, _ := s.Message(form)
	for _, b := range m.Buttons() {
		if id, ok := strings.CutPrefix(b.CustomID, "ticket/form:"); ok {
			return id
		}
	}
	return ""
}

// card is the review card that is about a partner.
func (s *stage) card(partner string) fakediscord.Ref {
	for _, m := range s.Messages(s.Review) {
		for _, b := range m.Buttons() {
			if strings.Contains(b.CustomID, partner) {
				return m.Ref
			}
		}
	}
	return fakediscord.Ref{Channel: s.Review}
}
