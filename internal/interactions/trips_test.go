package interactions_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/storage/dynamo/dynamotest"
	"github.com/entente-bot/entente/internal/storage/dynamolocal"
)

// maxTrips is how many round trips may wait for each other before a reply.
const maxTrips = 2

// TestDynamo holds all that needs DynamoDB Local, which takes seconds to start.
func TestDynamo(t *testing.T) {
	t.Parallel()
	server := dynamolocal.Start(t)
	t.Run("RoundTrips", func(t *testing.T) { testRoundTrips(t, server) })
	t.Run("RoundTripsOfFullGuild", func(t *testing.T) { testFullGuild(t, server) })
	t.Run("RepeatedRequest", func(t *testing.T) { testRepeatedOnDynamo(t, server) })
	t.Run("Faults", func(t *testing.T) { testFaultsTellNothing(t, server) })
}

// dynamoStage puts an endpoint that is set up on DynamoDB, through a recorder.
func dynamoStage(t *testing.T, server *dynamolocal.Server, base http.RoundTripper) (*stage, *dynamotest.Recorder) {
	t.Helper()
	recorder := &dynamotest.Recorder{Base: base}
	client := server.Client(dynamotest.Through(recorder))
	if err := dynamo.CreateTables(t.Context(), client, "records", "actions"); err != nil {
		t.Fatal(err)
	}
	s := newBareStage(t, &watched{DB: dynamo.New(client, "records", "actions", time.Now)})
	s.setUp()
	return s, recorder
}

// testRoundTrips counts what every route asks of DynamoDB before it replies, and
// prints it.
func testRoundTrips(t *testing.T, server *dynamolocal.Server) {
	s, recorder := dynamoStage(t, server, nil)
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "route\tin sequence\trequests")
	eachRoute(t, s, func(t *testing.T, route string, _ fakediscord.Interaction) {
		calls, n := s.trips(recorder, caseOf(t, route))
		fmt.Fprintf(w, "%s\t%d\t%s\n", route, n, strings.Join(calls, " "))
		if n > maxTrips || n == 0 {
			t.Errorf("%d round trips in sequence, want 1 to %d: %s", n, maxTrips, calls)
		}
	})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Logf("DynamoDB round trips before the reply:\n%s", &table)
}

// trips plays c and returns what it asked of DynamoDB, and how many of that in
// sequence. Of two requests that go side by side a busy machine can let one
// begin late: so what takes too many is given another chance.
func (s *stage) trips(recorder *dynamotest.Recorder, c routeCase) (calls []string, n int) {
	s.Helper()
	for range 5 {
		in, err := c(s)
		recorder.Reset()
		s.deliver(in, err)
		if calls, n = recorder.Calls(), recorder.Sequential(); n <= maxTrips {
			break
		}
	}
	return calls, n
}

// testFullGuild lists as many partners as a guild can have, each with the
// longest ad in the widest script: it must come in one page of DynamoDB's.
func testFullGuild(t *testing.T, server *dynamolocal.Server) {
	s, recorder := dynamoStage(t, server, nil)
	wide := func(n int) string { return strings.Repeat("港", n) } // three bytes a character, the most per unit of length
	for i := range partnership.DefaultLimits().Active {
		id := fmt.Sprint(600_000_000_000_000_000 + i)
		p := partnership.Partnership{
			Partner: id, Server: partnership.Server{ID: id, Name: wide(100), Icon: strings.Repeat("a", 34), Features: manyFeatures()},
			Ad: partnership.Ad{
				Invite: strings.Repeat("a", 32), Category: wide(partnership.MaxCategory),
				Description: wide(partnership.MaxDescription), Highlights: wide(partnership.MaxHighlights),
			},
		}
		s.update([]storage.Key{partnership.Key(s.Guild, id)}, func(tx *storage.Tx) error {
			tx.Set(partnership.Key(s.Guild, id), p)
			return nil
		})
	}
	s.fillLists(wide)
	for route, c := range map[string]routeCase{
		"block":     suggest("block", block.Server),
		"blocklist": command1("blocklist"),
		"unblock":   suggest("unblock", "entry"),
		"queue":     command1("queue"),
		"withdraw":  cases()["command partner withdraw"],
		"command": func(s *stage) (fakediscord.Interaction, error) {
			return s.As(s.Nora, s.Guild, s.Lobby).BuildCommand("partner list")
		},
		"page": pressAs("partner/list:8"),
		"suggest": func(s *stage) (fakediscord.Interaction, error) {
			return s.As(s.Nora, s.Guild, s.Lobby).BuildAutocomplete("partner info", "partner", "港")
		},
	} {
		if calls, n := s.trips(recorder, c); n > maxTrips {
			t.Errorf("%s: %d round trips in sequence, want at most %d: %s", route, n, maxTrips, calls)
		}
	}
}

// fillLists fills the blocklist and the queue, but for what cases add.
func (s *stage) fillLists(wide func(int) string) {
	s.Helper()
	l := partnership.DefaultLimits()
	key := partnership.CountsKey(s.Guild)
	s.update([]storage.Key{key}, func(tx *storage.Tx) error {
		c := partnership.CountsOf(tx, s.Guild)
		c.Active, c.Pending, c.Blocks = 0, l.Pending-50, l.Blocks-50 // the cases make room for partners of theirs
		tx.Set(key, c)
		return nil
	})
	for i := range l.Blocks - 50 {
		t := block.Target{What: block.Server, ID: fmt.Sprint(700_000_000_000_000_000 + i)}
		k := block.Key(s.Guild, t)
		s.update([]storage.Key{k}, func(tx *storage.Tx) error {
			tx.Set(k, block.Entry{Target: t, Name: wide(100), Reason: wide(block.MaxReason), By: s.Ada, At: time.Now()})
			return nil
		})
	}
	for i := range l.Pending - 50 {
		id := fmt.Sprint(800_000_000_000_000_000 + i)
		k := apply.PendingKey(s.Guild, id)
		s.update([]storage.Key{k}, func(tx *storage.Tx) error {
			tx.Set(k, apply.Waiting{ID: id, Partner: id, Applicant: s.Nora, Name: wide(100), Sent: time.Now()})
			return nil
		})
	}
}

// manyFeatures is as many features as a large server has.
func manyFeatures() []string {
	var list []string
	for i := range 40 {
		list = append(list, fmt.Sprintf("A_FEATURE_WITH_A_LONG_NAME_%d", i))
	}
	return list
}

// testRepeatedOnDynamo checks that the reply kept in DynamoDB comes back byte by byte.
func testRepeatedOnDynamo(t *testing.T, server *dynamolocal.Server) {
	s, _ := dynamoStage(t, server, nil)
	eachRoute(t, s, func(t *testing.T, _ string, in fakediscord.Interaction) {
		replies := s.repeat(in, false)
		for i, got := range replies {
			if !bytes.Equal(got.Body, replies[0].Body) {
				t.Fatalf("reply %d is\n%.300s\nthe first was\n%.300s", i, got.Body, replies[0].Body)
			}
		}
	})
}

// testFaultsTellNothing breaks DynamoDB itself: its errors hold no token and
// nothing people wrote either.
func testFaultsTellNothing(t *testing.T, server *dynamolocal.Server) {
	gate := &gate{}
	s, _ := dynamoStage(t, server, gate)
	eachRoute(t, s, func(t *testing.T, route string, in fakediscord.Interaction) {
		for _, operation := range []string{"BatchGetItem", "Query", "TransactWriteItems", "PutItem"} {
			gate.refuse(operation)
			got, err := s.Send(t.Context(), s.SignRaw(in.Body))
			gate.refuse("")
			if err != nil || got.Status != 200 {
				t.Fatalf("%s: status %d, %v", operation, got.Status, err)
			}
			tellsNothing(t, s.logs.take(), in)
		}
	})
}
