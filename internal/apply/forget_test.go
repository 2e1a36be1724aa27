package apply_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// forget takes the applicant out of the application.
func (d *desk) forget() (forgotten, withdrawn bool) {
	d.Helper()
	forgotten, withdrawn, err := d.Forget(d.tx, home, d.now)
	if err != nil {
		d.Fatal(err)
	}
	return forgotten, withdrawn
}

func TestForget(t *testing.T) {
	t.Parallel()
	l := partnership.DefaultLimits()
	tests := []struct {
		name      string
		before    func(*desk) error
		forgotten bool
		withdrawn bool
		status    apply.Status
	}{
		{"waits", func(*desk) error { return nil }, true, true, apply.Withdrawn},
		{"denied", func(d *desk) error {
			_, err := d.Deny(d.tx, home, manager, "they are rude", "<@9> again", d.now)
			return err
		}, true, false, apply.Denied},
		{"withdrawn", func(d *desk) error { _, err := d.Withdraw(d.tx, home, rep, d.now); return err }, true, false, apply.Withdrawn},
		{"contact of the active partner", func(d *desk) error { _, err := d.Approve(d.tx, home, manager, l, d.now); return err }, false, false, apply.Approved},
		{"of an active partner with another contact", func(d *desk) error {
			_, err := d.Approve(d.tx, home, manager, l, d.now)
			p, _ := storage.Read[partnership.Partnership](d.tx, partnership.Key(home, partner))
			p.Contact = "8"
			d.tx.Set(partnership.Key(home, partner), p)
			return err
		}, true, false, apply.Approved},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := pending(t)
			if err := tt.before(d); err != nil {
				t.Fatal(err)
			}
			before := d.application()
			if forgotten, withdrawn := d.forget(); forgotten != tt.forgotten || withdrawn != tt.withdrawn {
				t.Errorf("Forget = %v, %v", forgotten, withdrawn)
			}
			a := d.application()
			if a.Status != tt.status || a.Server.ID != partner || !a.Sent.Equal(before.Sent) || d.counts().Pending != 0 {
				t.Errorf("it became %+v, counts %+v", a, d.counts())
			}
			if gone := a.Applicant == partnership.Nobody && a.Ad == (partnership.Ad{Category: "Community"}) && a.Reason+a.Note == ""; gone != tt.forgotten {
				t.Errorf("it became %+v", a)
			}
			p, _ := storage.Read[apply.Standing](d.tx, apply.KnownKey(home, partner))
			if tt.forgotten && (p.Latest.Status != tt.status || p.Latest.Reason != "") {
				t.Errorf("the partner's standing became %+v", p)
			}
			if !d.waits(apply.Card(home, "70")) {
				t.Error("the card is not brought in line")
			}
			if !tt.forgotten {
				return
			}
			if _, _, err := d.Forget(d.tx, home, d.now); reason(err) != "apply.not-found" {
				t.Errorf("once more: %v", err)
			}
			nobody := apply.Case{ID: "70", Partner: partner, Applicant: partnership.Nobody}
			if _, err := nobody.Load(d.tx, home); reason(err) != "apply.not-found" {
				t.Errorf("nobody has a case: %v", err)
			}
		})
	}
}

func TestForgetStanding(t *testing.T) {
	t.Parallel()
	d := pending(t)
	old := d.standing()
	apply.ForgetStanding(d.tx, home, rep, d.now.Add(time.Minute))
	s := d.standing()
	if !s.Last.Equal(old.Last) || len(s.Tries) != 1 || s.Latest != (apply.Latest{}) || !s.ExpiresAt().Equal(old.Last.Add(24*time.Hour)) {
		t.Errorf("kept is %+v", s)
	}
	apply.ForgetStanding(d.tx, home, rep, d.now.Add(24*time.Hour))
	if _, there := storage.Read[apply.Standing](d.tx, apply.UserKey(home, rep)); there {
		t.Error("it is kept after the waiting time")
	}
	apply.ForgetStanding(d.tx, home, rep, d.now) // nothing is there
	if _, err := d.tx.Changes(); err != nil {
		t.Error(err)
	}
}

// TestRemembersAgain: who applies again after their data was deleted has a
// standing as anybody has.
func TestRemembersAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.tx.Set(apply.UserKey(home, rep), apply.Standing{Last: d.now.Add(-24 * time.Hour), Until: d.now.Add(time.Second)})
	if did := d.queue(); did != "apply.send" {
		t.Fatalf("queued: %q", did)
	}
	if s := d.standing(); !s.ExpiresAt().IsZero() || s.Latest.ID != "70" {
		t.Errorf("kept is %+v", s)
	}
}

func TestUnclaim(t *testing.T) {
	t.Parallel()
	d := pending(t)
	if _, err := d.Claim(d.tx, home, manager, d.now); err != nil {
		t.Fatal(err)
	}
	if err := d.Unclaim(d.tx, home, "6", d.now); err != nil || d.application().Claimed != manager {
		t.Errorf("another took it away: %v", err)
	}
	if err := d.Unclaim(d.tx, home, manager, d.now); err != nil || d.application().Claimed != "" {
		t.Errorf("it is claimed by %q, %v", d.application().Claimed, err)
	}
}

func TestDraftForgets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		draft apply.Draft
		want  bool
	}{
		{apply.Draft{Applicant: rep}, true},
		{apply.Draft{Applicant: rep, Checked: true}, true},
		{apply.Draft{Applicant: "8"}, false},
		{apply.Draft{Applicant: rep, By: manager, Source: apply.Manual}, false}, // the manager waits for it
		{apply.Draft{Applicant: rep, By: manager, Source: apply.Manual, Checked: true}, true},
	}
	for _, tt := range tests {
		if got := tt.draft.Forgets(rep); got != tt.want {
			t.Errorf("%+v: %v", tt.draft, got)
		}
	}
}
