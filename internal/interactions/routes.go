package interactions

import (
	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/access"
	"github.com/entente-bot/entente/internal/storage"
)

// A route is one thing that people can do.
type route struct {
	right  access.Right                                     // what the caller needs; checked before handle
	about  int                                              // how many parts a custom ID has behind the route
	needs  func(*call) needs                                // what to read, beside the guild's settings
	handle func(*call) (discord.InteractionResponse, error) // decides; an error may be a refusal
}

// needs is what a route reads before it decides: all in one round trip.
type needs struct {
	keys []storage.Key
	list *storage.Query
}

// commands lists every slash command. Its name, options and description are in
// commands.go.
func commands() map[string]route {
	return map[string]route{
		"partner apply":      {access.Everyone, 0, needOpen, applyOpen},
		"partner info":       {access.Everyone, 0, needInfo, partnerInfo},
		"partner list":       {access.Everyone, 0, needPartners, partnerList},
		"partnerships setup": {access.Edit, 0, needSetup, setupOpen},
	}
}

// completions lists every command that suggests values while they are typed.
func completions() map[string]route {
	return map[string]route{
		"partner info": {access.Everyone, 0, needPartners, partnerSuggest},
	}
}

// presses lists every button and select, by the route in its custom ID.
func presses() map[string]route {
	return map[string]route{
		"apply/approve":  {access.Edit, 3, needCase, applyApprove},
		"apply/deny":     {access.Edit, 3, needCase, applyDeny},
		"apply/edit":     {access.Everyone, 1, needDraft, applyEdit},
		"partner/info":   {access.Everyone, 1, needInfo, partnerInfo},
		"partner/list":   {access.Everyone, 1, needPartners, partnerList},
		"setup/review":   {access.Edit, 0, needSetup, setupReview},
		"setup/showcase": {access.Edit, 0, needSetup, setupShowcase},
		"setup/managers": {access.Edit, 0, needSetup, setupManagers},
		"setup/minimum":  {access.Edit, 0, nil, setupMinimum},
		"setup/intake":   {access.Edit, 1, needSetup, setupIntake},
	}
}

// submits lists every modal, by the route in its custom ID.
func submits() map[string]route {
	return map[string]route{
		"apply/send":    {access.Everyone, 0, needSend, applySend},
		"apply/deny":    {access.Edit, 3, needCase, applyDenied},
		"setup/minimum": {access.Edit, 0, needSetup, setupMinimumSet},
	}
}

// find returns the route of an interaction. A custom ID of another version has
// another number of parts, and leads nowhere.
func (s *Server) find(in interaction, name string, about int) (route, bool) {
	tables := map[int]func() map[string]route{
		typeCommand: commands, typeAutocomplete: completions, typeComponent: presses, typeModal: submits,
	}
	table, ok := tables[in.Type]
	if !ok {
		return route{}, false
	}
	r, ok := table()[name]
	return r, ok && r.about == about
}
