package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/entente-bot/entente/internal/discordrest"
)

// Serve works, and serves h, until ctx ends; then what is in hand is finished,
// and the store is closed. It works only after Discord said that the token is
// of the right application; if it says that it is not, Serve ends with the error.
func (s *System) Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	worked := make(chan error, 1)
	go func() {
		err := s.identified(ctx)
		if err != nil {
			cancel()
		} else {
			s.Run(ctx)
		}
		worked <- err
	}()
	err := serve(ctx, l, h)
	cancel() // serve may have ended by itself
	return errors.Join(err, <-worked, s.Close())
}

// askAgain is how long it waits to ask a Discord that does not answer.
const askAgain = 10 * time.Second

// identified returns when Discord has said whose the token is, or ctx ended.
func (s *System) identified(ctx context.Context) error {
	for {
		_, err := s.discord.Identify(ctx)
		s.unknown.Store(err != nil)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, discordrest.ErrToken) {
			return err
		}
		s.Poller.Log.WarnContext(ctx, "nothing is done until Discord says whose the token is", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(askAgain):
		}
	}
}

// Identify asks Discord whether the token is that of the application, before a store
// is opened for it: [discordrest.ErrToken] if it is not, another error if Discord does
// not say. [System.Serve] asks again.
func Identify(ctx context.Context, c Config) error {
	client := c.client(time.Now)
	defer client.Close()
	_, err := client.Identify(ctx)
	return err
}

// serve serves h until ctx ends, then finishes the requests in hand.
func serve(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		ended <- srv.Shutdown(ctx)
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}

// health answers GET /healthz: 200 and "ok", or 503 and a line that says why nothing
// can be done.
func (s *System) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if err := s.trouble(ctx); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprint(w, "ok")
}

// trouble returns why nothing can be done; nil if it can.
func (s *System) trouble(ctx context.Context) error {
	switch {
	case s.file != nil && s.file.Trouble() != nil:
		return s.file.Trouble()
	case s.discord.Refused():
		return errors.New("the bot token is refused by Discord: reset it in the developer portal, under Bot, set the new one and start again")
	case s.unknown.Load():
		return errors.New("no answer from Discord: nothing is done until it says whose the token is")
	}
	_, err := s.DB.Get(ctx, clockKey())
	return err
}
