package post_test

import (
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/post"
)

// TestNext walks a post through its life, as a worker does.
func TestNext(t *testing.T) {
	var p post.Post
	start := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	expect := func(what, channel, hash string, want post.Step) {
		t.Helper()
		if got := p.Next(channel, hash, 0); got != want {
			t.Fatalf("%s: Next = %s, want %s; post %+v", what, got, want, p)
		}
	}
	expect("nothing wanted", "", "", post.Done)
	expect("wanted", "c1", "h1", post.Try)
	p = p.Tries("c1", start)
	expect("about to be published", "c1", "h1", post.Create)
	p = p.Created("c1", "m1", "h1", 0)
	expect("published", "c1", "h1", post.Done)
	expect("changed", "c1", "h2", post.Edit)
	p = p.Edited("h2", time.Time{})
	expect("edited", "c1", "h2", post.Done)

	expect("moved", "c2", "h2", post.Try)
	p = p.Tries("c2", start)
	expect("about to be published there", "c2", "h2", post.Create)
	p = p.Created("c2", "m2", "h2", 0)
	expect("the old one goes after the new one stands", "c2", "h2", post.Delete)
	if want := (post.Place{Channel: "c1", Message: "m1"}); p.Old[0] != want {
		t.Fatalf("to delete: %+v, want %+v", p.Old[0], want)
	}
	p = p.Deleted()
	expect("moved away", "c2", "h2", post.Done)

	p = p.Lost()
	expect("deleted by hand", "c2", "h2", post.Try)
	p = p.Created("c2", "m3", "h2", 0)
	expect("put back", "c2", "h2", post.Done)

	expect("not wanted any more", "", "", post.Delete)
	p = p.Leaving()
	expect("leaving", "", "", post.Delete)
	p = p.Deleted()
	expect("gone", "", "", post.Done)
}

// TestAttempt: a message was published, nobody knows, and it is not wanted there
// any more.
func TestAttempt(t *testing.T) {
	standing := post.Post{Channel: "c1", Message: "m1", Hash: "h"}
	tests := []struct {
		name          string
		p             post.Post
		channel, hash string
		want          post.Step
	}{
		{"tried again", post.Post{}, "c1", "h", post.Create},
		{"wanted elsewhere", post.Post{}, "c2", "h", post.Search},
		{"not wanted", post.Post{}, "", "", post.Search},
		{"moved", standing, "c1", "h", post.Search},
	}
	for _, tt := range tests {
		tried := "c1"
		if tt.p.Message != "" {
			tried = "c2"
		}
		p := tt.p.Tries(tried, time.Time{})
		if got := p.Next(tt.channel, tt.hash, 0); got != tt.want {
			t.Errorf("%s: Next = %s, want %s", tt.name, got, tt.want)
		}
		if tt.want != post.Search {
			continue
		}
		if found := p.Untried("m2"); found.Old[0] != (post.Place{Channel: tried, Message: "m2"}) || found.Number != p.Number+1 || found.Trying.Channel != "" {
			t.Errorf("%s: found, it is %+v", tt.name, found)
		}
		if none := p.Untried(""); len(none.Old) != 0 || none.Trying.Channel != "" {
			t.Errorf("%s: not found, it is %+v", tt.name, none)
		}
	}
}

func TestUnseen(t *testing.T) {
	asked := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	p := post.Post{}.Created("c1", "m1", "h", 0)
	if p.Unseen(time.Time{}) || !p.Unseen(asked) || p.Edited("h2", asked).Unseen(asked) || p.Lost().Unseen(asked) {
		t.Errorf("%+v", p)
	}
}

func TestNonceIsTheSameForEveryTryAndAnotherForEveryMessage(t *testing.T) {
	seen := map[string]string{}
	note := func(what, nonce string) {
		t.Helper()
		if len(nonce) == 0 || len(nonce) > 25 {
			t.Errorf("%s: nonce %q; Discord takes 1 to 25 characters", what, nonce)
		}
		if other, ok := seen[nonce]; ok {
			t.Errorf("%s and %s have the same nonce", what, other)
		}
		seen[nonce] = what
	}
	var p post.Post
	note("first", p.Nonce("listing", "c1"))
	if first, second := p.Nonce("listing", "c1"), p.Nonce("listing", "c1"); first != second {
		t.Errorf("a second try has another nonce: %s, then %s", first, second)
	}
	note("of something else", p.Nonce("card", "c1"))
	note("elsewhere", p.Nonce("listing", "c2"))
	p = p.Created("c1", "m1", "h", 0)
	note("moved", p.Nonce("listing", "c3"))
	p = p.Lost()
	note("after a loss", p.Nonce("listing", "c1"))
	p = p.Created("c1", "m2", "h", 0).Leaving().Deleted()
	note("after it was taken down", p.Nonce("listing", "c1"))
}
