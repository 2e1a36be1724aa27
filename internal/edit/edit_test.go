package edit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/edit"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// A desk is a guild with one partner, and all that decisions about its ad read.
type desk struct {
	testing.TB
	items map[storage.Key]storage.Item
}

func newDesk(t testing.TB) *desk {
	d := &desk{t, map[storage.Key]storage.Item{}}
	d.does([]storage.Key{partnership.Key("g", "8"), settings.Key("g")}, func(tx *storage.Tx) error {
		tx.Set(partnership.Key("g", "8"), partnership.Partnership{
			Partner: "8", Application: "1", Contact: "rio", Server: partnership.Server{ID: "8", Name: "Lighthouse"},
			Ad: partnership.Ad{Invite: "home", Category: "Gaming", Description: "Before", Highlights: "Tea"},
		})
		s := settings.Default()
		s.Review = "7"
		tx.Set(settings.Key("g"), s)
		return nil
	})
	return d
}

// does reads keys, lets decide change them, and keeps that.
func (d *desk) does(keys []storage.Key, decide func(*storage.Tx) error) error {
	d.Helper()
	var items []storage.Item
	for _, k := range append(keys, settings.Key("g")) {
		it := d.items[k]
		it.Key = k
		items = append(items, it)
	}
	tx := storage.Of(items...)
	err := decide(tx)
	out, failed := tx.Changes()
	if failed != nil {
		d.Fatal(failed)
	}
	if err == nil {
		for _, it := range out {
			if it.Version == 0 && d.items[it.Key].Value != nil && it.Value != nil {
				d.Fatalf("%v is there already", it.Key)
			}
			if it.Version = 1; it.Value == nil {
				it.Version = 0
			}
			d.items[it.Key] = it
		}
	}
	return err
}

func (d *desk) partnership() (p partnership.Partnership) {
	d.does([]storage.Key{partnership.Key("g", "8")}, func(tx *storage.Tx) error {
		p, _ = storage.Read[partnership.Partnership](tx, partnership.Key("g", "8"))
		return nil
	})
	return p
}

func (d *desk) latest() (e edit.Edit) {
	d.does([]storage.Key{edit.Key("g", "8")}, func(tx *storage.Tx) error {
		e = edit.Of(tx, "g", "8")
		return nil
	})
	return e
}

func form(description string) partnership.Form {
	return partnership.Form{Invite: "discord.gg/home", Category: "Gaming", Description: description, Highlights: "Tea"}
}

// send sends a form, and returns by which key it was refused. Its picture is looked at.
func (d *desk) send(id, by string, direct bool, f partnership.Form) (edit.Draft, string) {
	d.Helper()
	var draft edit.Draft
	err := d.does(edit.SendKeys("g", "8", by, id), func(tx *storage.Tx) (err error) {
		draft, err = edit.Send(tx, "g", edit.Draft{ID: id, Partner: "8", By: by, Direct: direct, Form: f}, "token", noon())
		return err
	})
	if err == nil && !draft.Checked && f.Banner.Shown() {
		_, draft = d.resolve(id, partnership.Invite{Code: "home", Permanent: true, Server: partnership.Server{ID: "8", Name: "Lighthouse"}})
	}
	return draft, why(err)
}

// resolve looks the invite of a draft up.
func (d *desk) resolve(id string, found partnership.Invite) (did string, draft edit.Draft) {
	d.Helper()
	_ = d.does([]storage.Key{edit.DraftKey("g", id)}, func(tx *storage.Tx) error {
		draft, _ = storage.Read[edit.Draft](tx, edit.DraftKey("g", id))
		return nil
	})
	err := d.does(edit.SendKeys("g", "8", draft.By, id), func(tx *storage.Tx) (err error) {
		did, err = edit.Resolve(tx, "g", id, found, noon())
		draft, _ = storage.Read[edit.Draft](tx, edit.DraftKey("g", id))
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	return did, draft
}

func (d *desk) decide(c edit.Case, decide func(*storage.Tx) error) string {
	d.Helper()
	return why(d.does(c.Keys("g"), decide))
}

func (d *desk) approve(c edit.Case) string {
	return d.decide(c, func(tx *storage.Tx) error { _, err := edit.Case.Approve(c, tx, "g", "max", noon()); return err })
}

func (d *desk) deny(c edit.Case) string {
	return d.decide(c, func(tx *storage.Tx) error { _, err := c.Deny(tx, "g", "ada", "no **@everyone**", noon()); return err })
}

func why(err error) string {
	if no := new(refuse.Error); errors.As(err, &no) {
		return no.Key
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestSend(t *testing.T) {
	t.Parallel()
	with := func(change func(*partnership.Form)) partnership.Form {
		f := form("After")
		change(&f)
		return f
	}
	tests := []struct {
		name, by string
		direct   bool
		form     partnership.Form
		refused  string
		did      string
	}{
		{"by the contact", "rio", false, form("After"), "", "edit.send"},
		{"by a manager", "max", true, form("After"), "", "edit.change"},
		{"by somebody else", "nora", false, form("After"), "edit.not-contact", ""},
		{"nothing new", "rio", false, form("Before"), "edit.no-change", ""},
		{"nothing new by a manager", "max", true, form("Before"), "edit.no-change", ""},
		{"no text", "rio", false, form("\u200b"), "apply.no-description", ""},
		{"another invite in the text is looked up", "rio", false, form("discord.gg/elsewhere"), "", ""},
		{"many invites in the text", "rio", false, form("discord.gg/aa discord.gg/bb discord.gg/cc discord.gg/dd"), "apply.many-invites", ""},
		{"a category that is gone", "rio", false, with(func(f *partnership.Form) { f.Category = "Knitting" }), "apply.category-gone", ""},
		{"no invite", "rio", false, with(func(f *partnership.Form) { f.Invite = "https://evil.example/x" }), "apply.not-an-invite", ""},
		{"another invite is looked up", "rio", false, with(func(f *partnership.Form) { f.Invite = "other" }), "", ""},
		{"a banner that will not do", "rio", false, with(func(f *partnership.Form) { f.Banner.Type = "image/svg+xml" }), "banner.type", ""},
	}
	for _, tt := range tests {
		d := newDesk(t)
		draft, refused := d.send("10", tt.by, tt.direct, tt.form)
		if refused != tt.refused || refused == "" && draft.Did() != tt.did {
			t.Errorf("%s: refused %q, did %q", tt.name, refused, draft.Did())
		}
		want := "Before"
		if tt.did == "edit.change" {
			want = "After"
		}
		if got := d.partnership().Ad.Description; got != want {
			t.Errorf("%s: members see %q", tt.name, got)
		}
		if e := d.latest(); e.Open() != (tt.did == "edit.send") {
			t.Errorf("%s: %+v", tt.name, e)
		}
	}
}

// TestReplaced has a newer edit take the place of one that waits, on its card.
func TestReplaced(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.send("10", "rio", false, form("Second"))
	first := edit.CaseOf(d.latest())
	if _, refused := d.send("11", "rio", false, form("Second")); refused != "edit.same-waits" {
		t.Errorf("the same again: %q", refused)
	}
	d.send("12", "rio", false, form("Third"))
	second := edit.CaseOf(d.latest())
	if second.Card != first.Card || second.ID != "12" {
		t.Errorf("%+v took the place of %+v", second, first)
	}
	if refused := d.approve(first); refused != "edit.replaced" {
		t.Errorf("approved what nobody wants any more: %q", refused)
	}
	if refused := d.approve(second); refused != "" {
		t.Error(refused)
	}
	if got := d.partnership().Ad.Description; got != "Third" {
		t.Errorf("members see %q", got)
	}
	if e := d.latest(); e.Status != edit.Approved || e.Decided != "max" || e.Ad.Description != "" || len(e.Cards) != 1 {
		t.Errorf("%+v", e)
	}
	for _, again := range []string{d.approve(second), d.deny(second), d.approve(first)} {
		if again != "edit.settled-approved" {
			t.Errorf("decided again: %q", again)
		}
	}
}

func TestDeny(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.send("10", "rio", false, form("After"))
	c := edit.CaseOf(d.latest())
	if refused := d.deny(c); refused != "" {
		t.Fatal(refused)
	}
	if e := d.latest(); e.Status != edit.Denied || strings.Contains(e.Reason, "@everyone") || e.Reason == "" {
		t.Errorf("%+v", e)
	}
	if got := d.partnership().Ad.Description; got != "Before" {
		t.Errorf("members see %q", got)
	}
	if refused := d.approve(c); refused != "edit.settled-denied" {
		t.Errorf("approved after all: %q", refused)
	}
	d.send("11", "rio", false, form("Better"))
	if e := d.latest(); !e.Open() || e.Card != "11" || len(e.Cards) != 1 {
		t.Errorf("another try: %+v", e)
	}
}

// TestTakenBack sends what members see while another edit waits.
func TestTakenBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.send("10", "rio", false, form("After"))
	c := edit.CaseOf(d.latest())
	if draft, refused := d.send("11", "rio", false, form("Before")); refused != "" || draft.Did() != "edit.withdraw" {
		t.Errorf("refused %q, did %q", refused, draft.Did())
	}
	if refused := d.approve(c); refused != "edit.settled-withdrawn" {
		t.Errorf("approved: %q", refused)
	}
}

// TestOvertaken: the form of a manager does not undo what another one changed since,
// unless it is sent again.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	base := edit.BaseOf(edit.FormOf(d.partnership().Ad))
	d.send("10", "max", true, form("After"))
	late := edit.Draft{ID: "11", Partner: "8", By: "ada", Direct: true, Form: form("Late"), Base: base}
	for _, want := range []string{"edit.overtaken", ""} {
		err := d.does(edit.SendKeys("g", "8", late.By, late.ID), func(tx *storage.Tx) (err error) {
			late, err = edit.Send(tx, "g", late, "token", noon())
			return err
		})
		if got := why(err); got != want {
			t.Errorf("refused with %q, want %q", got, want)
		}
	}
	if ad := d.partnership().Ad; ad.Description != "Late" {
		t.Errorf("members see %+v", ad)
	}
}

// TestManagerMeanwhile has a manager change the ad while an edit of its contact
// waits: approving that one does not undo what the manager did.
func TestManagerMeanwhile(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.send("10", "rio", false, form("After"))
	manager := form("Before")
	manager.Highlights = "Coffee"
	d.send("11", "max", true, manager)
	if refused := d.approve(edit.CaseOf(d.latest())); refused != "" {
		t.Fatal(refused)
	}
	if ad := d.partnership().Ad; ad.Description != "After" || ad.Highlights != "Coffee" {
		t.Errorf("members see %+v", ad)
	}
}

func TestInvite(t *testing.T) {
	t.Parallel()
	lighthouse := partnership.Invite{Code: "other", Permanent: true, Server: partnership.Server{ID: "8", Name: "Lighthouse", Members: 3}}
	tests := []struct {
		name    string
		found   func(partnership.Invite) partnership.Invite
		refused string
	}{
		{"the same server", func(i partnership.Invite) partnership.Invite { return i }, ""},
		{"expired", func(i partnership.Invite) partnership.Invite { i.Type = partnership.NoInvite; return i }, "apply.unknown-invite"},
		{"a group", func(i partnership.Invite) partnership.Invite { i.Type = partnership.GroupDMInvite; return i }, "apply.group-dm"},
		{"not for good", func(i partnership.Invite) partnership.Invite { i.Permanent = false; return i }, "apply.not-permanent"},
		{"here", func(i partnership.Invite) partnership.Invite { i.Server.ID = "g"; return i }, "apply.this-server"},
		{"another server", func(i partnership.Invite) partnership.Invite { i.Server.ID = "9"; return i }, "edit.other-server"},
	}
	for _, tt := range tests {
		d := newDesk(t)
		f := form("Before")
		f.Invite = "https://discord.gg/other"
		d.send("10", "rio", false, f)
		did, draft := d.resolve("10", tt.found(lighthouse))
		if draft.Refused.Key != tt.refused || (did == "edit.send") != (tt.refused == "") {
			t.Errorf("%s: did %q, refused %q", tt.name, did, draft.Refused.Key)
		}
		if again, _ := d.resolve("10", lighthouse); again != "" {
			t.Errorf("%s: resolved again: %q", tt.name, again)
		}
		if tt.refused != "" {
			continue
		}
		if refused := d.approve(edit.CaseOf(d.latest())); refused != "" || d.partnership().Ad.Invite != "other" {
			t.Errorf("%s: refused %q, the invite is %s", tt.name, refused, d.partnership().Ad.Invite)
		}
	}
}

func TestTries(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for n := range edit.Tries + 1 {
		f := form("Before")
		f.Invite = fmt.Sprintf("other%d", n)
		_, refused := d.send(fmt.Sprint(10+n), "rio", false, f)
		if (refused == "apply.too-many-tries") != (n == edit.Tries) {
			t.Errorf("form %d: %q", n, refused)
		}
	}
}

// TestEnd settles what waits when the partnership ends, and keeps nothing once
// that is shown.
func TestEnd(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.send("10", "rio", false, form("After"))
	e := d.latest()
	d.does([]storage.Key{partnership.Key("g", "8")}, func(tx *storage.Tx) error {
		tx.Delete(partnership.Key("g", "8"))
		return nil
	})
	if refused := d.approve(edit.CaseOf(e)); refused != "edit.ended" {
		t.Errorf("approved: %q", refused)
	}
	d.does(edit.FollowKeys("g", e), func(tx *storage.Tx) error {
		if !edit.Follow(tx, "g", "8", noon()) {
			t.Error("it still waits")
		}
		return nil
	})
	if refused := d.approve(edit.CaseOf(e)); refused != "edit.settled-dropped" {
		t.Errorf("approved: %q", refused)
	}
	d.does(edit.FollowKeys("g", e), func(tx *storage.Tx) error {
		edit.Shown(tx, "g", "8", e.Card)
		return nil
	})
	if e := d.latest(); e.ID != "" {
		t.Errorf("kept: %+v", e)
	}
}
