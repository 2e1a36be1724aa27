package assembly_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A story is played on one stage after the ones before it.
type story struct {
	name  string // in the file of counts
	means string // what is counted, for whoever reads the file
	play  func(*stage)
}

// stories are all that is played, in order.
func stories() []story {
	return []story{
		{"setup", "one guild chooses its channels and its managers' role in the panel", (*stage).setup},
		{"apply", "one application, from the command to the review card", (*stage).applies},
		{"approve", "one approval, from the button to the listing", (*stage).approves},
		{"idle", "one minute in which nothing is due: one run each of the scheduler and the poller", (*stage).idles},
		{"track", "joins are tracked: the partner's invite is made", (*stage).tracks},
		{"join", "one join by the partner's invite, and one run of the poller that books it", (*stage).joins},
		{"quiet", "one run of the poller that polls one guild, and nothing happened there", (*stage).quiet},
		{"noted", "the same, after which it is saved that nothing happened", (*stage).noted},
		{"census", "one of these runs in which the guild's members are counted, too", (*stage).census},
		{"bump", "a week later: the reminder's run of the scheduler, the daily look at the guild, one bump, the ad posted again", (*stage).bumps},
		{"list", "one command that only reads: /partner list", (*stage).lists},
		{"dead letters", "", (*stage).poison},
		{"lost rights", "", (*stage).redrives},
		{"killed", "", (*stage).dies},
		{"expiry", "", (*stage).expires},
		{"signals", "", (*stage).signals}, // after it, the worker sends nothing
	}
}

// TestAssembly plays all stories on one deployment made from the template.
func TestAssembly(t *testing.T) {
	s := deploy(t, synthesized(t, "url"))
	var counted []told
	for _, story := range stories() {
		done := t.Run(story.name, func(t *testing.T) {
			whole := s.T
			s.T = t
			defer func() { s.T = whole }()
			story.play(s)
		})
		if !done {
			return // the next builds on it
		}
		counted = append(counted, s.told(story))
	}
	keep(t, counted)
}

// TestHTTPAPI goes the other way in: from a signed command to the listing.
func TestHTTPAPI(t *testing.T) {
	s := deploy(t, synthesized(t, "api"))
	for _, play := range []func(*stage){(*stage).setup, (*stage).applies, (*stage).approves} {
		play(s)
	}
	s.refuses("/elsewhere", http.StatusNotFound)
	made, err := s.Signals()
	s.must(err)
	if n := len(made["RefusedRequests"]); n != 2 { // and a forged signature
		t.Errorf("2 requests were refused, and %d are counted", n)
	}
}

func (s *stage) setup() {
	signed := s.SignRaw([]byte(`{"type":1}`))
	forged := signed
	forged.Signature = strings.Repeat("0", len(signed.Signature))
	for _, sent := range []struct {
		raw  fakediscord.Raw
		want int
	}{{signed, http.StatusOK}, {forged, http.StatusUnauthorized}} {
		got, err := s.Send(s.Context(), sent.raw)
		if err != nil || got.Status != sent.want {
			s.Fatalf("PING: %d, %v, want %d", got.Status, err, sent.want)
		}
	}
	s.Take()
	s.must(s.SetUp(s.Context()))
	s.pump()
}

func (s *stage) applies() {
	sent, err := s.Apply(s.Context(), s.Rio, s.Form())
	s.must(err)
	s.pump()
	if text := sent.Current().Text(); !strings.Contains(text, "with the managers") {
		s.Fatalf("the applicant reads: %s", text)
	}
	if n := len(s.Messages(s.Review)); n != 1 {
		s.Fatalf("%d review cards, want 1", n)
	}
}

func (s *stage) approves() {
	s.press(s.Messages(s.Review)[0], "Approve")
	s.pump()
	if got := s.listings("Lighthouse"); len(got) != 1 {
		s.Fatalf("%d listings, want 1", len(got))
	}
}

// press lets Max press a button on a review card.
func (s *stage) press(card fakediscord.Message, button string) {
	s.Helper()
	_, err := s.As(s.Max, s.Guild, s.Review).Press(s.Context(), card.Ref, button)
	s.must(err)
}

// listings returns the listings of a partner in the showcase.
func (s *stage) listings(name string) (list []fakediscord.Message) {
	for _, m := range s.Messages(s.Showcase) {
		if _, ok := m.Button("Join"); ok && strings.Contains(m.Text(), name) {
			list = append(list, m)
		}
	}
	return list
}

// idles wants that a minute in which nothing is due touches neither the queue nor Discord.
func (s *stage) idles() {
	s.minute("scheduler", "poller")
	if n := len(s.Requests()); n != 0 {
		s.Errorf("%d requests to Discord", n)
	}
}

// tracks has joins tracked. The setting is written straight into the table: the
// panel is setup's story.
func (s *stage) tracks() {
	sync := joins.Sync(s.Guild, s.Lighthouse)
	s.must(storage.Update(s.Context(), s.db, append(settings.Keys(s.Guild), sync.Key()), func(tx *storage.Tx) error {
		chosen := settings.Of(tx, s.Guild)
		chosen.Track = true
		settings.Save(tx, s.Guild, chosen, time.Now())
		action.Cause(tx, sync, time.Now().Add(-time.Minute))
		return nil
	}))
	s.minute("scheduler")
	if s.account().Code == "" {
		s.Fatal("the partner has no invite")
	}
}

// account is what is known of the joins by Lighthouse's invite.
func (s *stage) account() joins.Account {
	s.Helper()
	tx, err := storage.Begin(s.Context(), s.db, joins.LedgerKey(s.Guild))
	s.must(err)
	a, _ := joins.LedgerOf(tx, s.Guild).Account(s.Lighthouse)
	return a
}

func (s *stage) joins() {
	s.must(s.UseInvite(s.account().Code, s.AddUser("Somebody")))
	s.minute("poller")
	if n := s.account().Counted; n != 1 {
		s.Errorf("%d joins are counted, want 1", n)
	}
}

// quiet is a poll like most others: nobody joined since the one before.
func (s *stage) quiet() { s.polls(0) }

// noted is one of those in which nobody joined for so long that it is saved.
func (s *stage) noted() { s.polls(5 * time.Minute) }

// polls has the poller poll, so long after the poll before. The guild's turn is
// brought forward in the table: to age all of it would make Discord's invites
// others than those that were polled.
func (s *stage) polls(after time.Duration) {
	s.Helper()
	s.due(func(w *poll.Watch) { w.Polled = w.Polled.Add(-after) })
	if n := s.account().Counted; n != 1 || len(s.Requests()) != 1 {
		s.Errorf("%d joins are counted, want 1, after %d requests", n, len(s.Requests()))
	}
}

// census is the poll that counts the members, as one does every hour.
func (s *stage) census() {
	s.due(func(w *poll.Watch) { w.Census = time.Now() })
	if n := len(s.Requests()); n < 2 {
		s.Errorf("%d requests, want one for the members beside that for the invites", n)
	}
}

// due changes what is known of the guild's polls, and has it polled.
func (s *stage) due(change func(*poll.Watch)) {
	s.Helper()
	s.must(storage.Update(s.Context(), s.db, []storage.Key{poll.Key(s.Guild)}, func(tx *storage.Tx) error {
		w, _ := storage.Read[poll.Watch](tx, poll.Key(s.Guild))
		w.Due = time.Now()
		change(&w)
		tx.Set(poll.Key(s.Guild), w)
		return nil
	}))
	s.Take()
	s.minute("poller")
}

func (s *stage) bumps() {
	rio := s.As(s.Rio, s.Guild, s.Lobby)
	early, err := rio.Command(s.Context(), "partner bump")
	s.must(err)
	if !strings.Contains(early.Text(), "too early") {
		s.Fatalf("Rio reads: %s", early.Text())
	}
	before := s.listings("Lighthouse")[0].Ref
	s.must(s.Age(s.Context(), time.Minute))
	s.minute("scheduler") // does what the stories before left, as the first look at all guilds
	s.must(s.Age(s.Context(), 8*24*time.Hour))
	s.Take()
	s.minute("scheduler")
	if b := s.bump(); b.Ready.IsZero() {
		s.Error("the scheduler did not find that the time for a bump has come")
	}
	done, err := rio.Command(s.Context(), "partner bump")
	s.must(err)
	s.pump()
	if b := s.bump(); b.Count != 1 {
		s.Fatalf("%d bumps; Rio reads: %s", b.Count, done.Text())
	}
	if got := s.listings("Lighthouse"); len(got) != 1 || got[0].Ref == before {
		s.Errorf("after a bump: %+v, and before: %v", got, before)
	}
}

// bump is how the bumps of Lighthouse stand.
func (s *stage) bump() bump.Bump {
	s.Helper()
	tx, err := storage.Begin(s.Context(), s.db, bump.Key(s.Guild, s.Lighthouse))
	s.must(err)
	return bump.Of(tx, s.Guild, s.Lighthouse)
}

func (s *stage) lists() {
	_, err := s.As(s.Nora, s.Guild, s.Lobby).Command(s.Context(), "partner list")
	s.must(err)
	s.pump()
}

// poison puts what is no pointer into the queue, beside one that is: the one goes
// to the dead letters, and comes back by redrive; the other is not held up.
func (s *stage) poison() {
	for _, body := range []string{"not a pointer", action.Encode(partnership.Sync(s.Guild, s.Lighthouse), 0)} {
		_, err := s.SQS.Send(s.Mapping.Queue, body)
		s.must(err)
	}
	s.pump()
	s.left(s.Mapping.Queue, 1)
	s.exhaust()
	s.left(s.Dead, 1)
	moved, err := s.SQS.Redrive(s.Dead)
	s.must(err)
	if moved != 1 {
		s.Errorf("redrive moved %d messages, want 1", moved)
	}
	s.left(s.Mapping.Queue, 1)
	s.exhaust()
	s.left(s.Dead, 1)
	s.must(s.SQS.Purge(s.Dead))
}

// exhaust receives what is in the queue until nothing comes back: into the dead
// letters with it.
func (s *stage) exhaust() {
	s.Helper()
	for range 20 {
		s.pump()
		s.SQS.Expire()
	}
	s.left(s.Mapping.Queue, 0)
}

// left wants so many messages in a queue.
func (s *stage) left(queue string, want int) {
	s.Helper()
	got, err := s.SQS.Messages(queue)
	s.must(err)
	if len(got) != want {
		s.Fatalf("%d messages in %s, want %d: %+v", len(got), queue, want, got)
	}
}
