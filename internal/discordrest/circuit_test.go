package discordrest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/discordrest"
)

// few makes a circuit open after n invalid answers.
func few(n int) func(*discordrest.Config) {
	return func(cfg *discordrest.Config) { cfg.Invalid = n }
}

// ask makes one request with the bot token.
func ask(ctx context.Context, c *discordrest.Client) error {
	_, err := c.Channel(ctx, "7")
	return err
}

// tell makes one request with an interaction's token.
func tell(ctx context.Context, c *discordrest.Client) error {
	return c.EditReply(ctx, replyToken, discord.MessageUpdate{})
}

func TestCircuit(t *testing.T) {
	t.Parallel()
	const forbidden = `{"code":50013,"message":"Missing Permissions"}`
	tests := []struct {
		name   string
		answer func() *http.Response
		do     func(context.Context, *discordrest.Client) error
		after  int           // how many such answers open it; 0: none does
		shut   time.Duration // for how long
	}{
		{"401 on the bot token", func() *http.Response { return answer(401, `{"code":0}`) }, ask, 1, 2 * time.Minute},
		{"401 with a broken body", func() *http.Response { return answer(401, `{"co`) }, ask, 1, 2 * time.Minute},
		{"401 with null", func() *http.Response { return answer(401, `null`) }, ask, 1, 2 * time.Minute},
		{"401 on an interaction", func() *http.Response { return answer(401, `{"code":50027}`) }, tell, 5, 10 * time.Minute},
		{"403", func() *http.Response { return answer(403, forbidden) }, ask, 5, 10 * time.Minute},
		{"404", func() *http.Response { return answer(404, `{"code":10003}`) }, ask, 0, 0},
		{"500", func() *http.Response { return answer(500, `{}`) }, ask, 0, 0},
		{"502 page", func() *http.Response { return answer(502, `<html>`, "Content-Type", "text/html") }, ask, 0, 0},
		{"Cloudflare 403 page", func() *http.Response {
			return answer(403, `<!doctype html>`, "Content-Type", "text/html; charset=UTF-8")
		}, ask, 1, 10 * time.Minute},
		{"Cloudflare 429 page", func() *http.Response {
			return answer(429, "\n<html>", "Content-Type", "", "Retry-After", "3600")
		}, ask, 1, time.Hour},
		{"Cloudflare line", func() *http.Response {
			return answer(429, "error code: 1015", "Content-Type", "text/plain", "Retry-After", "30")
		}, ask, 1, 10 * time.Minute},
		{"Cloudflare code", func() *http.Response { return answer(403, `{"code":40333}`) }, ask, 1, 10 * time.Minute},
		{"a ban in JSON, 429", func() *http.Response { return answer(429, `{"message":"You are being blocked","code":0}`) }, ask, 1, 10 * time.Minute},
		{"a ban in JSON, 403", func() *http.Response { return answer(403, `{"message":"You are being blocked","code":0}`) }, ask, 1, 10 * time.Minute},
		{"403 without a code of its own, from Discord", func() *http.Response { return answer(403, `{"code":0}`, "X-RateLimit-Bucket", "b") }, ask, 5, 10 * time.Minute},
		{"Cloudflare on an interaction", func() *http.Response { return answer(403, `{"code":40333}`) }, tell, 1, 10 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var sent tape
				c := open(sent.on(func(*http.Request) (*http.Response, error) { return tt.answer(), nil }), few(5))
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				want := tt.after
				if want == 0 {
					want = 8
				}
				for range 8 {
					if err := tt.do(ctx, c); err == nil {
						t.Fatal("succeeded")
					}
				}
				if sent.count() != want {
					t.Fatalf("%d requests left, want %d", sent.count(), want)
				}
				if tt.after == 0 {
					return
				}
				for name, do := range map[string]func(context.Context, *discordrest.Client) error{"bot": ask, "reply": tell} {
					if got := afterOf(t, do(ctx, c)); got != tt.shut {
						t.Errorf("%s: try again after %v, want %v", name, got, tt.shut)
					}
				}
				if sent.count() != want || time.Since(sent.began) != 0 {
					t.Errorf("%d requests left in %v while it was open", sent.count()-want, time.Since(sent.began))
				}
			})
		})
	}
}

func TestRateLimitsCountUnlessShared(t *testing.T) {
	t.Parallel()
	for scope, stays := range map[string]bool{"user": false, "shared": true} {
		t.Run(scope, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var sent tape
				c := open(sent.on(always(429, `{"global":false}`, "X-RateLimit-Bucket", "b", "X-RateLimit-Scope", scope, "Retry-After", "1")), few(6))
				for range 10 {
					_ = ask(t.Context(), c)
				}
				if got, want := sent.count(), map[bool]int{true: 20, false: 6}[stays]; got != want {
					t.Errorf("%d requests left, want %d", got, want)
				}
			})
		})
	}
}

// TestGuildIsParkedAlone: what Discord refuses for one guild costs that guild its
// share, and nobody else anything. Replies to its people go on.
func TestGuildIsParkedAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent tape
		var log logbook
		refuse := true
		c := open(sent.on(func(rq *http.Request) (*http.Response, error) {
			if refuse && rq.URL.Path == "/api/v10/channels/7" {
				return answer(403, `{"code":50013}`, "X-RateLimit-Bucket", "b"), nil
			}
			return answer(200, `{"id":"1","type":0}`), nil
		}), few(100), to(&log))
		bad, good := action.ForGuild(t.Context(), "1"), action.ForGuild(t.Context(), "2")
		for range 200 {
			_ = ask(bad, c)
		}
		if sent.count() != 5 {
			t.Errorf("%d requests left for a guild that is refused, want its share of 5", sent.count())
		}
		if got := afterOf(t, ask(bad, c)); got != 10*time.Minute {
			t.Errorf("it is to try again after %v", got)
		}
		if _, err := c.Channel(good, "8"); err != nil {
			t.Errorf("another guild: %v", err)
		}
		if err := tell(bad, c); err != nil {
			t.Errorf("a reply to one of its people: %v", err)
		}
		if strings.Contains(log.String(), "circuit=open") || strings.Count(log.String(), "parked=1") != 1 {
			t.Errorf("want one line about the guild, none about the circuit:\n%s", &log)
		}
		refuse = false
		<-time.After(10 * time.Minute)
		if err := ask(bad, c); err != nil {
			t.Errorf("ten minutes later: %v", err)
		}
	})
}

// TestManyGuildsRefused: what many guilds are refused together stops all before
// Discord bans the address.
func TestManyGuildsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent tape
		c := open(sent.on(always(403, `{"code":50013}`, "X-RateLimit-Bucket", "b")), few(100))
		for i := range 1000 {
			_ = ask(action.ForGuild(t.Context(), fmt.Sprint(1+i%50)), c)
		}
		if sent.count() != 100 {
			t.Errorf("%d requests left, want 100", sent.count())
		}
	})
}

// TestOutageIsTriedByOne: while Discord answers nobody, one request now and then
// tries. When it is answered, all go on.
func TestOutageIsTriedByOne(t *testing.T) {
	t.Parallel()
	for name, dark := range map[string]trip{
		"502":       always(502, `<html>`, "Content-Type", "text/html"),
		"no answer": func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var sent tape
				var log logbook
				up := false
				c := open(sent.on(func(rq *http.Request) (*http.Response, error) {
					if up {
						return answer(200, `{"id":"1","type":0}`), nil
					}
					return dark(rq)
				}), to(&log))
				for range 24 * 60 { // a guild each minute, for a day
					for guild := range 5 {
						_ = ask(action.ForGuild(t.Context(), fmt.Sprint(1+guild)), c)
					}
					<-time.After(time.Minute)
				}
				if n := sent.count(); n < 24*30/2 || n > 24*30+10 {
					t.Errorf("%d requests left in a day, want one in two minutes", n)
				}
				if n := strings.Count(log.String(), "circuit=open"); n != 1 {
					t.Errorf("%d alarms, want one", n)
				}
				up = true
				<-time.After(2 * time.Minute)
				for guild := range 5 {
					if err := ask(action.ForGuild(t.Context(), fmt.Sprint(1+guild)), c); err != nil {
						t.Errorf("guild %d: %v", guild, err)
					}
				}
			})
		})
	}
}

// TestTroubleOfOneGuildIsNoOutage: one channel that always fails stops nobody.
func TestTroubleOfOneGuildIsNoOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent tape
		c := open(sent.on(always(500, `{}`)))
		for range 50 {
			_ = ask(action.ForGuild(t.Context(), "1"), c)
		}
		if sent.count() != 50 {
			t.Errorf("%d requests left, want all 50", sent.count())
		}
	})
}

// TestLimitOfOneThing: a 429 with a code of its own is about what was asked for, not
// about the bot, and asking again at once is of no use.
func TestLimitOfOneThing(t *testing.T) {
	t.Parallel()
	for name, headers := range map[string][]string{
		"bare": nil, "told how long": {"Retry-After", "30"}, "with a bucket": {"X-RateLimit-Bucket", "b", "X-RateLimit-Remaining", "4", "X-RateLimit-Reset-After", "1.0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var sent tape
				c := open(sent.on(func(rq *http.Request) (*http.Response, error) {
					if rq.Method == http.MethodPatch {
						return answer(429, `{"message":"x","code":30046}`, headers...), nil
					}
					return answer(200, `{"id":"1","type":0}`), nil
				}))
				f := failure(t, c.EditMessage(t.Context(), "7", "9", discord.MessageUpdate{}))
				if f.Verdict != action.Again || f.Code != 30046 || sent.count() != 1 {
					t.Errorf("%v after %d edits, want one that comes again", f, sent.count())
				}
				if _, err := c.Channel(t.Context(), "8"); err != nil || time.Since(sent.began) > 0 {
					t.Errorf("another channel waits %v: %v", time.Since(sent.began), err)
				}
			})
		})
	}
}

func TestOldInvalidAnswersDoNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent tape
		c := open(sent.on(always(403, `{"code":50013}`)), few(5))
		for range 20 { // four in any ten minutes
			_ = ask(t.Context(), c)
			<-time.After(150 * time.Second)
		}
		if sent.count() != 20 {
			t.Errorf("%d requests left, want all 20", sent.count())
		}
	})
}

// One request tries again after ten minutes; the others follow if it may.
func TestProbe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var valid atomic.Bool
		var log logbook
		var sent tape
		c := open(sent.on(func(rq *http.Request) (*http.Response, error) {
			select {
			case <-time.After(time.Second):
			case <-rq.Context().Done():
			}
			if !valid.Load() {
				return answer(401, `{"message":"401: Unauthorized","code":0}`), nil
			}
			return answer(200, `{"id":"1","type":0}`), nil
		}), to(&log))
		for round := 1; round <= 2; round++ {
			var group sync.WaitGroup
			var failed atomic.Int64
			for i := range 20 {
				group.Go(func() {
					// All different buckets: none waits for another.
					if _, err := c.Channel(t.Context(), fmt.Sprint(100+i)); err != nil && action.Code(err) != 401 {
						afterOf(t, err)
						failed.Add(1)
					}
				})
				if round == 1 && i == 0 {
					group.Wait() // the first learns it
				}
			}
			if err := tell(t.Context(), c); err == nil {
				t.Error("a reply was sent: it cannot tell whether the bot token holds")
			}
			group.Wait()
			if sent.count() != round || failed.Load() != 19 {
				t.Fatalf("round %d: %d requests left in all, %d held back", round, sent.count(), failed.Load())
			}
			<-time.After(10 * time.Minute)
		}
		valid.Store(true)
		for range 3 {
			if err := ask(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		if err := tell(t.Context(), c); err != nil {
			t.Error(err)
		}
		if got := strings.Count(log.String(), "DISCORD_TOKEN_SECRET"); got != 2 || !strings.Contains(log.String(), "level=ERROR") {
			t.Errorf("%d alarms, want one each time it opened:\n%s", got, &log)
		}
	})
}

// FAULTS R5: whoever had no request under way sends none after the first 401.
func TestAllSendersStopWithinOneRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent tape
		var log logbook
		c := open(sent.on(func(rq *http.Request) (*http.Response, error) {
			select { // so long that all senders have a request under way
			case <-time.After(time.Second):
			case <-rq.Context().Done():
			}
			return answer(401, `{"code":0}`), nil
		}), to(&log))
		var group sync.WaitGroup
		const senders = 16
		for i := range senders {
			group.Go(func() {
				for range 25 {
					if _, err := c.Channel(t.Context(), fmt.Sprint(100+i)); afterOf(t, err) != 2*time.Minute {
						t.Errorf("got %v", err)
					}
				}
			})
		}
		group.Wait()
		if sent.count() != senders {
			t.Errorf("%d requests left from %d senders", sent.count(), senders)
		}
		if got := strings.Count(log.String(), "level=ERROR"); got != 1 {
			t.Errorf("%d alarms, want 1:\n%s", got, &log)
		}
	})
}

func TestLostProbeIsTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		answers := []trip{
			always(403, `{"code":40333}`),
			func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded },
			always(200, `{"id":"1","type":0}`),
		}
		i := 0
		c := open(trip(func(rq *http.Request) (*http.Response, error) {
			i++
			return answers[i-1](rq)
		}))
		if got := afterOf(t, ask(t.Context(), c)); got != 10*time.Minute {
			t.Fatalf("After = %v", got)
		}
		<-time.After(10 * time.Minute)
		if err := ask(t.Context(), c); err == nil || i != 2 {
			t.Fatalf("the probe: %v after %d requests", err, i)
		}
		if err := ask(t.Context(), c); err != nil {
			t.Error(err)
		}
	})
}
