package fakediscord

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxReply bounds what is read of a reply to an interaction.
const maxReply = 1 << 20

// Sign signs a body as Discord signs an interaction sent at that time.
// The signature is 128 hex digits, the timestamp is in seconds.
func (s *Server) Sign(body []byte, at time.Time) (signature, timestamp string) {
	timestamp = strconv.FormatInt(at.Unix(), 10)
	signed := append([]byte(timestamp), body...)
	return hex.EncodeToString(ed25519.Sign(s.key, signed)), timestamp
}

// Raw is a request to the interactions endpoint, as it goes over the wire.
type Raw struct {
	Body      []byte
	Signature string      // X-Signature-Ed25519; "" leaves the header out
	Timestamp string      // X-Signature-Timestamp; "" leaves the header out
	Header    http.Header // added last; may replace any of the above
}

// RawReply is what came back.
type RawReply struct {
	Status int
	Header http.Header
	Body   []byte
}

// SignRaw returns a request with the body properly signed now, on the real clock.
func (s *Server) SignRaw(body []byte) Raw {
	signature, timestamp := s.Sign(body, time.Now())
	return Raw{Body: body, Signature: signature, Timestamp: timestamp}
}

// Send posts a request to the interactions endpoint as it is. If it carries
// an interaction that was built here and not answered yet, and is answered with
// 200, the answer takes effect as it would on Discord; what breaks the contract
// becomes a violation. It fails if there is no answer in time.
func (s *Server) Send(ctx context.Context, raw Raw) (RawReply, error) {
	s.mu.Lock()
	endpoint := s.endpoint
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, s.replyTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(raw.Body))
	if err != nil {
		return RawReply{}, fmt.Errorf("send interaction: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	if raw.Signature != "" {
		request.Header.Set("X-Signature-Ed25519", raw.Signature)
	}
	if raw.Timestamp != "" {
		request.Header.Set("X-Signature-Timestamp", raw.Timestamp)
	}
	for name, values := range raw.Header {
		request.Header[name] = values
	}
	response, err := s.client.Do(request)
	if err != nil {
		return RawReply{}, fmt.Errorf("send interaction: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxReply))
	if err != nil {
		return RawReply{}, fmt.Errorf("read reply to interaction: %w", err)
	}
	reply := RawReply{Status: response.StatusCode, Header: response.Header, Body: body}
	return reply, s.takeEffect(raw.Body, reply)
}

// takeEffect applies a reply to the interaction it answers. Answers to what is
// not known here, or was answered before, change nothing.
func (s *Server) takeEffect(sent []byte, reply RawReply) error {
	var head struct {
		Token string `json:"token"`
	}
	if reply.Status != http.StatusOK || json.Unmarshal(sent, &head) != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.interactions[head.Token]
	if in == nil || in.answered {
		return nil
	}
	c := new(call)
	if err := c.parse(reply.Header.Get("Content-Type"), reply.Body); err != nil {
		s.violate("interaction reply: %v", err)
		return fmt.Errorf("read reply to interaction: %w", err)
	}
	if err := s.conformReply(in, c); err != nil {
		return fmt.Errorf("reply to interaction: %w", err)
	}
	if err := s.answer(in, c); err != nil {
		s.violate("interaction reply: %v", err)
		return fmt.Errorf("reply to interaction: %w", err)
	}
	return nil
}

// Ping sends a signed PING, as Discord does when the URL is entered.
func (s *Server) Ping(ctx context.Context) (RawReply, error) {
	s.mu.Lock()
	id := s.ids.next(s.now())
	s.mu.Unlock()
	body, err := json.Marshal(object{
		"id": id, "application_id": s.appID, "type": 1, "token": "ping", "version": 1, "entitlements": []any{},
		"user": object{"id": id, "username": "discord", "discriminator": "0", "avatar": nil},
	})
	if err != nil {
		return RawReply{}, fmt.Errorf("encode ping: %w", err)
	}
	return s.Send(ctx, s.SignRaw(body))
}
