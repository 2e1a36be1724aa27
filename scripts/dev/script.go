package main

import (
	"context"
	"errors"
	"regexp"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// times finds Discord's timestamps.
var times = regexp.MustCompile(`<t:(\d+)(?::([a-zA-Z]))?>`)

// simulate fills in the identity of the simulated Discord's application.
func (c *config) simulate(s *scene.Scene) (err error) {
	c.ApplicationID, c.Token, c.DiscordURL, c.Owner = s.ApplicationID(), s.Token(), s.URL(), bolt.Simulation
	c.Key, err = interactions.ParseKey(s.PublicKey())
	return err
}

// errNothing means that the demo looks for a message that does not stand.
var errNothing = errors.New("no message stands in the channel")

// script is what happens in the demo.
func (s *stage) script() []step {
	ada, rio := s.As(s.Ada, s.Guild, s.Lobby), s.As(s.Rio, s.Guild, s.Lobby)
	max, nora := s.As(s.Max, s.Guild, s.Review), s.As(s.Nora, s.Guild, s.Lobby)
	short := s.AddInvite(s.Lighthouse, fakediscord.Invite{MaxAge: 7 * 24 * 3600e9})
	var last *fakediscord.Exchange // what the step before led to
	keep := func(ex *fakediscord.Exchange, err error) (*fakediscord.Exchange, error) {
		last = ex
		return ex, err
	}
	choose := func(menu, value string) func(context.Context) (*fakediscord.Exchange, error) {
		return func(ctx context.Context) (*fakediscord.Exchange, error) {
			return keep(ada.Choose(ctx, last.Message, menu, value))
		}
	}
	form := s.Form()
	form["invite"] = "https://discord.gg/" + short
	return []step{
		{"Ada", "uses /partnerships setup", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return keep(ada.Command(ctx, "partnerships setup"))
		}, "", "Not ready"},
		{"Ada", "chooses #reviews for the review cards", choose("setup/review", s.Review), "", "#reviews"},
		{"Ada", "chooses #partners for the showcase", choose("setup/showcase", s.Showcase), "", "Ready"},
		{"Ada", "chooses the role Reviewers", choose("setup/managers", s.Reviewers), "", "@Reviewers"},
		{"Rio", "uses /partner apply, and a form opens", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return keep(rio.Command(ctx, "partner apply"))
		}, "", "Apply for a partnership"},
		{"Rio", "sends it with an invite that lasts a week", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return keep(rio.Submit(ctx, last, form))
		}, "", "This invite expires"},
		{"Rio", "presses Edit and resend: the form opens with what was written", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return keep(rio.Press(ctx, last.Message, "Edit and resend"))
		}, "", "build things"},
		{"Rio", "puts in an invite that never expires", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return keep(rio.Submit(ctx, last, map[string]any{"invite": "https://discord.gg/" + s.Invite}))
		}, s.Review, "with the managers"},
		{"Max", "presses Approve", func(ctx context.Context) (*fakediscord.Exchange, error) {
			cards := s.Messages(s.Review)
			if len(cards) == 0 {
				return nil, errNothing
			}
			return max.Press(ctx, cards[0].Ref, "Approve")
		}, s.Review, "@Max"},
		{"Nora", "looks into #partners and presses About this partnership", func(ctx context.Context) (*fakediscord.Exchange, error) {
			listings := s.Messages(s.Showcase)
			if len(listings) != 1 {
				return nil, errNothing
			}
			return nora.In(s.Showcase).Press(ctx, listings[0].Ref, "About this partnership")
		}, s.Showcase, "Show and tell every Friday"},
		{"Nora", "uses /partner list", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return nora.Command(ctx, "partner list")
		}, "", "Lighthouse"},
		{"Rio", "uses /partner info", func(ctx context.Context) (*fakediscord.Exchange, error) {
			return rio.Command(ctx, "partner info")
		}, "", "approved"},
	}
}
