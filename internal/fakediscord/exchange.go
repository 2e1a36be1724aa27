package fakediscord

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// An Exchange is an interaction and how it was answered.
type Exchange struct {
	Interaction string // ID
	Token       string
	Status      int             // of HTTP
	Type        int             // of the callback: 4 message, 5 deferred, 6 deferred update, 7 update, 8 choices, 9 modal
	Reply       json.RawMessage // the callback as it came
	Ephemeral   bool
	Modal       *Modal   // of a callback of type 9
	Choices     []Choice // of a callback of type 8
	Message     Ref      // @original: of the reply, or of the message the component is on

	s    *Server
	data object // of the callback
}

// Deliver signs an interaction that was built before, sends it and applies the
// reply. The error says why Discord would show "The application did not
// respond"; the exchange is there as soon as there was an HTTP reply. An interaction
// that was answered before is sent all the same, but changes nothing.
func (s *Server) Deliver(ctx context.Context, in Interaction) (*Exchange, error) {
	ex := &Exchange{Interaction: in.ID, Token: in.Token, s: s}
	reply, err := s.Send(ctx, s.SignRaw(in.Body))
	ex.Status, ex.Reply = reply.Status, reply.Body
	if reply.Status == 0 {
		return nil, err
	}
	if err != nil {
		return ex, err
	}
	if reply.Status == http.StatusAccepted {
		return ex, nil // answered over REST
	}
	if reply.Status != http.StatusOK {
		return ex, fmt.Errorf("interaction failed: HTTP %d %s", reply.Status, firstLine(reply.Body))
	}
	return ex, ex.read(reply)
}

func firstLine(body []byte) string {
	line, _, _ := strings.Cut(string(body), "\n")
	return line[:min(len(line), 200)]
}

// read takes the reply apart.
func (ex *Exchange) read(reply RawReply) error {
	c := new(call)
	if err := c.parse(reply.Header.Get("Content-Type"), reply.Body); err != nil {
		return fmt.Errorf("read reply to interaction: %w", err)
	}
	ex.Reply = c.raw
	body := c.object()
	ex.Type = integer(body["type"])
	ex.data, _ = body["data"].(object)
	ex.Ephemeral = integer(ex.data["flags"])&flagEphemeral != 0
	if ex.Type == callbackModal {
		ex.Modal = readModal(ex.data)
	}
	choices, _ := ex.data["choices"].([]any)
	for _, v := range choices {
		choice, _ := v.(object)
		ex.Choices = append(ex.Choices, Choice{Name: textOf(choice["name"]), Value: choice["value"]})
	}
	ex.s.mu.Lock()
	defer ex.s.mu.Unlock()
	if in := ex.s.interactions[ex.Token]; in != nil && in.reply != nil {
		ex.Message = Ref{Channel: in.reply.channel, ID: in.reply.id}
		ex.Ephemeral = ex.Ephemeral || in.reply.seenBy != ""
	}
	return nil
}

// Text returns what the person reads in the reply as it came: of a message all
// its text, of a modal its title and fields, of an autocompletion its choices.
func (ex *Exchange) Text() string {
	switch {
	case ex.Modal != nil:
		return ex.Modal.Text()
	case ex.Choices != nil:
		var names []string
		for _, c := range ex.Choices {
			names = append(names, c.Name)
		}
		return strings.Join(names, "\n")
	}
	embeds, _ := ex.data["embeds"].([]any)
	components, _ := ex.data["components"].([]any)
	return readable(textOf(ex.data["content"]), embeds, components)
}

// Current returns the reply as it now stands, edits by the token included; of
// an update the message it is on. It is empty if that was deleted, or never was.
func (ex *Exchange) Current() Message {
	m, _ := ex.s.Message(ex.Message)
	return m
}

// FollowUps returns the further messages sent with the token that still stand, oldest first.
func (ex *Exchange) FollowUps() []Message {
	s := ex.s
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	for _, m := range s.interactions[ex.Token].followUps {
		if s.stands(m) {
			list = append(list, s.snapshot(m))
		}
	}
	return list
}
