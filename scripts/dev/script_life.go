package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/index"
)

// life is the end of the demo: what becomes of partners, to the end.
func (s *stage) life() []step {
	ada, rio := s.As(s.Ada, s.Guild, s.Lobby), s.As(s.Rio, s.Guild, s.Lobby)
	list := s.AddChannel(s.Guild, fakediscord.Channel{Name: "all-partners"})
	var last *fakediscord.Exchange
	keep := func(do exchange) exchange {
		return func(ctx context.Context) (_ *fakediscord.Exchange, err error) {
			last, err = do(ctx)
			return last, err
		}
	}
	choose := func(menu, value string) exchange {
		return func(ctx context.Context) (*fakediscord.Exchange, error) {
			return ada.Choose(ctx, last.Message, menu, value)
		}
	}
	return []step{
		{"Rio", "lets a week pass, and uses /partner bump", func(ctx context.Context) (*fakediscord.Exchange, error) {
			if err := s.system.Advance(ctx, 7*24*time.Hour); err != nil {
				return nil, err
			}
			if _, err := s.system.Drain(ctx); err != nil {
				return nil, err
			}
			return rio.Command(ctx, "partner bump")
		}, s.Showcase, "Next bump"},
		{"Rio", "uses /partner edit: the form opens with the ad", keep(func(ctx context.Context) (*fakediscord.Exchange, error) {
			return rio.Command(ctx, "partner edit")
		}), "", "build things"},
		{"Rio", "changes the description: a manager has to approve it", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return rio.Submit(ctx, last, map[string]any{"description": "A calm place for people who **build things** by day, too."})
		}, s.Review, "by day, too"},
		{"Max", "presses Approve on what was changed", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return s.As(s.Max, s.Guild, s.Review).Press(ctx, s.changed(), "Approve")
		}, s.Showcase, "by day, too"},
		{"Ada", "opens the section Showcase of /partnerships setup", keep(func(ctx context.Context) (*fakediscord.Exchange, error) {
			ex, err := ada.Command(ctx, "partnerships setup")
			if err != nil {
				return nil, err
			}
			return ada.Choose(ctx, ex.Message, "setup/section", "showcase")
		}), "", "Channel mode"},
		{"Ada", "turns the showcase to a forum", choose("setup/mode", "forum"), "", "nothing is chosen"},
		{"Ada", "chooses #partner-forum: every ad moves there", choose("setup/forum", s.Forum), s.Forum, "Lighthouse"},
		{"Ada", "chooses #all-partners for the index, which links to every ad", choose("setup/index", list), list, "- Lighthouse · [To the ad]("},
		{"Ada", "finds #partners empty", func(ctx context.Context) (*fakediscord.Exchange, error) {
			if left := s.Messages(s.Showcase); len(left) > 0 {
				return nil, errLeft
			}
			return ada.Command(ctx, "partnerships status")
		}, "", "Active"},
		{"Rio", "uses /partner end: a form asks why", keep(func(ctx context.Context) (*fakediscord.Exchange, error) {
			return rio.Command(ctx, "partner end")
		}), "", "This ends the partnership"},
		{"Rio", "sends it with a farewell", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return rio.Submit(ctx, last, map[string]any{"reason": "We are moving to another place.", "farewell": "Thank you for everything!"})
		}, s.Review, "Thank you for everything!"},
		{"Nora", "finds Lighthouse neither in the forum nor in the index, and uses /partner list", func(ctx context.Context) (*fakediscord.Exchange, error) {
			if err := s.system.Advance(ctx, index.Gather); err != nil {
				return nil, err
			}
			if _, err := s.system.Drain(ctx); err != nil {
				return nil, err
			}
			for _, page := range s.Messages(list) {
				if strings.Contains(page.Text(), "Lighthouse") {
					return nil, errLeft
				}
			}
			for _, post := range s.Threads(s.Forum) {
				if strings.Contains(post.Name, "Lighthouse") {
					return nil, errLeft
				}
			}
			return s.As(s.Nora, s.Guild, s.Lobby).Command(ctx, "partner list")
		}, "", "Observatory"},
	}
}

// errLeft means that the demo finds an ad where none should stand any more.
var errLeft = errors.New("an ad stands where none should")

// changed is the review card of a changed ad.
func (s *stage) changed() fakediscord.Ref {
	for _, m := range s.Messages(s.Review) {
		for _, b := range m.Buttons() {
			if strings.HasPrefix(b.CustomID, "edit/approve") {
				return m.Ref
			}
		}
	}
	return fakediscord.Ref{Channel: s.Review}
}
