package view

import (
	"strings"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/export"
)

// Exporting tells a manager that their export is being made.
func Exporting(s Speaker) discord.TextDisplayComponent { return Text(s.Say("export.waits")) }

// Export is the reply with the files of an export, which are to be attached to it.
func Export(s Speaker, made export.Made) discord.MessageCreate {
	parts := []discord.LayoutComponent{Text(s.Say("export.done"))}
	for _, f := range made.Files {
		parts = append(parts, discord.NewFileComponent("attachment://"+f.Name))
	}
	if len(made.Cut) > 0 {
		var list []string
		for _, c := range made.Cut {
			list = append(list, s.Say("export.cut-line", "what", c.Section, "count", s.Count(c.Kept)))
		}
		parts = append(parts, Text(s.Say("export.cut", "list", strings.Join(list, ", "))))
	}
	return Whisper(append(parts, Text(subtext(s.Say("export.hint"))))...)
}

// ExportElsewhere tells a manager that no files may be attached where they asked.
func ExportElsewhere(s Speaker) discord.MessageCreate {
	return Whisper(Text(s.Say("export.elsewhere")))
}

// ExportTooLarge tells a manager that Discord does not take the files.
func ExportTooLarge(s Speaker) discord.MessageCreate { return Whisper(Text(s.Say("export.too-large"))) }
