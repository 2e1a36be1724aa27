package ticket_test

import (
	"testing"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/ticket"
)

func TestForget(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		ticket ticket.Ticket
		user   string
		theirs bool
	}{
		{"open", open(), rio, true},
		{"closed", shut(), rio, true},
		{"of another", ticket.Ticket{ID: "7", User: rio, Staff: []string{max, "4"}, Added: []string{rio, max}, Asked: []ticket.Question{{By: max}}}, max, false},
		{"gone", ticket.Ticket{}, rio, false},
	}
	for _, tt := range tests {
		tx := with(tt.ticket, ticket.Current{Ticket: "7", Opened: []int64{at().Unix()}})
		if theirs := ticket.Forget(tx, guild, "7", tt.user, at()); theirs != tt.theirs {
			t.Errorf("%s: Forget = %v", tt.name, theirs)
		}
		x, _ := storage.Read[ticket.Ticket](tx, ticket.Key(guild, "7"))
		c, open := ticket.Having(tx, guild, rio)
		_, follows := storage.Read[action.Action](tx, ticket.Sync(guild, "7").Key())
		switch {
		case tt.theirs && (x.User != partnership.Nobody || x.Closed.IsZero() || x.Closings != 1 || !follows):
			t.Errorf("%s: the ticket became %+v, follows: %v", tt.name, x, follows)
		case tt.name == "open" && (open || len(c.Opened) != 1):
			t.Errorf("%s: they have %+v", tt.name, c)
		case tt.user == max && (len(x.Staff) != 1 || len(x.Added) != 1 || x.Asked[0].By != partnership.Nobody || len(x.Missing("")) != 1):
			t.Errorf("%s: the ticket became %+v", tt.name, x)
		}
	}
}

func TestForgetUser(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		current ticket.Current
		kept    bool
	}{
		{"open", ticket.Current{Ticket: "7"}, true},
		{"opened lately", ticket.Current{Opened: []int64{at().Unix()}}, true}, // until it is over
		{"nothing to go by", ticket.Current{}, false},
	}
	for _, tt := range tests {
		tx := with(open(), ticket.Current{})
		tx.Set(ticket.UserKey(guild, rio), tt.current)
		ticket.ForgetUser(tx, guild, rio)
		if _, kept := storage.Read[ticket.Current](tx, ticket.UserKey(guild, rio)); kept != tt.kept {
			t.Errorf("%s: kept %v", tt.name, kept)
		}
	}
}
