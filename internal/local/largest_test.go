package local_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

// TestLargestGuildFits: what names all partners of a guild, and is written as one
// item, can be written for as many as a deployment can allow, with the longest names.
func TestLargestGuildFits(t *testing.T) {
	t.Parallel()
	at, here := beginning().Add(123456*time.Microsecond), 100000
	var ledger joins.Ledger
	var names partnership.Names
	day := joins.Day{Date: joins.Date(at), Books: map[string]joins.Books{}}
	for n := range env.MostPartners {
		id := fmt.Sprintf("12345678901234%05d", n)
		ledger.Accounts = append(ledger.Accounts, joins.Account{
			Partner: id, Since: at, Role: id, Code: "abcdefghij", Created: at, Channel: id, Uses: here, Seen: at, Missing: at, Misses: 2,
			Counted: here, Here: &here,
		})
		day.Books[id] = joins.Books{Counted: here, Identified: here, Early: here, Returned: here, Young: here, Here: &here}
		names.List = append(names.List, partnership.Name{ID: id, Name: strings.Repeat("連", partnership.MaxName), Contact: id})
	}
	for _, r := range []storage.Record{ledger, day, names} {
		kind, schema := r.Kind()
		value, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		it := storage.Item{Key: storage.Key{Table: storage.Records, Part: "p", Sort: "s"}, Kind: kind, Schema: schema, Value: value}
		if err := storage.CheckPut([]storage.Item{it}); err != nil {
			t.Errorf("%s of %d partners, %d bytes: %v", kind, env.MostPartners, len(value), err)
		}
	}
}
