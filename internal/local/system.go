// Package local is the whole of Entente in one process: every function's handler
// with a queue in memory, on a store in a file or in DynamoDB. It is what
// scripts/serve runs for a real Discord and scripts/dev for a simulated one, and what
// the tests of whole stories run.
package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/poller"
	"github.com/entente-bot/entente/internal/queue/memory"
	"github.com/entente-bot/entente/internal/scheduler"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/text"
	"github.com/entente-bot/entente/internal/worker"
)

// A Config says whom a system works for, and where it keeps its state.
type Config struct {
	Key           interactions.PublicKey
	ApplicationID string
	Token         string
	DiscordURL    string

	Data             string // file of the embedded store
	Owner            string // whose it is: see [bolt.Of]; default ApplicationID
	Unsynced         bool   // the file need not outlive the machine: see [bolt.Unsynced]
	Records, Actions string // tables of a DynamoDB named in the environment, instead of Data

	Log   *slog.Logger
	Clock *Clock        // nil for one of its own
	Text  *text.Catalog // default what [text.Load] returns

	Limits partnership.Limits // of each guild; default [partnership.DefaultLimits]

	Poll   time.Duration // how often it looks whose invites are to be read; default a minute
	Budget int           // requests a second for that; default [poller.DefaultBudget]
}

// A System is every function's handler in one process.
type System struct {
	Interactions *interactions.Server
	Worker       *worker.Worker
	Scheduler    *scheduler.Scheduler
	Poller       *poller.Poller
	DB           storage.DB

	clock   *Clock
	file    *bolt.DB // nil with DynamoDB
	queue   *memory.Queue
	discord *discordrest.Client
	unknown atomic.Bool  // Discord was asked whose the token is, and did not say
	done    atomic.Int64 // actions tried so far
	polls   time.Duration
	polling sync.Mutex // held by who polls
}

// workers is how many actions are done at once.
const workers = 8

// Open wires everything as c says. It does nothing yet: see [System.Run].
func Open(ctx context.Context, c Config) (*System, error) {
	s := &System{clock: cmp.Or(c.Clock, new(Clock)), queue: memory.New(), polls: cmp.Or(c.Poll, time.Minute)}
	if err := s.open(ctx, c); err != nil {
		return nil, err
	}
	if err := s.clock.restore(ctx, s.DB); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.discord = c.client(s.clock.running)
	if c.Text == nil {
		var err error
		if c.Text, err = text.Load(); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	s.Worker = worker.New(s.DB, s.discord, s.queue, c.Text, c.Log, s.Now)
	s.Worker.Limits = cmp.Or(c.Limits, s.Worker.Limits)
	s.Worker.Actions.Sole = s.file != nil // the file has one user: other leases are a crash's
	s.Scheduler = &scheduler.Scheduler{Actions: s.Worker.Actions, Queue: s.queue, Log: c.Log}
	s.Poller = poller.New(s.DB, s.discord, c.Log, s.Now)
	s.Poller.Sole, s.Poller.Budget = s.file != nil, cmp.Or(c.Budget, poller.DefaultBudget)
	s.Interactions = &interactions.Server{
		Key: c.Key, ApplicationID: c.ApplicationID, DB: s.DB, Queue: s.queue, Text: s.Worker.Text,
		Limits: s.Worker.Limits, Log: c.Log, Now: s.Now, Clock: time.Now,
	}
	return s, nil
}

// client returns what talks to Discord as c says.
func (c Config) client(now func() time.Time) *discordrest.Client {
	return discordrest.New(discordrest.Config{
		Token: c.Token, ApplicationID: c.ApplicationID, URL: c.DiscordURL, Version: "local", Log: c.Log, Now: now,
		PerSecond: 40, // Discord's 50, less one for each worker whose request may be late
	})
}

// Now is the time by which everything happens.
func (s *System) Now() time.Time { return s.clock.Now() }

// open opens the store.
func (s *System) open(ctx context.Context, c Config) error {
	if c.Records == "" {
		how := []bolt.Option{bolt.Of(cmp.Or(c.Owner, c.ApplicationID))}
		if c.Unsynced {
			how = append(how, bolt.Unsynced)
		}
		file, err := bolt.Open(c.Data, s.Now, how...)
		s.DB, s.file = file, file
		return err
	}
	cfg, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("AWS configuration: %w", err)
	}
	s.DB = dynamo.New(dynamodb.NewFromConfig(cfg), c.Records, c.Actions, s.Now)
	return nil
}

// Close lets go of the store.
func (s *System) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// Run works until ctx ends: it does what is due, looks once a minute for what was
// delayed or lost, and polls. It returns after the actions in hand are finished.
func (s *System) Run(ctx context.Context) {
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { s.pollOn(ctx) })
	all.Go(func() {
		s.queue.Run(ctx, workers, func(ctx context.Context, r action.Ref) {
			// A failed pointer does not come again as it would from SQS: the
			// scheduler finds what it points at. The worker has logged why.
			if tried, _ := s.Worker.Do(ctx, r); tried {
				s.done.Add(1)
			}
		})
	})
	s.sweep(ctx, 0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-minute.C:
			s.sweep(ctx, action.Grace)
		}
	}
}

// pollOn polls, until ctx ends.
func (s *System) pollOn(ctx context.Context) {
	next := time.NewTicker(s.polls)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
			if _, err := s.poll(ctx); err != nil {
				s.Poller.Log.ErrorContext(ctx, "polls", "err", err)
			}
		}
	}
}

// poll polls the guilds whose turn it is, and returns how many that were.
func (s *System) poll(ctx context.Context) (int, error) {
	s.polling.Lock()
	defer s.polling.Unlock()
	return s.Poller.Once(ctx)
}

// sweep runs the scheduler and reports how much was due.
func (s *System) sweep(ctx context.Context, grace time.Duration) (int, error) {
	n, err := s.Scheduler.Run(ctx, grace)
	if s.file != nil && err == nil {
		_, err = s.file.Purge(ctx, 1000)
	}
	return n, err
}

// Drain does everything that is due by now, and what follows from it, polls among
// it, and returns how many actions were tried meanwhile.
func (s *System) Drain(ctx context.Context) (ran int64, err error) {
	before := s.done.Load()
	for {
		seen, err := s.queue.Idle(ctx)
		if err != nil {
			return s.done.Load() - before, err
		}
		n, err := s.sweep(ctx, 0)
		if err != nil {
			return s.done.Load() - before, err
		}
		// What another sweep found meanwhile is in hand, and so not due for this one.
		now, err := s.queue.Idle(ctx)
		if err == nil && n == 0 && now == seen {
			n, err = s.poll(ctx)
		} else {
			n = 1
		}
		if err != nil || n == 0 {
			return s.done.Load() - before, err
		}
	}
}

// Advance moves the clock on, and does not do yet what is then due.
func (s *System) Advance(ctx context.Context, by time.Duration) error {
	return s.clock.advance(ctx, s.DB, by)
}

// Register registers the slash commands for all guilds, as scripts/register does.
func (s *System) Register(ctx context.Context) error {
	return s.discord.SetCommands(ctx, "", interactions.Commands(s.Worker.Text))
}
