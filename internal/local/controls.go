package local

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/interactions"
)

// Handler serves interactions, webhook events and /healthz and, if controls is set, the controls
// of the clock to this machine.
func (s *System) Handler(controls bool) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle(interactions.Path, s.Interactions)
	mux.Handle(interactions.EventsPath, s.Interactions)
	mux.HandleFunc("GET /healthz", s.health)
	if controls {
		mux.Handle("POST /dev/advance", Loopback(http.HandlerFunc(s.advanced)))
		mux.Handle("POST /dev/drain", Loopback(http.HandlerFunc(s.drained)))
	}
	return mux
}

// Loopback lets requests through that come from this machine, and from no page
// of another site: whoever gets through acts as anybody. It refuses all else
// with 403, also a name of another machine that was made to lead here.
func Loopback(next http.Handler) http.Handler {
	ownPages := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !here(r.RemoteAddr) || !here(r.Host) {
			http.Error(w, "This answers to this machine only, as localhost or 127.0.0.1.", http.StatusForbidden)
			return
		}
		ownPages.ServeHTTP(w, r)
	})
}

// here reports whether an address, with or without a port, is this machine's.
func here(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = strings.Trim(address, "[]")
	}
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
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
