package fakediscord

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord/contract"
)

// Kinds of interaction.
const (
	kindCommand      = 2
	kindComponent    = 3
	kindAutocomplete = 4
	kindModal        = 5
)

// Callback types.
const (
	callbackMessage     = 4
	callbackDefer       = 5
	callbackDeferUpdate = 6
	callbackUpdate      = 7
	callbackModal       = 9
)

// tokenLife is how long an interaction's token works, on the simulated clock.
const tokenLife = 15 * time.Minute

// An interaction is one that was made, sent or not.
type interaction struct {
	id, token string
	kind      int
	user      string
	guild     string
	channel   string
	source    *message // the message a component sits on; also of a modal it opened
	created   time.Time
	answered  bool
	reply     *message // @original
	followUps []*message
}

func (in *interaction) onMessage() bool { return in.source != nil }

// callback is an answer sent over REST, instead of in the HTTP reply.
func (s *Server) callback(c *call) (any, error) {
	in := s.interactions[c.r.PathValue("token")]
	if in == nil || in.id != c.r.PathValue("interaction") || s.now().Sub(in.created) > tokenLife {
		return nil, fail(10062)
	}
	if problems := contract.Callback(in.kind, in.onMessage(), in.onMessage() && in.source.v2(), c.object()); len(problems) > 0 {
		for _, p := range problems {
			s.violate("interaction callback: %s", p)
		}
		return nil, invalid(problems...)
	}
	if err := s.answer(in, c); err != nil {
		return nil, err
	}
	if c.r.URL.Query().Get("with_response") != "true" {
		return nil, nil
	}
	view := object{"interaction": object{"id": in.id, "type": in.kind}}
	if in.reply != nil {
		view["interaction"].(object)["response_message_id"] = in.reply.id
		view["resource"] = object{"type": integer(c.object()["type"]), "message": s.messageView(in.reply)}
	}
	return view, nil
}

// conformReply checks an answer given in the HTTP reply as a callback would be checked.
func (s *Server) conformReply(in *interaction, c *call) error {
	var problems []contract.Problem
	if s.doc != nil {
		found, err := s.doc.Check(http.MethodPost, fmt.Sprintf("/interactions/%s/%s/callback", in.id, in.token), c.raw)
		if err != nil {
			s.violate("interaction reply: %v", err)
			return err
		}
		problems = found
	}
	problems = append(problems, contract.Callback(in.kind, in.onMessage(), in.onMessage() && in.source.v2(), c.object())...)
	if len(problems) == 0 {
		return nil
	}
	for _, p := range problems {
		s.violate("interaction reply: %s", p)
	}
	return invalid(problems...)
}

// answer applies a valid callback body to the world.
func (s *Server) answer(in *interaction, c *call) error {
	if in.answered {
		return fail(40060)
	}
	data, _ := c.object()["data"].(object)
	switch integer(c.object()["type"]) {
	case callbackMessage:
		m, err := s.compose(c, data, keptFlags|flagEphemeral)
		if err != nil {
			return err
		}
		in.reply = s.say(in, m)
	case callbackDefer:
		now := s.now()
		m := &message{id: s.ids.next(now), author: s.appID, created: now}
		m.flags = integer(data["flags"])&flagEphemeral | flagLoading
		in.reply = s.say(in, m)
	case callbackDeferUpdate:
		in.reply = in.source
	case callbackUpdate:
		if err := s.revise(c, in.source, data); err != nil {
			return err
		}
		in.reply = in.source
	}
	in.answered = true
	return nil
}

// say posts a message that answers an interaction. No permission is needed.
func (s *Server) say(in *interaction, m *message) *message {
	m.answers = in
	if m.flags&flagEphemeral != 0 {
		m.seenBy = in.user
	}
	if ch := s.channels[in.channel]; ch != nil {
		s.post(ch, m)
	}
	return m
}

// interactionOf returns the interaction whose token is in the path.
func (s *Server) interactionOf(c *call) (*interaction, error) {
	if c.r.PathValue("application") != s.appID {
		return nil, fail(10015)
	}
	in := s.interactions[c.r.PathValue("token")]
	switch {
	case in == nil, s.now().Sub(in.created) >= tokenLife:
		return nil, fail(50027)
	case !in.answered:
		return nil, fail(10015)
	}
	return in, nil
}

// replyOf returns one of the messages that answer in.
func (s *Server) replyOf(in *interaction, id string) (*message, error) {
	m := in.reply
	if id != "@original" {
		i := slices.IndexFunc(in.followUps, func(m *message) bool { return m.id == id })
		switch {
		case i >= 0:
			m = in.followUps[i]
		case m != nil && m.id != id:
			m = nil
		}
	}
	if m == nil || !s.stands(m) {
		return nil, fail(10008)
	}
	return m, nil
}

// stands reports whether m was not deleted.
func (s *Server) stands(m *message) bool {
	ch := s.channels[m.channel]
	return ch != nil && slices.Contains(ch.messages, m)
}

// followUp sends another message. The first one after a deferred reply fills that reply.
func (s *Server) followUp(c *call) (any, error) {
	in, err := s.interactionOf(c)
	if err != nil {
		return nil, err
	}
	if in.reply != nil && in.reply.flags&flagLoading != 0 {
		return s.fillReply(c, in.reply)
	}
	m, err := s.compose(c, c.object(), keptFlags|flagEphemeral)
	if err != nil {
		return nil, err
	}
	in.followUps = append(in.followUps, s.say(in, m))
	return s.messageView(m), nil
}

func (s *Server) getReply(c *call) (any, error) {
	in, err := s.interactionOf(c)
	if err != nil {
		return nil, err
	}
	m, err := s.replyOf(in, c.r.PathValue("message"))
	if err != nil {
		return nil, err
	}
	return s.messageView(m), nil
}

func (s *Server) editReply(c *call) (any, error) {
	in, err := s.interactionOf(c)
	if err != nil {
		return nil, err
	}
	m, err := s.replyOf(in, c.r.PathValue("message"))
	if err != nil {
		return nil, err
	}
	return s.fillReply(c, m)
}

func (s *Server) fillReply(c *call, m *message) (any, error) {
	if err := s.revise(c, m, c.object()); err != nil {
		return nil, err
	}
	m.flags &^= flagLoading
	return s.messageView(m), nil
}

func (s *Server) deleteReply(c *call) (any, error) {
	in, err := s.interactionOf(c)
	if err != nil {
		return nil, err
	}
	m, err := s.replyOf(in, c.r.PathValue("message"))
	if err != nil {
		return nil, err
	}
	s.channels[m.channel].drop(m.id)
	return nil, nil
}
