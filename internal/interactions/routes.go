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
	keys  []storage.Key
	list  *storage.Query
	also  *storage.Query // another list
	names reach          // whose names
}

// commands lists every slash command. Its name, options and description are in
// commands.go.
func commands() map[string]route {
	return map[string]route{
		"partner apply":          {access.Everyone, 0, needTicketOpen, applyOpen},
		"partner bump":           barring(route{access.Everyone, 0, needBump, partnerBump}),
		"partner end":            {access.Everyone, 0, needPartners, endOpen},
		"partner edit":           barring(route{access.Everyone, 0, needEdit, editOpen}),
		"partner info":           {access.Everyone, 0, needInfo, partnerInfo},
		"partner list":           {access.Everyone, 0, needPartners, partnerList},
		"partner stats":          {access.Everyone, 0, needStats, statsOpen},
		"partner withdraw":       {access.Everyone, 0, needWaiting, partnerWithdraw},
		"partner forget":         {access.Everyone, 0, needForget, forgetAsk},
		"partnerships export":    {access.Edit, 0, needExport, exportMake},
		"partnerships block":     {access.Edit, 0, needBlock, blockAdd},
		"partnerships blocklist": {access.View, 0, needBlocklist, blockList},
		"partnerships unblock":   {access.Edit, 0, needUnblock, blockRemove},
		"partnerships panel":     {access.Edit, 0, needPanel, panelPut},
		"partnerships setup":     {access.Edit, 0, needSetup, setupOpen},
		"partnerships add":       {access.Edit, 0, needAdd, addOpen},
		"partnerships end":       {access.Edit, 0, needEndStaff, endOpenStaff},
		"partnerships edit":      {access.Edit, 0, needContact, contactChange},
		"partnerships info":      {access.View, 0, needHistory, auditInfo},
		"partnerships queue":     {access.View, 0, needQueue, queueOpen},
		"partnerships status":    {access.View, 0, needStatus, statusOpen},
	}
}

// completions lists every command that suggests values while they are typed.
func completions() map[string]route {
	return map[string]route{
		"partner bump":         {access.Everyone, 0, needNames, bumpSuggest},
		"partner end":          {access.Everyone, 0, needNames, endSuggest},
		"partner edit":         {access.Everyone, 0, needNames, editSuggest},
		"partnerships edit":    {access.Edit, 0, needNames, editSuggest},
		"partner info":         {access.Everyone, 0, needNames, partnerSuggest},
		"partner stats":        {access.Everyone, 0, needNames, statsSuggest},
		"partnerships end":     {access.Edit, 0, needNames, endSuggest},
		"partnerships info":    {access.View, 0, needServers, suggestKnown},
		"partnerships block":   {access.Edit, 0, needServers, suggestKnown},
		"partnerships unblock": {access.Edit, 0, needBlocklistTyped, blockSuggestEntry},
	}
}

// presses lists every button and select, by the route in its custom ID.
func presses() map[string]route {
	return map[string]route{
		"apply/approve":    {access.Edit, 3, needCase, applyApprove},
		"apply/ask":        {access.Edit, 4, needAsk, applyAsk},
		"apply/claim":      {access.Edit, 3, needCase, applyClaim},
		"apply/release":    {access.Edit, 3, needCase, applyRelease},
		"apply/block":      {access.Edit, 3, needCase, applyBlock},
		"apply/notify":     {access.Everyone, 4, needCase, applyNotify},
		"apply/regret":     {access.Everyone, 3, needCase, applyRegret},
		"apply/withdraw":   {access.Everyone, 3, needCase, applyWithdraw},
		"block/confirm":    {access.Edit, 3, needQuestion, blockConfirm},
		"block/list":       {access.View, 1, needBlocklist, blockList},
		"apply/deny":       {access.Edit, 3, needCase, applyDeny},
		"apply/edit":       {access.Everyone, 1, needDraft, applyEdit},
		"edit/again":       barring(route{access.Everyone, 1, needEditDraft, editAgain}),
		"edit/approve":     {access.Edit, 3, needEditCase, editApprove},
		"edit/deny":        {access.Edit, 3, needEditCase, editDeny},
		"add/edit":         {access.Edit, 1, needAddEdit, addEdit},
		"audit/open":       {access.View, 1, needTrail, auditOpen},
		"audit/page":       {access.View, 2, needTrailPage, auditPage},
		"bump/do":          barring(route{access.Everyone, 1, needBump, bumpDo}),
		"bump/remind":      {access.Everyone, 3, needRemind, bumpRemind},
		"queue/open":       {access.View, 1, needQueue, queueOpen},
		"queue/page":       {access.View, 1, needQueue, queuePage},
		"queue/show":       {access.View, 1, needQueueShow, queueShow},
		"stats/open":       {access.Everyone, 1, needStats, statsOpen},
		"stats/show":       {access.Everyone, 3, needStats, statsShow},
		"status/retry":     {access.Edit, 0, needStatus, statusRetry},
		"drift/accept":     {access.Edit, 2, needDrift, driftAccept},
		"drift/hide":       {access.Edit, 2, needDrift, driftHide},
		"drift/end":        {access.Edit, 1, needDriftEnd, driftEnd},
		"contact/other":    {access.Edit, 2, needBarred, contactOther},
		"contact/choose":   {access.Edit, 2, needContactChoose, contactChoose},
		"contact/keep":     {access.Edit, 2, needBarred, contactKeep},
		"end/info":         {access.View, 2, needHistory, auditInfo},
		"partner/info":     {access.Everyone, 1, needInfo, partnerInfo},
		"partner/list":     {access.Everyone, 1, needPartners, partnerList},
		"forget/confirm":   {access.Everyone, 0, needForget, forgetConfirm},
		"panel/apply":      {access.Everyone, 1, needOpen, panelApply},
		"panel/ticket":     {access.Everyone, 1, needTicketOpen, ticketOpen},
		"panel/renew":      {access.Edit, 1, needPanel, panelRenew},
		"panel/remove":     {access.Edit, 1, needPanel, panelRemove},
		"ticket/form":      {access.Everyone, 1, needTicket, ticketForm},
		"ticket/edit":      {access.Everyone, 2, needTicketEdit, ticketEdit},
		"ticket/back":      {access.Everyone, 1, needTicket, ticketBack},
		"ticket/close":     {access.Everyone, 2, needTicket, ticketClose},
		"ticket/join":      {access.Edit, 1, needTicket, ticketJoin},
		"setup/section":    {access.Edit, 0, needSetup, setupSection},
		"setup/check":      {access.Edit, 0, needSetup, setupCheck},
		"setup/intake":     {access.Edit, 1, needSetup, setupIntake},
		"setup/review":     {access.Edit, 0, needSetup, setupReview},
		"setup/showcase":   {access.Edit, 0, needSetup, setupShowcase},
		"setup/mode":       {access.Edit, 0, needSetup, setupMode},
		"setup/category":   {access.Edit, 0, needSetup, setupCategory},
		"setup/forum":      {access.Edit, 0, needSetup, setupForum},
		"setup/index":      {access.Edit, 0, needSetup, setupIndex},
		"setup/contact":    {access.Edit, 0, needSetup, setupContact},
		"setup/bumps":      {access.Edit, 0, nil, setupBumps},
		"setup/ending":     {access.Edit, 1, needSetup, setupEnding},
		"setup/track":      {access.Edit, 1, needSetup, setupTrack},
		"setup/markers":    {access.Edit, 1, needSetup, setupMarkers},
		"setup/entrance":   {access.Edit, 0, needSetup, setupEntrance},
		"setup/stay":       {access.Edit, 0, nil, setupStay},
		"setup/managers":   {access.Edit, 0, needSetup, setupManagers},
		"setup/log":        {access.Edit, 0, needSetup, setupLog},
		"setup/tickets":    {access.Edit, 0, needSetup, setupTickets},
		"setup/viewers":    {access.Edit, 0, needSetup, setupViewers},
		"setup/sources":    {access.Edit, 0, needSetup, setupSources},
		"setup/minimum":    {access.Edit, 0, nil, setupMinimum},
		"setup/waiting":    {access.Edit, 0, nil, setupWaiting},
		"setup/categories": {access.Edit, 0, nil, setupCategories},
	}
}

// directs lists every button that stands in a direct message. There is no guild
// there, so the custom ID names it first, and the caller is a user without roles
// or permissions: the handler sees what it would see in that guild.
func directs() map[string]route {
	return map[string]route{
		"apply/stop": {access.Everyone, 4, needCase, applyStop},
		"end/stop":   {access.Everyone, 4, needEndStop, endStop},
		"joins/stop": {access.Everyone, 4, needJoinsStop, joinsStop},
		"drift/stop": {access.Everyone, 4, needCase, driftStop},
		"edit/stop":  {access.Everyone, 4, needEditStop, editStop},
		"bump/do":    barring(route{access.Everyone, 2, needBump, bumpDirect}),
		"bump/stop":  {access.Everyone, 2, needRemind, bumpStop},
	}
}

// submits lists every modal, by the route in its custom ID.
func submits() map[string]route {
	return map[string]route{
		"add/send":         {access.Edit, 2, needAddSend, addSend},
		"apply/send":       {access.Everyone, 1, needSend, applySend},
		"apply/ask":        {access.Edit, 4, needAsk, applyAsked},
		"ticket/send":      {access.Everyone, 1, needTicketSend, ticketSend},
		"apply/block":      {access.Edit, 3, needBlockCase, applyBlocked},
		"apply/deny":       {access.Edit, 3, needCase, applyDenied},
		"edit/deny":        {access.Edit, 3, needEditCase, editDenied},
		"edit/send":        barring(route{access.Everyone, 2, needEditSend, editSend}),
		"edit/bare":        barring(route{access.Everyone, 2, needEditSend, editBare}),
		"end/leave":        {access.Everyone, 2, needEndSend, endLeave},
		"end/send":         {access.Edit, 2, needEndSend, endSend},
		"setup/minimum":    {access.Edit, 0, needSetup, setupMinimumSet},
		"setup/waiting":    {access.Edit, 0, needSetup, setupWaitingSet},
		"setup/bumps":      {access.Edit, 0, needSetup, setupBumpsSet},
		"setup/stay":       {access.Edit, 0, needSetup, setupStaySet},
		"setup/categories": {access.Edit, 0, needSetup, setupCategoriesSet},
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
