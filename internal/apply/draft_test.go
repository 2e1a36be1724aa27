package apply_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
)

func TestSend(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		change  func(*apply.Form)
		refused string
	}{
		{"without faults", func(*apply.Form) {}, ""},
		{"no link", func(f *apply.Form) { f.Invite = "our server" }, "apply.not-an-invite"},
		{"another host", func(f *apply.Form) { f.Invite = "https://example.com/abc" }, "apply.not-an-invite"},
		{"a path", func(f *apply.Form) { f.Invite = "https://discord.gg/../users/@me" }, "apply.not-an-invite"},
		{"a query", func(f *apply.Form) { f.Invite = "https://discord.gg/abc?x=1" }, ""},
		{"category that is not offered", func(f *apply.Form) { f.Category = "Knitting" }, "apply.category-gone"},
		{"nothing to see", func(f *apply.Form) { f.Description = " \u200b\n" }, "apply.no-description"},
		{"other invites, which are looked up", func(f *apply.Form) {
			f.Description, f.Highlights = "or discord.gg/xyz", "or DISCORD.com/invite/xy2 discord.gg/xy3"
		}, ""},
		{"too many other invites", func(f *apply.Form) {
			f.Description, f.Highlights = "or discord.gg/xyz discord.\u200bgg/xy2", "discordapp.com/invite//xy3 dis\u00adcord.gg/xy4"
		}, "apply.many-invites"},
		{"other invite, half of it in each text", func(f *apply.Form) { f.Description, f.Highlights = "discord.gg", "/xyz" }, ""},
		{"the same invite in the text", func(f *apply.Form) { f.Description = "we are discord.gg/abc" }, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLedger(t)
			d := apply.Draft{ID: "1", Applicant: "rio", Source: apply.Slash, Form: form()}
			tt.change(&d.Form)
			wantRefusal(t, l.send(d), tt.refused)
			if kept := of[apply.Draft](l, apply.DraftKey(guild, "1")).ID == "1"; kept != (tt.refused == "") || kept != l.waits(apply.Check(guild, "1")) {
				t.Errorf("kept: %v", kept)
			}
		})
	}
}

func TestTooManyTries(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	send := func(id int) error {
		return l.send(apply.Draft{ID: strconv.Itoa(id), Applicant: "rio", Source: apply.Slash, Form: form()})
	}
	for i := range apply.Tries {
		wantRefusal(t, send(i), "")
		l.now = l.now.Add(time.Minute)
	}
	wantRefusal(t, send(100), "apply.too-many-tries")
	l.now = noon().Add(apply.TriesWindow - time.Second)
	wantRefusal(t, send(101), "apply.too-many-tries")
	l.now = noon().Add(apply.TriesWindow)
	wantRefusal(t, send(102), "")
	wantRefusal(t, send(103), "apply.too-many-tries")
	wantRefusal(t, l.send(apply.Draft{ID: "104", Applicant: "nora", Source: apply.Slash, Form: form()}), "") // it is rio's
}

// A manager who adds the partners a server has already is no applicant in a hurry.
func TestManagersMayAddMany(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	for i := range apply.ManualTries {
		wantRefusal(t, l.send(apply.Draft{ID: strconv.Itoa(i), Applicant: "rio", By: "max", Source: apply.Manual, Form: form()}), "")
	}
	more := apply.Draft{ID: "100", Applicant: "rio", By: "max", Source: apply.Manual, Form: form()}
	wantRefusal(t, l.send(more), "apply.too-many-tries")
	l.now = noon().Add(apply.TriesWindow)
	wantRefusal(t, l.send(more), "")
}

func TestQueue(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		found   func(*partnership.Invite)
		before  func(*ledger)
		refused string
		args    []string // some of those that fill the sentence in
	}{
		{name: "without faults"},
		{name: "unknown", found: func(f *partnership.Invite) { f.Type = partnership.NoInvite }, refused: "apply.unknown-invite"},
		{name: "group", found: func(f *partnership.Invite) { f.Type = partnership.GroupDMInvite }, refused: "apply.group-dm"},
		{name: "friend", found: func(f *partnership.Invite) { f.Type = partnership.FriendInvite }, refused: "apply.not-a-server"},
		{name: "of a type to come", found: func(f *partnership.Invite) { f.Type = 9 }, refused: "apply.not-a-server"},
		{name: "to no server", found: func(f *partnership.Invite) { f.Server = partnership.Server{} }, refused: "apply.not-a-server"},
		{name: "to this server", found: func(f *partnership.Invite) { f.Server.ID = guild }, refused: "apply.this-server"},
		{name: "expires", found: func(f *partnership.Invite) { f.Permanent = false }, refused: "apply.not-permanent"},
		{
			name: "too small", before: func(l *ledger) { l.set(func(s *settings.Settings) { s.Minimum = 301 }) },
			refused: "apply.too-small", args: []string{"300", "301"},
		},
		{name: "just large enough", before: func(l *ledger) { l.set(func(s *settings.Settings) { s.Minimum = 300 }) }},
		{name: "waits already", before: func(l *ledger) { l.queued("9", "rio", "7") }, refused: "apply.already-pending", args: []string{"Choir"}},
		{name: "somebody else waits for it", before: func(l *ledger) { l.queued("9", "nora", "7") }},
		{
			name: "too many wait for it", before: func(l *ledger) { l.queued("8", "nora", "7"); l.queued("9", "max", "7"); l.queued("6", "kim", "7") },
			refused: "apply.many-pending", args: []string{"Choir"},
		},
		{
			name: "too many wait for it, with invites of others", found: func(f *partnership.Invite) { f.Inviter.ID = "rio" },
			before: func(l *ledger) { l.queued("8", "nora", "7"); l.queued("9", "max", "7"); l.queued("6", "kim", "7") },
		},
		{name: "somebody else was denied just now", before: func(l *ledger) { l.must(l.deny(l.queued("9", "nora", "7"))) }},
		{name: "is a partner", before: func(l *ledger) { l.must(l.approve(l.queued("9", "nora", "7"))) }, refused: "apply.already-partner"},
		{name: "was denied just now", before: func(l *ledger) { l.must(l.deny(l.queued("9", "rio", "7"))) }, refused: "apply.cooldown"},
		{name: "the applicant sent another", before: func(l *ledger) { l.queued("9", "rio", "8") }, refused: "apply.cooldown"},
		{name: "another one of others", before: func(l *ledger) { l.queued("9", "nora", "8") }},
		{name: "queue full", before: func(l *ledger) { l.queued("9", "nora", "8"); l.limits.Pending = 1 }, refused: "apply.queue-full"},
		{
			name: "no room for partners", before: func(l *ledger) { l.must(l.approve(l.queued("9", "nora", "8"))); l.limits.Active = 1 },
			refused: "partnership.full", args: []string{"1"},
		},
		{name: "closed meanwhile", before: func(l *ledger) { l.set(func(s *settings.Settings) { s.Closed = true }) }, refused: "apply.closed"},
		{name: "taken back meanwhile", before: func(l *ledger) { l.set(func(s *settings.Settings) { s.Review = "" }) }, refused: "apply.not-set-up"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLedger(t)
			d := apply.Draft{ID: "1", Applicant: "rio", Source: apply.Slash, Form: form()}
			wantRefusal(t, l.send(d), "")
			if tt.before != nil {
				tt.before(l)
			}
			found := server("7")
			if tt.found != nil {
				tt.found(&found)
			}
			d = l.check(d, found)
			if !d.Checked || d.Refused.Key != tt.refused {
				t.Fatalf("checked %v, refused %q; want %q", d.Checked, d.Refused.Key, tt.refused)
			}
			for _, arg := range tt.args {
				if !slices.Contains(d.Refused.Args, arg) {
					t.Errorf("the sentence holds %v, but not %s", d.Refused.Args, arg)
				}
			}
			if !l.waits(apply.Answer(guild, "1")) || l.waits(apply.Card(guild, "1")) != (tt.refused == "") {
				t.Error("the applicant is not answered, or there is a card for what was refused, or none for what was not")
			}
			a := of[apply.Application](l, apply.Key(guild, "1"))
			if again := l.check(d, found); again.Refused.Key != d.Refused.Key || of[apply.Application](l, apply.Key(guild, "1")).Status != a.Status {
				t.Error("another look at the same form changes something")
			}
		})
	}
}

// queued puts an application before the managers.
func (l *ledger) queued(id, applicant, partner string) apply.Case {
	d := apply.Draft{ID: id, Applicant: applicant, Source: apply.Slash, Form: form()}
	l.must(l.send(d))
	if d = l.check(d, server(partner)); d.Refused.Key != "" {
		l.t.Fatal(d.Refused)
	}
	return apply.Case{ID: id, Partner: partner, Applicant: applicant}
}

func (l *ledger) must(err error) {
	if err != nil {
		l.t.Fatal(err)
	}
}

func TestCaseIsOnlyAReference(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	c := l.queued("1", "rio", "7")
	for _, forged := range []apply.Case{
		{ID: "2", Partner: c.Partner, Applicant: c.Applicant},
		{ID: c.ID, Partner: "8", Applicant: c.Applicant},
		{ID: c.ID, Partner: c.Partner, Applicant: "nora"},
		{},
	} {
		wantRefusal(t, l.approve(forged), "apply.not-found")
		wantRefusal(t, l.deny(forged), "apply.not-found")
	}
	wantRefusal(t, l.approve(c), "")
	wantRefusal(t, l.deny(c), "apply.settled-approved")
}

// The form of a ticket becomes one application, though two passed at once.
func TestTicketIsTaken(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	l.set(func(s *settings.Settings) { s.Cooldown, s.Sources.Ticket = 0, true })
	first := apply.Draft{ID: "1", Applicant: "rio", Source: apply.Ticket, Ticket: "7", Form: form()}
	second, another := first, first
	second.ID, another.ID, another.Ticket = "2", "3", "8"
	for _, d := range []apply.Draft{first, second, another} {
		wantRefusal(t, l.send(d), "")
	}
	for i, want := range []string{"", "ticket.already-sent", ""} {
		d := []apply.Draft{first, second, another}[i]
		if got := l.check(d, server("20"+d.ID)).Refused.Key; got != want {
			t.Errorf("form %s is refused %q, want %q", d.ID, got, want)
		}
	}
}
