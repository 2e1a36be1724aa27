package view_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/stats"
	"github.com/entente-bot/entente/internal/view"
)

// lighthouseStats are the statistics of a partner of whom everything is known.
func lighthouseStats() view.Stats {
	x := view.Stats{
		Partner: "811111111111111111", Name: "The *Lighthouse*", Active: true, Period: 7, ID: "900000000000000001",
		Settings: settings.Settings{Track: true, Markers: true},
		Report: joins.Report{
			Since: noon().AddDate(0, -2, 0), Ever: 1240, Open: true, Code: "abc", Role: "5",
			Gaps: []joins.Gap{{From: noon().Add(-30 * time.Hour), To: noon().Add(-29 * time.Hour), Why: joins.Deleted}},
		},
	}
	for i := range 7 {
		d := joins.Dated{Date: noon().Truncate(24*time.Hour).AddDate(0, 0, i-6), Books: joins.Books{Counted: 3 * i, Identified: 2 * i, Here: new(100 + i)}}
		x.Days = append(x.Days, d)
	}
	x.Sum = joins.Books{Counted: 63, Identified: 42, Early: 3, Returned: 2, Young: 5, Here: new(106)}
	return x
}

// countedStats are those of a partner of whom no more is known than the counts.
func countedStats() view.Stats {
	x := lighthouseStats()
	x.Settings.Markers, x.Gaps, x.Code, x.Role = false, nil, "", ""
	x.Sum = joins.Books{Counted: 63}
	for i := range x.Days {
		x.Days[i].Books = joins.Books{Counted: 9}
	}
	return x
}

// allStats are those of all partners.
func allStats() view.Stats {
	x := lighthouseStats()
	x.Partner, x.Staff, x.Sum.Here, x.Code, x.Role = stats.All, true, nil, "", ""
	x.Names = map[string]string{"811111111111111111": "The *Lighthouse*"}
	x.Shares = []joins.Share{
		{Partner: "811111111111111111", Books: joins.Books{Counted: 40, Identified: 30, Here: new(28)}},
		{Partner: "822222222222222222", Books: joins.Books{Counted: 23, Identified: 12}},
		{Partner: joins.ByOther, Books: joins.Books{Counted: 1200}}, {Partner: joins.ByVanity, Books: joins.Books{Counted: 7}},
	}
	x.Lost = noon().Add(-time.Hour)
	x.Findings = []setup.Finding{
		{Feature: setup.FeatureTrack, Problem: setup.Server, Rights: []string{"manage-server"}, Cost: "joins"},
		{Feature: setup.FeatureMarkers, Problem: setup.Intent, Cost: "identified"},
	}
	return x
}

func TestStats(t *testing.T) {
	t.Parallel()
	for locale, s := range newShows(t) {
		var shown []string
		off := view.Stats{Partner: "811111111111111111", Name: "Quay", Active: true, Period: 30, Settings: settings.Default()}
		ended := lighthouseStats()
		ended.Active, ended.Open, ended.Code = false, false, ""
		ended.Gaps[0].Why = joins.Ended
		waiting := countedStats()
		waiting.Open, waiting.Findings = false, allStats().Findings
		blind := countedStats()
		blind.Settings.Markers, blind.Role, blind.Code, blind.Blind, blind.Findings, blind.Staff = true, "5", "abc", noon(), allStats().Findings[1:], true
		for _, x := range []view.Stats{lighthouseStats(), countedStats(), allStats(), off, ended, waiting, blind} {
			picture := len(x.Days) > 0
			shown = append(shown, s.shown(t, view.StatsOf(s.Speaker, x, picture)))
			if picture {
				shown = append(shown, view.StatsAlt(s.Speaker, x))
			}
		}
		shown = append(shown, s.shown(t, view.Whisper(view.StatsWaits(s.Speaker), view.StatsNoPicture(s.Speaker))))
		golden(t, map[string]string{"en-US": "stats", "de": "stats-german"}[locale], lines(shown...))
	}
}

// TestStatsSayNoMoreThanIsKnown checks that zeros do not stand for what nobody knows.
func TestStatsSayNoMoreThanIsKnown(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	for name, change := range map[string]func(*view.Stats){
		"no marker role":  func(x *view.Stats) { x.Role, x.Code = "", "abc" },
		"no marker roles": func(x *view.Stats) { x.Settings.Markers = false },
		"no intent": func(x *view.Stats) {
			x.Findings = []setup.Finding{{Feature: setup.FeatureMarkers, Problem: setup.Intent, Cost: "identified"}}
		},
		"intent lost": func(x *view.Stats) { x.Blind = noon() },
		"not tracked": func(x *view.Stats) { x.Settings.Track = false },
	} {
		x := countedStats()
		x.Settings.Markers, x.Role = true, "5"
		change(&x)
		for _, staff := range []bool{false, true} {
			x.Staff = staff
			shown := s.shown(t, view.StatsOf(s.Speaker, x, false)) + view.StatsAlt(s.Speaker, x)
			for _, never := range []string{"dentified members", "Not identified", "Left early", "In brackets", "Still here"} {
				if strings.Contains(shown, never) {
					t.Errorf("%s: it says %q:\n%s", name, never, shown)
				}
			}
			if !strings.Contains(shown, "**Missing**") {
				t.Errorf("%s: it does not say what is missing:\n%s", name, shown)
			}
		}
	}
}

// TestLongestStats shows the largest numbers, names and lists.
func TestLongestStats(t *testing.T) {
	t.Parallel()
	for locale, s := range newShows(t) {
		for name, part := range fillers() {
			t.Run(locale+"/"+name, func(t *testing.T) {
				t.Parallel()
				server, _ := full(part)
				for _, x := range []view.Stats{lighthouseStats(), allStats()} {
					x.Name, x.Staff, x.Lost = server.Name, true, far()
					x.Names = map[string]string{}
					x.Ever, x.Sum = math.MaxInt32, joins.Books{Counted: math.MaxInt32, Identified: math.MaxInt32, Here: new(math.MaxInt32)}
					x.Findings = slices.Repeat(allStats().Findings, 3)
					x.Gaps = slices.Repeat([]joins.Gap{{From: far(), To: far(), Why: joins.Ended}}, 30)
					for i := range 100 {
						id := fmt.Sprint(uint64(math.MaxUint64) - uint64(i))
						x.Names[id] = server.Name
						if x.Partner == stats.All {
							x.Shares = append([]joins.Share{{Partner: id, Books: x.Sum}}, x.Shares...)
						}
					}
					x.Days = nil
					for i := range 90 {
						x.Days = append(x.Days, joins.Dated{Date: noon().AddDate(0, 0, i-89), Books: x.Sum})
					}
					s.shown(t, view.StatsOf(s.Speaker, x, true))
					if n := len([]rune(view.StatsAlt(s.Speaker, x))); n > 1024 {
						t.Errorf("the picture's description has %d characters", n)
					}
				}
			})
		}
	}
}

// TestAltHoldsTheNumbers reads the description of a picture of 90 days.
func TestAltHoldsTheNumbers(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	x := lighthouseStats()
	x.Days, x.Gaps = nil, nil
	for i := range 90 {
		x.Days = append(x.Days, joins.Dated{Date: noon().AddDate(0, 0, i-89), Books: joins.Books{Counted: 1000 + i, Identified: i}})
	}
	alt := view.StatsAlt(s.Speaker, x)
	for _, part := range []string{"from 24 Aug to 21 Nov", "7 days together", ": 6015 (15), ", ", 7602 (602)."} { // six days at first, as 90 are no weeks
		if !strings.Contains(alt, part) {
			t.Errorf("%s is not in: %s", part, alt)
		}
	}
	x.Settings.Markers, x.Sum.Identified = false, 0
	for i := range x.Days {
		x.Days[i].Books = joins.Books{Counted: i}
	}
	if alt = view.StatsAlt(s.Speaker, x); !strings.Contains(alt, ": 0, 1, 2, 3,") || !strings.Contains(alt, "88, 89.") {
		t.Errorf("the days are not in: %s", alt)
	}
}
