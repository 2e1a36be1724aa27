package fakediscord_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/fakediscord"
)

const nobody = `"allowed_mentions":{"parse":[]}`

// card is an ephemeral reply with a button, a link and two menus.
const card = `{"type":4,"data":{"flags":32832,` + nobody + `,"components":[
	{"type":10,"content":"Your application"},
	{"type":1,"components":[{"type":2,"style":1,"label":"Edit","custom_id":"apply/edit"},
		{"type":2,"style":5,"label":"Rules","url":"https://example.org"},
		{"type":2,"style":4,"label":"Gone","custom_id":"apply/gone","disabled":true}]},
	{"type":1,"components":[{"type":3,"custom_id":"category","placeholder":"Category","options":[{"label":"Games","value":"games"}]}]},
	{"type":1,"components":[{"type":6,"custom_id":"role","placeholder":"Role"}]}]}}`

const form = `{"type":9,"data":{"custom_id":"apply/form","title":"Apply","components":[
	{"type":10,"content":"Read the rules"},
	{"type":18,"label":"Invite","component":{"type":4,"style":1,"custom_id":"invite","max_length":10}},
	{"type":18,"label":"Category","component":{"type":3,"custom_id":"category","options":[{"label":"Games","value":"games"}]}},
	{"type":18,"label":"Banner","component":{"type":19,"custom_id":"banner","min_values":0,"max_values":1,"required":false}},
	{"type":18,"label":"Agree","component":{"type":23,"custom_id":"agree"}}]}}`

func TestCommandReplyIsSeenByTheCallerOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers(func(in discord.Interaction) string {
		cmd := in.(discord.ApplicationCommandInteraction)
		if path := cmd.SlashCommandInteractionData().CommandPath(); path != "/partner/apply" {
			t.Errorf("path %q", path)
		}
		if name := cmd.SlashCommandInteractionData().String("name"); name != "Port Royal" {
			t.Errorf("name %q", name)
		}
		if m := cmd.Member(); m == nil || m.User.ID != id(w.user) || *cmd.GuildID() != id(w.guild) {
			t.Errorf("member %+v in guild %v", m, cmd.GuildID())
		}
		return card
	})
	ada := w.As(w.user, w.guild, w.channel)
	ex, err := ada.Command(t.Context(), "partner apply", fakediscord.Opt("name", "Port Royal"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "Your application\n[Edit]\n[Rules → https://example.org]\n[Gone, disabled]\n{Category: Games}\n{Role: }"; ex.Text() != want || !ex.Ephemeral {
		t.Errorf("text = %q, ephemeral %v; want %q", ex.Text(), ex.Ephemeral, want)
	}
	if n := len(w.Messages(w.channel)); n != 0 {
		t.Errorf("%d messages for everyone, want none", n)
	}
	w.wants(404, 10008, "GET", "/channels/"+w.channel+"/messages/"+ex.Message.ID, "")
	stranger := w.AddUser("eve")
	w.AddMember(w.guild, stranger)
	if _, err := w.As(stranger, w.guild, w.channel).Press(t.Context(), ex.Message, "Edit"); !errors.Is(err, fakediscord.ErrNotPossible) {
		t.Errorf("a stranger presses: %v", err)
	}
	for _, button := range []string{"Rules", "Gone", "Nothing"} {
		if _, err := ada.Press(t.Context(), ex.Message, button); !errors.Is(err, fakediscord.ErrNotPossible) {
			t.Errorf("press %s: %v", button, err)
		}
	}
	w.noViolations()
}

func TestPressChooseAndSubmit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role := w.AddRole(w.guild, fakediscord.Role{Name: "manager"})
	file := w.Upload("b.png", []byte("picture"))
	w.answers(func(in discord.Interaction) string {
		switch in := in.(type) {
		case discord.ApplicationCommandInteraction:
			return card
		case discord.ComponentInteraction:
			switch data := in.Data.(type) {
			case discord.ButtonInteractionData:
				return form
			case discord.StringSelectMenuInteractionData:
				return `{"type":7,"data":{` + nobody + `,"components":[{"type":10,"content":"chose ` + data.Values[0] + `"}]}}`
			case discord.RoleSelectMenuInteractionData:
				return fmt.Sprintf(`{"type":4,"data":{"content":"role %s",%s}}`, data.Resolved.Roles[id(role)].Name, nobody)
			}
		case discord.ModalSubmitInteraction:
			got := fmt.Sprint(in.Data.Text("invite"), in.Data.Resolved.Attachments[id(file)].Filename, in.Message != nil)
			return `{"type":7,"data":{` + nobody + `,"components":[{"type":10,"content":"` + got + `"}]}}`
		}
		return ""
	})
	ada := w.As(w.user, w.guild, w.channel)
	first, err := ada.Command(t.Context(), "partner apply")
	if err != nil {
		t.Fatal(err)
	}
	chosen, err := ada.Choose(t.Context(), first.Message, "Role", role)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Messages(w.channel); len(got) != 1 || got[0].Content != "role manager" || chosen.Message != got[0].Ref {
		t.Errorf("messages %+v, reply %+v", got, chosen.Message)
	}
	opened, err := ada.Press(t.Context(), first.Message, "Edit")
	if err != nil {
		t.Fatal(err)
	}
	if want := "Apply\nRead the rules\nInvite *\nCategory *\nBanner\nAgree"; opened.Text() != want {
		t.Errorf("modal = %q, want %q", opened.Text(), want)
	}
	for name, values := range map[string]map[string]any{
		"missing":     {"Category": []string{"games"}},
		"too long":    {"Invite": "01234567890", "Category": []string{"games"}},
		"not offered": {"Invite": "abc", "Category": []string{"art"}},
		"no field":    {"Invite": "abc", "Category": []string{"games"}, "Colour": "red"},
	} {
		if _, err := ada.Submit(t.Context(), opened, values); !errors.Is(err, fakediscord.ErrNotPossible) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ada.Submit(t.Context(), opened, map[string]any{
		"Invite": "abc", "category": []string{"games"}, "Banner": []string{file}, "Agree": true,
	}); err != nil {
		t.Fatal(err)
	}
	if got := first.Current().Text(); got != "abcb.png true" && got != "abcb.pngtrue" {
		t.Errorf("after the form the message says %q", got)
	}
	if _, err := ada.Choose(t.Context(), first.Message, "category", "games"); !errors.Is(err, fakediscord.ErrNotPossible) {
		t.Errorf("choosing in a menu that is gone: %v", err)
	}
	if _, err := ada.Late().Press(t.Context(), first.Message, "never there"); !errors.Is(err, fakediscord.ErrNotPossible) {
		t.Errorf("pressing late what never was there: %v", err)
	}
	if _, err := ada.Late().Choose(t.Context(), first.Message, "category", "no such"); !errors.Is(err, fakediscord.ErrNotPossible) {
		t.Errorf("choosing late what never was offered: %v", err)
	}
	if _, err := ada.Late().Choose(t.Context(), first.Message, "category", "games"); err != nil || first.Current().Text() != "chose games" {
		t.Errorf("choosing late: %v; the message says %q", err, first.Current().Text())
	}
	w.noViolations()
}

func TestDeferredReplyIsFilledByToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers(always(`{"type":5,"data":{"flags":64}}`))
	ex, err := w.As(w.user, w.guild, w.channel).Command(t.Context(), "partner stats")
	if err != nil {
		t.Fatal(err)
	}
	if m := ex.Current(); !m.Loading || !m.Ephemeral {
		t.Errorf("deferred reply = %+v", m)
	}
	reply := "/webhooks/" + w.ApplicationID() + "/" + ex.Token
	w.wants(200, 0, "PATCH", reply+"/messages/@original", `{"content":"done",`+nobody+`}`)
	if m := ex.Current(); m.Text() != "done" || m.Loading || !m.Ephemeral {
		t.Errorf("filled reply = %+v", m)
	}
	w.wants(200, 0, "POST", reply, `{"content":"more","flags":64,`+nobody+`}`)
	if more := ex.FollowUps(); len(more) != 1 || more[0].Content != "more" {
		t.Errorf("follow-ups = %+v", more)
	}
	w.clock.Advance(15*time.Minute - time.Second)
	w.wants(200, 0, "GET", reply+"/messages/@original", "")
	w.clock.Advance(time.Second)
	w.wants(401, 50027, "PATCH", reply+"/messages/@original", `{"content":"late",`+nobody+`}`)
	w.wants(404, 10062, "POST", "/interactions/1/"+ex.Token+"/callback", `{"type":6}`)
	w.noViolations()
}

func TestUnansweredInteractionHasNoWebhook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in, err := w.As(w.user, w.guild, w.channel).BuildCommand("partner stats")
	if err != nil {
		t.Fatal(err)
	}
	reply := "/webhooks/" + w.ApplicationID() + "/" + in.Token
	callback := "/interactions/" + in.ID + "/" + in.Token + "/callback"
	w.wants(404, 10015, "PATCH", reply+"/messages/@original", `{"content":"early",`+nobody+`}`)
	w.wants(204, 0, "POST", callback, `{"type":4,"data":{"content":"hi",`+nobody+`}}`)
	w.wants(400, 40060, "POST", callback, `{"type":4,"data":{"content":"again",`+nobody+`}}`)
	w.wants(204, 0, "DELETE", reply+"/messages/@original", "")
	w.wants(404, 10008, "GET", reply+"/messages/@original", "")
	w.wants(401, 50027, "GET", "/webhooks/"+w.ApplicationID()+"/made-up/messages/@original", "")
}

func TestReplayHasOneEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers(always(`{"type":4,"data":{"content":"hi",` + nobody + `}}`))
	in, err := w.As(w.user, w.guild, w.channel).BuildCommand("partner stats")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if reply, err := w.Send(t.Context(), w.SignRaw(in.Body)); err != nil || reply.Status != 200 {
			t.Fatalf("%d, %v", reply.Status, err)
		}
	}
	if n := len(w.Messages(w.channel)); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
	forged := w.SignRaw(in.Body)
	forged.Timestamp += "0"
	if reply, err := w.Send(t.Context(), forged); err != nil || reply.Status != 401 {
		t.Errorf("forged timestamp: %d, %v, want 401", reply.Status, err)
	}
}

func TestBadRepliesAreViolations(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ reply, violation string }{
		"no mentions":   {`{"type":4,"data":{"content":"hi"}}`, "allowed_mentions: is missing"},
		"everyone":      {`{"type":4,"data":{"content":"hi","allowed_mentions":{"parse":["everyone"]}}}`, "allows everyone"},
		"wrong kind":    {`{"type":7,"data":{"content":"hi",` + nobody + `}}`, "callback 7 cannot answer"},
		"both":          {`{"type":4,"data":{"content":"hi","flags":32768,` + nobody + `}}`, "cannot be used together"},
		"six in a form": {strings.Replace(form, `{"type":10,"content":"Read the rules"},`, strings.Repeat(`{"type":10,"content":"x"},`, 2), 1), "between 1 and 5"},
		"no JSON":       {`{`, "invalid JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.answers(always(tt.reply))
			_, err := w.As(w.user, w.guild, w.channel).Command(t.Context(), "partner stats")
			if err == nil || !strings.Contains(strings.Join(w.Violations(), "\n"), tt.violation) {
				t.Errorf("error %v, violations %q, want %q", err, w.Violations(), tt.violation)
			}
			if n := len(w.Messages(w.channel)); n != 0 {
				t.Errorf("%d messages, want none", n)
			}
		})
	}
}

func TestRegisteredCommandsAreEnforced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.wants(200, 0, "PUT", "/applications/"+w.ApplicationID()+"/commands", `[
		{"name":"partner","description":"x","contexts":[0],"options":[{"type":1,"name":"info","description":"x","options":[
			{"type":3,"name":"partner","description":"x","required":true,"autocomplete":true},{"type":6,"name":"who","description":"x"}]}]},
		{"name":"partnerships","description":"x","default_member_permissions":"32","options":[{"type":1,"name":"queue","description":"x"}]}]`)
	w.answers(func(in discord.Interaction) string {
		if auto, ok := in.(discord.AutocompleteInteraction); ok {
			return `{"type":8,"data":{"choices":[{"name":"` + auto.Data.String("partner") + ` Royal","value":"7"}]}}`
		}
		return `{"type":4,"data":{"content":"hi",` + nobody + `}}`
	})
	ada := w.As(w.user, w.guild, w.channel)
	choices, err := ada.Autocomplete(t.Context(), "partner info", "partner", "Port")
	if err != nil || len(choices) != 1 || choices[0].Name != "Port Royal" {
		t.Errorf("choices = %+v, %v", choices, err)
	}
	if _, err := ada.Command(t.Context(), "partner info", fakediscord.Opt("partner", "7"), fakediscord.Opt("who", w.user)); err != nil {
		t.Error(err)
	}
	for name, use := range map[string]func() error{
		"unknown":        func() error { _, err := ada.Command(t.Context(), "bump"); return err },
		"missing option": func() error { _, err := ada.Command(t.Context(), "partner info"); return err },
		"wrong type": func() error {
			_, err := ada.Command(t.Context(), "partner info", fakediscord.Opt("partner", 7))
			return err
		},
		"hidden": func() error { _, err := ada.Command(t.Context(), "partnerships queue"); return err },
	} {
		if err := use(); !errors.Is(err, fakediscord.ErrNotPossible) {
			t.Errorf("%s: %v", name, err)
		}
	}
	manager := w.AddRole(w.guild, fakediscord.Role{Name: "manager", Permissions: fakediscord.ManageServer})
	w.AddMember(w.guild, w.user, manager)
	if _, err := ada.Command(t.Context(), "partnerships queue"); err != nil {
		t.Error(err)
	}
	w.noViolations()
}
