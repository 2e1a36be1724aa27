package discordrest_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/entente-bot/entente/internal/action"
)

func TestDirectChannel(t *testing.T) {
	t.Parallel()
	var sent string
	d := trip(func(rq *http.Request) (*http.Response, error) {
		b, err := io.ReadAll(rq.Body)
		sent = rq.Method + " " + rq.URL.Path + " " + string(b)
		return answer(200, `{"id":"77","type":1,"recipients":[{"id":"5"}],"last_message_id":null}`), err
	})
	ch, err := open(d).DirectChannel(t.Context(), "5")
	if err != nil || ch != "77" || sent != `POST /api/v10/users/@me/channels {"recipient_id":"5"}` {
		t.Errorf("%q, %v after %s", ch, err, sent)
	}
	sent = ""
	for _, user := range []string{"", "5/../6", `5"`, "me"} {
		if _, err := open(d).DirectChannel(t.Context(), user); err == nil || failure(t, err).Verdict != action.Bury || sent != "" {
			t.Errorf("user %q: %v after %s", user, err, sent)
		}
	}
	_, err = open(always(400, `{"code":50033,"message":"Invalid Recipient(s)"}`)).DirectChannel(t.Context(), "5")
	if action.Code(err) != 50033 {
		t.Errorf("no such user: %v", err)
	}
}
