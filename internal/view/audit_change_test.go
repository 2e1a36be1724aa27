package view

import (
	"strings"
	"testing"
)

// TestWhole cuts lists of mentions between two of them.
func TestWhole(t *testing.T) {
	role := "<@&1234567890123456789>"
	list := strings.Repeat(role+", ", 24) + role
	for most, want := range map[int]string{
		10:   "",
		40:   role + " … +24",
		75:   role + ", " + role + " … +23",
		1000: list,
	} {
		if got := whole(list, most); got != want {
			t.Errorf("in %d characters: %q, want %q", most, got, want)
		}
	}
	if got := whole("", 10); got != "" {
		t.Errorf("of nothing: %q", got)
	}
}
