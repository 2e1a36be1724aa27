package showcase_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/showcase"
)

// TestNext: what is to be done about a home, from where it stands.
func TestNext(t *testing.T) {
	t.Parallel()
	var (
		single  = showcase.Want{Mode: settings.Single, Parent: "1"}
		channel = showcase.Want{Mode: settings.Channels, Parent: "2", Name: "n"}
		forum   = showcase.Want{Mode: settings.Forum, Parent: "3", Name: "n", Tag: "t"}
		none    showcase.Want
	)
	var nowhere showcase.Home
	now := time.Now()
	posted := nowhere.Made(forum, "30", "")
	adrift := nowhere.Made(channel, "20", "2")
	adrift.Adrift = true
	tests := []struct {
		name string
		h    showcase.Home
		w    showcase.Want
		want showcase.Step
	}{
		{"a channel that was chosen", nowhere, single, showcase.Settle},
		{"it stays", nowhere.Made(single, "1", ""), single, showcase.Done},
		{"a channel to make", nowhere, channel, showcase.Try},
		{"about to be made", nowhere.Tries(channel, now), channel, showcase.Make},
		{"made", nowhere.Made(channel, "20", "2"), channel, showcase.Done},
		{"put elsewhere", adrift, channel, showcase.Adjust},
		{"to be a post", nowhere.Made(channel, "20", "2"), forum, showcase.Try},
		{"about to be made, and not wanted any more", nowhere.Tries(channel, now), forum, showcase.Search},
		{"about to be made, and over", nowhere.Tries(channel, now), none, showcase.Search},
		{"posted", posted, forum, showcase.Done},
		{"in another category", posted, showcase.Want{Mode: settings.Forum, Parent: "3", Name: "n", Tag: "u"}, showcase.Adjust},
		{"of another name", posted, showcase.Want{Mode: settings.Forum, Parent: "3", Name: "m", Tag: "t"}, showcase.Adjust},
		{"in another forum", posted, showcase.Want{Mode: settings.Forum, Parent: "4", Name: "n", Tag: "t"}, showcase.Try},
		{"gone", posted.Gone(), forum, showcase.Try},
		{"over", posted, none, showcase.Leave},
		{"over and left", posted.Gone(), none, showcase.Done},
	}
	for _, tt := range tests {
		if got := tt.h.Next(tt.w); got != tt.want {
			t.Errorf("%s: Next = %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestMade: what a home was before is to be cleared, unless people made it.
func TestMade(t *testing.T) {
	t.Parallel()
	var h showcase.Home
	h = h.Made(showcase.Want{Mode: settings.Single, Parent: "1"}, "1", "")
	h = h.Made(showcase.Want{Mode: settings.Channels, Parent: "2"}, "20", "2")
	if len(h.Leaving()) != 0 {
		t.Errorf("a channel of the guild's is to be cleared: %v", h.Leaving())
	}
	h = h.Made(showcase.Want{Mode: settings.Forum, Parent: "3"}, "30", "")
	h = h.Tries(showcase.Want{Mode: settings.Channels, Parent: "2"}, time.Now()).Untried("21")
	if got := h.Leaving(); !slices.Equal(got, []string{"20", "21"}) || !h.Knows("21") || !h.Knows("30") || h.Knows("1") {
		t.Errorf("to be cleared: %v", got)
	}
	if h = h.Cleared().Cleared(); len(h.Old) != 0 || h.Place != "30" {
		t.Errorf("cleared: %+v", h)
	}
}

// TestFinds: what an attempt made is younger than it, and not known.
func TestFinds(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	made := func(at time.Time) string { return strconv.FormatInt((at.UnixMilli()-1420070400000)<<22, 10) }
	h := showcase.Home{Place: made(now.Add(time.Second))}.Tries(showcase.Want{Mode: settings.Channels, Parent: "2"}, now)
	found := h.Finds([]showcase.Found{{ID: made(now.Add(-time.Hour))}, {ID: made(now.Add(time.Second))}, {ID: made(now.Add(2 * time.Second))}})
	if len(found) != 1 || found[0].ID != made(now.Add(2*time.Second)) {
		t.Errorf("found: %+v", found)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for server, want := range map[string]string{
		"Lighthouse": "lighthouse", "The  Art & Design Hub!": "the-art-design-hub", "✨✨": "partner-6789", "Café Süd": "café-süd", "": "partner-6789",
		"हिन्दी समुदाय": "हिन्दी-समुदाय", "ที่นี่": "ที่นี่", "می\u200cخواهم!": "می\u200cخواهم", "❤\ufe0f 1\ufe0f\u20e3 Club\u200d": "1-club", "\u0301": "partner-6789",
	} {
		if got := showcase.ChannelName(server, "123456789"); got != want {
			t.Errorf("ChannelName(%q) = %q, want %q", server, got, want)
		}
	}
	if got := showcase.PostName("  ", "123456789"); got != "partner-6789" {
		t.Errorf("PostName of nothing = %q", got)
	}
}

// TestDaily: each listing has its own moment of the day.
func TestDaily(t *testing.T) {
	t.Parallel()
	now := time.Date(2028, 2, 29, 12, 0, 0, 0, time.UTC)
	hours := make(map[int]bool)
	for i := range 200 {
		last, next := showcase.Daily("1", strconv.Itoa(i), now)
		if last.After(now) || !next.After(now) || next.Sub(last) != 24*time.Hour {
			t.Fatalf("at %v: last %v, next %v", now, last, next)
		}
		if again, _ := showcase.Daily("1", strconv.Itoa(i), next); !again.Equal(next) {
			t.Fatalf("the moment moves from %v to %v", next, again)
		}
		hours[next.Hour()] = true
	}
	if len(hours) != 24 {
		t.Errorf("looks in %d hours of the day, want 24", len(hours))
	}
}
