package local_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/entente-bot/entente/internal/interactions"
)

// TestEvents: webhook events are verified as interactions are, acknowledged with an
// empty 204, and noted by their type.
func TestEvents(t *testing.T) {
	t.Parallel()
	s := newBareStage(t)
	app := `"application_id":"` + s.ApplicationID() + `"`
	tests := []struct {
		name, method, body string
		signed             bool
		want               int
	}{
		{"ping", "POST", `{"version":1,` + app + `,"type":0}`, true, 204},
		{"event", "POST", `{"version":1,` + app + `,"type":1,"event":{"type":"APPLICATION_AUTHORIZED","timestamp":"2026-01-01T00:00:00Z","data":{"user":{"username":"secret"}}}}`, true, 204},
		{"event of a later Discord", "POST", `{` + app + `,"type":1,"event":{"type":"SOMETHING_NEW","data":[]}}`, true, 204},
		{"another application's", "POST", `{"application_id":"1","type":1,"event":{"type":"X"}}`, true, 400},
		{"no JSON", "POST", `{`, true, 400},
		{"not signed", "POST", `{"type":0}`, false, 401},
		{"no POST", "GET", "", true, 405},
	}
	h := s.Handler(false)
	for _, tt := range tests {
		r := httptest.NewRequestWithContext(t.Context(), tt.method, interactions.EventsPath, bytes.NewReader([]byte(tt.body)))
		if raw := s.SignRaw([]byte(tt.body)); tt.signed {
			r.Header = http.Header{"X-Signature-Ed25519": {raw.Signature}, "X-Signature-Timestamp": {raw.Timestamp}}
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != tt.want || w.Body.Len() > 0 {
			t.Errorf("%s: %d %q, want an empty %d", tt.name, w.Code, w.Body, tt.want)
		}
	}
	s.says(s.logs.String(), "type=APPLICATION_AUTHORIZED")
	s.says(s.logs.String(), "type=SOMETHING_NEW")
	s.silent(s.logs.String(), "secret")
}
