package partnership_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/entente-bot/entente/internal/partnership"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Join us!\nWe have **cake**.", "Join us!\nWe have **cake**."},
		{"everyone", "Hi @everyone and @HERE", "Hi @ everyone and @ HERE"},
		{"everyone through a zero-width space", "@\u200beveryone", "@ everyone"},
		{"user mention", "ask <@123> or <@!123>", `ask \<@123> or \<@!123>`},
		{"role and channel mention", "<@&1> <#2>", `\<@&1> \<#2>`},
		{"command mention", "</partner apply:1>", `\</partner apply:1>`},
		{"custom emoji and time stay", "<:cat:1> <a:dance:2> <t:3:R>", "<:cat:1> <a:dance:2> <t:3:R>"},
		{"masked link", "[our server](https://evil.example/x)", `\[our server\](https://evil.example/x)`},
		{"masked link with a title", `[a](<https://evil.example> "b")`, `\[a\](<https://evil.example> "b")`},
		{"masked link in a masked link", "[[a](b)](c)", `\[\[a\](b)\](c)`},
		{"right-to-left override", "abc\u202etxt.exe\u202c", "abctxt.exe"},
		{"control and zero-width", "a\x00\x1b[31mb\ufeff\u2066c", `a\[31mbc`},
		{"composed emoji", "👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"},
		{"brackets that are escaped already", `\[a\] \\[b] <\/[c](http:d`, `\[a\] \\\[b\] <\/\[c\](http:d`},
		{"a joiner between letters", "می\u200cخواهم", "می\u200cخواهم"},
		{"marks, and a joiner behind one", "क्\u200dष ที่นี่", "क्\u200dष ที่นี่"},
		{"a separator before a Mongolian ending", "ᠨᠠᠷ\u180eᠠ", "ᠨᠠᠷ\u180eᠠ"},
		{"a separator of nothing", "dis\u180ecord \u180e ᠨᠠᠷ\u180e\u180eᠠ", "discord  ᠨᠠᠷ\u180eᠠ"},
		{"many joiners", "a\u200d\u200c\u200db", "a\u200db"},
		{"a flag made of tags", "🏴\U000E0067\U000E0062\U000E0077\U000E006C\U000E0073\U000E007F", "🏴\U000E0067\U000E0062\U000E0077\U000E006C\U000E0073\U000E007F"},
		{"a text made of tags", "a\U000E0067\U000E0062b", "ab"},
		{"a character as a picture", "❤\ufe0f 葛\U000E0100", "❤\ufe0f 葛\U000E0100"},
		{"soft hyphen and isolates", "a\u00adb\u2067c\u2069", "abc"},
		{"only invisible", "\u200b\u3164 \u2028", ""},
		{"blank lines", "a\r\n\r\n\r\n\r\nb", "a\n\nb"},
		{"not UTF-8", "a\xffb", "ab"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := partnership.Clean(tt.in, 100)
			if got != tt.want {
				t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
			}
			if again := partnership.Clean(got, 100); again != got {
				t.Errorf("Clean is not stable: %q becomes %q", got, again)
			}
		})
	}
}

func TestCleanLine(t *testing.T) {
	if got, want := partnership.CleanLine(" The\n # Harbour \t", 100), "The # Harbour"; got != want {
		t.Errorf("CleanLine = %q, want %q", got, want)
	}
	if got, want := partnership.Plain("**# [x](y) `z` <@1>"), "\\*\\*\\# \\[x\\](y) \\`z\\` \\<@1\\>"; got != want {
		t.Errorf("Plain = %q, want %q", got, want)
	}
}

func TestCut(t *testing.T) {
	tests := []struct {
		in    string
		limit int
		want  string
	}{
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"ab cd", 4, "ab…"},
		{"🎉🎉🎉", 6, "🎉🎉🎉"},
		{"🎉🎉🎉", 5, "🎉🎉…"},
		{"", 1, ""},
	}
	for _, tt := range tests {
		if got := partnership.Cut(tt.in, tt.limit); got != tt.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
		}
	}
}

// TestCleanHolds tries whatever people may write: it fits, it stays what it is
// when cleaned again, and nothing in it pings.
func TestCleanHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.OneOf(
			rapid.String(),
			rapid.SampledFrom([]string{"@everyone", "@\u200bhere", "[a](b)", "[", "](", ")", "<@1>", "<@&", "\\", "🎉", "\n\n", "\u202e"}),
		)).Draw(t, "parts")
		limit := rapid.IntRange(1, 60).Draw(t, "limit")
		got := partnership.Clean(strings.Join(parts, ""), limit)
		if n := len(utf16.Encode([]rune(got))); n > limit {
			t.Fatalf("%q is %d long, more than %d", got, n, limit)
		}
		for _, ping := range []string{"@everyone", "@here"} {
			if strings.Contains(strings.ToLower(got), ping) {
				t.Fatalf("%q pings", got)
			}
		}
	})
}

func TestParseInvite(t *testing.T) {
	accepted := map[string]string{
		"https://discord.gg/abcDEF1":         "abcDEF1",
		"http://discord.gg/abc/":             "abc",
		" discord.gg/a-b ":                   "a-b",
		"HTTPS://Discord.GG/AbC":             "AbC",
		"https://discord.com/invite/abc":     "abc",
		"https://www.discord.com/invite/abc": "abc",
		"https://discordapp.com/invite/abc":  "abc",
		"abc-123":                            "abc-123",

		"https://discord.gg/abc123?event=1234567890":                                    "abc123",
		"https://discord.com/invite/abc?utm_source=Discord%20Widget&utm_medium=Connect": "abc",
		"https://ptb.discord.com/invite/abc":                                            "abc",
		"canary.discord.com/invite/abc":                                                 "abc",
		"https://discord.gg/invite/abc":                                                 "abc",
		"<https://discord.gg/abc>":                                                      "abc",
		"“https://discord.gg/abc”":                                                      "abc",
		"Https://www.Discord.gg/abc.":                                                   "abc",
		"discord.gg/abc,":                                                               "abc",
		"https://discord.gg/abc?fbclid=IwAR0-x_y&event=1":                               "abc",
		"https://discord.gg/abc?with_counts=true":                                       "abc",
		"discord.com/invite/abc?":                                                       "abc",
		"https://discord.com/invite/abc#":                                               "abc",
		"||https://discord.gg/abc||":                                                    "abc",
		"~~[https://discord.gg/abc]~~…":                                                 "abc",
		"\u2068https://discord.gg/abc\u2069\n":                                          "abc",
	}
	for link, code := range accepted {
		if got, err := partnership.ParseInvite(link); err != nil || got != code {
			t.Errorf("ParseInvite(%q) = %q, %v; want %q", link, got, err, code)
		}
	}
	refused := []string{
		"", "a", "hello there", "https://example.com/abc", "https://discord.gg.evil.example/abc",
		"https://evil.example/discord.gg/abc", "https://discord.gg/../users/@me",
		"discord.gg/abc%2e%2e", "discord.gg/abc#x", "discord.gg/", "discord.gg//abc", "discord.gg/abc/def",
		"https://user@discord.gg/abc", "discord.gg/ab\u0441", "discord.gg/" + strings.Repeat("a", 300), strings.Repeat("a", 33),
		"discord.gg/abc\nX: y", "javascript:discord.gg/abc", "discord.com/channels/1/2", `discord.gg\abc`, "discord․gg/abc", "ｄiscord.gg/abc",
		"https://discord.gg/abc?event=../users/@me", "discord.gg/abc?next=https://evil.example", "https://ptb.evil.discord.gg/abc", "discord.gg/abc?event=1#x",
	}
	for _, link := range refused {
		if got, err := partnership.ParseInvite(link); err == nil {
			t.Errorf("ParseInvite(%q) = %q, want a refusal", link, got)
		}
	}
}
