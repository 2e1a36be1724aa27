package local_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
)

var update = flag.Bool("update", false, "rewrite what the conversations in testdata answer")

// TestConversations plays testdata/*.txt. The lines that begin with > or ! are
// what happens; what stands between them is what people then see:
//
//	> who does what             a person uses Discord, see player.do
//	! something                 something else happens, see hands
//	< kind: …                   the reply, which of these kinds it is, and its text
//	= place: …                  a message that is new or changed there
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
	pressed map[string]fakediscord.Button      // by label: the last such button pressed …
	on      map[string]fakediscord.Ref         // … and on which message
	shown   map[string]string                  // by message: what it showed last
	names   map[string]string                  // what stands for an ID or a code
}

// play returns the script with what people saw.
func (p *player) play(script string) string {
	var out []string
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			out = append(out, line)
		}
		if !strings.HasPrefix(line, "> ") && !strings.HasPrefix(line, "! ") {
			continue // what was seen is seen anew
		}
		out = append(out, line)
		words := strings.Fields(p.filled(line[2:]))
		if line[0] == '!' {
			p.hand(words)
		} else {
			ex := p.do(words[0], words[1], strings.Join(words[2:], " "))
			p.had[words[0]] = append(p.had[words[0]], ex)
			out = append(out, p.quote("< "+kindOf(ex), ex.Text()))
			if ex.Message.ID != "" && ex.Modal == nil {
				p.shown[ex.Message.ID] = ex.Text()
			}
		}
		p.drain()
		out = append(out, p.changes()...)
	}
	return strings.Join(out, "\n") + "\n"
}

// do lets a person use Discord:
//
//	/command option=value      press Label       choose menu values
//	submit field: value | …    type text         repeat Label (the press of an old button)
func (p *player) do(who, verb, rest string) *fakediscord.Exchange {
	p.Helper()
	person := p.As(p.users()[who], p.Guild, p.Lobby)
	var ex *fakediscord.Exchange
	var err error
	switch ctx := p.Context(); verb {
	case "press":
		p.pressed[rest], p.on[rest] = p.findButton(who, rest)
		ex, err = person.In(p.on[rest].Channel).Press(ctx, p.on[rest], rest)
	case "repeat":
		ex, err = person.In(p.on[rest].Channel).ForgePress(ctx, p.on[rest], p.pressed[rest].CustomID)
	case "choose":
		menu, values, _ := strings.Cut(rest, " ")
		ex, err = person.Choose(ctx, p.findMenu(who, menu), menu, strings.Fields(values)...)
	case "submit":
		opened := p.had[who][len(p.had[who])-1]
		ex, err = person.Submit(ctx, opened, p.form(opened.Modal, rest))
	default:
		command, option, given := strings.Cut(verb[1:]+" "+rest, "=")
		var options []fakediscord.Option
		if given {
			name := command[strings.LastIndex(command, " ")+1:]
			command, options = strings.TrimSuffix(command, " "+name), []fakediscord.Option{fakediscord.Opt(name, option)}
		}
		ex, err = person.Command(ctx, command, options...)
	}
	if err != nil {
		p.Fatalf("%s %s %s: %v", who, verb, rest, err)
	}
	return ex
}

// form is what a person fills in: for an application what Rio writes, changed
// by what the script says.
func (p *player) form(m *fakediscord.Modal, filled string) map[string]any {
	values := make(map[string]any)
	if _, application := m.Field("invite"); application && !strings.Contains(m.Text(), "Invite link to your server *:") {
		values = p.Form()
	}
	for entry := range strings.SplitSeq(filled, " | ") {
		if name, value, ok := strings.Cut(entry, ": "); ok {
			values[name] = value
		}
	}
	return values
}

// findButton returns the button with a label that a person sees last.
func (p *player) findButton(who, label string) (fakediscord.Button, fakediscord.Ref) {
	p.Helper()
	list := append(p.Messages(p.Review), p.Messages(p.Showcase)...)
	for _, ex := range p.had[who] {
		list = append(list, ex.Current())
	}
	for _, m := range slices.Backward(list) {
		if b, ok := m.Button(label); ok {
			return b, m.Ref
		}
	}
	p.Fatalf("%s sees no button %s", who, label)
	return fakediscord.Button{}, fakediscord.Ref{}
}

// findMenu returns the message with a select menu that a person saw last.
func (p *player) findMenu(who, id string) fakediscord.Ref {
	p.Helper()
	for _, ex := range slices.Backward(p.had[who]) {
		m := ex.Current()
		if slices.ContainsFunc(m.Selects(), func(s fakediscord.Select) bool { return s.CustomID == id }) {
			return m.Ref
		}
	}
	p.Fatalf("%s sees no menu %s", who, id)
	return fakediscord.Ref{}
}

func kindOf(ex *fakediscord.Exchange) string {
	kinds := map[int]string{4: "message", 7: "update", 8: "suggestions", 9: "form"}
	if ex.Ephemeral && ex.Type == 4 {
		return "whisper"
	}
	return kinds[ex.Type]
}
