package contact_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func TestWanted(t *testing.T) {
	t.Parallel()
	rio := partnership.Partnership{Partner: "8", Contact: "rio"}
	held := contact.Contact{Partner: "8", User: "rio", Role: "guests"}
	tests := []struct {
		name       string
		was        contact.Contact
		contact    string // "" if the partnership ended
		role       string
		user, gets string
		old        []contact.Holding
	}{
		{"begins", contact.Contact{}, "rio", "guests", "rio", "guests", nil},
		{"no role", contact.Contact{}, "rio", "", "rio", "", nil},
		{"stays", held, "rio", "guests", "rio", "guests", nil},
		{"another contact", held, "nora", "guests", "nora", "guests", []contact.Holding{{"rio", "guests"}}},
		{"another role", held, "rio", "friends", "rio", "friends", []contact.Holding{{"rio", "guests"}}},
		{"role no more", held, "rio", "", "rio", "", []contact.Holding{{"rio", "guests"}}},
		{"ends", held, "", "guests", "", "", []contact.Holding{{"rio", "guests"}}},
		{"and back before it was taken", contact.Contact{User: "nora", Role: "guests", Old: []contact.Holding{{"rio", "guests"}}},
			"rio", "guests", "rio", "guests", []contact.Holding{{"nora", "guests"}}},
	}
	for _, tt := range tests {
		p := rio
		p.Contact = tt.contact
		got := tt.was.Wanted(p, tt.contact != "", tt.role)
		if got.User != tt.user || got.Role != tt.gets || !slices.Equal(got.Old, tt.old) {
			t.Errorf("%s: %+v", tt.name, got)
		}
		if again := got.Wanted(p, tt.contact != "", tt.role); !again.Equal(got) {
			t.Errorf("%s: asked again, %+v became %+v", tt.name, got, again)
		}
	}
}

func TestFound(t *testing.T) {
	t.Parallel()
	c := contact.Contact{User: "rio", Role: "guests"}
	if _, news := c.Found(true, noon()); news {
		t.Error("that a member is one is no news")
	}
	c, news := c.Found(false, noon())
	if !news || !c.Left() {
		t.Errorf("left, news %v: %+v", news, c)
	}
	if _, news := c.Found(false, noon().Add(time.Hour)); news {
		t.Error("they left twice")
	}
	if c, news = c.Found(true, noon().Add(2*time.Hour)); !news || c.Left() {
		t.Errorf("back, news %v: %+v", news, c)
	}
	left, _ := c.Found(false, noon())
	if next := left.Wanted(partnership.Partnership{Partner: "8", Contact: "nora"}, true, ""); next.Left() {
		t.Error("the next contact is gone before anybody looked")
	}
}

// TestDaily looks once a day, at the same time, and not at all partners' at once.
func TestDaily(t *testing.T) {
	t.Parallel()
	hours := map[int]bool{}
	for _, partner := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
		at := contact.Daily("g", partner, noon())
		hours[at.Hour()] = true
		for range 3 {
			next := contact.Daily("g", partner, at)
			if next.Sub(at) != 24*time.Hour {
				t.Errorf("%s: %v after %v", partner, next, at)
			}
			at = next
		}
	}
	if len(hours) < 4 {
		t.Errorf("eight partners are looked at in %d hours", len(hours))
	}
}

func tx(t *testing.T, guild string, p partnership.Partnership) *storage.Tx {
	t.Helper()
	var items []storage.Item
	for _, k := range append(contact.ChangeKeys(guild, p.Partner, "nora"), contact.Keys(guild, p.Partner)...) {
		items = append(items, storage.Item{Key: k})
	}
	tx := storage.Of(items...)
	tx.Set(partnership.Key(guild, p.Partner), p)
	return tx
}

func TestChange(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, partner, user string
		bot                 bool
		refused             string
	}{
		{"another one", "8", "nora", false, ""},
		{"the same", "8", "rio", false, "contact.same"},
		{"a bot", "8", "nora", true, "contact.not-a-person"},
		{"nobody", "8", "", false, "contact.not-a-person"},
		{"no partner", "9", "nora", false, "partnership.not-found"},
	}
	for _, tt := range tests {
		tx := tx(t, "g", partnership.Partnership{Partner: "8", Contact: "rio"})
		if tt.partner != "8" {
			tx = storage.Of(storage.Item{Key: partnership.Key("g", tt.partner)})
		}
		p, before, err := contact.Change(tx, "g", tt.partner, tt.user, tt.bot, noon())
		no := new(refuse.Error)
		if errors.As(err, &no) != (tt.refused != "") || no.Key != tt.refused {
			t.Errorf("%s: %v", tt.name, err)
		}
		if kept, _ := storage.Read[partnership.Partnership](tx, partnership.Key("g", tt.partner)); err == nil && (kept.Contact != tt.user || p.Contact != tt.user || before != "rio") {
			t.Errorf("%s: contact %s before %s", tt.name, kept.Contact, before)
		}
	}
}

// TestAbsence keeps the list of who left equal to the records.
func TestAbsence(t *testing.T) {
	t.Parallel()
	tx := tx(t, "g", partnership.Partnership{Partner: "8", Contact: "rio"})
	c := contact.Contact{Partner: "8", User: "rio"}
	contact.Keep(tx, "g", "8", c)
	if n := len(contact.Left(tx, "g")); n != 0 {
		t.Errorf("%d left", n)
	}
	c, _ = c.Found(false, noon())
	contact.Keep(tx, "g", "8", c)
	contact.Keep(tx, "g", "8", c)
	if left := contact.Left(tx, "g"); len(left) != 1 || left[0].User != "rio" {
		t.Errorf("left: %+v", left)
	}
	contact.Keep(tx, "g", "8", c.Wanted(partnership.Partnership{}, false, ""))
	if n := len(contact.Left(tx, "g")); n != 0 {
		t.Errorf("%d left after the end", n)
	}
	if _, kept := storage.Read[contact.Contact](tx, contact.Key("g", "8")); kept {
		t.Error("a contact is kept of a partner that is none")
	}
}
