package view_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/panel"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/showcase"
	"github.com/entente-bot/entente/internal/ticket"
	"github.com/entente-bot/entente/internal/view"
)

// far is a time whose stamp is as long as it gets.
func far() time.Time { return time.Unix(99_999_999_999, 0) }

// TestLongestWork shows what managers see, in every language, as long as it gets.
func TestLongestWork(t *testing.T) {
	t.Parallel()
	for locale, s := range newShows(t) {
		for name, part := range fillers() {
			t.Run(locale+"/"+name, func(t *testing.T) {
				t.Parallel()
				server, _ := full(part)
				var waits []apply.Waiting
				var blocks []block.Entry
				for i := range 20 {
					waits = append(waits, apply.Waiting{
						ID: fmt.Sprint(uint64(math.MaxUint64) - uint64(i)), Partner: longest, Name: server.Name, Members: 1_000_000_000, Applicant: longest,
						Sent: noon(), Claimed: longest, Channel: longest, Message: longest,
					})
					blocks = append(blocks, block.Entry{
						Target: block.Target{What: block.Server, ID: longest}, Name: server.Name,
						Reason: fill(part, block.MaxReason), By: longest, At: noon(), Until: far(),
					})
				}
				for _, n := range []int{0, 1, 8, 20} {
					s.shown(t, view.Queue(s.Speaker, longest, waits[:n], 0, 1, far()))
					s.shown(t, view.Blocklist(s.Speaker, blocks[:n], 500, 0))
				}
				for _, n := range []int{1, 2, 20} {
					s.shown(t, view.Reminder(s.Speaker, longest, waits[:n], longest))
				}
				s.shown(t, view.Whisper(view.Withdrawals(s.Speaker, waits)...))
				s.shown(t, view.Whisper(view.Blocked(s.Speaker, blocks[:2], server.Name)))
				s.shown(t, view.Whisper(view.Unblocked(s.Speaker, blocks[:2])))
				s.shown(t, view.Whisper(view.BlockPartner(s.Speaker, longest, partnership.Partnership{Partner: longest, Server: server, Since: noon()}, longest)...))
			})
		}
	}
}

// TestLongestTickets shows what stands in tickets, and what is said about them.
func TestLongestTickets(t *testing.T) {
	t.Parallel()
	for locale, s := range newShows(t) {
		for name, part := range fillers() {
			t.Run(locale+"/"+name, func(t *testing.T) {
				t.Parallel()
				server, ad := full(part)
				x := ticket.Ticket{ID: longest, User: longest, Opened: noon(), Thread: longest}
				a := apply.Application{
					ID: longest, Applicant: longest, Server: server, Ad: ad, Ticket: longest, Source: apply.Ticket,
					Reason: fill(part, apply.MaxReason), Status: apply.Pending,
				}
				s.shown(t, view.Ticket(s.Speaker, x, apply.Application{}))
				s.shown(t, view.TicketNotice(s.Speaker, x))
				s.shown(t, view.TicketQuestion(s.Speaker, x, ticket.Question{ID: longest, By: longest, Text: fill(part, ticket.MaxQuestion)}))
				s.shown(t, view.Whisper(view.TicketOpen(s.Speaker, ticket.Current{Ticket: longest})...))
				s.shown(t, view.Whisper(view.TicketOpen(s.Speaker, ticket.Current{Ticket: longest, Thread: longest})...))
				if n := len([]rune(view.TicketName(s.Speaker, x))); n > 100 {
					t.Errorf("the thread's name has %d characters", n)
				}
				x.Application = longest
				s.shown(t, view.Ticket(s.Speaker, x, a))
				for _, why := range []string{"approved", "denied", "withdrawn", "expired", ticket.ByHand} {
					x.Closed, x.Why = noon(), why
					s.shown(t, view.Ticket(s.Speaker, x, a))
					s.shown(t, view.TicketClosing(s.Speaker, x, a, longest))
					if a.Status = apply.Status(why); why != ticket.ByHand {
						s.shown(t, view.Notice(s.Speaker, longest, server.Name, a))
						s.shown(t, view.Stopped(s.Speaker, a))
						s.shown(t, view.Answer(s.Speaker, apply.Draft{}, a))
					}
				}
				a.Status, a.Asked = apply.Pending, a.Sent
				s.shown(t, view.Answer(s.Speaker, apply.Draft{}, a))
				s.shown(t, view.Unsent(s.Speaker, apply.Draft{ID: longest, Sent: noon()}))
				s.shown(t, view.Whisper(view.Regret(s.Speaker, a)...))
				s.shown(t, view.Answer(s.Speaker, apply.Draft{Source: apply.Manual, Checked: true, Warned: true, Server: server.Name, Applicant: longest}, a))
			})
		}
	}
}

// TestLongestTrail shows full pages of the trail, alone and below the longest ad.
func TestLongestTrail(t *testing.T) {
	t.Parallel()
	for locale, s := range newShows(t) {
		for name, part := range fillers() {
			t.Run(locale+"/"+name, func(t *testing.T) {
				t.Parallel()
				server, ad := full(part)
				for _, what := range []string{"apply.notify-off", "setup.waiting", "block.refuse", "apply.expire", strings.Repeat("x", 40)} {
					e := audit.Entry{At: far(), By: longest, What: what, About: longest, Partner: longest, Surface: "worker"}
					if e.Refused = what == "setup.waiting"; e.Refused {
						e.Surface = "interaction"
					}
					var list []audit.Entry
					for range audit.PerMessage {
						list = append(list, e)
					}
					s.shown(t, view.Log(s.Speaker, list, strings.Repeat("9", 56)))
					s.shown(t, view.Trail(s.Speaker, "", list[:audit.PerPage], false, strings.Repeat("9", 56)))
					s.shown(t, view.History(s.Speaker, longest, view.Known{
						Partner: longest, Active: true, Counts: true, Bumps: longestBumps(), Next: strings.Repeat("9", 56), Trail: list[:view.BesideAd],
						Partnership: partnership.Partnership{Partner: longest, Application: longest, Server: server, Ad: ad, Contact: longest, Since: far(), By: longest},
						Listing:     post.Post{Channel: longest, Message: longest},
						Ended:       longestEnds(part),
						Ledger:      joins.Ledger{Accounts: []joins.Account{{Partner: longest, Since: far(), Code: strings.Repeat("a", 32), Counted: math.MaxInt32, Here: new(math.MaxInt32)}}},
						Standing:    apply.Standing{Denied: 1_000_000, Latest: apply.Latest{ID: longest, Name: server.Name, Status: apply.Pending, At: far()}},
					}))
				}
			})
		}
	}
}

// TestLongestStops shows whatever can be blocked, for every reason there is.
func TestLongestStops(t *testing.T) {
	t.Parallel()
	reasons := append(discordrest.Reasons(), "worker.no-history", "worker.no-review-channel", "worker.no-showcase-channel",
		"showcase.invite-gone", "showcase.invite-elsewhere", "showcase.post-permission", "ticket.cannot-add", "ticket.channel-gone", "ticket.no-channel")
	chosen := settings.Default()
	chosen.Minimum, chosen.Cooldown, chosen.Sources.Ticket = settings.MaxMinimum, settings.MaxCooldown, true
	for _, s := range newShows(t) {
		server, _ := full("*") // which is written as two
		for _, key := range reasons {
			var list []action.Stop
			for i := range 20 {
				list = append(list, action.Stop{
					Ref: action.Ref{Name: "block.enforce", Guild: longest, Subject: longest}, Since: far(),
					Reason: action.Reason{Key: key, Args: []string{
						"channel", longest, "role", longest, "user", longest, "contact", longest,
						"server", partnership.Plain(partnership.CleanLine(server.Name, 100)), "alike", strconv.Itoa(i / 2),
					}},
				})
			}
			s.shown(t, view.Status(s.Speaker, chosen, partnership.Counts{}, partnership.DefaultLimits(), showcase.Move{All: 100}, list, starred(), true, true))
			for _, section := range setup.Sections() {
				s.shown(t, view.Setup(s.Speaker, view.Configuration{Settings: chosen, Stops: list, Names: starred(), Section: section}))
			}
		}
		s.shown(t, view.Panel(s.Speaker, longest, chosen))
		s.shown(t, view.Whisper(view.PanelStands(s.Speaker, longest, panel.Panel{Channel: longest}, post.Post{Channel: longest, Message: longest})...))
	}
}
