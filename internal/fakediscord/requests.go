package fakediscord

import "time"

// A Request is one request the bot made, in the order of arrival.
type Request struct {
	Method      string
	Route       string // as in routes.go: /channels/{channel}/messages
	Path        string // as it was sent, below the API base
	Query       string
	Body        string // the JSON, of a multipart body its payload_json
	Files       int    // files of a multipart body
	UserAgent   string
	Reason      string // X-Audit-Log-Reason, decoded
	ContentType string
	WithToken   bool      // carried an Authorization header
	At          time.Time // on the simulated clock
	Status      int       // 0 while under way, and when the connection was reset
	Faulted     bool      // a Fault decided the answer
}

// Requests returns the requests so far, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// CountRequests returns how many requests were made to a route.
// An empty method or route stands for any.
func (s *Server) CountRequests(method, route string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.requests {
		if (method == "" || r.Method == method) && (route == "" || r.Route == route) {
			n++
		}
	}
	return n
}

// ResetRequests forgets the requests so far.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// A ticket finds a request in the log again. It goes stale when the log is reset.
type ticket struct {
	index int
	at    time.Time
	path  string
}

// arrive logs a call and returns the fault that awaits it, if any.
func (s *Server) arrive(c *call, to route) (*Fault, ticket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fault := s.nextFault(c, to)
	s.requests = append(s.requests, Request{
		Method: to.method, Route: to.path, Path: c.path, Query: c.r.URL.RawQuery,
		Body: string(c.raw), Files: len(c.files),
		UserAgent: c.r.Header.Get("User-Agent"), Reason: c.reason,
		ContentType: c.r.Header.Get("Content-Type"),
		WithToken:   c.r.Header.Get("Authorization") != "",
		At:          s.now(), Faulted: fault != nil,
	})
	last := len(s.requests) - 1
	return fault, ticket{last, s.requests[last].At, c.path}
}

// depart notes how a call ended.
func (s *Server) depart(t ticket, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.index < len(s.requests) && s.requests[t.index].At.Equal(t.at) && s.requests[t.index].Path == t.path {
		s.requests[t.index].Status = status
	}
}
