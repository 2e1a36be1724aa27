package discordrest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/discordrest"
)

// afterOf returns for how long err says to wait, or fails.
func afterOf(t *testing.T, err error) time.Duration {
	t.Helper()
	f := new(action.Failure)
	if !errors.As(err, &f) || f.Verdict != action.Again {
		t.Fatalf("got %v, want a failure to try again", err)
	}
	return f.After
}

// first answers the first request with rs and the others with success.
func first(rs func() *http.Response) trip {
	var mu sync.Mutex
	done := false
	return func(*http.Request) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		if !done {
			done = true
			return rs(), nil
		}
		return answer(200, `{"id":"1","type":0}`), nil
	}
}

func TestSpentBucketWaitsForItsReset(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent tape
		c := open(sent.on(always(200, `{"id":"1","type":0}`, "X-RateLimit-Bucket", "b", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset-After", "1.25")))
		for range 3 {
			if _, err := c.Channel(t.Context(), "7"); err != nil {
				t.Fatal(err)
			}
		}
		want := []time.Duration{0, 1250 * time.Millisecond, 2500 * time.Millisecond}
		if got := sent.at(); !slices.Equal(got, want) {
			t.Errorf("sent at %v, want %v", got, want)
		}
	})
}

func TestRateLimited(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		headers []string
		body    string
		again   time.Duration // when the same request goes
		other   time.Duration // when another channel's goes
		reply   time.Duration // when an interaction's goes
	}{
		{"route", []string{"X-RateLimit-Bucket", "b", "X-RateLimit-Scope", "user", "Retry-After", "2.5"}, `{"retry_after":2.5,"global":false}`, 2500 * time.Millisecond, 0, 0},
		{"shared", []string{"X-RateLimit-Bucket", "b", "X-RateLimit-Scope", "shared", "Retry-After", "3"}, `{"retry_after":3,"global":false}`, 3 * time.Second, 0, 0},
		{"body only", []string{"X-RateLimit-Bucket", "b"}, `{"retry_after":0.75,"global":false}`, 750 * time.Millisecond, 0, 0},
		{"longer of header and body", []string{"X-RateLimit-Bucket", "b", "Retry-After", "1"}, `{"retry_after":1.4,"global":false}`, 1400 * time.Millisecond, 0, 0},
		{"global by body", nil, `{"retry_after":1.5,"global":true}`, 1500 * time.Millisecond, 1500 * time.Millisecond, 0},
		{"global by header", []string{"X-RateLimit-Global", "true", "Retry-After", "4"}, `{}`, 4 * time.Second, 4 * time.Second, 0},
		{"global by scope", []string{"X-RateLimit-Scope", "global", "Retry-After", "4"}, ``, 4 * time.Second, 4 * time.Second, 0},
		{"no bucket, no scope", []string{"Retry-After", "2"}, ``, 2 * time.Second, 2 * time.Second, 0},
		{"untold", []string{"X-RateLimit-Bucket", "b"}, `{"global":false}`, 5 * time.Second, 0, 0},
		{"nonsense", []string{"X-RateLimit-Bucket", "b", "Retry-After", "NaN"}, `{"retry_after":-3,"global":false}`, 5 * time.Second, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := first(func() *http.Response { return answer(429, tt.body, tt.headers...) })
				c := open(d)
				began := time.Now()
				var again, other, reply time.Duration
				var group sync.WaitGroup
				group.Go(func() {
					if _, err := c.Channel(t.Context(), "7"); err != nil {
						t.Error(err)
					}
					again = time.Since(began)
				})
				synctest.Wait()
				group.Go(func() {
					if _, err := c.Channel(t.Context(), "8"); err != nil {
						t.Error(err)
					}
					other = time.Since(began)
				})
				group.Go(func() {
					if err := c.EditReply(t.Context(), replyToken, discord.MessageUpdate{}); err != nil {
						t.Error(err)
					}
					reply = time.Since(began)
				})
				group.Wait()
				if again != tt.again || other != tt.other || reply != tt.reply {
					t.Errorf("same route after %v, other after %v, reply after %v; want %v, %v, %v", again, other, reply, tt.again, tt.other, tt.reply)
				}
			})
		})
	}
}

func TestWaitBeyondTheDeadlineFailsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent tape
		c := open(sent.on(always(429, `{"retry_after":60,"global":false}`, "X-RateLimit-Bucket", "b", "Retry-After", "60")))
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		_, err := c.Channel(ctx, "7")
		if got := afterOf(t, err); got != time.Minute {
			t.Errorf("After = %v, want 1m", got)
		}
		if _, err := c.Channel(ctx, "7"); afterOf(t, err) != time.Minute {
			t.Errorf("later: %v, want to wait 1m", err)
		}
		if sent.count() != 1 || time.Since(sent.began) != 0 {
			t.Errorf("%d requests in %v, want 1 in no time", sent.count(), time.Since(sent.began))
		}
	})
}

func TestRetriesOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent tape
		c := open(sent.on(always(429, `{"retry_after":2,"global":false}`, "X-RateLimit-Bucket", "b")))
		_, err := c.Channel(t.Context(), "7")
		if got := afterOf(t, err); got != 2*time.Second || action.Code(err) != 429 {
			t.Errorf("After %v, code %d; want 2s and 429", got, action.Code(err))
		}
		if got, want := sent.at(), []time.Duration{0, 2 * time.Second}; !slices.Equal(got, want) {
			t.Errorf("sent at %v, want %v", got, want)
		}
	})
}

func TestGlobalBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent tape
		c := open(sent.on(always(200, `{"id":"1","type":0}`)))
		var group sync.WaitGroup
		for i := range 200 {
			group.Go(func() {
				if _, err := c.Channel(t.Context(), fmt.Sprint(1000+i)); err != nil {
					t.Error(err)
				}
			})
			group.Go(func() {
				if err := c.EditReply(t.Context(), fmt.Sprint("token", i), discord.MessageUpdate{}); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		var bots []time.Duration
		for i, at := range sent.at() {
			if strings.HasPrefix(sent.lines[i], "GET /channels/") {
				bots = append(bots, at)
			} else if at != 0 {
				t.Fatalf("a reply waited %v for the bot's budget", at)
			}
		}
		for i := 45; i < len(bots); i++ {
			if bots[i]-bots[i-45] < time.Second {
				t.Fatalf("46 requests within %v", bots[i]-bots[i-45])
			}
		}
		if last := bots[len(bots)-1]; last != 4*time.Second {
			t.Errorf("200 requests took %v, want 4s", last)
		}
	})
}

func TestRoutesShareALearnedBucket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent tape
		c := open(sent.on(always(204, ``, "X-RateLimit-Bucket", "roles", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset-After", "2")))
		calls := []func() error{
			func() error { return c.AddRole(t.Context(), "1", "2", "3", "") },
			func() error { return c.RemoveRole(t.Context(), "1", "2", "3", "") }, // unknown yet: goes
			func() error { return c.AddRole(t.Context(), "1", "2", "3", "") },
			func() error { return c.AddRole(t.Context(), "4", "2", "3", "") }, // another guild
			func() error { return c.RemoveRole(t.Context(), "1", "2", "3", "") },
		}
		for _, do := range calls {
			if err := do(); err != nil {
				t.Fatal(err)
			}
		}
		want := []time.Duration{0, 0, 2 * time.Second, 2 * time.Second, 4 * time.Second}
		if got := sent.at(); !slices.Equal(got, want) {
			t.Errorf("sent at %v, want %v", got, want)
		}
	})
}

func TestOneAtATimeInABucket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := func(rq *http.Request) (*http.Response, error) {
			select {
			case <-time.After(4 * time.Second):
			case <-rq.Context().Done():
			}
			return answer(200, `{"id":"1","type":0}`), nil
		}
		var sent tape
		c := open(sent.on(slow))
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() {
				if _, err := c.Channel(t.Context(), "7"); err != nil {
					t.Error(err)
				}
			})
		}
		group.Go(func() {
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := c.Channel(ctx, "7")
			if afterOf(t, err); !errors.Is(err, context.DeadlineExceeded) || time.Since(sent.began) != time.Second {
				t.Errorf("in the queue for %v: %v", time.Since(sent.began), err)
			}
		})
		group.Wait()
		want := []time.Duration{0, 4 * time.Second, 8 * time.Second}
		if got := sent.at(); !slices.Equal(got, want) {
			t.Errorf("sent at %v, want %v", got, want)
		}
	})
}

// A bot's clock may be moved, as the local server's is: contexts are not.
func TestDeadlinesGoByTheRealClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := first(func() *http.Response {
			return answer(429, `{"retry_after":2,"global":false}`, "X-RateLimit-Bucket", "b")
		})
		c := open(d, func(cfg *discordrest.Config) {
			cfg.Now = func() time.Time { return time.Now().Add(72 * time.Hour) }
		})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if _, err := c.Channel(ctx, "7"); err != nil {
			t.Error(err)
		}
	})
}

// An interaction is not bound by the bot's limits, but by what it is told itself.
func TestGlobalLimitOnAReplyHoldsThatReply(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent tape
		c := open(sent.on(first(func() *http.Response { return answer(429, `{"retry_after":2,"global":true}`) })))
		if err := tell(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if got, want := sent.at(), []time.Duration{0, 2 * time.Second}; !slices.Equal(got, want) {
			t.Errorf("sent at %v, want %v", got, want)
		}
	})
}
