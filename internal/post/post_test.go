package post_test

import (
	"testing"

	"github.com/entente-bot/entente/internal/post"
)

// TestNext walks a post through its life, as a worker does.
func TestNext(t *testing.T) {
	var p post.Post
	expect := func(what, channel, hash string, want post.Step) {
		t.Helper()
		if got := p.Next(channel, hash); got != want {
			t.Fatalf("%s: Next = %s, want %s; post %+v", what, got, want, p)
		}
	}
	expect("nothing wanted", "", "", post.Done)
	expect("wanted", "c1", "h1", post.Create)
	p = p.Created("c1", "m1", "h1")
	expect("published", "c1", "h1", post.Done)
	expect("changed", "c1", "h2", post.Edit)
	p = p.Edited("h2")
	expect("edited", "c1", "h2", post.Done)

	expect("moved", "c2", "h2", post.Create)
	p = p.Created("c2", "m2", "h2")
	expect("the old one goes after the new one stands", "c2", "h2", post.Delete)
	if want := (post.Place{Channel: "c1", Message: "m1"}); p.Old[0] != want {
		t.Fatalf("to delete: %+v, want %+v", p.Old[0], want)
	}
	p = p.Deleted()
	expect("moved away", "c2", "h2", post.Done)

	p = p.Lost()
	expect("deleted by hand", "c2", "h2", post.Create)
	p = p.Created("c2", "m3", "h2")
	expect("put back", "c2", "h2", post.Done)

	expect("not wanted any more", "", "", post.Delete)
	p = p.Leaving()
	expect("leaving", "", "", post.Delete)
	p = p.Deleted()
	expect("gone", "", "", post.Done)
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
	p = p.Created("c1", "m1", "h")
	note("moved", p.Nonce("listing", "c3"))
	p = p.Lost()
	note("after a loss", p.Nonce("listing", "c1"))
	p = p.Created("c1", "m2", "h").Leaving().Deleted()
	note("after it was taken down", p.Nonce("listing", "c1"))
}
