package main

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/entente-bot/entente/internal/fakediscord"
	"github.com/entente-bot/entente/internal/local"
)

// pageFiles are the page and how it looks.
//
//go:embed page.html page.css
var pageFiles embed.FS

// A playground is the page on which the people of the scene can be played.
type playground struct {
	*stage
	players []player
	offers  []offer
	page    *template.Template

	mu       sync.Mutex // guards what follows
	whispers map[string][]*fakediscord.Exchange
	forms    []openForm
}

// newPlayground builds the page on a stage, and adds servers to apply for.
func newPlayground(s *stage) (*playground, error) {
	page, err := template.ParseFS(pageFiles, "page.html")
	if err != nil {
		return nil, err
	}
	return &playground{
		stage: s, page: page, offers: offers(s.Scene), whispers: make(map[string][]*fakediscord.Exchange),
		players: []player{
			{"ada", s.Ada, "Ada", "runs the server: has Manage Server"},
			{"max", s.Max, "Max", "has the role Reviewers"},
			{"nora", s.Nora, "Nora", "is a member without any rights"},
			{"rio", s.Rio, "Rio", "represents the server Lighthouse"},
		},
	}, nil
}

// serve adds the page to mux, for this machine only.
func (g *playground) serve(mux *http.ServeMux) {
	page := http.NewServeMux()
	page.HandleFunc("GET /{$}", g.shown)
	page.HandleFunc("GET /page.css", g.styled)
	page.HandleFunc("POST /command", g.act(g.command))
	page.HandleFunc("POST /press", g.act(g.press))
	page.HandleFunc("POST /choose", g.act(g.choose))
	page.HandleFunc("POST /submit", g.act(g.submit))
	page.HandleFunc("POST /dismiss", g.act(g.dismiss))
	page.HandleFunc("POST /join", g.act(g.join))
	page.HandleFunc("POST /clock", g.act(g.advance))
	mux.Handle("/", local.Loopback(page))
}

// shown serves the page.
func (g *playground) shown(w http.ResponseWriter, r *http.Request) {
	g.show(w, r, http.StatusOK, "")
}

func (g *playground) styled(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, pageFiles, "page.css")
}

// A sheet is all that is on the page.
type sheet struct {
	eyes
	Notice   string
	Now      string
	Links    []link // the players
	Channels []link
	Posts    []link // of the forum that the player looks at
	Public   []shownMessage
	Private  []shownMessage
	Commands []command
	Hidden   int // commands that Discord hides from the player
	Open     *command
	Form     *form
	Steps    []link
	Steppers []stepper
}

// A link is an entry of a menu of the page.
type link struct {
	Href, Text, About string
	Count             int
	Current, Under    bool // Under is for a thread or a post, which stands under its channel
}

// A stepper is a button that moves the clock.
type stepper struct{ By, Text string }

// show does what is due and writes the page, with a notice if there is one. A
// form that was sent and refused keeps what was written.
func (g *playground) show(w http.ResponseWriter, r *http.Request, status int, notice string) {
	if _, err := g.system.Drain(r.Context()); err != nil {
		notice = strings.TrimSpace(notice + " What was due could not be finished: " + err.Error())
	}
	e := g.look(r.FormValue("as"), r.FormValue("in"))
	var b bytes.Buffer
	if err := g.page.Execute(&b, e.sheet(r, notice)); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src "+
		g.origin()+"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // nobody is left to tell
}

// origin is where the pictures of the simulated Discord come from.
func (g *playground) origin() string {
	u, err := url.Parse(g.URL())
	if err != nil {
		return "'none'"
	}
	return u.Scheme + "://" + u.Host
}

// sheet collects what is on the page.
func (e eyes) sheet(r *http.Request, notice string) sheet {
	s := sheet{
		eyes: e, Notice: notice, Now: e.system.Now().Format("Monday, 2 January 2006, 15:04 UTC"), Steps: e.steps(),
		Steppers: []stepper{{"1h", "1 hour"}, {"24h", "1 day"}, {"168h", "1 week"}},
	}
	for _, p := range e.players {
		there := e.look(p.Key, e.place.ID)
		s.Links = append(s.Links, link{Href: there.at(), Text: p.Name, About: p.About, Current: p == e.player})
	}
	for _, p := range e.places {
		there := e
		there.place = p
		l := link{Href: there.at(), Text: p.Sign() + p.Name, Count: p.Count, Current: p.ID == e.place.ID, Under: p.Parent != "" && p.Sign() == "↳"}
		s.Channels = append(s.Channels, l)
		if e.place.Type == fakediscord.Forum && p.Parent == e.place.ID {
			s.Posts = append(s.Posts, l)
		}
	}
	for _, m := range e.Messages(e.place.ID) {
		s.Public = append(s.Public, e.message(m))
	}
	s.Private = e.private()
	s.Commands, s.Hidden = e.commands()
	s.Open = e.opened(r, s.Commands)
	s.Form = e.form(r)
	return s
}

// steps are what to try first.
func (e eyes) steps() []link {
	at := func(key, channel string) string { return e.look(key, channel).at() }
	return []link{
		{Href: at("ada", e.Lobby), Text: "Ada sets up", About: "Use /partnerships setup. Choose #reviews, #partners, and the role Reviewers."},
		{Href: at("rio", e.Lobby), Text: "Rio applies", About: "Use /partner apply, with an invite from the list below."},
		{Href: at("max", e.Review), Text: "Max decides", About: "In #reviews, press Approve or Deny on the card."},
		{Href: at("nora", e.Showcase), Text: "Nora looks", About: "The ad now stands in #partners."},
		{Href: at("rio", e.Lobby), Text: "Rio bumps", About: "Move the clock on by a week, and use /partner bump. /partner edit changes the ad, /partner end ends it all."},
		{Href: at("ada", e.Lobby), Text: "Ada turns it", About: "In the section Showcase of /partnerships setup, choose another channel mode: every ad moves."},
		{Href: at("ada", e.Lobby), Text: "Ada counts", About: "In the section Joins, press Count joins: each partner gets an invite to Harbour. Let people join by it below; /partner stats counts them."},
	}
}

// Place is where the player looks.
func (s sheet) Place() place { return s.place }

// Forum reports whether the player looks at a forum, in which posts stand.
func (s sheet) Forum() bool { return s.place.Type == fakediscord.Forum }

// Player is who is played.
func (s sheet) Player() player { return s.player }

// At is the address of this page.
func (s sheet) At() string { return s.at() }

// Using is the address of this page with the options of a command open.
func (s sheet) Using(command string) string { return s.at("command", command) + "#composer" }

// Offers are the invites to try.
func (s sheet) Offers() []offer { return s.offers }

// CanWrite reports whether the player can use commands where they look.
func (s sheet) CanWrite() bool {
	return s.place.Writable() && slices.ContainsFunc(s.Channels, func(l link) bool { return l.Current })
}
