package poller_test

import (
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/poller"
	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/storage/dynamo/dynamotest"
	"github.com/entente-bot/entente/internal/storage/dynamolocal"
)

// TestDynamo counts what polls that bring nothing ask of DynamoDB itself: at most
// two requests for each guild, beside what any run asks.
func TestDynamo(t *testing.T) {
	t.Parallel()
	server := dynamolocal.Start(t)
	asked := map[int]int{}
	for _, guilds := range []int{1, 11} {
		discord, err := fakediscord.New(fakediscord.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = discord.Close() })
		recorder := &dynamotest.Recorder{}
		client := server.Client(dynamotest.Through(recorder))
		records, actions := fmt.Sprint("records", guilds), fmt.Sprint("actions", guilds)
		if err := dynamo.CreateTables(t.Context(), client, records, actions); err != nil {
			t.Fatal(err)
		}
		db := dynamo.New(client, records, actions, time.Now)
		b := &bench{T: t, discord: discord, db: &counting{DB: db}}
		rest := discordrest.New(discordrest.Config{
			Token: discord.Token(), ApplicationID: discord.ApplicationID(), URL: discord.URL(), Transport: inProcess(discord),
		})
		b.Poller = poller.New(b.db, rest, slog.New(slog.NewTextHandler(io.Discard, nil)), time.Now)
		var list []string
		for n := range guilds {
			list = append(list, b.guild(n))
		}
		if n := b.once(); n != guilds {
			t.Fatalf("%d polled of %d", n, guilds)
		}
		for _, g := range list {
			b.change(g, func(w poll.Watch) poll.Watch {
				w.Due = time.Now()
				return w
			})
		}
		discord.ResetRequests()
		recorder.Reset()
		if n := b.once(); n != guilds || len(discord.Requests()) != guilds {
			t.Errorf("%d polls of %d guilds, %d requests to Discord", n, guilds, len(discord.Requests()))
		}
		asked[guilds] = len(recorder.Calls())
		t.Logf("%d guilds: %d requests to DynamoDB: %v", guilds, asked[guilds], recorder.Calls())
	}
	if each := float64(asked[11]-asked[1]) / 10; each > 2 {
		t.Errorf("%.1f requests for each guild", each)
	}
}
