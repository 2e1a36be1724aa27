// Package scene sets a small stage in the simulated Discord: a server that runs
// Entente, its staff, and another server that wants to partner. The demo, the
// playground and the tests of whole stories play on it.
package scene

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// A Scene is a simulated Discord with IDs of what stands on the stage.
type Scene struct {
	*fakediscord.Server

	Guild    string // Harbour, which runs Entente
	Lobby    string // channel where everybody talks
	Review   string // channel that only staff sees
	Showcase string // channel where everybody reads, and only the bot writes
	Category string // category without channels
	Forum    string // forum where everybody reads, and only the bot posts

	Reviewers string // role of the managers
	Contacts  string // role for who speaks for a partner; nobody has it
	Ada       string // has Manage Server
	Max       string // has the role Reviewers
	Nora      string // a member without any rights
	Rio       string // represents Lighthouse

	Lighthouse string // a server of 1,204 people
	Invite     string // permanent, to Lighthouse
}

// BotPermissions is what the bot is invited with. Those of the third line are for
// tickets: to make private threads, to write in them, and to lock them once they
// are closed. Those of the fourth are for channels of listings, and for roles of
// contacts, and those of the last for counting joins.
const BotPermissions = fakediscord.ViewChannel | fakediscord.SendMessages | fakediscord.EmbedLinks |
	fakediscord.AttachFiles | fakediscord.ReadMessageHistory |
	fakediscord.CreatePrivateThreads | fakediscord.SendMessagesInThreads | fakediscord.ManageThreads |
	fakediscord.ManageChannels | fakediscord.ManageRoles |
	fakediscord.CreateInvite | fakediscord.ManageServer | fakediscord.ViewAuditLog

// New sets the stage.
func New(o fakediscord.Options) (*Scene, error) {
	d, err := fakediscord.New(o)
	if err != nil {
		return nil, fmt.Errorf("simulated Discord: %w", err)
	}
	s := &Scene{Server: d}
	s.Ada, s.Max, s.Nora, s.Rio = d.AddUser("Ada"), d.AddUser("Max"), d.AddUser("Nora"), d.AddUser("Rio")
	s.Guild = d.AddGuild(fakediscord.Guild{Name: "Harbour", MemberCount: 820, Online: 96, Owner: s.Ada})
	bot := d.InstallBot(s.Guild, BotPermissions)
	s.Reviewers = d.AddRole(s.Guild, fakediscord.Role{Name: "Reviewers"})
	s.Contacts = d.AddRole(s.Guild, fakediscord.Role{Name: "Partner contacts"})
	admins := d.AddRole(s.Guild, fakediscord.Role{Name: "Admins", Permissions: fakediscord.ManageServer})
	d.AddMember(s.Guild, s.Ada, admins)
	d.AddMember(s.Guild, s.Max, s.Reviewers)
	d.AddMember(s.Guild, s.Nora)
	d.AddMember(s.Guild, s.Rio)

	hidden := func(to ...string) []fakediscord.Overwrite {
		list := []fakediscord.Overwrite{{ID: s.Guild, Deny: fakediscord.ViewChannel}}
		for _, role := range to {
			list = append(list, fakediscord.Overwrite{ID: role, Allow: fakediscord.ViewChannel})
		}
		return list
	}
	s.Lobby = d.AddChannel(s.Guild, fakediscord.Channel{Name: "lobby"})
	s.Review = d.AddChannel(s.Guild, fakediscord.Channel{Name: "reviews", Overwrites: hidden(bot, admins, s.Reviewers)})
	readOnly := []fakediscord.Overwrite{
		{ID: s.Guild, Deny: fakediscord.SendMessages}, {ID: bot, Allow: fakediscord.SendMessages},
	}
	s.Showcase = d.AddChannel(s.Guild, fakediscord.Channel{Name: "partners", Overwrites: readOnly})
	s.Category = d.AddChannel(s.Guild, fakediscord.Channel{Name: "Partners", Type: fakediscord.Category})
	s.Forum = d.AddChannel(s.Guild, fakediscord.Channel{Name: "partner-forum", Type: fakediscord.Forum, Overwrites: slices.Clone(readOnly)})
	s.Lighthouse, s.Invite = s.AddPartner("Lighthouse", 1204)
	return s, nil
}

// AddPartner makes a server of that many people, 1,096 days old, with a permanent
// invite.
func (s *Scene) AddPartner(name string, members int) (guild, invite string) {
	guild = s.AddGuild(fakediscord.Guild{
		Name: name, MemberCount: members, Online: members / 8, VerificationLevel: 2,
		Features: []string{"COMMUNITY"}, Created: s.Now().Add(-1096 * 24 * time.Hour),
	})
	return guild, s.AddInvite(guild, fakediscord.Invite{})
}

// SetUp lets Ada choose the channels and the manager role in the panel.
func (s *Scene) SetUp(ctx context.Context) error {
	ada := s.As(s.Ada, s.Guild, s.Lobby)
	panel, err := ada.Command(ctx, "partnerships setup")
	if err != nil {
		return err
	}
	_, err1 := ada.Choose(ctx, panel.Message, "setup/review", s.Review)
	_, err2 := ada.Choose(ctx, panel.Message, "setup/showcase", s.Showcase)
	_, err3 := ada.Choose(ctx, panel.Message, "setup/managers", s.Reviewers)
	return errors.Join(err1, err2, err3)
}

// Turn lets Ada turn the showcase to a channel mode in the panel, by the word that
// names it, and choose the place of the listings in that mode.
func (s *Scene) Turn(ctx context.Context, mode string) error {
	menu := map[string]string{"single": "setup/showcase", "channel": "setup/category", "forum": "setup/forum"}[mode]
	place := map[string]string{"single": s.Showcase, "channel": s.Category, "forum": s.Forum}[mode]
	ada := s.As(s.Ada, s.Guild, s.Lobby)
	panel, err := ada.Command(ctx, "partnerships setup")
	if err != nil {
		return err
	}
	_, err1 := ada.Choose(ctx, panel.Message, "setup/section", "showcase")
	_, err2 := ada.Choose(ctx, panel.Message, "setup/mode", mode)
	_, err3 := ada.Choose(ctx, panel.Message, menu, place)
	return errors.Join(err1, err2, err3)
}

// Form is what Rio writes about Lighthouse.
func (s *Scene) Form() map[string]any {
	return map[string]any{
		"invite":      "https://discord.gg/" + s.Invite,
		"category":    []string{"Community"},
		"description": "A calm place for people who **build things** at night.\nWeekly show and tell, no drama.",
		"highlights":  "Show and tell every Friday",
	}
}

// Apply lets a member open the form and send it. The exchange is that of the
// sent form: the bot changes its reply later.
func (s *Scene) Apply(ctx context.Context, user string, form map[string]any) (*fakediscord.Exchange, error) {
	p := s.As(user, s.Guild, s.Lobby)
	opened, err := p.Command(ctx, "partner apply")
	if err != nil {
		return nil, err
	}
	if opened.Modal == nil {
		return opened, nil // refused: no form
	}
	return p.Submit(ctx, opened, form)
}
