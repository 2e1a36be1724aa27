package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/local"
	"github.com/entente-bot/entente/internal/scene"
)

// demo plays several partnerships from the form to their end, through the HTTP
// endpoint, and writes what everybody did and saw. It fails with the step that
// went wrong.
func demo(ctx context.Context, c config, out io.Writer) error {
	dir, err := os.MkdirTemp("", "entente-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c.Data = filepath.Join(dir, "demo.db")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	stage, err := rehearse(ctx, c, l)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- stage.system.Serve(ctx, l, stage.system.Handler(false)) }()
	err = stage.play(ctx, out)
	cancel()
	return errors.Join(err, <-served, stage.Close())
}

// A stage is a scene with the system that plays on it.
type stage struct {
	*scene.Scene
	system *local.System
	shown  map[string]string // by message: what the transcript last showed of it
}

// rehearse builds a scene whose Discord calls l, with the system on it.
func rehearse(ctx context.Context, c config, l net.Listener) (*stage, error) {
	c.Clock = new(local.Clock)
	s, err := scene.New(fakediscord.Options{
		Now: c.Clock.Now, Interactions: "http://" + l.Addr().String() + "/interactions", OpenAPI: os.Getenv("DISCORD_OPENAPI"),
		ReplyWithin: time.Minute, // on a slow machine, too
	})
	if err != nil {
		return nil, err
	}
	if err := c.simulate(s); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	system, err := local.Open(ctx, c.Config)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := system.Register(ctx); err != nil {
		return nil, errors.Join(err, system.Close(), s.Close())
	}
	return &stage{s, system, make(map[string]string)}, nil
}

// A step is one thing that somebody does in the demo.
type step struct {
	who, does string
	do        func(ctx context.Context) (*fakediscord.Exchange, error)
	after     string // channel that is shown then; "" for none
	expect    string // must stand in what is shown
}

// play plays all steps.
func (s *stage) play(ctx context.Context, out io.Writer) error {
	fmt.Fprintln(out, "A server called Harbour runs Entente. Everything below went through the real HTTP endpoint,")
	fmt.Fprintln(out, "signed as Discord signs it; what Entente sent went to the simulated Discord.")
	for i, step := range slices.Concat(s.script(), s.more(), s.life()) {
		fmt.Fprintf(out, "\n%d. %s %s\n", i+1, step.who, step.does)
		ex, err := step.do(ctx)
		if err == nil {
			_, err = s.system.Drain(ctx)
		}
		if err != nil {
			return fmt.Errorf("step %d, %s %s: %w", i+1, step.who, step.does, err)
		}
		shown := s.show(out, step, ex)
		if !strings.Contains(shown, step.expect) {
			return fmt.Errorf("step %d, %s %s: %q is not shown", i+1, step.who, step.does, step.expect)
		}
	}
	if v := s.Violations(); len(v) > 0 {
		return fmt.Errorf("this would be refused by Discord: %s", strings.Join(v, "; "))
	}
	fmt.Fprintln(out, "\nThe demo is over, and everything went as it should. Now try it yourself: go run ./scripts/dev")
	return nil
}

// show writes what the person of a step saw, and what then stands in a channel.
// It returns what was written.
func (s *stage) show(out io.Writer, step step, ex *fakediscord.Exchange) string {
	var shown strings.Builder
	if step.after == "" || ex.Ephemeral {
		seen := ex.Text()
		if m := ex.Current().Text(); m != "" && ex.Modal == nil {
			seen = m
		}
		what := "sees"
		if ex.Modal != nil {
			what = "sees a form"
		}
		s.quote(&shown, fmt.Sprintf("only %s %s", step.who, what), ex.Message.ID, seen)
	}
	if step.after != "" {
		channel, _ := s.Channel(step.after)
		for _, c := range append(s.Threads(step.after), channel) {
			for _, m := range s.Messages(c.ID) {
				s.quote(&shown, "in #"+channel.Name+" everybody there sees", m.ID, m.Text())
			}
		}
	}
	fmt.Fprint(out, shown.String())
	return shown.String()
}

// quote writes a message, set off from the left. Of a message that was shown
// before, only what changed is written.
func (s *stage) quote(w io.Writer, who, id, text string) {
	text = s.named(text)
	before, known := s.shown[id]
	var changed []string
	for line := range strings.SplitSeq(text, "\n") {
		if !slices.Contains(strings.Split(before, "\n"), line) {
			changed = append(changed, line)
		}
	}
	if id != "" {
		s.shown[id] = text
	}
	if len(changed) == 0 {
		return
	}
	if known {
		who += " it change"
	}
	fmt.Fprintf(w, "   %s:\n   │ %s\n", who, strings.Join(changed, "\n   │ "))
}

// named writes mentions and times as Discord shows them.
func (s *stage) named(text string) string {
	names := []string{
		"<@" + s.Ada + ">", "@Ada", "<@" + s.Max + ">", "@Max", "<@" + s.Nora + ">", "@Nora", "<@" + s.Rio + ">", "@Rio",
		"<@&" + s.Reviewers + ">", "@Reviewers", "<@&" + s.Contacts + ">", "@Partner contacts",
		"<#" + s.Review + ">", "#reviews", "<#" + s.Showcase + ">", "#partners", "<#" + s.Lobby + ">", "#lobby",
		"<#" + s.Forum + ">", "#partner-forum", "<#" + s.Category + ">", "Partners",
	}
	for _, c := range s.Channels(s.Guild) {
		names = append(names, "<#"+c.ID+">", "#"+c.Name)
	}
	return times.ReplaceAllStringFunc(strings.NewReplacer(names...).Replace(text), func(stamp string) string {
		m := times.FindStringSubmatch(stamp)
		return s.time(m[1], m[2])
	})
}

// time writes a Discord timestamp as Discord shows it.
func (s *stage) time(unix, style string) string {
	seconds, err := time.ParseDuration(unix + "s")
	if err != nil {
		return unix
	}
	t := time.Unix(int64(seconds/time.Second), 0)
	if style == "R" {
		return relative(t.Sub(s.system.Now()))
	}
	return t.UTC().Format("2 January 2006")
}

// relative says how far away a time is, roughly as Discord does.
func relative(d time.Duration) string {
	form := "in %s"
	if d <= 0 {
		form, d = "%s ago", -d
	}
	amount := "a few seconds"
	switch {
	case d >= 24*time.Hour:
		amount = several(d/(24*time.Hour), "day")
	case d >= time.Hour:
		amount = several((d+30*time.Minute)/time.Hour, "hour")
	case d >= time.Minute:
		amount = several(d/time.Minute, "minute")
	}
	return fmt.Sprintf(form, amount)
}

// several is how many of what there are, as people say it.
func several(n time.Duration, what string) string {
	if n > 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
