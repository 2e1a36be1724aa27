package view_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/post"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/view"
)

func TestCard(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	waits, again, small := application(), application(), application()
	again.Earlier = apply.Standing{Denied: 2, Latest: apply.Latest{ID: "1", Status: apply.Denied, At: noon().Add(-48 * time.Hour)}}
	small.Server.Icon, small.Server.Members, small.Ad.Highlights = "", 40, ""
	approved, denied := application(), application()
	approved.Status, approved.By, approved.Settled = apply.Approved, "700000000000000002", noon()
	denied.Status, denied.By, denied.Settled = apply.Denied, "700000000000000002", noon()
	denied.Reason, denied.Note = "Too far from our topics.", "They were friendly."
	golden(t, "card", lines(
		s.shown(t, view.Card(s.Speaker, waits, settings.Settings{Minimum: 100})), s.shown(t, view.Card(s.Speaker, again, settings.Settings{Minimum: 0})), s.shown(t, view.Card(s.Speaker, small, settings.Settings{Minimum: 100})),
		s.shown(t, view.Card(s.Speaker, approved, settings.Settings{Minimum: 100})), s.shown(t, view.Card(s.Speaker, denied, settings.Settings{Minimum: 100}))))
}

func TestListing(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	plain := partner()
	plain.Server.Icon, plain.Ad.Highlights = "", ""
	seen := partner()
	seen.Server.Seen = noon().Add(48 * time.Hour)
	golden(t, "listing", lines(s.shown(t, view.Listing(s.Speaker, seen)), s.shown(t, view.Listing(s.Speaker, plain))))
}

func TestList(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	var many []partnership.Partnership
	for i := range 14 {
		p := partner()
		p.Server.Name = fmt.Sprint("Server ", i+1)
		if i > 2 {
			p.Ad.Category = "Gaming"
		}
		many = append(many, p)
	}
	golden(t, "list", lines(
		s.shown(t, view.List(s.Speaker, nil, 0, 0)), s.shown(t, view.List(s.Speaker, many[:2], 1, 0)),
		s.shown(t, view.List(s.Speaker, many, 1, 0)), s.shown(t, view.List(s.Speaker, many, 1, 1))))
	for page, same := range map[int]int{-1: 0, -1 << 62: 0, 2: 1, 1 << 62: 1} {
		if s.shown(t, view.List(s.Speaker, many, 1, page)) != s.shown(t, view.List(s.Speaker, many, 1, same)) {
			t.Errorf("page %d is not page %d", page, same)
		}
	}
}

func TestInfo(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	at := post.Post{Channel: "3", Message: "4"}
	latest := apply.Latest{ID: "1", Name: "The *Lighthouse*", Status: apply.Pending, At: noon()}
	denied := latest
	denied.Status, denied.Reason = apply.Denied, "Too far from our topics.\nSorry!"
	golden(t, "info", lines(
		s.shown(t, view.Whisper(view.Info(s.Speaker, "2", partner(), at, view.Bumps{}))),
		s.shown(t, view.Whisper(view.Info(s.Speaker, "2", partner(), post.Post{}, weekly(noon())))),
		s.shown(t, view.Whisper(view.Latest(s.Speaker, apply.Latest{}))),
		s.shown(t, view.Whisper(view.Latest(s.Speaker, latest))),
		s.shown(t, view.Whisper(view.Latest(s.Speaker, denied)))))
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	refused := apply.Draft{ID: "1", Refused: action.Reason{
		Key: "apply.too-small", Args: []string{"server", "Lighthouse", "members", "40", "minimum", "100"},
	}}
	approved, denied := application(), application()
	approved.Status = apply.Approved
	denied.Status, denied.Reason = apply.Denied, "Too far from our topics."
	golden(t, "answer", lines(
		s.shown(t, view.Answer(s.Speaker, refused, apply.Application{})),
		s.shown(t, view.Answer(s.Speaker, apply.Draft{ID: "1"}, application())),
		s.shown(t, view.Answer(s.Speaker, apply.Draft{ID: "1"}, approved)),
		s.shown(t, view.Answer(s.Speaker, apply.Draft{ID: "1"}, denied))))
}

func TestSetup(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	ready := settings.Default()
	ready.Review, ready.Showcase, ready.Managers, ready.Minimum = "5", "6", []string{"7", "8"}, 1000
	closed := ready
	closed.Closed = true
	golden(t, "setup", lines(
		s.shown(t, view.Setup(s.Speaker, view.Configuration{Settings: settings.Default()})),
		s.shown(t, view.Setup(s.Speaker, view.Configuration{Settings: ready})),
		s.shown(t, view.Setup(s.Speaker, view.Configuration{Settings: closed, Stops: stops(2)}))))
}

// stops is so many actions that are blocked, each for a reason of its own.
func stops(n int) []action.Stop {
	var list []action.Stop
	for i := range n {
		list = append(list, action.Stop{
			Ref:    action.Ref{Name: "showcase.sync", Guild: "2", Subject: "3"},
			Reason: action.Reason{Key: "worker.no-history", Args: []string{"channel", strconv.Itoa(600000000000000001 + i)}},
		})
	}
	return list
}
