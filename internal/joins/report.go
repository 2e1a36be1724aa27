package joins

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// An Archive is what reports are made of.
type Archive struct {
	Ledger Ledger
	Past   []Account // of partnerships that ended, with the same partner or others
	Days   []Day     // of the time that is reported on; some may be missing
}

// A Report says what some days brought.
type Report struct {
	Days  []Dated   // each day, earliest first, today last
	Sum   Books     // of all the days; Here is as of the latest look, and not of the past
	Ever  int       // joins that were counted since Since
	Since time.Time // when the first account was opened; zero if there never was one
	Gaps  []Gap     // that touch the days, earliest first
	Open  bool      // there is an account: joins are being counted
	Code  string    // the tracked invite; empty if there is none now
	Role  string    // the marker role; empty without
}

// A Dated is one day of a report.
type Dated struct {
	Date time.Time // when it begins, in UTC
	Books
}

// A Share is what one partner, or ByVanity or ByOther, has in a report on all.
type Share struct {
	Partner string
	Books
}

// Partner reports on one partner, for so many days up to that of now. Where there
// was nothing to count at first, the days begin with the first account, but are no
// fewer than seven.
func (a Archive) Partner(partner string, days int, now time.Time) Report {
	r := a.report(func(of string) bool { return of == partner }, days, now)
	if mine, ok := a.Ledger.Account(partner); ok {
		r.Open, r.Code, r.Role, r.Sum.Here = true, mine.Code, mine.Role, mine.Here
	}
	return r
}

// All reports on all partners together. Who is still here is told of each alone:
// one member may have come by several.
func (a Archive) All(days int, now time.Time) Report {
	r := a.report(isPartner, days, now)
	r.Open = len(a.Ledger.Accounts) > 0
	r.Sum.Here = nil
	for i := range r.Days {
		r.Days[i].Here = nil
	}
	return r
}

// Shares are what each partner with an account, or with joins in these days, has in
// a report on all: most joins first. Those that are no partner's come last.
func (a Archive) Shares(days int, now time.Time) []Share {
	sums := map[string]Books{}
	for _, x := range a.Ledger.Accounts {
		sums[x.Partner] = Books{}
	}
	from := Date(firstDay(days, now))
	for _, d := range a.Days {
		for partner, b := range d.Books {
			if d.Date >= from {
				sums[partner] = sums[partner].plus(b)
			}
		}
	}
	var list []Share
	for partner, b := range sums {
		x, _ := a.Ledger.Account(partner)
		b.Here = x.Here
		list = append(list, Share{partner, b})
	}
	last := map[bool]int{true: 1}
	slices.SortFunc(list, func(x, y Share) int {
		return cmp.Or(last[!isPartner(x.Partner)]-last[!isPartner(y.Partner)], y.Counted-x.Counted, strings.Compare(x.Partner, y.Partner))
	})
	return list
}

// report reports on those partners that count is true of.
func (a Archive) report(count func(partner string) bool, days int, now time.Time) Report {
	var r Report
	first := firstDay(days, now)
	for _, x := range slices.Concat(a.Ledger.Accounts, a.Past) {
		if !count(x.Partner) {
			continue
		}
		if r.Since.IsZero() || x.Since.Before(r.Since) {
			r.Since = x.Since
		}
		r.Ever += x.Counted
		r.Gaps = append(r.Gaps, x.Gaps...)
	}
	sums := map[string]Books{}
	for _, d := range a.Days {
		for partner, b := range d.Books {
			if count(partner) {
				sums[d.Date] = sums[d.Date].plus(b)
			}
		}
	}
	r.Days = dated(sums, begin(first, now, r.Since, sums), now)
	for _, d := range r.Days {
		r.Sum = r.Sum.plus(d.Books)
	}
	r.Sum.Here = nil
	r.Gaps = slices.DeleteFunc(r.Gaps, func(g Gap) bool { return !g.To.After(r.Days[0].Date) })
	slices.SortStableFunc(r.Gaps, func(x, y Gap) int { return x.From.Compare(y.From) })
	return r
}

// begin is the first day to report on, from first on: not long before there was
// anything to count.
func begin(first, now, since time.Time, sums map[string]Books) time.Time {
	if since.IsZero() {
		return first
	}
	earliest := Date(since)
	for date := range sums {
		earliest = min(earliest, date)
	}
	week := firstDay(7, now)
	for first.Before(week) && Date(first) < earliest {
		first = first.AddDate(0, 0, 1)
	}
	return first
}

// dated are the days from first to that of now.
func dated(sums map[string]Books, first, now time.Time) (list []Dated) {
	for day := first; !day.After(now); day = day.AddDate(0, 0, 1) {
		list = append(list, Dated{day, sums[Date(day)]})
	}
	return list
}

// firstDay is when the first of so many days begins that end with that of now.
func firstDay(days int, now time.Time) time.Time {
	return now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1-days)
}

// plus adds up what two days, or two partners, brought.
func (b Books) plus(c Books) Books {
	b.Counted += c.Counted
	b.Identified += c.Identified
	b.Early += c.Early
	b.Returned += c.Returned
	b.Young += c.Young
	b.Here = cmp.Or(c.Here, b.Here)
	return b
}

// isPartner reports whether joins are those of a partner.
func isPartner(of string) bool { return of != ByVanity && of != ByOther }
