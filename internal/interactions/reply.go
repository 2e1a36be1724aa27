package interactions

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/view"
)

// reply replies with a message of its own.
func reply(m discord.MessageCreate) discord.InteractionResponse {
	return discord.InteractionResponse{Type: discord.InteractionResponseTypeCreateMessage, Data: m}
}

// whisper replies to the caller alone.
func (c *call) whisper(parts ...discord.LayoutComponent) discord.InteractionResponse {
	return reply(view.Whisper(parts...))
}

// replace replies by changing the message whose component was used.
func replace(m discord.MessageCreate) discord.InteractionResponse {
	return discord.InteractionResponse{Type: discord.InteractionResponseTypeUpdateMessage, Data: view.Update(m)}
}

// modal replies with a form.
func modal(id, title string, fields ...discord.LayoutComponent) discord.InteractionResponse {
	return discord.InteractionResponse{
		Type: discord.InteractionResponseTypeModal,
		Data: discord.NewModalCreate(id, title, fields...),
	}
}

// maxSuggestions is how many choices Discord shows.
const maxSuggestions = 25

// suggestions replies with values for what is being typed.
func suggestions(choices []discord.AutocompleteChoice) discord.InteractionResponse {
	if choices == nil {
		choices = []discord.AutocompleteChoice{}
	}
	return discord.InteractionResponse{
		Type: discord.InteractionResponseTypeAutocompleteResult,
		Data: discord.AutocompleteResult{Choices: choices[:min(len(choices), maxSuggestions)]},
	}
}

// A field is one input of a form.
func field(label, hint string, input discord.LabelSubComponent) discord.LabelComponent {
	l := discord.NewLabel(label, input)
	l.Description = hint
	return l
}
