package fakediscord_test

import (
	"os"
	"strings"
	"testing"
)

func TestContractIsEnforced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	post := "/channels/" + w.channel + "/messages"
	body := w.wants(400, 50035, "POST", post, `{"content":"hi"}`)
	if want := `"errors":{"allowed_mentions":{"_errors":[{"code":`; !strings.Contains(body, want) {
		t.Errorf("error is %s, want %s in it", body, want)
	}
	w.wants(400, 50035, "POST", post, `{"flags":32768,"content":"hi",`+nobody+`}`)
	w.wants(400, 50006, "POST", post, `{"content":" ",`+nobody+`}`)
	w.wants(400, 50109, "POST", post, `{`)
	if n := len(w.Violations()); n != 2 {
		t.Errorf("violations %q, want 2", w.Violations())
	}
	w.ResetViolations()
	w.noViolations()
}

func TestDocumentIsEnforced(t *testing.T) {
	t.Parallel()
	switch {
	case os.Getenv("DISCORD_OPENAPI") != "":
	case os.Getenv("CI") == "true":
		t.Fatal("DISCORD_OPENAPI is not set: the contract tests must run where CI=true")
	default:
		t.Skip("SKIPPED: DISCORD_OPENAPI is not set, so nothing is checked against Discord's OpenAPI document")
	}
	w := newWorld(t)
	w.wants(400, 50035, "POST", "/channels/"+w.channel+"/invites", `{"max_uses":101}`)
	w.wants(400, 50035, "POST", "/channels/"+w.channel+"/messages", `{"contents":"hi",`+nobody+`}`)
	w.answers(always(`{"type":4,"data":{"contents":"hi",` + nobody + `}}`))
	if _, err := w.As(w.user, w.guild, w.channel).Command(t.Context(), "partner stats"); err == nil {
		t.Error("an unknown field in a reply passes")
	}
	if n := len(w.Violations()); n < 3 {
		t.Errorf("violations %q, want 3", w.Violations())
	}
}
