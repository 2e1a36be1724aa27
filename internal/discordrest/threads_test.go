package discordrest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/ticket"
)

func TestPrivateThreads(t *testing.T) {
	t.Parallel()
	var sent tape
	c := open(sent.on(always(201, `{"id":"8","type":12,"name":"Ticket 1","thread_metadata":{"archived":false,"locked":false}}`)))
	th, err := c.OpenThread(t.Context(), "7", "Ticket 1", "Entente: ticket.sync")
	if want := (ticket.Thread{ID: "8", Name: "Ticket 1"}); err != nil || th != want {
		t.Fatalf("%+v, %v", th, err)
	}
	if want := `{"type":12,"name":"Ticket 1","auto_archive_duration":10080,"invitable":false}`; string(sent.body) != want {
		t.Errorf("sent %s\nwant %s", sent.body, want)
	}
	if got := sent.head.Get("X-Audit-Log-Reason"); got != "Entente:%20ticket.sync" {
		t.Errorf("reason %q", got)
	}
	if err := c.EditThread(t.Context(), "8", true, true, ""); err != nil || string(sent.body) != `{"archived":true,"locked":true}` {
		t.Errorf("sent %s, %v", sent.body, err)
	}
	if err := c.AddThreadMember(t.Context(), "8", "9"); err != nil || len(sent.body) != 0 {
		t.Errorf("sent %s, %v", sent.body, err)
	}
	if th, err = c.Thread(t.Context(), "8"); err != nil || th.ID != "8" {
		t.Errorf("%+v, %v", th, err)
	}
	want := []string{"POST /channels/7/threads", "PATCH /channels/8", "PUT /channels/8/thread-members/9", "GET /channels/8"}
	if !slices.Equal(sent.lines, want) {
		t.Errorf("sent %q", sent.lines)
	}
}

// among answers as a Discord with active and archived threads.
func among(active, archived string, archivedStatus int) trip {
	return func(rq *http.Request) (*http.Response, error) {
		switch path := rq.URL.Path; {
		case strings.HasSuffix(path, "/users/@me"):
			return answer(200, `{"id":"5","username":"bot"}`), nil
		case strings.HasSuffix(path, "/threads/active"):
			return answer(200, active), nil
		default:
			return answer(archivedStatus, archived), nil
		}
	}
}

func TestFindThread(t *testing.T) {
	t.Parallel()
	const mine = `{"id":"8","type":12,"name":"x","parent_id":"7","owner_id":"5","thread_metadata":{"archived":true,"locked":true}}`
	list := func(threads ...string) string { return `{"threads":[` + strings.Join(threads, ",") + `],"members":[]}` }
	with := func(old, new string) string { return strings.Replace(mine, old, new, 1) }
	for name, tt := range map[string]struct {
		active, archived string
		status           int
		found            bool
		code             int
	}{
		"active":               {list(mine), list(), 200, true, 0},
		"archived":             {list(), list(mine), 200, true, 0},
		"nowhere":              {list(), list(), 200, false, 0},
		"below another":        {list(with(`"7"`, `"6"`)), list(), 200, false, 0},
		"of another":           {list(with(`"5"`, `"6"`)), list(), 200, false, 0},
		"public":               {list(with(`12`, `11`)), list(), 200, false, 0},
		"another name":         {list(with(`"x"`, `"y"`)), list(), 200, false, 0},
		"archive is forbidden": {list(mine), `{"code":50013}`, 403, true, 0},
		"channel is gone":      {list(), `{"code":10003}`, 404, false, 10003},
		"no threads":           {`{}`, list(), 200, false, 0},
	} {
		c := open(among(tt.active, tt.archived, tt.status))
		th, found, err := c.FindThread(t.Context(), "3", "7", func(th ticket.Thread) bool { return th.Name == "x" })
		if found != tt.found || action.Code(err) != tt.code || found && (th.ID != "8" || !th.Archived || !th.Locked) {
			t.Errorf("%s: %+v, %v, %v", name, th, found, err)
		}
		if unreadable := name == "no threads"; unreadable != (err != nil && tt.code == 0) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestThreadsNameWhatIsNotAllowed(t *testing.T) {
	t.Parallel()
	c := open(always(403, `{"code":50013}`))
	for name, err := range map[string]error{
		"open": second(c.OpenThread(t.Context(), "7", "x", "")),
		"edit": c.EditThread(t.Context(), "7", true, true, ""),
		"add":  c.AddThreadMember(t.Context(), "7", "9"),
	} {
		f := failure(t, err)
		if f.Verdict != action.Block || f.Reason.Key != "discord.permission_thread" || !slices.Equal(f.Reason.Args, []string{"channel", "7"}) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}
