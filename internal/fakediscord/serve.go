package fakediscord

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/entente-bot/entente/internal/fakediscord/contract"
)

// An answer is what goes back over the wire.
type answer struct {
	status int
	body   []byte
	header http.Header
}

// serve answers one request to the API: it lets faults and rate limits have
// their say, checks the caller and the body, and runs the handler.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, to route) {
	c, err := newCall(r)
	fault, entry := s.arrive(c, to)
	if fault != nil && !fault.After {
		s.depart(entry, s.misbehave(w, r, fault, answer{}))
		return
	}
	a := s.run(c, to, err)
	if fault != nil {
		s.depart(entry, s.misbehave(w, r, fault, a))
		return
	}
	s.depart(entry, a.status)
	a.write(w)
}

// run takes one call through the checks and the handler, under the lock.
func (s *Server) run(c *call, to route, err error) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	header, limited := s.rateLimit(c, to)
	if limited != nil {
		return *limited
	}
	if err == nil {
		err = s.admit(c, to)
	}
	var body any
	if err == nil {
		body, err = to.handle(c)
	}
	if err != nil {
		body = nil
	}
	return encode(header, body, err)
}

// admit refuses callers and bodies that Discord refuses before it looks at anything else.
func (s *Server) admit(c *call, to route) error {
	if agent := c.r.Header.Get("User-Agent"); !strings.HasPrefix(agent, "DiscordBot (") {
		s.violate("%s %s: User-Agent %q is not of the form DiscordBot (url, version)", to.method, to.path, agent)
		return fail(40333)
	}
	if !to.noToken && c.r.Header.Get("Authorization") != "Bot "+s.token {
		return plain(http.StatusUnauthorized, "Unauthorized")
	}
	return s.conform(c, to)
}

// messageRoutes lists where a body creates or edits a message, and how to find it in the body.
var messageRoutes = map[string]bool{
	"POST /channels/{channel}/messages":                        true,
	"PATCH /channels/{channel}/messages/{message}":             true,
	"POST /webhooks/{application}/{token}":                     true,
	"PATCH /webhooks/{application}/{token}/messages/{message}": true,
}

// conform refuses a body that breaks the contract, and records it as a violation.
func (s *Server) conform(c *call, to route) error {
	var problems []contract.Problem
	if s.doc != nil {
		found, err := s.doc.Check(to.method, c.path, c.raw)
		if err != nil {
			s.violate("%s %s: %v", to.method, to.path, err)
			return wrong("", err.Error())
		}
		problems = found
	}
	name := to.method + " " + to.path
	message := c.object()
	forumPost, isPost := message["message"].(object)
	switch {
	case messageRoutes[name]:
		problems = append(problems, contract.Message(message, s.isV2(c))...)
		problems = append(problems, contract.Mentions(message)...)
	case name == "POST /channels/{channel}/threads" && isPost:
		for _, p := range append(contract.Message(forumPost, false), contract.Mentions(forumPost)...) {
			problems = append(problems, contract.Problem{At: "message." + p.At, Text: p.Text})
		}
	}
	if len(problems) == 0 {
		return nil
	}
	for _, p := range problems {
		s.violate("%s: %s", name, p)
	}
	return invalid(problems...)
}

// isV2 reports whether the message a call edits is a Components V2 message.
func (s *Server) isV2(c *call) bool {
	id := c.r.PathValue("message")
	if in := s.interactions[c.r.PathValue("token")]; in != nil && id != "" {
		m, err := s.replyOf(in, id)
		return err == nil && m.v2()
	}
	ch := s.channels[c.r.PathValue("channel")]
	if ch == nil || id == "" {
		return false
	}
	m := ch.find(id)
	return m != nil && m.v2()
}

// encode turns what a handler returned into what goes over the wire.
func encode(header http.Header, body any, err error) answer {
	a := answer{status: http.StatusOK, header: header}
	if err != nil {
		problem := new(apiError)
		if !errors.As(err, &problem) {
			problem = &apiError{Status: http.StatusInternalServerError, Message: err.Error()}
		}
		a.status, body = problem.Status, problem
	}
	switch v := body.(type) {
	case nil:
		a.status = http.StatusNoContent
		return a
	case created:
		a.status, body = http.StatusCreated, v.body
	}
	data, err := json.Marshal(body)
	if err != nil {
		return answer{status: http.StatusInternalServerError, body: []byte(err.Error()), header: header}
	}
	a.body = data
	a.header.Set("Content-Type", "application/json")
	return a
}

func (a answer) write(w http.ResponseWriter) {
	for k, v := range a.header {
		w.Header()[k] = v
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that went away is its own problem
}

// refuse answers a request that belongs to no route, and records it.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, status int, text string) {
	s.mu.Lock()
	s.violate("%s %s: the simulated Discord has no such route", r.Method, r.URL.Path)
	s.mu.Unlock()
	encode(http.Header{}, nil, plain(status, text)).write(w)
}
