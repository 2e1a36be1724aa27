package discordrest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/discordrest"
)

// failure returns err as what it must be.
func failure(t *testing.T, err error) *action.Failure {
	t.Helper()
	f := new(action.Failure)
	if !errors.As(err, &f) {
		t.Fatalf("got %T %v, want an *action.Failure", err, err)
	}
	return f
}

func TestWhatBecomesOfErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status  int
		body    string
		verdict action.Verdict
		code    int
		reason  string
	}{
		{404, `{"code":10003}`, action.Block, 10003, "discord.channel_gone"},
		{404, `{"code":10004}`, action.Block, 10004, "discord.guild_gone"},
		{404, `{"code":10006}`, action.Block, 10006, "discord.invite_gone"},
		{404, `{"code":10007}`, action.Block, 10007, "discord.member_gone"},
		{404, `{"code":10008}`, action.Block, 10008, "discord.message_gone"},
		{404, `{"code":10011}`, action.Block, 10011, "discord.role_gone"},
		{403, `{"code":50001}`, action.Block, 50001, "discord.permission_send"},
		{403, `{"code":50013}`, action.Block, 50013, "discord.permission_send"},
		{400, `{"code":30005}`, action.Block, 30005, "discord.role_limit"},
		{400, `{"code":30013}`, action.Block, 30013, "discord.channel_limit"},
		{400, `{"code":30016}`, action.Block, 30016, "discord.invite_limit"},
		{400, `{"code":160006}`, action.Block, 160006, "discord.thread_limit"},
		{400, `{"code":50083}`, action.Block, 50083, "discord.thread_closed"},
		{400, `{"code":200000}`, action.Block, 200000, "discord.text_refused"},
		{400, `{"code":240000}`, action.Block, 240000, "discord.text_refused"},
		{400, `{"code":50035}`, action.Bury, 50035, ""},
		{403, `{"code":50007}`, action.Bury, 50007, ""},
		{404, `{"code":10062}`, action.Bury, 10062, ""},
		{400, `{"code":40060}`, action.Bury, 40060, ""},
		{401, `{"code":0}`, action.Again, 401, ""},
		{403, `{"code":40333}`, action.Again, 40333, ""},
		{429, `error code: 1015`, action.Again, 1015, ""},
		{400, `{"code":30046}`, action.Again, 30046, ""},
		{400, `{"code":0}`, action.Block, 400, "discord.unforeseen"},
		{400, `{"code":98765}`, action.Block, 98765, "discord.unforeseen"},
		{403, ``, action.Block, 403, "discord.unforeseen"},
		{404, `null`, action.Block, 404, "discord.unforeseen"},
		{405, `[]`, action.Block, 405, "discord.unforeseen"},
		{404, `{"code":"10003","message":7}`, action.Block, 404, "discord.unforeseen"},
		{404, `{"message": "Unknown`, action.Again, 404, ""},
		{408, ``, action.Again, 408, ""},
		{500, `{"code":0}`, action.Again, 500, ""},
		{502, `<html>`, action.Again, 502, ""},
		{503, `{"code":130000}`, action.Again, 130000, ""},
		{429, `{"code":20022}`, action.Again, 20022, ""},
		{429, `{"code":20028}`, action.Again, 20028, ""},
		{400, `{"code":20029}`, action.Again, 20029, ""},
		{400, `{"code":40003}`, action.Again, 40003, ""},
		{403, `{"code":40004}`, action.Again, 40004, ""},
		{403, `{"code":40006}`, action.Again, 40006, ""},
		{400, `{"code":110000}`, action.Again, 110000, ""},
		{400, `{"code":110001}`, action.Again, 110001, ""},
		{403, `{"code":50278}`, action.Bury, 50278, ""},
		{403, `{"code":40007}`, action.Block, 40007, "discord.banned_there"},
		{403, `{"code":20026}`, action.Block, 20026, "discord.quarantined"},
		{302, ``, action.Again, 302, ""},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status, tt.body), func(t *testing.T) {
			t.Parallel()
			c := open(always(tt.status, tt.body, "Location", base+"/elsewhere", "Retry-After", "0.001"))
			_, err := c.CreateMessage(t.Context(), "7", discord.MessageCreate{})
			f := failure(t, err)
			if f.Verdict != tt.verdict || action.Code(err) != tt.code || f.Reason.Key != tt.reason {
				t.Errorf("verdict %d, code %d, reason %q (%v); want %d, %d, %q", f.Verdict, f.Code, f.Reason.Key, err, tt.verdict, tt.code, tt.reason)
			}
			if tt.reason != "" && !slices.Contains(discordrest.Reasons(), tt.reason) {
				t.Errorf("Reasons does not list %s", tt.reason)
			}
		})
	}
}

// TestUnforeseenCode: Discord adds codes at any time. One that nobody wrote down waits
// for people, who read the number, and rings the operators' alarm.
func TestUnforeseenCode(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{400: "98765", 403: "98765", 404: "98765", 409: "98765", 418: "98765"} {
		var log logbook
		_, err := open(always(status, `{"message":"x","code":98765}`), to(&log)).MakeRole(t.Context(), "1", "x", "y")
		f := failure(t, err)
		if f.Verdict != action.Block || !slices.Equal(f.Reason.Args, []string{"code", want}) {
			t.Errorf("status %d: %v %v", status, f.Verdict, f.Reason)
		}
		if got := log.String(); strings.Count(got, "level=ERROR") != 1 || !strings.Contains(got, "unforeseen=98765") {
			t.Errorf("status %d: no alarm in %s", status, got)
		}
	}
}

// TestQuarantined: more direct messages would make it worse.
func TestQuarantined(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log logbook
		var sent tape
		c := open(sent.on(always(403, `{"message":"x","code":20026}`)), to(&log))
		for range 5 {
			_, err := c.DirectChannel(t.Context(), "5")
			if f := failure(t, err); f.Verdict != action.Block || f.Code != 20026 || f.Reason.Key != "discord.quarantined" {
				t.Fatal(f)
			}
		}
		if sent.count() != 1 || strings.Count(log.String(), "quarantined=20026") != 1 {
			t.Errorf("%d direct messages were tried, want 1, and one alarm in:\n%s", sent.count(), &log)
		}
		<-time.After(time.Hour)
		_, _ = c.DirectChannel(t.Context(), "5")
		if sent.count() != 2 {
			t.Error("not tried again after an hour")
		}
	})
}

func TestReasonsNameWhatIsNotAllowed(t *testing.T) {
	t.Parallel()
	c := open(always(403, `{"code":50013}`))
	ctx := t.Context()
	update, create := discord.MessageUpdate{}, discord.MessageCreate{}
	calls := []struct {
		name   string
		err    error
		reason string
		args   []string
	}{
		{"create", second(c.CreateMessage(ctx, "7", create)), "discord.permission_send", []string{"channel", "7"}},
		{"edit", c.EditMessage(ctx, "7", "8", update), "discord.permission_read", []string{"channel", "7"}},
		{"delete", c.DeleteMessage(ctx, "7", "8", ""), "discord.permission_read", []string{"channel", "7"}},
		{"read", second(c.Message(ctx, "7", "8")), "discord.permission_read", []string{"channel", "7"}},
		{"channel", second(c.Channel(ctx, "7")), "discord.permission_read", []string{"channel", "7"}},
		{"add role", c.AddRole(ctx, "1", "2", "3", ""), "discord.permission_role", []string{"role", "3"}},
		{"remove role", c.RemoveRole(ctx, "1", "2", "3", ""), "discord.permission_role", []string{"role", "3"}},
		{"guild", second(c.Guild(ctx, "1")), "discord.guild_gone", nil},
		{"roles", second(c.Roles(ctx, "1")), "discord.guild_gone", nil},
		{"channels", second(c.Channels(ctx, "1")), "discord.guild_gone", nil},
		{"member", second(c.Member(ctx, "1", "2")), "discord.guild_gone", nil},
		{"invite", second(c.Invite(ctx, "abc")), "discord.permission", nil},
		{"guild's invites", second(c.GuildInvites(ctx, "1")), "discord.permission_server", nil},
		{"delete invite", c.DeleteInvite(ctx, "abc", ""), "discord.permission_server", nil},
		{"self", second(c.Self(ctx)), "discord.permission", nil},
		{"commands", c.SetCommands(ctx, "", nil), "discord.permission", nil},
		{"reply", c.EditReply(ctx, "t", update), "discord.permission", nil},
		{"follow-up", c.FollowUp(ctx, "t", create), "discord.permission", nil},
	}
	for _, k := range calls {
		f := failure(t, k.err)
		if f.Verdict != action.Block || f.Reason.Key != k.reason || !slices.Equal(f.Reason.Args, k.args) {
			t.Errorf("%s: %d %v, want reason %s %v", k.name, f.Verdict, f.Reason, k.reason, k.args)
		}
		if !slices.Contains(discordrest.Reasons(), f.Reason.Key) {
			t.Errorf("%s: Reasons does not list %s", k.name, f.Reason.Key)
		}
	}
}

// second returns the error of a result.
func second[T any](_ T, err error) error { return err }

func TestInvalidBodyTellsWhereButNotWhat(t *testing.T) {
	t.Parallel()
	const body = `{"code":50035,"message":"Invalid Form Body ` + content + `","errors":{
		"components":{"0":{"components":{"1":{"custom_id":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"` + content + ` is longer than 100"}]}}}},
			"` + content + `":{"_errors":[{"code":"` + content + ` x","message":"m"}]}},
		"_errors":[{"code":"APPLICATION_COMMAND_TOO_LARGE","message":"m"}]}}`
	_, err := open(always(400, body)).CreateMessage(t.Context(), "7", discord.MessageCreate{})
	f := failure(t, err)
	for _, want := range []string{"channel 7", "components.0.components.1.custom_id BASE_TYPE_MAX_LENGTH", "APPLICATION_COMMAND_TOO_LARGE", "components.? ?"} {
		if !strings.Contains(f.Error(), want) {
			t.Errorf("%q does not tell %q", f.Error(), want)
		}
	}
	if strings.Contains(f.Error(), content) || f.Verdict != action.Bury {
		t.Errorf("verdict %d: %v", f.Verdict, f)
	}
	for _, odd := range []string{`[]`, `{"a":[]}`, `{"_errors":{}}`, `{"a":{"_errors":[1]}}`, `7`, strings.Repeat(`{"a":`, 300) + `1` + strings.Repeat(`}`, 300)} {
		_, err := open(always(400, `{"code":50035,"errors":`+odd+`}`)).CreateMessage(t.Context(), "7", discord.MessageCreate{})
		if action.Code(err) != 50035 || len(err.Error()) > 2000 {
			t.Errorf("%.20s: %v", odd, err)
		}
	}
}

func TestMalformedIDsAreNeverSent(t *testing.T) {
	t.Parallel()
	var sent tape
	c := open(sent.on(always(200, `{}`)))
	for _, id := range []string{"", "0", "-1", "+1", "01", "null", "1/2", "..", "1?x", "%31", "18446744073709551616", "１", content} {
		for _, err := range []error{
			second(c.CreateMessage(t.Context(), id, discord.MessageCreate{})),
			c.EditMessage(t.Context(), "7", id, discord.MessageUpdate{}),
			c.AddRole(t.Context(), "1", "2", id, ""),
			second(c.Member(t.Context(), id, "2")),
		} {
			f := failure(t, err)
			if f.Verdict != action.Bury || strings.Contains(f.Error(), content) {
				t.Errorf("%q: %v", id, err)
			}
		}
	}
	if sent.count() != 0 {
		t.Errorf("sent %q", sent.lines)
	}
}
