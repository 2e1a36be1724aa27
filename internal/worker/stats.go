package worker

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/chart"
	"github.com/entente-bot/entente/internal/joins"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/poll"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/stats"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

// statsSend draws the statistics that were asked for, and puts them into the reply,
// as long as Discord lets that be changed.
func statsSend(ctx context.Context, j *job) error {
	key := stats.Key(j.Guild, j.Subject)
	tx, err := j.read(ctx, key)
	if err != nil {
		return err
	}
	r, alive := storage.Read[stats.Request](tx, key)
	if _, err := tx.Changes(); err != nil || !alive || r.Sent {
		return err
	}
	x, err := j.stats(ctx, r)
	if err != nil {
		return err
	}
	if err := j.showStats(ctx, r, x); err != nil && !replyOver(err) {
		return err
	}
	return j.save(ctx, []storage.Key{key}, func(tx *storage.Tx) error {
		stats.Sent(tx, j.Guild, j.Subject, r)
		return nil
	})
}

// showStats puts x into the reply: without the picture, if none may be shown there,
// or there is nothing to draw.
func (j *job) showStats(ctx context.Context, r stats.Request, x view.Stats) error {
	s := j.speak(r.Locale)
	plain := view.Update(view.StatsOf(s, x, false))
	plain.Attachments = &[]discord.AttachmentUpdate{} // that of before goes
	if x.Since.IsZero() {
		return j.editReply(ctx, r.Token, plain)
	}
	picture, err := statsPicture(s, x).PNG()
	if err != nil {
		return err
	}
	err = j.editReplyTo(ctx, r.Token, func() discord.MessageUpdate {
		m := view.Update(view.StatsOf(s, x, true))
		m.Files = []*discord.File{discord.NewFile(view.StatsFile, view.StatsAlt(s, x), bytes.NewReader(picture))}
		return m
	})
	if code := action.Code(err); code == noPermission || code == missingAccess || tooMuch(err) {
		*plain.Components = append(*plain.Components, view.StatsNoPicture(s))
		return j.editReply(ctx, r.Token, plain)
	}
	return err
}

// stats gathers what r asks for.
func (j *job) stats(ctx context.Context, r stats.Request) (view.Stats, error) {
	now := j.Actions.Now()
	_, id, _ := strings.Cut(j.Subject, "#")
	x := view.Stats{Partner: r.Partner, Period: r.Days, Staff: r.Staff, ID: id}
	keys := []storage.Key{joins.LedgerKey(j.Guild), settings.Key(j.Guild), setup.HealthKey(j.Guild), poll.Key(j.Guild)}
	if r.Partner != stats.All {
		keys = append(keys, partnership.Key(j.Guild, r.Partner))
	}
	tx, err := j.read(ctx, keys...)
	if err != nil {
		return x, err
	}
	x.Settings = settings.Of(tx, j.Guild)
	x.Findings = aboutJoins(setup.HealthOf(tx, j.Guild).Now(x.Settings))
	if w, ok := storage.Read[poll.Watch](tx, poll.Key(j.Guild)); ok && w.Lost == poll.Permission {
		x.Lost = w.LostSince
	}
	a := joins.Archive{Ledger: joins.LedgerOf(tx, j.Guild)}
	x.Blind = a.Ledger.Census.Blind
	if a.Days, a.Past, err = j.pastJoins(ctx, r, now); err != nil {
		return x, err
	}
	if r.Partner == stats.All {
		x.Report, x.Shares = a.All(r.Days, now), a.Shares(r.Days, now)
		x.Names, err = j.partnerNames(ctx)
		return x, err
	}
	x.Report = a.Partner(r.Partner, r.Days, now)
	p, active := storage.Read[partnership.Partnership](tx, partnership.Key(j.Guild, r.Partner))
	if _, err := tx.Changes(); err != nil {
		return x, err
	}
	x.Name, x.Active = p.Server.Name, active
	if !active {
		x.Name, err = j.endedName(ctx, r.Partner)
	}
	return x, err
}

// aboutJoins are those of what is wrong that concern the counting of joins.
func aboutJoins(all []setup.Finding) (list []setup.Finding) {
	for _, f := range all {
		if slices.Contains([]setup.Feature{setup.FeatureBot, setup.FeatureTrack, setup.FeatureMarkers, setup.FeatureEntrance}, f.Feature) {
			list = append(list, f)
		}
	}
	return list
}

// pastJoins returns the days that r may need, and the accounts of partnerships that
// ended.
func (j *job) pastJoins(ctx context.Context, r stats.Request, now time.Time) (days []joins.Day, past []joins.Account, err error) {
	page, err := j.Actions.DB.List(ctx, joins.Days(j.Guild, now.AddDate(0, 0, 1-r.Days)))
	if err != nil {
		return nil, nil, err
	}
	for _, it := range page.Items {
		d, err := storage.Decode[joins.Day](it)
		if err != nil {
			return nil, nil, err
		}
		days = append(days, d)
	}
	partner := r.Partner
	if partner == stats.All {
		partner = ""
	}
	for q := joins.Pasts(j.Guild, partner); ; {
		page, err := j.Actions.DB.List(ctx, q)
		if err != nil {
			return nil, nil, err
		}
		list, err := joins.PastsIn(page)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range list {
			past = append(past, p.Account)
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return days, past, nil
		}
	}
}

// partnerNames are the names of the active partners, by ID.
func (j *job) partnerNames(ctx context.Context) (map[string]string, error) {
	names := map[string]string{}
	for q := partnership.All(j.Guild); ; {
		page, err := j.Actions.DB.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, it := range page.Items {
			p, err := storage.Decode[partnership.Partnership](it)
			if err != nil {
				return nil, err
			}
			names[p.Partner] = p.Server.Name
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return names, nil
		}
	}
}

// endedName is the name of a partner of the past.
func (j *job) endedName(ctx context.Context, partner string) (string, error) {
	page, err := j.Actions.DB.List(ctx, partnership.EndedWith(j.Guild, partner, 1))
	if err != nil {
		return "", err
	}
	list, err := partnership.EndedIn(page)
	if err != nil || len(list) == 0 {
		return partner, err
	}
	return list[0].Server.Name, nil
}

// statsPicture is the picture of x.
func statsPicture(s view.Speaker, x view.Stats) chart.Joins {
	j := chart.Joins{Words: chart.Words{
		Counted: s.Say("stats.chart-counted", "count", s.Count(x.Sum.Counted)), Gaps: s.Say("stats.chart-gaps"), Here: s.Say("stats.chart-line"), Count: s.Count,
	}}
	if x.Sum.Here != nil {
		j.Words.Here = s.Say("stats.chart-here", "count", s.Count(*x.Sum.Here))
	}
	if x.Known() {
		j.Words.Identified = s.Say("stats.chart-identified", "count", s.Count(x.Sum.Identified))
	}
	for _, d := range x.Days {
		j.Days = append(j.Days, chart.Day{Name: view.StatsDay(s, d.Date), Counted: d.Counted, Identified: d.Identified, Here: d.Here})
	}
	first := x.Days[0].Date
	days := func(t time.Time) float64 { return t.Sub(first).Hours() / 24 }
	for _, g := range x.Gaps {
		j.Gaps = append(j.Gaps, chart.Span{From: days(g.From), To: days(g.To)})
	}
	return j
}
