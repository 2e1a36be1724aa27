package apply_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A desk is a guild with one application, and the time.
type desk struct {
	*testing.T
	tx  *storage.Tx
	now time.Time
	apply.Case
}

const (
	home    = "1"
	partner = "7"
	rep     = "9" // the applicant
	manager = "5"
)

// newDesk sends a form and queues it.
func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), Case: apply.Case{ID: "70", Partner: partner, Applicant: rep}}
	var items []storage.Item
	seen := map[storage.Key]bool{}
	about := apply.Draft{ID: "70", Applicant: rep}
	for _, k := range append(append(apply.SendKeys(home, rep, "70"), apply.QueueKeys(home, about, partner)...), append(d.BlockKeys(home), d.ForgetKeys(home)...)...) {
		if !seen[k] {
			items = append(items, storage.Item{Key: k})
		}
		seen[k] = true
	}
	d.tx = storage.Of(items...)
	s := settings.Default()
	s.Review, s.Showcase = "30", "31"
	d.tx.Set(settings.Key(home), s)
	return d
}

// queue sends the form and returns what became of it.
func (d *desk) queue() string {
	d.Helper()
	form := apply.Form{Invite: "abcdef", Category: "Community", Description: "Calm."}
	draft := apply.Draft{ID: "70", Applicant: rep, Source: apply.Slash, Form: form}
	if err := apply.Send(d.tx, home, draft, "token", partnership.DefaultLimits(), d.now); err != nil {
		d.Fatal(err)
	}
	found := partnership.Invite{Code: "abcdef", Permanent: true, Server: partnership.Server{ID: partner, Name: "Lighthouse", Members: 500}}
	return apply.Queue(d.tx, home, "70", found, partnership.DefaultLimits(), d.now)
}

// pending is a desk with an application that waits.
func pending(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	if did := d.queue(); did != "apply.send" {
		t.Fatalf("queued: %q", did)
	}
	return d
}

func (d *desk) counts() partnership.Counts { return partnership.CountsOf(d.tx, home) }

func (d *desk) application() apply.Application {
	a, _ := storage.Read[apply.Application](d.tx, apply.Key(home, "70"))
	return a
}

func (d *desk) standing() apply.Standing {
	s, _ := storage.Read[apply.Standing](d.tx, apply.UserKey(home, rep))
	return s
}

func (d *desk) waits(r action.Ref) bool {
	_, ok := storage.Read[action.Action](d.tx, r.Key())
	return ok
}

// reason is the key of a refusal.
func reason(err error) string {
	if no := new(refuse.Error); errors.As(err, &no) {
		return no.Key
	}
	return fmt.Sprint(err)
}

// ways are the ways in which an application ends.
func ways(d *desk) map[apply.Status]func() error {
	l := partnership.DefaultLimits()
	return map[apply.Status]func() error{
		apply.Approved:  func() error { _, err := d.Approve(d.tx, home, manager, l, d.now); return err },
		apply.Denied:    func() error { _, err := d.Deny(d.tx, home, manager, "no", "", d.now); return err },
		apply.Withdrawn: func() error { _, err := d.Withdraw(d.tx, home, rep, d.now); return err },
		apply.Expired: func() error {
			_, err := d.Expire(d.tx, home, d.now.Add(30*24*time.Hour))
			return err
		},
		"blocked": func() error {
			_, err := d.Block(d.tx, home, block.Entry{Reason: "spam", By: manager, At: d.now}, true, l)
			return err
		},
	}
}

// An application ends once, by whatever comes first, and every count is right.
func TestEndsOnce(t *testing.T) {
	for first := range ways(nil) {
		for second := range ways(nil) {
			d := pending(t)
			if err := ways(d)[first](); err != nil {
				t.Fatalf("%s: %v", first, err)
			}
			before := d.counts()
			if before.Pending != 0 || before.Active != 0 && first != apply.Approved {
				t.Errorf("%s: %+v", first, before)
			}
			want := first
			if first == "blocked" {
				want = apply.Denied
			}
			if a := d.application(); a.Status != want || d.standing().Latest.Status != want {
				t.Errorf("%s: it is %s, and the applicant's latest %s", first, a.Status, d.standing().Latest.Status)
			}
			told := "apply.settled-"
			if second == apply.Withdrawn { // the applicant is not told who decided
				told = "apply.over-"
			}
			if err := ways(d)[second](); reason(err) != told+string(want) {
				t.Errorf("%s after %s: %v", second, first, err)
			}
			if d.counts() != before {
				t.Errorf("%s after %s: counts went from %+v to %+v", second, first, before, d.counts())
			}
			if d.waits(apply.Expire(home, "70")) || !d.waits(apply.Card(home, "70")) || !d.waits(apply.Answer(home, "70")) {
				t.Errorf("%s: it expires still, or nobody is told", first)
			}
		}
	}
}

func TestExpire(t *testing.T) {
	d := pending(t)
	sent := d.now
	until, err := d.Expire(d.tx, home, sent.Add(30*24*time.Hour-1))
	if err != nil || !until.Equal(sent.Add(30*24*time.Hour)) || d.application().Status != apply.Pending {
		t.Errorf("a moment too early: %v, %v, %s", until, err, d.application().Status)
	}
	s := settings.Of(d.tx, home)
	s.Expiry = 60
	d.tx.Set(settings.Key(home), s)
	until, err = d.Expire(d.tx, home, sent.Add(30*24*time.Hour))
	if err != nil || !until.Equal(sent.Add(60*24*time.Hour)) || d.application().Status != apply.Pending {
		t.Errorf("the guild waits longer now: %v, %v, %s", until, err, d.application().Status)
	}
	if _, err := d.Expire(d.tx, home, until); err != nil || d.application().Status != apply.Expired || d.application().By != "" {
		t.Errorf("%v, %+v", err, d.application())
	}
}

func TestOnlyTheApplicantWithdraws(t *testing.T) {
	d := pending(t)
	if _, err := d.Withdraw(d.tx, home, manager, d.now); reason(err) != "apply.not-found" {
		t.Errorf("a manager: %v", err)
	}
	if _, err := d.Own(d.tx, home, manager); reason(err) != "apply.not-found" {
		t.Errorf("a manager: %v", err)
	}
	if _, _, err := d.AskNotice(d.tx, home, manager, true, d.now); reason(err) != "apply.not-found" || !d.application().Asked.IsZero() {
		t.Errorf("a manager: %v", err)
	}
	other := apply.Case{ID: "70", Partner: partner, Applicant: manager} // of a forged custom ID
	d2 := storage.Of(itemsOf(t, d, other)...)
	if _, err := other.Withdraw(d2, home, manager, d.now); reason(err) != "apply.not-found" {
		t.Errorf("a case that is none: %v", err)
	}
}

// itemsOf is what stands in d, with what c needs beside it.
func itemsOf(t *testing.T, d *desk, c apply.Case) []storage.Item {
	t.Helper()
	items, err := d.tx.Changes()
	if err != nil {
		t.Fatal(err)
	}
	there := map[storage.Key]bool{}
	for _, it := range items {
		there[it.Key] = true
	}
	for _, k := range c.Keys(home) {
		if !there[k] {
			items, there[k] = append(items, storage.Item{Key: k}), true
		}
	}
	return items
}

// No direct message without consent, and none after it was taken back.
func TestNotice(t *testing.T) {
	for name, tt := range map[string]struct {
		before func(*desk)
		told   bool
	}{
		"never asked":        {func(*desk) {}, false},
		"asked":              {func(d *desk) { d.notice(true) }, true},
		"asked, then not":    {func(d *desk) { d.notice(true); d.notice(false) }, false},
		"asked, stopped":     {func(d *desk) { d.notice(true); d.stop() }, false},
		"stopped, asked new": {func(d *desk) { d.notice(true); d.stop(); d.now = d.now.Add(time.Second); d.notice(true) }, true},
	} {
		d := pending(t)
		tt.before(d)
		if d.application().Tell(d.standing()) {
			t.Errorf("%s: told before there is a decision", name)
		}
		if _, err := d.Deny(d.tx, home, manager, "no", "", d.now); err != nil {
			t.Fatal(err)
		}
		if got := d.application().Tell(d.standing()); got != tt.told {
			t.Errorf("%s: told %v", name, got)
		}
	}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	asked := apply.Application{Status: apply.Approved, Asked: at}
	if !asked.Tell(apply.Standing{}) || asked.Tell(apply.Standing{Stopped: at.Add(time.Second)}) {
		t.Error("what was stopped in one direct message does not hold for another application")
	}
	if !asked.Tell(apply.Standing{Stopped: at.Add(-time.Second)}) {
		t.Error("what was asked for after a stop is not told")
	}
	d := pending(t)
	d.notice(true)
	if _, err := d.Withdraw(d.tx, home, rep, d.now); err != nil || d.waits(apply.Notify(home, "70")) {
		t.Errorf("the applicant is told what they did themselves: %v", err)
	}
	if _, _, err := d.AskNotice(d.tx, home, rep, true, d.now); reason(err) != "apply.over-withdrawn" {
		t.Errorf("asked too late: %v", err)
	}
}

func (d *desk) notice(wanted bool) {
	d.Helper()
	if _, changed, err := d.AskNotice(d.tx, home, rep, wanted, d.now); err != nil || !changed {
		d.Fatal(changed, err)
	}
	if _, changed, err := d.AskNotice(d.tx, home, rep, wanted, d.now.Add(time.Second)); err != nil || changed {
		d.Fatal("the same once more is new", changed, err)
	}
}

func (d *desk) stop() {
	d.Helper()
	if _, _, err := d.Stop(d.tx, home, rep, d.now); err != nil {
		d.Fatal(err)
	}
}

// Who is on the blocklist is left as a denial leaves anybody.
func TestUnwelcome(t *testing.T) {
	for _, about := range []block.Target{{What: block.Server, ID: partner}, {What: block.User, ID: rep}} {
		d := newDesk(t)
		if err := block.Add(d.tx, home, block.Entry{Target: about, At: d.now}, partnership.DefaultLimits()); err != nil {
			t.Fatal(err)
		}
		if did := d.queue(); did != "block.refuse" || d.counts().Pending != 0 {
			t.Errorf("%s: did %q, %+v", about.What, did, d.counts())
		}
		s := d.standing()
		if s.Latest.Status != apply.Denied || s.Latest.Name != "Lighthouse" || s.Latest.Reason != "" || !s.Last.Equal(d.now) {
			t.Errorf("%s: the applicant is left with %+v", about.What, s)
		}
		if known, ok := storage.Read[apply.Standing](d.tx, apply.KnownKey(home, partner)); ok {
			t.Errorf("%s: the server has a standing by it, and anybody can use its invite: %+v", about.What, known)
		}
	}
	d := newDesk(t)
	e := block.Entry{Target: block.Target{What: block.Server, ID: partner}, At: d.now.Add(-time.Hour), Until: d.now}
	if err := block.Add(d.tx, home, e, partnership.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	if did := d.queue(); did != "apply.send" {
		t.Errorf("an entry whose time is over refuses still: %q", did)
	}
}

// What is blocked while it waits is denied, and cannot be approved before.
func TestEnforce(t *testing.T) {
	d := pending(t)
	if _, did, err := d.Enforce(d.tx, home, d.now); did || err != nil {
		t.Errorf("denied without an entry: %v", err)
	}
	e := block.Entry{Target: block.Target{What: block.User, ID: rep}, Reason: "spam", By: manager, At: d.now}
	if err := block.Add(d.tx, home, e, partnership.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Approve(d.tx, home, manager, partnership.DefaultLimits(), d.now); reason(err) != "apply.listed" {
		t.Errorf("approved: %v", err)
	}
	a, did, err := d.Enforce(d.tx, home, d.now)
	if !did || err != nil || a.Status != apply.Denied || a.By != manager || a.Reason != "" || a.Note != "spam" {
		t.Errorf("%+v, %v, %v", a, did, err)
	}
}

func TestBlockListIsFull(t *testing.T) {
	d := pending(t)
	if _, err := d.Block(d.tx, home, block.Entry{By: manager, At: d.now}, true, partnership.Limits{Blocks: 1}); reason(err) != "block.full" {
		t.Errorf("two entries in a list of one: %v", err)
	}
}
