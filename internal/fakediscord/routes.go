package fakediscord

import "net/http"

const apiPrefix = "/api/v10"

// A handler answers one call. It runs with the server's lock held. What it
// returns becomes the JSON body: nil means 204, a created value 201.
type handler func(*call) (any, error)

type created struct{ body any }

// A route is one endpoint.
type route struct {
	method  string
	path    string // as Fault and Request name it
	handle  handler
	noToken bool // reached without the bot token
}

// routes is the map of the simulated Discord. Start reading here.
func (s *Server) routes() []route {
	return append(s.guildRoutes(), s.channelRoutes()...)
}

func (s *Server) guildRoutes() []route {
	return []route{
		{"GET", "/users/@me", s.getMe, false},
		{"GET", "/users/@me/guilds", s.getMyGuilds, false},
		{"DELETE", "/users/@me/guilds/{guild}", s.leaveGuild, false},
		{"GET", "/users/{user}", s.getUser, false},
		{"POST", "/users/@me/channels", s.openDM, false},
		{"GET", "/applications/@me", s.getApplication, false},
		{"GET", "/oauth2/applications/@me", s.getApplication, false},

		{"GET", "/applications/{application}/commands", s.listCommands, false},
		{"PUT", "/applications/{application}/commands", s.setCommands, false},
		{"POST", "/applications/{application}/commands", s.createCommand, false},
		{"GET", "/applications/{application}/commands/{command}", s.getCommand, false},
		{"PATCH", "/applications/{application}/commands/{command}", s.editCommand, false},
		{"DELETE", "/applications/{application}/commands/{command}", s.deleteCommand, false},
		{"GET", "/applications/{application}/guilds/{guild}/commands", s.listCommands, false},
		{"PUT", "/applications/{application}/guilds/{guild}/commands", s.setCommands, false},
		{"POST", "/applications/{application}/guilds/{guild}/commands", s.createCommand, false},
		{"GET", "/applications/{application}/guilds/{guild}/commands/{command}", s.getCommand, false},
		{"PATCH", "/applications/{application}/guilds/{guild}/commands/{command}", s.editCommand, false},
		{"DELETE", "/applications/{application}/guilds/{guild}/commands/{command}", s.deleteCommand, false},

		{"GET", "/guilds/{guild}", s.getGuild, false},
		{"GET", "/guilds/{guild}/channels", s.listChannels, false},
		{"POST", "/guilds/{guild}/channels", s.createChannel, false},
		{"PATCH", "/guilds/{guild}/channels", s.moveChannels, false},
		{"GET", "/guilds/{guild}/threads/active", s.listActiveThreads, false},
		{"GET", "/guilds/{guild}/roles", s.listRoles, false},
		{"POST", "/guilds/{guild}/roles", s.createRole, false},
		{"GET", "/guilds/{guild}/roles/member-counts", s.countRoleMembers, false},
		{"GET", "/guilds/{guild}/roles/{role}", s.getRole, false},
		{"PATCH", "/guilds/{guild}/roles/{role}", s.editRole, false},
		{"DELETE", "/guilds/{guild}/roles/{role}", s.deleteRole, false},
		{"GET", "/guilds/{guild}/members", s.listMembers, false},
		{"GET", "/guilds/{guild}/members/{user}", s.getMember, false},
		{"PUT", "/guilds/{guild}/members/{user}/roles/{role}", s.grantRole, false},
		{"DELETE", "/guilds/{guild}/members/{user}/roles/{role}", s.revokeRole, false},
		{"GET", "/guilds/{guild}/invites", s.listGuildInvites, false},
		{"GET", "/guilds/{guild}/vanity-url", s.getVanity, false},
		{"GET", "/guilds/{guild}/audit-logs", s.getAuditLog, false},
		{"GET", "/guilds/{guild}/bans", s.listBans, false},
		{"GET", "/guilds/{guild}/bans/{user}", s.getBan, false},
		{"PUT", "/guilds/{guild}/bans/{user}", s.ban, false},
		{"DELETE", "/guilds/{guild}/bans/{user}", s.unban, false},
	}
}

func (s *Server) channelRoutes() []route {
	return []route{
		{"GET", "/channels/{channel}", s.getChannel, false},
		{"PATCH", "/channels/{channel}", s.editChannel, false},
		{"DELETE", "/channels/{channel}", s.deleteChannel, false},
		{"PUT", "/channels/{channel}/permissions/{overwrite}", s.setOverwrite, false},
		{"DELETE", "/channels/{channel}/permissions/{overwrite}", s.deleteOverwrite, false},
		{"POST", "/channels/{channel}/typing", s.typing, false},

		{"GET", "/channels/{channel}/messages", s.listMessages, false},
		{"POST", "/channels/{channel}/messages", s.createMessage, false},
		{"GET", "/channels/{channel}/messages/{message}", s.getMessage, false},
		{"PATCH", "/channels/{channel}/messages/{message}", s.editMessage, false},
		{"DELETE", "/channels/{channel}/messages/{message}", s.deleteMessage, false},
		{"GET", "/channels/{channel}/messages/pins", s.listPins, false},
		{"PUT", "/channels/{channel}/messages/pins/{message}", s.pin, false},
		{"DELETE", "/channels/{channel}/messages/pins/{message}", s.unpin, false},

		{"POST", "/channels/{channel}/threads", s.createThread, false},
		{"POST", "/channels/{channel}/messages/{message}/threads", s.createThreadOnMessage, false},
		{"GET", "/channels/{channel}/threads/archived/public", s.listArchivedThreads, false},
		{"GET", "/channels/{channel}/threads/archived/private", s.listArchivedThreads, false},
		{"GET", "/channels/{channel}/thread-members", s.listThreadMembers, false},
		{"GET", "/channels/{channel}/thread-members/{user}", s.getThreadMember, false},
		{"PUT", "/channels/{channel}/thread-members/{user}", s.addThreadMember, false},
		{"DELETE", "/channels/{channel}/thread-members/{user}", s.removeThreadMember, false},

		{"GET", "/channels/{channel}/invites", s.listChannelInvites, false},
		{"POST", "/channels/{channel}/invites", s.createInvite, false},
		{"GET", "/invites/{code}", s.getInvite, false},
		{"DELETE", "/invites/{code}", s.deleteInvite, false},

		{"POST", "/interactions/{interaction}/{token}/callback", s.callback, true},
		{"POST", "/webhooks/{application}/{token}", s.followUp, true},
		{"GET", "/webhooks/{application}/{token}/messages/{message}", s.getReply, true},
		{"PATCH", "/webhooks/{application}/{token}/messages/{message}", s.editReply, true},
		{"DELETE", "/webhooks/{application}/{token}/messages/{message}", s.deleteReply, true},
	}
}

// handler returns the whole server: the API, and the CDN its attachments live on.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		mux.HandleFunc(r.method+" "+apiPrefix+r.path, func(w http.ResponseWriter, q *http.Request) { s.serve(w, q, r) })
	}
	mux.HandleFunc("GET /attachments/{channel}/{attachment}/{name}", s.serveAttachment)
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if known(mux, q) {
			mux.ServeHTTP(w, q)
			return
		}
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			other := q.Clone(q.Context())
			other.Method = method
			if known(mux, other) {
				s.refuse(w, q, http.StatusMethodNotAllowed, "Method Not Allowed")
				return
			}
		}
		s.refuse(w, q, http.StatusNotFound, "Not Found")
	})
}

func known(mux *http.ServeMux, r *http.Request) bool {
	_, pattern := mux.Handler(r)
	return pattern != ""
}
