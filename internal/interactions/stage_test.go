package interactions_test

import (
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/fakediscord/contract"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/scene"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/text"
)

// document is Discord's OpenAPI document, read once for all tests: nil if none is named.
var document = sync.OnceValues(func() (*contract.Document, error) {
	path := os.Getenv("DISCORD_OPENAPI")
	if path == "" {
		return nil, nil
	}
	return contract.Open(path)
})

// texts are read once for all tests, too.
var texts = sync.OnceValues(text.Load)

// A stage is the endpoint on a store, and the people of a simulated Discord who
// use it. There is no worker: what it would write, the test writes.
type stage struct {
	testing.TB
	*scene.Scene
	server *interactions.Server
	store  *watched
	queue  *queue
	logs   *logs
}

// newStage puts an endpoint that is set up on an embedded store.
func newStage(t testing.TB) *stage {
	t.Helper()
	s := newBareStage(t, newStore(t, time.Now))
	s.setUp()
	return s
}

// newBareStage puts an endpoint on a store. Nothing was chosen yet.
func newBareStage(t testing.TB, store *watched) *stage {
	t.Helper()
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	sc, err := scene.New(fakediscord.Options{
		Document:    doc,
		ReplyWithin: time.Minute, // how fast a shared machine is today is not what is tested
	})
	if err != nil {
		t.Fatal(err)
	}
	key, err := interactions.ParseKey(sc.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := texts()
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{TB: t, Scene: sc, store: store, queue: new(queue), logs: new(logs)}
	s.server = &interactions.Server{
		Key: key, ApplicationID: sc.ApplicationID(), DB: store, Queue: s.queue, Text: catalog,
		Limits: partnership.DefaultLimits(), Log: s.logs.logger(), Now: time.Now, Clock: time.Now,
		Within: 20 * time.Second, // as above, and before who asked gives up
	}
	srv := httptest.NewServer(s.server)
	sc.SetInteractionsURL(srv.URL + interactions.Path)
	t.Cleanup(func() {
		srv.Close()
		if v := sc.Violations(); len(v) > 0 {
			t.Errorf("Discord would have refused:\n%s", strings.Join(v, "\n"))
		}
		_ = sc.Close()
	})
	return s
}

func (s *stage) setUp() {
	s.Helper()
	if err := s.SetUp(s.Context()); err != nil {
		s.Fatal(err)
	}
	s.logs.take()
}

// deliver sends an interaction and returns how it was answered.
func (s *stage) deliver(in fakediscord.Interaction, err error) *fakediscord.Exchange {
	s.Helper()
	return s.did(s.Server.Deliver(s.Context(), in))
}

// did returns an exchange that had to succeed.
func (s *stage) did(ex *fakediscord.Exchange, err error) *fakediscord.Exchange {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
	return ex
}

// says fails the test unless an exchange's reply holds part.
func (s *stage) says(ex *fakediscord.Exchange, part string) {
	s.Helper()
	if !strings.Contains(ex.Text(), part) {
		s.Errorf("it says:\n%s\nwant in it: %s", ex.Text(), part)
	}
}

// newcomer returns a member who has done nothing yet.
func (s *stage) newcomer() string {
	user := s.AddUser("newcomer")
	s.AddMember(s.Guild, user)
	return user
}

// update writes as the worker would.
func (s *stage) update(keys []storage.Key, decide func(*storage.Tx) error) {
	s.Helper()
	if err := storage.Update(s.Context(), s.store.DB, keys, decide); err != nil {
		s.Fatal(err)
	}
}

// read returns what is kept under a key, and whether anything is.
func read[T storage.Record](s *stage, k storage.Key) (v T, ok bool) {
	s.Helper()
	s.update([]storage.Key{k}, func(tx *storage.Tx) error {
		v, ok = storage.Read[T](tx, k)
		return nil
	})
	return v, ok
}

// list returns what a part of the records of a guild holds.
func list[T storage.Record](s *stage, guild, prefix string) (values []T) {
	s.Helper()
	page, err := s.store.DB.List(s.Context(), storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: prefix, Limit: 1000})
	if err != nil {
		s.Fatal(err)
	}
	for _, it := range page.Items {
		v, err := storage.Decode[T](it)
		if err != nil {
			s.Fatal(err)
		}
		values = append(values, v)
	}
	return values
}

// form is what applicants write here: a canary, and everything that pings.
func form() apply.Form {
	return apply.Form{
		Invite: "discord.gg/lighthouse", Category: "Community",
		Description: "canary-written @everyone @here <@1> <@&2> [click](https://evil.example)",
		Highlights:  "canary-written @everyone **<@&3>**",
	}
}

// hall is a channel of guild that everybody sees.
func (s *stage) hall(guild string) string { return s.Channels(guild)[0].ID }

// draft lets a newcomer to guild send the form, and returns what is kept of it.
func (s *stage) draft(guild string) apply.Draft {
	s.Helper()
	applicant := s.AddUser("applicant")
	s.AddMember(guild, applicant)
	ex := s.deliver(sendForm(s.As(applicant, guild, s.hall(guild)), form()))
	d, ok := read[apply.Draft](s, apply.DraftKey(guild, ex.Interaction))
	if !ok {
		s.Fatalf("the form was not taken: %s", ex.Text())
	}
	return d
}

// pending makes an application of a new partner to guild that waits for a
// decision: what the worker makes of a draft.
func (s *stage) pending(guild string) apply.Application {
	s.Helper()
	d := s.draft(guild)
	name := "canary-written @everyone **" + d.ID
	partner, code := s.AddPartner(name, 1204)
	found := partnership.Invite{Code: code, Permanent: true, Server: partnership.Server{
		ID: partner, Name: name, Icon: "abc", Members: 1204, Online: 96, Verification: 2,
	}}
	s.update(append(apply.QueueKeys(guild, d, partner), settings.Key(guild)), func(tx *storage.Tx) error {
		if apply.Queue(tx, guild, d.ID, found, partnership.DefaultLimits(), time.Now()) == "" {
			s.Fatal("the application was refused")
		}
		return nil
	})
	return s.application(guild, d.ID)
}

// active makes a partnership of guild.
func (s *stage) active(guild string) apply.Application {
	s.Helper()
	a := s.pending(guild)
	hall := s.hall(guild)
	s.did(s.As(s.Ada, guild, hall).ForgePress(s.Context(), fakediscord.Ref{Channel: hall, ID: "1"}, onCard("apply/approve", a)))
	return s.application(guild, a.ID)
}

// application returns an application as it stands.
func (s *stage) application(guild, id string) apply.Application {
	s.Helper()
	a, ok := read[apply.Application](s, apply.Key(guild, id))
	if !ok {
		s.Fatalf("there is no application %s", id)
	}
	return a
}

// on names a message of ours in the review channel. Nobody posted it: what is
// on it does not matter to the endpoint.
func (s *stage) on() fakediscord.Ref { return fakediscord.Ref{Channel: s.Review, ID: "1"} }

// press builds the press of a button by a member, wherever it stands.
func (s *stage) press(user, customID string) (fakediscord.Interaction, error) {
	return s.As(user, s.Guild, s.Review).BuildComponent(s.on(), map[string]any{"component_type": 2, "custom_id": customID})
}

// choose builds a choice in a select: 6 of roles, 8 of channels.
func (s *stage) choose(user, customID string, kind int, resolved map[string]any, values ...string) (fakediscord.Interaction, error) {
	return s.As(user, s.Guild, s.Review).BuildComponent(s.on(), map[string]any{
		"component_type": kind, "custom_id": customID, "values": append([]string{}, values...), "resolved": resolved,
	})
}

// A filled field of a modal: a text, or a choice.
type filled struct{ id, text, choice string }

// submit builds a sent modal. opened is the exchange that opened it, nil for a command's.
func submit(p fakediscord.Person, opened *fakediscord.Exchange, customID string, fields ...filled) (fakediscord.Interaction, error) {
	var components []any
	for _, f := range fields {
		input := map[string]any{"type": 4, "custom_id": f.id, "value": f.text}
		if f.choice != "" {
			input = map[string]any{"type": 3, "custom_id": f.id, "values": []string{f.choice}}
		}
		components = append(components, map[string]any{"type": 18, "component": input})
	}
	return p.BuildModal(opened, customID, components, nil)
}

// submit is submit by a member in the lobby.
func (s *stage) submit(user string, opened *fakediscord.Exchange, customID string, fields ...filled) (fakediscord.Interaction, error) {
	return submit(s.As(user, s.Guild, s.Lobby), opened, customID, fields...)
}

// written is the application form as it is filled in with f.
func written(f apply.Form) []filled {
	return []filled{
		{"invite", f.Invite, ""}, {"category", "", f.Category},
		{"description", f.Description, ""}, {"highlights", f.Highlights, ""},
	}
}

// sendForm builds the sent application form.
func sendForm(p fakediscord.Person, f apply.Form) (fakediscord.Interaction, error) {
	return submit(p, nil, "apply/send:slash", written(f)...)
}

// choosing stores settings.
func (s *stage) choosing(chosen settings.Settings) {
	s.Helper()
	s.update([]storage.Key{settings.Key(s.Guild)}, func(tx *storage.Tx) error {
		tx.Set(settings.Key(s.Guild), chosen)
		return nil
	})
}

// chosen returns the settings of a guild.
func (s *stage) chosen(guild string) settings.Settings {
	s.Helper()
	chosen, _ := read[settings.Settings](s, settings.Key(guild))
	return chosen
}
