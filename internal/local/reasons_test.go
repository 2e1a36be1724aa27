package local_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/settings"
)

// givesReasons fails the test if Discord's audit log was told something that only a
// programmer understands, or of what it shows was told nothing.
func (s *stage) givesReasons() {
	s.Helper()
	for _, r := range s.Requests() {
		shown := r.Method != http.MethodGet && r.WithToken &&
			(strings.HasPrefix(r.Route, "/guilds/{guild}/") || strings.HasPrefix(r.Route, "/invites/") || r.Method == http.MethodDelete)
		if shown && r.Reason == "" || strings.HasPrefix(r.Reason, "reason.") || strings.Contains(r.Reason, "Entente:") {
			s.Errorf("%s %s gives the audit log the reason %q", r.Method, r.Route, r.Reason)
		}
	}
}

// TestAuditReasons reads what the admins of a server read in Discord's audit log while
// a partnership begins and ends: the server changes its language in between.
func TestAuditReasons(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.chooses(func(c *settings.Settings) {
		c.Mode, c.Category, c.Contact, c.Track, c.Markers = settings.Channels, s.Category, s.Contacts, true, true
	})
	s.allied()
	s.chooses(func(c *settings.Settings) { c.Locale = "de" })
	s.ended(s.Max)
	var told []string
	for _, r := range s.Requests() {
		told = append(told, r.Method+" "+r.Route+": "+r.Reason)
	}
	for _, want := range []string{
		"POST /guilds/{guild}/channels: Adds, updates, moves or removes the ad of a partner, as managers chose in the setup",
		"PUT /guilds/{guild}/members/{user}/roles/{role}: Gives the contact role to contacts of partners, and takes it from everyone who is no longer one",
		"POST /guilds/{guild}/roles: Counts joins by partner: each partner has an invite of its own, and a marker role if managers chose that",
		"POST /channels/{channel}/invites: Counts joins by partner: each partner has an invite of its own, and a marker role if managers chose that",
		"DELETE /channels/{channel}: Erstellt, ändert, verschiebt oder entfernt die Anzeige eines Partners, wie in der Einrichtung gewählt",
		"DELETE /guilds/{guild}/members/{user}/roles/{role}: Gibt Kontakten von Partnern die Kontaktrolle und nimmt sie allen, die keiner mehr sind",
		"DELETE /invites/{code}: Zählt Beitritte je Partner: Jeder Partner hat eine eigene Einladung, und eine Markierungsrolle, wenn das so gewählt ist",
	} {
		if !slices.Contains(told, want) {
			t.Errorf("the audit log does not show\n%s\nbut\n%s", want, strings.Join(told, "\n"))
		}
	}
}
