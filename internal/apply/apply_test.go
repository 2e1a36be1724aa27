package apply_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
)

// noon is when the tests of this package happen.
func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// refusal returns the key of a refusal, "" for none.
func refusal(t *testing.T, err error) (key string, args []string) {
	t.Helper()
	no := new(refuse.Error)
	if err != nil && !errors.As(err, &no) {
		t.Fatalf("%v is no refusal", err)
	}
	return no.Key, no.Args
}

func TestSettle(t *testing.T) {
	t.Parallel()
	approve := func(a *apply.Application) error { return a.Approve("max", noon()) }
	deny := func(a *apply.Application) error { return a.Deny("max", "too <@1> loud", "@everyone: no", noon()) }
	tests := []struct {
		name    string
		status  apply.Status
		settle  func(*apply.Application) error
		refused string
		want    apply.Status
	}{
		{"approve a pending one", apply.Pending, approve, "", apply.Approved},
		{"deny a pending one", apply.Pending, deny, "", apply.Denied},
		{"approve twice", apply.Approved, approve, "apply.settled-approved", apply.Approved},
		{"deny an approved one", apply.Approved, deny, "apply.settled-approved", apply.Approved},
		{"approve a denied one", apply.Denied, approve, "apply.settled-denied", apply.Denied},
		{"deny twice", apply.Denied, deny, "apply.settled-denied", apply.Denied},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := apply.Application{ID: "1", Status: tt.status}
			if tt.refused != "" {
				a.By, a.Settled = "ada", noon().Add(-time.Hour)
			}
			before := a
			key, args := refusal(t, tt.settle(&a))
			if key != tt.refused || a.Status != tt.want {
				t.Fatalf("refused %q, and it is %s; want %q and %s", key, a.Status, tt.refused, tt.want)
			}
			if key != "" && (a.By != before.By || a.Reason != before.Reason || !slices.Contains(args, "ada")) {
				t.Errorf("refused with %v, and it became %+v", args, a)
			}
			if key == "" && (a.By != "max" || !a.Settled.Equal(noon())) {
				t.Errorf("settled by %s at %v", a.By, a.Settled)
			}
		})
	}
}

func TestDenyCleansWhatManagersWrite(t *testing.T) {
	t.Parallel()
	a := apply.Application{Status: apply.Pending}
	if err := a.Deny("max", "too <@1> loud", "@everyone: no", noon()); err != nil {
		t.Fatal(err)
	}
	if a.Reason != `too \<@1> loud` || a.Note != "@ everyone: no" {
		t.Errorf("reason %q, note %q", a.Reason, a.Note)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	ready := settings.Default()
	ready.Review, ready.Showcase = "1", "2"
	with := func(change func(*settings.Settings)) settings.Settings {
		s := ready
		change(&s)
		return s
	}
	sent := func(ago time.Duration) apply.Standing { return apply.Standing{Last: noon().Add(-ago)} }
	type counts = partnership.Counts
	tests := []struct {
		name     string
		settings settings.Settings
		counts   counts
		standing apply.Standing
		refused  string
	}{
		{"ready", ready, counts{}, apply.Standing{}, ""},
		{"nothing chosen", settings.Default(), counts{}, apply.Standing{}, "apply.not-set-up"},
		{"no showcase", with(func(s *settings.Settings) { s.Showcase = "" }), counts{}, apply.Standing{}, "apply.not-set-up"},
		{"closed", with(func(s *settings.Settings) { s.Closed = true }), counts{}, apply.Standing{}, "apply.closed"},
		{"room for one more application", ready, counts{Pending: 249}, apply.Standing{}, ""},
		{"no room for it", ready, counts{Pending: 250}, apply.Standing{}, "apply.queue-full"},
		{"room for one more partner", ready, counts{Active: 99}, apply.Standing{}, ""},
		{"no room for them", ready, counts{Active: 100}, apply.Standing{}, "partnership.full"},
		{"room within the own limit", with(func(s *settings.Settings) { s.Active = 5 }), counts{Active: 4}, apply.Standing{}, ""},
		{"the own limit is reached", with(func(s *settings.Settings) { s.Active = 5 }), counts{Active: 5}, apply.Standing{}, "partnership.full"},
		{"the own limit is above the hard one", with(func(s *settings.Settings) { s.Active = 500 }), counts{Active: 100}, apply.Standing{}, "partnership.full"},
		{"a day after the last one, less a second", ready, counts{}, sent(24*time.Hour - time.Second), "apply.cooldown"},
		{"a day after the last one", ready, counts{}, sent(24 * time.Hour), ""},
		{"no cooldown", with(func(s *settings.Settings) { s.Cooldown = 0 }), counts{}, sent(time.Second), ""},
		{"with the clock set back", ready, counts{}, sent(-time.Hour), "apply.cooldown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := apply.Open(tt.settings, apply.Slash, tt.counts, partnership.DefaultLimits(), tt.standing, noon())
			if key, _ := refusal(t, err); key != tt.refused {
				t.Errorf("refused %q, want %q", key, tt.refused)
			}
		})
	}
}
