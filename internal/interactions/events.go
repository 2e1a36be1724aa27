package interactions

import (
	"context"
	"encoding/json"
	"net/http"
)

// EventsPath is where Discord sends webhook events to, if the application asks for them.
const EventsPath = "/events"

// event answers a webhook event that Discord signed: it is noted by its type. Nothing
// hangs on any, because Discord gives up on those that it cannot deliver.
func (s *Server) event(ctx context.Context, body []byte) Response {
	const ping = 0
	var e struct {
		ApplicationID string `json:"application_id"`
		Type          int    `json:"type"`
		Event         struct {
			Type string `json:"type"`
		} `json:"event"`
	}
	err := json.Unmarshal(body, &e)
	if err != nil || e.Type != ping && e.ApplicationID != s.ApplicationID {
		s.Log.WarnContext(ctx, "event malformed, or for another application", "err", err)
		return Response{Status: http.StatusBadRequest}
	}
	if e.Type != ping {
		s.Log.InfoContext(ctx, "event", "type", e.Event.Type)
	}
	return Response{Status: http.StatusNoContent}
}
