// Package fakediscord is a simulated Discord: an HTTP server with state that
// behaves as Discord does for every endpoint Entente uses, and that can send
// signed interactions as any member.
//
// A test or the local server
//
//   - builds a world by hand: [Server.AddGuild], [Server.AddMember], [Server.InstallBot], …
//   - points the bot at [Server.URL] with [Server.Token];
//   - acts as a person: [Server.As], [Person.Command], [Person.Press], [Person.Submit];
//   - makes Discord misbehave: [Server.Fail], [Server.LimitRates];
//   - looks at what came of it: [Server.Messages], [Server.Requests], [Server.Violations].
//
// It is strict where Discord is, and refuses what Discord's OpenAPI document
// refuses when [Options.OpenAPI] names that document. Routes are listed in
// routes.go: start reading there.
//
// It is test support and knows nothing of package testing, so that programs can
// run it too.
package fakediscord

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord/contract"
)

// Options are the choices a simulated Discord starts with.
type Options struct {
	// Now is the clock of the simulated world: snowflakes, timestamps, token
	// lifetimes, the nonce window, invite expiry. Nil means time.Now.
	Now func() time.Time

	// Interactions is the URL interactions are posted to.
	// It may also be set later, with SetInteractionsURL.
	Interactions string

	// OpenAPI is the path of Discord's OpenAPI document, as published or in its
	// stricter variant. If empty, only the hand-written rules are checked.
	OpenAPI string

	// Document is the document already opened, to be shared by many servers:
	// opening it takes a while. It wins over OpenAPI.
	Document *contract.Document

	// Address is where to listen. Empty means a free port on 127.0.0.1.
	Address string

	// ReplyWithin is how long an interaction may take to answer, on the real
	// clock. Zero means Discord's own 3 seconds.
	ReplyWithin time.Duration

	// MembersIntent says that the Server Members intent is switched on, so that
	// members can be listed. See also SetMembersIntent.
	MembersIntent bool

	// ApplicationID, Token and Seed make the application's identity
	// predictable. Empty means made up. Seed is 32 bytes: the private key.
	ApplicationID string
	Token         string
	Seed          []byte
}

// A Server is one simulated Discord. Its methods may be used by several
// goroutines at once.
type Server struct {
	base      string // http://127.0.0.1:port
	http      *http.Server
	client    *http.Client // posts interactions
	doc       *contract.Document
	now       func() time.Time
	token     string
	appID     string
	key       ed25519.PrivateKey
	secret    []byte // signs CDN links
	replyTime time.Duration

	mu sync.Mutex // guards everything below
	world
	ids           snowflakes
	endpoint      string // where interactions go
	membersIntent bool
	faults        []*Fault
	limits        []Limit
	buckets       map[string]*bucket
	requests      []Request
	violations    []string
}

// New starts a simulated Discord. It fails if it cannot listen, or if the
// OpenAPI document it is told to use cannot be read.
func New(o Options) (*Server, error) {
	s := &Server{
		now:           o.Now,
		endpoint:      o.Interactions,
		membersIntent: o.MembersIntent,
		replyTime:     o.ReplyWithin,
		client:        &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		buckets:       make(map[string]*bucket),
		world:         newWorld(),
		secret:        []byte(rand.Text()),
		doc:           o.Document,
		token:         o.Token,
		appID:         o.ApplicationID,
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.replyTime == 0 {
		s.replyTime = 3 * time.Second
	}
	if s.token == "" {
		s.token = "fake." + rand.Text()
	}
	if err := s.newKey(o.Seed); err != nil {
		return nil, err
	}
	if s.doc == nil && o.OpenAPI != "" {
		doc, err := contract.Open(o.OpenAPI)
		if err != nil {
			return nil, err
		}
		s.doc = doc
	}
	s.addBot()
	return s, s.listen(o.Address)
}

func (s *Server) newKey(seed []byte) error {
	switch len(seed) {
	case ed25519.SeedSize:
		s.key = ed25519.NewKeyFromSeed(seed)
		return nil
	case 0:
		_, key, err := ed25519.GenerateKey(nil)
		s.key = key
		return err
	}
	return fmt.Errorf("seed has %d bytes, needs %d", len(seed), ed25519.SeedSize)
}

// addBot makes the user the bot acts as. Its ID is the application's.
func (s *Server) addBot() {
	if s.appID == "" {
		s.appID = s.ids.next(s.now().Add(-30 * 24 * time.Hour))
	}
	s.users[s.appID] = &user{id: s.appID, name: "Entente", bot: true}
}

func (s *Server) listen(address string) error {
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen for the simulated Discord: %w", err)
	}
	s.base = "http://" + listener.Addr().String()
	s.http = &http.Server{
		Handler:  s.handler(),
		ErrorLog: log.New(io.Discard, "", 0), // resets on demand are no news
	}
	go func() { _ = s.http.Serve(listener) }() // ends with Close
	return nil
}

// Close stops the server and drops its connections.
func (s *Server) Close() error {
	s.client.CloseIdleConnections()
	return s.http.Close()
}

// Now is the time in the simulated world.
func (s *Server) Now() time.Time { return s.now() }

// URL is the base of the API, for DISCORD_API_URL.
func (s *Server) URL() string { return s.base + apiPrefix }

// PublicKey is the key interactions are signed with, as 64 hex digits.
func (s *Server) PublicKey() string {
	return hex.EncodeToString(s.key.Public().(ed25519.PublicKey))
}

// Token is the bot token.
func (s *Server) Token() string { return s.token }

// ApplicationID is the ID of the application and of its bot user.
func (s *Server) ApplicationID() string { return s.appID }

// SetInteractionsURL says where interactions are posted to from now on.
func (s *Server) SetInteractionsURL(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endpoint = url
}

// SetMembersIntent switches the Server Members intent.
func (s *Server) SetMembersIntent(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.membersIntent = on
}

// Violations returns what the bot did that Discord or the rules of the house
// refuse as a mistake of the program: bodies that break the contract, unknown
// routes, a missing User-Agent. Tests assert that there are none.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.violations...)
}

// ResetViolations forgets the violations so far.
func (s *Server) ResetViolations() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violations = nil
}

// violate records one violation. The caller holds the lock.
func (s *Server) violate(format string, args ...any) {
	s.violations = append(s.violations, fmt.Sprintf(format, args...))
}
