package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/entente-bot/entente/internal/interactions"
)

// Handler serves interactions and /healthz and, if controls is set, the controls
// of the clock to this machine.
func (s *System) Handler(controls bool) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle(interactions.Path, s.Interactions)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	if controls {
		mux.HandleFunc("POST /dev/advance", local(s.advanced))
		mux.HandleFunc("POST /dev/drain", local(s.drained))
	}
	return mux
}

// local lets requests from this machine through.
func local(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			http.Error(w, "The controls answer to this machine only.", http.StatusForbidden)
			return
		}
		next(w, r)
	}
}

// advanced handles /dev/advance?by=72h: it moves the clock on and does what is then due.
func (s *System) advanced(w http.ResponseWriter, r *http.Request) {
	by, err := time.ParseDuration(r.URL.Query().Get("by"))
	if err != nil || by < 0 {
		http.Error(w, "Say by how much: /dev/advance?by=72h", http.StatusBadRequest)
		return
	}
	if err := s.Advance(r.Context(), by); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.drained(w, r)
}

// drained handles /dev/drain: it does what is due, and tells what is left.
func (s *System) drained(w http.ResponseWriter, r *http.Request) {
	ran, err := s.Drain(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	left, err := s.Worker.Actions.Count(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{ // nobody is left to tell
		"now": s.Now().Format(time.RFC3339), "ran": ran, "pending": left.Pending, "blocked": left.Blocked,
	})
}

// Serve works, and serves h, until ctx ends; then what is in hand is finished,
// and the store is closed.
func (s *System) Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		s.Run(ctx)
	}()
	err := serve(ctx, l, h)
	cancel() // serve may have ended by itself
	<-worked
	return errors.Join(err, s.Close())
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
