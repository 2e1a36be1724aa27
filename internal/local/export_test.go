package local_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/export"
	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/storage"
)

const replyRoute = "/webhooks/{application}/{token}/messages/{message}"

// attached returns the files of a reply, by name.
func (s *stage) attached(ex *fakediscord.Exchange) map[string]string {
	s.Helper()
	files := map[string]string{}
	for _, a := range ex.Current().Attachments {
		rs, err := http.Get(a.URL)
		if err != nil {
			s.Fatal(err)
		}
		b, err := io.ReadAll(rs.Body)
		_ = rs.Body.Close()
		if err != nil || rs.StatusCode != http.StatusOK {
			s.Fatal(rs.Status, err)
		}
		if _, twice := files[a.Name]; twice {
			s.Errorf("%s is there twice", a.Name)
		}
		files[a.Name] = string(b)
	}
	return files
}

// lighthoused makes the Lighthouse a partner, by application and approval.
func (s *stage) lighthoused() {
	s.Helper()
	s.apply(s.Rio, s.Form())
	s.press(s.Max, s.Review, "Approve")
}

func TestExport(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.lighthoused()
	s.command(s.Max, "partnerships block", fakediscord.Opt("user", s.Nora), fakediscord.Opt("reason", "=spam"))
	ex := s.command(s.Max, "partnerships export")
	if !ex.Ephemeral {
		t.Error("everybody sees it")
	}
	s.says(ex.Text(), "Entente is preparing your export")
	s.says(ex.Current().Text(), "Here is everything stored about this server")
	files := s.attached(ex)
	for name, has := range map[string][]string{
		"partnerships.csv": {"status,partner,name", "active," + s.Lighthouse + ",Lighthouse,1204," + s.Rio},
		"applications.csv": {",approved," + s.Lighthouse},
		"blocklist.csv":    {"user," + s.Nora, ",'=spam,"},
		"audit.csv":        {s.Max + ",apply.approve,", s.Max + ",export.make,"},
		"entente.json":     {`"partnerships":[{`, `"review":"` + s.Review + `"`, `"applicant":"` + s.Rio + `"`},
	} {
		for _, part := range has {
			s.says(files[name], part)
		}
	}
	if len(files) != 8 || !json.Valid([]byte(files["entente.json"])) {
		t.Errorf("%d files", len(files))
	}
	for name, data := range files {
		for _, never := range []string{ex.Token, `"version"`, `"lease"`, `"token"`, `"hash"`} {
			if strings.Contains(data, never) {
				t.Errorf("%s holds %s", name, never)
			}
		}
	}
	s.says(s.command(s.Max, "partnerships export").Text(), "a moment ago")
	s.advance(export.Every)
	s.says(s.command(s.Max, "partnerships export").Current().Text(), "Here is everything")
	if r, _ := recordOf[export.Request](s, export.Key(s.Guild)); r.Token != "" {
		t.Error("the token is kept when it is of no use")
	}
	s.says(s.command(s.Nora, "partnerships export").Text(), "Only partnership managers")
}

// TestExportOfFullGuild exports as much as a guild can have and more than Discord
// takes, each with the longest texts.
func TestExportOfFullGuild(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	wide := func(n int) string { return strings.Repeat("\u2028<", n/2) }
	ad := partnership.Ad{Invite: "old", Category: "Gaming", Description: wide(partnership.MaxDescription), Highlights: wide(partnership.MaxHighlights)}
	const many, together = 2_000, 80
	for from := 0; from < many; from += together {
		s.update(nil, func(tx *storage.Tx) error {
			for n := from; n < from+together; n++ {
				server := partnership.Server{ID: stranger(n), Name: wide(100)}
				if n < partnership.DefaultLimits().Active {
					tx.Create(partnership.Key(s.Guild, server.ID), partnership.Partnership{Partner: server.ID, Server: server, Ad: ad})
					continue
				}
				tx.Create(apply.Key(s.Guild, stranger(n)), apply.Application{ID: stranger(n), Status: apply.Denied, Server: server, Ad: ad})
			}
			return nil
		})
	}
	ex := s.command(s.Ada, "partnerships export")
	s.says(ex.Current().Text(), "only the latest are in the files: `applications` (")
	files, size := s.attached(ex), 0
	for _, data := range files {
		size += len(data)
	}
	if size > 10<<20 || size < 8<<20 {
		t.Errorf("the files have %d bytes", size)
	}
	var all struct {
		Partnerships []partnership.Partnership
		Applications []apply.Application
		Audit        []audit.Entry
	}
	if err := json.Unmarshal([]byte(files["entente.json"]), &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Partnerships) != 100 || len(all.Applications) < 100 || all.Applications[0].ID != stranger(many-1) || len(all.Audit) == 0 {
		t.Errorf("%d partnerships, %d applications from %s, %d entries", len(all.Partnerships), len(all.Applications), all.Applications[0].ID, len(all.Audit))
	}
}

// TestExportFaults sends the files while Discord misbehaves: they come once, or
// the manager reads why they do not, or the reply is over and nothing is left.
func TestExportFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		fault fakediscord.Fault
		says  string
		files int
	}{
		{"faster than the reply", fakediscord.Fault{Status: 404, Code: 10015}, "Here is everything", 8},
		{"429", fakediscord.Fault{Status: 429, RetryAfter: 0.01, Scope: "user"}, "Here is everything", 8},
		{"500", fakediscord.Fault{Status: 500, Times: 2}, "Here is everything", 8},
		{"reset after the effect", fakediscord.Fault{Reset: true, After: true}, "Here is everything", 8},
		{"too large once", fakediscord.Fault{Code: 40005, Status: 413, Times: 1}, "Here is everything", 8},
		{"too large", fakediscord.Fault{Code: 40005, Status: 413, Times: 2}, "too large", 0},
		{"no permission", fakediscord.Fault{Code: 50013, Status: 403, Times: 1}, "Attach Files", 0},
		{"token over", fakediscord.Fault{Code: 50027, Status: 401, Times: 1}, "is preparing your export", 0},
		{"dismissed", fakediscord.Fault{Code: 10008, Status: 404, Times: 1}, "is preparing your export", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.lighthoused()
			tt.fault.Method, tt.fault.Route = "PATCH", replyRoute
			s.Scene.Fail(tt.fault)
			ex := s.command(s.Max, "partnerships export")
			s.settle()
			s.says(ex.Current().Text(), tt.says)
			files := s.attached(ex)
			if len(files) != tt.files {
				t.Errorf("%d files", len(files))
			}
			if tt.files > 0 {
				s.says(files["partnerships.csv"], "active,"+s.Lighthouse)
			}
			if left := s.left(); left.Blocked > 0 || len(s.dead()) > 0 {
				t.Errorf("%+v are left, dead: %v", left, s.dead())
			}
		})
	}
}

// TestExportTooLate (FAULTS R16): the worker comes when the token is over, or the
// request is gone early. There is nothing to do, and nothing to complain about.
func TestExportTooLate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.update(export.Keys(s.Guild), func(tx *storage.Tx) error {
		return export.Ask(tx, s.Guild, "canary", "en-US", s.Now())
	})
	s.advance(action.TokenLife + time.Second)
	s.update(action.Keys(export.Send(s.Guild)), func(tx *storage.Tx) error {
		action.Cause(tx, export.Send(s.Guild), s.Now())
		return nil
	})
	s.drain()
	if left := s.left(); left.Pending > 0 || len(s.dead()) > 0 {
		t.Errorf("%+v are left, dead: %v", left, s.dead())
	}
}
