package interactions_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// The cases of the routes that end a partnership.

func commandEnd(s *stage) (fakediscord.Interaction, error) {
	return s.As(s.active(s.Guild).Applicant, s.Guild, s.Lobby).BuildCommand("partner end")
}

func commandEndStaff(s *stage) (fakediscord.Interaction, error) {
	return s.ada("end", fakediscord.Opt("partner", s.active(s.Guild).Server.ID))
}

func suggestEnd(s *stage) (fakediscord.Interaction, error) {
	a := s.active(s.Guild)
	return s.As(a.Applicant, s.Guild, s.Lobby).BuildAutocomplete("partner end", "partner", "canary-written")
}

// endForm opens the form that ends the partnership of a.
func (s *stage) endForm(user string, a apply.Application) *fakediscord.Exchange {
	s.Helper()
	ex := s.deliver(s.As(user, s.Guild, s.Lobby).BuildCommand("partner end", fakediscord.Opt("partner", a.Server.ID)))
	if ex.Modal == nil {
		s.Fatalf("no form: %s", ex.Text())
	}
	return ex
}

// ending fills in the form that ends the partnership of a.
func (s *stage) ending(user, route string, a apply.Application, opened *fakediscord.Exchange) (fakediscord.Interaction, error) {
	s.Helper()
	return s.submit(user, opened, view.ID(route, a.Server.ID, a.ID),
		filled{"reason", "canary-written @everyone", ""}, filled{"farewell", "canary-written <@&3>", ""})
}

func submitLeave(s *stage) (fakediscord.Interaction, error) {
	a := s.active(s.Guild)
	return s.ending(a.Applicant, "end/leave", a, s.endForm(a.Applicant, a))
}

func submitEnd(s *stage) (fakediscord.Interaction, error) {
	a := s.active(s.Guild)
	return s.ending(s.Max, "end/send", a, s.endForm(s.Max, a))
}

// over makes a partnership that was ended.
func (s *stage) over() apply.Application {
	s.Helper()
	a := s.active(s.Guild)
	s.deliver(s.ending(a.Applicant, "end/leave", a, s.endForm(a.Applicant, a)))
	return a
}

func pressEnded(s *stage) (fakediscord.Interaction, error) {
	a := s.over()
	return s.press(s.Max, view.ID("end/info", a.Server.ID, a.ID))
}

func directEndStop(s *stage) (fakediscord.Interaction, error) {
	a := s.over()
	id := view.ID("end/stop", s.Guild, a.ID, a.Server.ID, a.Applicant)
	return s.As(a.Applicant, "", "").BuildComponent(fakediscord.Ref{ID: "1"}, map[string]any{"component_type": 2, "custom_id": id})
}

// TestWhoMayEnd lets everybody try: the contact of the partner may, and the
// managers, who have to say why.
func TestWhoMayEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, b := s.active(s.Guild), s.active(s.Guild)
	named := func(user, partner string) *fakediscord.Exchange {
		return s.deliver(s.As(user, s.Guild, s.Lobby).BuildCommand("partner end", fakediscord.Opt("partner", partner)))
	}
	s.says(named(s.Nora, a.Server.ID), "Only the contact of")
	s.says(named(b.Applicant, a.Server.ID), "Only the contact of")
	s.says(named(s.Nora, "7997"), "no such partner")
	s.says(named(s.Nora, "partnership#"), "no such partner")
	s.says(s.deliver(s.As(s.Nora, s.Guild, s.Lobby).BuildCommand("partner end")), "You are not the contact of any partner")
	s.says(s.deliver(s.ada("end", fakediscord.Opt("partner", "7997"))), "no such partner")
	s.says(s.deliver(s.ada("end", fakediscord.Opt("partner", "7997#x"))), "no such partner")

	// Forms that were not theirs to open.
	s.says(s.deliver(s.ending(s.Nora, "end/leave", a, nil)), "Only the contact of")
	s.says(s.deliver(s.ending(s.Nora, "end/send", a, nil)), managersOnly)
	s.says(s.deliver(s.ending(s.Max, "end/leave", a, nil)), "Only the contact of")
	s.says(s.deliver(s.submit(s.Max, nil, view.ID("end/send", a.Server.ID, a.ID), filled{"reason", " \u200b", ""})), "Please give a reason")
	s.says(s.deliver(s.submit(s.Max, nil, view.ID("end/send", a.Server.ID, b.ID), filled{"reason", "x", ""})), "no such partner")
	s.says(s.deliver(s.submit(s.Max, nil, view.ID("end/send", "x#y", b.ID), filled{"reason", "x", ""})), "no such partner")
	if n := len(list[partnership.Partnership](s, s.Guild, partnership.Prefix)); n != 2 {
		t.Fatalf("%d partnerships are left", n)
	}

	// Who speaks for two partners says which.
	k := partnership.Key(s.Guild, b.Server.ID)
	s.update([]storage.Key{k}, func(tx *storage.Tx) error {
		p, _ := storage.Read[partnership.Partnership](tx, k)
		p.Contact = a.Applicant
		tx.Set(k, p)
		return nil
	})
	s.says(s.deliver(s.As(a.Applicant, s.Guild, s.Lobby).BuildCommand("partner end")), "choose which one under *partner*")
	opened := s.endForm(a.Applicant, b)
	s.says(s.deliver(s.ending(a.Applicant, "end/leave", b, opened)), "has ended")

	// The forms of others come too late.
	s.says(s.deliver(s.ending(s.Max, "end/send", b, nil)), "is over already: <@"+a.Applicant+"> ended it")
	ended := list[partnership.Ended](s, s.Guild, partnership.EndedPrefix(""))
	if len(ended) != 1 || ended[0].Why != partnership.WhyContact || ended[0].Reason != "canary-written @ everyone" {
		t.Errorf("ended: %+v", ended)
	}
	if c, _ := read[partnership.Counts](s, partnership.CountsKey(s.Guild)); c.Active != 1 {
		t.Errorf("counts: %+v", c)
	}
}

// TestGuildTheBotIsOutOf uses everything where the bot is no member: nothing
// happens but that Discord is asked whether it is back, and rarely.
func TestGuildTheBotIsOutOf(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.update(append(removal.Keys(s.Guild), settings.Keys(s.Guild)...), func(tx *storage.Tx) error {
		removal.Leave(tx, s.Guild, removal.Grace, time.Now())
		return nil
	})
	s.asked()
	for range 3 {
		s.says(s.deliver(s.ada("setup")), "Entente is not a member of this server")
	}
	if asked := s.asked(); len(asked) > 0 {
		t.Errorf("asked again within a minute: %v", asked)
	}
	s.update(removal.Keys(s.Guild), func(tx *storage.Tx) error {
		r, _ := removal.Of(tx, s.Guild)
		r.Checked = r.Checked.Add(-time.Hour)
		tx.Set(removal.Key(s.Guild), r)
		return nil
	})
	s.says(s.deliver(s.As(s.Nora, s.Guild, s.Lobby).BuildCommand("partner apply")), "everything is kept until <t:")
	if asked := s.asked(); len(asked) != 1 || asked[0] != removal.Check(s.Guild) {
		t.Errorf("asked: %v", asked)
	}
}

// asked returns the actions that were sent since it was asked last.
func (s *stage) asked() []action.Ref {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	sent := s.queue.sent
	s.queue.sent = nil
	return sent
}
