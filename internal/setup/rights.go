package setup

// Rights are a set of Discord's permissions, as Discord numbers them.
type Rights uint64

// The permissions that matter to Entente.
const (
	CreateInvite     Rights = 1 << 0
	KickMembers      Rights = 1 << 1
	BanMembers       Rights = 1 << 2
	Administrator    Rights = 1 << 3
	ManageChannels   Rights = 1 << 4
	ManageServer     Rights = 1 << 5
	AddReactions     Rights = 1 << 6
	ViewAuditLog     Rights = 1 << 7
	PrioritySpeaker  Rights = 1 << 8
	Stream           Rights = 1 << 9
	ViewChannel      Rights = 1 << 10
	SendMessages     Rights = 1 << 11
	ManageMessages   Rights = 1 << 13
	EmbedLinks       Rights = 1 << 14
	AttachFiles      Rights = 1 << 15
	ReadHistory      Rights = 1 << 16
	MentionEveryone  Rights = 1 << 17
	ExternalEmoji    Rights = 1 << 18
	ViewInsights     Rights = 1 << 19
	Connect          Rights = 1 << 20
	Speak            Rights = 1 << 21
	MuteMembers      Rights = 1 << 22
	DeafenMembers    Rights = 1 << 23
	MoveMembers      Rights = 1 << 24
	UseVoiceActivity Rights = 1 << 25
	ChangeNickname   Rights = 1 << 26
	ManageNicknames  Rights = 1 << 27
	ManageRoles      Rights = 1 << 28
	ManageWebhooks   Rights = 1 << 29
	ManageEmoji      Rights = 1 << 30
	UseCommands      Rights = 1 << 31
	RequestToSpeak   Rights = 1 << 32
	ManageEvents     Rights = 1 << 33
	ManageThreads    Rights = 1 << 34
	PublicThreads    Rights = 1 << 35
	PrivateThreads   Rights = 1 << 36
	ExternalStickers Rights = 1 << 37
	SendInThreads    Rights = 1 << 38
	Activities       Rights = 1 << 39
	TimeOutMembers   Rights = 1 << 40
	Soundboard       Rights = 1 << 42
	CreateEmoji      Rights = 1 << 43
	CreateEvents     Rights = 1 << 44
	ExternalSounds   Rights = 1 << 45
	VoiceMessages    Rights = 1 << 46
	Polls            Rights = 1 << 49
	PinMessages      Rights = 1 << 51
)

// everything is every permission there is, or will be.
const everything = ^Rights(0)

// harmless is what a role may have that Entente gives to people, whatever
// everybody may do: viewing, writing, reacting, voice.
const harmless = ViewChannel | ReadHistory |
	SendMessages | SendInThreads | PublicThreads | PrivateThreads | EmbedLinks | AttachFiles | UseCommands | VoiceMessages | Polls |
	AddReactions | ExternalEmoji | ExternalStickers |
	Connect | Speak | Stream | UseVoiceActivity | RequestToSpeak | Activities | Soundboard | ExternalSounds

// usual is what everybody may do beside that in a new guild. It is assumed until a
// guild was looked at.
const usual = CreateInvite | ChangeNickname

// powers are the permissions that no role of staff may have: whoever can give it
// away would give away more than partnerships.
const powers = Administrator | ManageChannels | ManageServer | ManageMessages | ManageNicknames | ManageRoles |
	ManageWebhooks | ManageEmoji | ManageEvents | ManageThreads

// words names the permissions, in the order in which they are shown: the text
// of one is "setup.permission-" and its word.
var words = []struct {
	right Rights
	word  string
}{
	{Administrator, "administrator"},
	{ManageServer, "manage-server"},
	{BanMembers, "ban-members"},
	{KickMembers, "kick-members"},
	{TimeOutMembers, "time-out-members"},
	{MentionEveryone, "mention-everyone"},
	{ManageRoles, "manage-roles"},
	{ManageChannels, "manage-channels"},
	{ManageMessages, "manage-messages"},
	{ManageWebhooks, "manage-webhooks"},
	{ManageNicknames, "manage-nicknames"},
	{ManageEmoji, "manage-emoji"},
	{ManageEvents, "manage-events"},
	{ViewAuditLog, "view-audit-log"},
	{ViewInsights, "view-insights"},
	{MuteMembers, "mute-members"},
	{DeafenMembers, "deafen-members"},
	{MoveMembers, "move-members"},
	{PrioritySpeaker, "priority-speaker"},
	{PinMessages, "pin-messages"},
	{CreateEmoji, "create-emoji"},
	{CreateEvents, "create-events"},
	{ChangeNickname, "change-nickname"},
	{CreateInvite, "create-invite"},
	{ViewChannel, "view-channel"},
	{SendMessages, "send-messages"},
	{ReadHistory, "read-history"},
	{AttachFiles, "attach-files"},
	{PrivateThreads, "private-threads"},
	{SendInThreads, "send-in-threads"},
	{ManageThreads, "manage-threads"},
}

// Words names the permissions in r. Those without a name of their own, as there
// may be tomorrow, are "other".
func (r Rights) Words() (list []string) {
	for _, w := range words {
		if r&w.right != 0 {
			list = append(list, w.word)
			r &^= w.right
		}
	}
	if r != 0 {
		list = append(list, "other")
	}
	return list
}
