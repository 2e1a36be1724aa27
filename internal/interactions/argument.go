package interactions

import (
	"fmt"

	"github.com/disgoorg/disgo/discord"
)

// A taken is what people put into an argument, in words.
type taken string

const (
	words    taken = "" // unless another is named
	aNumber  taken = "a number"
	yesOrNo  taken = "yes or no"
	aUser    taken = "a user"
	aChannel taken = "a channel" // where people write
)

// An argument is one thing that a command takes: an option, in Discord's words.
type argument struct {
	name      string
	takes     taken
	required  bool
	suggested bool // while it is typed; of words
	least     int  // of a number
	most      int  // a number, or so many characters; 0 for Discord's own limit
}

// as is the argument as Discord is told of it, with what it is for.
func (a argument) as(about description) discord.ApplicationCommandOption {
	switch a.takes {
	case aNumber:
		return discord.ApplicationCommandOptionInt{
			Name: a.name, Description: about.english, DescriptionLocalizations: about.others, Required: a.required,
			MinValue: &a.least, MaxValue: &a.most,
		}
	case yesOrNo:
		return discord.ApplicationCommandOptionBool{
			Name: a.name, Description: about.english, DescriptionLocalizations: about.others, Required: a.required,
		}
	case aUser:
		return discord.ApplicationCommandOptionUser{
			Name: a.name, Description: about.english, DescriptionLocalizations: about.others, Required: a.required,
		}
	case aChannel:
		return discord.ApplicationCommandOptionChannel{
			Name: a.name, Description: about.english, DescriptionLocalizations: about.others, Required: a.required,
			ChannelTypes: []discord.ChannelType{discord.ChannelTypeGuildText, discord.ChannelTypeGuildNews},
		}
	}
	text := discord.ApplicationCommandOptionString{
		Name: a.name, Description: about.english, DescriptionLocalizations: about.others, Required: a.required,
		Autocomplete: a.suggested,
	}
	if a.most > 0 {
		text.MaxLength = &a.most
	}
	return text
}

// says tells what the argument takes.
func (a argument) says() string {
	says := string(a.takes)
	switch {
	case a.takes == aNumber:
		says = fmt.Sprintf("a number from %d to %d", a.least, a.most)
	case a.takes == words && a.suggested:
		says = "text, suggested while typing"
	case a.takes == words && a.most > 0:
		says = fmt.Sprintf("text, at most %d characters", a.most)
	case a.takes == words:
		says = "text"
	}
	if a.required {
		says += "; required"
	}
	return says
}
