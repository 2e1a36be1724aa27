package contract

import "testing"

// TestSame: bodies are taken for the same only if all that differs passes or fails
// alike.
func TestSame(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, a, b string
		want       bool
	}{
		{"IDs", `{"id":"1573644697509822464"}`, `{"id":"1573644718472953857"}`, true},
		{"times", `<t:1763726400:R>`, `<t:1763726401:R>`, true},
		{"invites of capitals", `https://discord.gg/QWERTZUI`, `https://discord.gg/ASDFGHJK`, true},
		{"nonces", `{"nonce":"AB12CD34EF56"}`, `{"nonce":"XY98ZW76VU54"}`, true},
		{"an ID and a code of its length", `{"id":"1573644697509822464"}`, `{"id":"A573644697509822464"}`, false},
		{"IDs of other lengths", `{"id":"1573644697509822464"}`, `{"id":"15736446975098224640"}`, false},
		{"short numbers", `{"type":10}`, `{"type":17}`, false},
		{"words", `{"name":"Lighthouse"}`, `{"name":"Quaysides1"}`, false},
		{"capitals that are no code", `{"key":"COMMUNITY"}`, `{"key":"PARTNERED"}`, false},
		{"characters written as numbers", `"\u00261234567"`, `"\u00271234567"`, false},
	} {
		o := operation{schema: "x"}
		if got := same(o, []byte(tt.a)) == same(o, []byte(tt.b)); got != tt.want {
			t.Errorf("%s: %v, want %v: %s and %s", tt.name, got, tt.want, same(o, []byte(tt.a)), same(o, []byte(tt.b)))
		}
	}
}
