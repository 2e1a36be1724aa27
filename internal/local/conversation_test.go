package local_test

import (
	"cmp"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
)

var update = flag.Bool("update", false, "rewrite what the conversations in testdata answer")

// TestConversations plays testdata/*.txt. The lines that begin with > or ! or *
// are what happens; what stands between them is what people then see:
//
//	> who does what             a person uses Discord, see player.do
//	* who does what             the same, at the same moment as the * before it, see atOnce
//	! something                 something else happens, see hands
//	< kind: …                   the reply, which of these kinds it is, and its text
//	= place: …                  a message that is new, changed or gone there
//	# …                         a comment
//
// IDs and times stand as names and as how far away they are.
func TestConversations(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := newPlayer(t).play(string(want))
			if *update {
				err = os.WriteFile(file, []byte(got), 0o644)
			} else if got != string(want) {
				t.Errorf("the conversation went another way; see the difference after -update:\n%s", got)
			}
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A player plays a conversation on a stage.
type player struct {
	*stage
	had     map[string][]*fakediscord.Exchange // by person
	people  map[string]string                  // by name
	places  map[string]string                  // by name: the channels that are looked at
	seen    []pressable                        // every button that anybody saw, oldest first
	shown   map[string]string                  // by message: what it showed last
	stood   map[string]string                  // by message: the place where it stood
	names   map[string]string                  // what stands for an ID or a code
	housed  map[string]string                  // by home of a listing: what it is
	tickets int                                // so many were made
	made    int                                // homes of listings, too
}

// A pressable is a button, where it stands or once stood.
type pressable struct {
	fakediscord.Button
	on   fakediscord.Ref
	text string // of the message
}

// play returns the script with what people saw.
func (p *player) play(script string) string {
	var out []string
	var together []deed
	for line := range strings.Lines(script + "\n") {
		line = strings.TrimRight(line, "\n")
		mark, rest, _ := strings.Cut(line, " ")
		if strings.HasPrefix(line, " ") || mark == "<" || mark == "=" {
			continue // what was seen is seen anew
		}
		if mark != "*" && len(together) > 0 {
			out = append(out, p.atOnce(together)...)
			together = nil
		}
		switch mark {
		case "*":
			out = append(out, line)
			together = append(together, p.deed(rest))
		case ">":
			out = append(out, line)
			d := p.deed(rest)
			out = append(out, p.reply(d, p.do(d)))
			p.drain()
			out = append(out, p.changes()...)
		case "!":
			out = append(out, line)
			p.hand(strings.Fields(p.filled(rest)))
			p.drain()
			out = append(out, p.changes()...)
		default:
			out = append(out, line)
		}
	}
	return strings.TrimRight(strings.Join(out, "\n"), "\n") + "\n"
}

// reply notes what a person was answered, and shows it.
func (p *player) reply(d deed, ex *fakediscord.Exchange) string {
	p.had[d.who] = append(p.had[d.who], ex)
	if ex.Message.ID != "" && ex.Modal == nil {
		p.shown[ex.Message.ID] = ex.Text()
		p.notice(ex.Current())
	}
	return p.quote("< "+kindOf(ex), cmp.Or(ex.Text(), "none"))
}

// A deed is what a person does with Discord.
type deed struct{ who, verb, rest string }

func (p *player) deed(line string) deed {
	words := append(strings.Fields(p.filled(line)), "", "")
	return deed{words[0], words[1], strings.Join(words[2:len(words)-2], " ")}
}

// do lets a person do something.
func (p *player) do(d deed) *fakediscord.Exchange {
	p.Helper()
	ex, err := p.aim(d)()
	if err != nil {
		p.Fatalf("%s %s %s: %v", d.who, d.verb, d.rest, err)
	}
	return ex
}

// aim finds what a person does something with, and returns how to do it:
//
//	/command option=value | …     types option=text in /command
//	press Label                   press Label on text (of the message)
//	choose menu values            repeat Label (the press of a button that may be gone)
//	submit field: value | …       (↵ is a new line)
func (p *player) aim(d deed) func() (*fakediscord.Exchange, error) {
	p.Helper()
	ctx, person := p.Context(), p.As(p.people[d.who], p.Guild, p.Lobby)
	switch d.verb {
	case "press":
		b := p.findButton(d)
		p.seen = append(p.seen, b)
		if b.Disabled {
			p.Fatalf("%v: the button is disabled", d)
		}
		// It was there when it was aimed at: who is slower presses what has changed since.
		return func() (*fakediscord.Exchange, error) { return p.at(person, b.on).ForgePress(ctx, b.on, b.CustomID) }
	case "repeat":
		b := p.recall(d)
		return func() (*fakediscord.Exchange, error) { return p.at(person, b.on).ForgePress(ctx, b.on, b.CustomID) }
	case "choose":
		menu, values, _ := strings.Cut(d.rest, " ")
		on := p.findMenu(d.who, menu)
		return func() (*fakediscord.Exchange, error) { return person.Choose(ctx, on, menu, strings.Fields(values)...) }
	case "submit":
		opened := p.opened(d.who)
		form := p.form(opened.Modal, d.rest)
		return func() (*fakediscord.Exchange, error) { return person.Submit(ctx, opened, form) }
	case "types":
		typed, command, _ := strings.Cut(d.rest, " in /")
		option, text, _ := strings.Cut(typed, "=")
		return func() (*fakediscord.Exchange, error) {
			in, err := person.BuildAutocomplete(command, option, text)
			if err != nil {
				return nil, err
			}
			return p.Deliver(ctx, in)
		}
	}
	command, options := commandOf(d)
	return func() (*fakediscord.Exchange, error) { return person.Command(ctx, command, options...) }
}

// at is a person where a message stands.
func (p *player) at(person fakediscord.Person, on fakediscord.Ref) fakediscord.Person {
	c, ok := p.Channel(on.Channel)
	if !ok {
		return person // it is gone
	}
	if c.Type == fakediscord.DirectMessage {
		person.Guild = ""
	}
	return person.In(on.Channel)
}

// commandOf is a slash command with its options.
func commandOf(d deed) (name string, options []fakediscord.Option) {
	name, rest := d.verb[1:], d.rest
	for word, more, _ := strings.Cut(rest, " "); word != "" && !strings.Contains(word, "="); word, more, _ = strings.Cut(rest, " ") {
		name, rest = name+" "+word, more
	}
	kinds := map[string]int{"user": 6, "contact": 6, "channel": 7}
	for entry := range strings.SplitSeq(rest, " | ") {
		option, written, given := strings.Cut(entry, "=")
		var value any = written
		if n, err := strconv.Atoi(written); err == nil && option == "days" {
			value = n
		}
		if given {
			options = append(options, fakediscord.Option{Name: option, Value: value, Type: kinds[option]})
		}
	}
	return name, options
}

// form is what a person fills in: for an application what Rio writes, changed
// by what the script says.
func (p *player) form(m *fakediscord.Modal, filled string) map[string]any {
	values := make(map[string]any)
	if f, application := m.Field("invite"); application && f.Value == "" {
		values = p.Form()
	}
	for entry := range strings.SplitSeq(filled, " | ") {
		if name, value, ok := strings.Cut(entry, ": "); ok {
			values[name] = strings.ReplaceAll(value, "↵", "\n")
		}
	}
	return values
}

func kindOf(ex *fakediscord.Exchange) string {
	kinds := map[int]string{4: "message", 6: "later", 7: "update", 8: "suggestions", 9: "form"}
	if ex.Ephemeral && ex.Type == 4 {
		return "whisper"
	}
	return kinds[ex.Type]
}
