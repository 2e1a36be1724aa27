package view

import (
	"slices"
	"strings"
)

// A Mark tells a message of ours from all others that may stand in its channel:
// by a button that no other kind of message there has, and by what that is about.
type Mark struct {
	Routes []string // of the button: one of them
	About  string   // an ID behind the route; empty if any will do
}

// On reports whether a button with the given custom ID is m's.
func (m Mark) On(customID string) bool {
	parts := strings.Split(customID, ":")
	return slices.Contains(m.Routes, parts[0]) && (m.About == "" || slices.Contains(parts[1:], m.About))
}

// CardMark is on the review card of an application, in whatever state.
func CardMark(id string) Mark { return Mark{[]string{"apply/approve", "apply/settled"}, id} }

// ListingMark is on the listing of a partner.
func ListingMark(partner string) Mark { return Mark{[]string{"partner/info"}, partner} }

// OverMark is on what is kept of the listing of a partnership that is over.
func OverMark(partner string) Mark { return Mark{[]string{"showcase/over"}, partner} }

// LiftMark is on the message by which a bump lifts a partner's forum post.
func LiftMark(partner string) Mark { return Mark{[]string{"showcase/lifted"}, partner} }

// PanelMark is on the panel of a channel.
func PanelMark(channel string) Mark { return Mark{[]string{"panel/apply", "panel/ticket"}, channel} }

// ReminderMark is on every reminder: a guild has one at a time.
func ReminderMark() Mark { return Mark{Routes: []string{"queue/open"}} }

// LogMark is on the message of the log channel that ends with the given entry.
func LogMark(last string) Mark { return Mark{[]string{"audit/open"}, last} }

// NoticeMark is on the direct message about an application.
func NoticeMark(id string) Mark { return Mark{[]string{"apply/stop"}, id} }

// TicketMark is on the first message in a ticket's thread; and, in the review
// channel, on the ticket's notice. A card lets people join its ticket, not close it.
func TicketMark(id string) Mark { return Mark{[]string{"ticket/close"}, id} }

// QuestionMark is on a question in a ticket.
func QuestionMark(id string) Mark { return Mark{[]string{"ticket/question"}, id} }

// ClosingMark is on the last message before a ticket is closed.
func ClosingMark(about string) Mark { return Mark{[]string{"ticket/closing"}, about} }

// EditMark is on the review card of a changed ad, in whatever state.
func EditMark(card string) Mark { return Mark{[]string{"edit/approve", "edit/settled"}, card} }

// EditNoticeMark is on the direct message about the decision on a card.
func EditNoticeMark(card string) Mark { return Mark{[]string{"edit/stop"}, card} }
