package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/fakediscord"
)

// A world is a simulated Discord to register with.
type world struct {
	*testing.T
	*fakediscord.Server
}

func newWorld(t *testing.T) world {
	d, err := fakediscord.New(fakediscord.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return world{t, d}
}

// register runs the program and returns what it printed.
func (w world) register(args ...string) string {
	w.Helper()
	vars := map[string]string{env.ApplicationID: w.ApplicationID(), env.Token: w.Token(), env.DiscordURL: w.URL()}
	var out bytes.Buffer
	if err := run(w.Context(), args, func(name string) string { return vars[name] }, &out, &out); err != nil {
		w.Fatalf("register %v: %v\n%s", args, err, out.String())
	}
	return out.String()
}

func (w world) says(got, part string) {
	w.Helper()
	if !strings.Contains(got, part) {
		w.Errorf("register printed:\n%s\nwant in it: %s", got, part)
	}
}

func TestRegisterShowsTheDifferenceAndIsIdempotent(t *testing.T) {
	w := newWorld(t)
	w.says(w.register("-dry-run"), "+ /partner\n+ /partnerships\nNothing was changed")
	w.says(w.register(), "+ /partner\n+ /partnerships\nDone: 2 commands")
	w.says(w.register(), "Nothing to do")

	guild := w.AddGuild(fakediscord.Guild{Name: "Harbour"})
	w.InstallBot(guild, 0)
	w.says(w.register("-guild", guild), "+ /partner\n")
	w.says(w.register("-guild", guild), "Nothing to do")
}

func TestRegisterMendsWhatWasChanged(t *testing.T) {
	w := newWorld(t)
	client := discordrest.New(discordrest.Config{Token: w.Token(), ApplicationID: w.ApplicationID(), URL: w.URL()})
	err := client.SetCommands(t.Context(), "", []discord.ApplicationCommandCreate{
		discord.SlashCommandCreate{Name: "old", Description: "No longer there"},
		discord.SlashCommandCreate{Name: "partner", Description: "Another text", DescriptionLocalizations: map[discord.Locale]string{
			discord.LocaleGerman: "Werde Partner dieses Servers", discord.LocaleFrench: "Nulle part",
		}, Options: []discord.ApplicationCommandOption{
			discord.ApplicationCommandOptionSubCommand{Name: "apply", Description: "Apply for a partnership with this server", Options: []discord.ApplicationCommandOption{
				discord.ApplicationCommandOptionString{Name: "invite", Description: "No longer there"},
			}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := w.register()
	for _, line := range []string{
		"- /old\n", "+ /partnerships\n", "+ /partner options list\n",
		"~ /partner description: Another text → Partner with this server\n", "~ /partner options apply options: ",
		"~ /partner description_localizations: map[de:Werde Partner dieses Servers fr:Nulle part] → map[de:Werde Partner dieses Servers]\n",
		"~ /partner options apply description_localizations: <nil> → map[de:",
	} {
		w.says(got, line)
	}
	w.says(w.register(), "Nothing to do")
}

func TestRegisterNamesWhatIsMissing(t *testing.T) {
	var out bytes.Buffer
	err := run(t.Context(), nil, func(string) string { return "" }, &out, &out)
	if err == nil || !strings.Contains(err.Error(), env.ApplicationID) {
		t.Errorf("register without an environment = %v, want it to name %s", err, env.ApplicationID)
	}
}
